/** Fetches a URL; if that fails, the error has the message of the server. */

import { RequestFailed } from "./data_source";

export async function asked(url: URL, signal?: AbortSignal, how?: RequestInit): Promise<Response> {
  const response = await reached(fetch(url, signal ? { ...how, signal } : how), signal);
  if (!response.ok) throw new RequestFailed(response.status, await words(response));
  return response;
}

/** Waits for the server, which may go away before its answer or within it. */
export async function reached<T>(answer: Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new RequestFailed(null, error instanceof Error ? error.message : String(error));
  }
}

/** Returns the message of the server; of a page of HTML, only the title. */
async function words(response: Response): Promise<string> {
  const text = (await response.text()).trim();
  const title = /<title>([^<]*)<\/title>/i.exec(text);
  return title?.[1] ?? (text.slice(0, 1000) || response.statusText);
}
