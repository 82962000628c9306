/** Fetches a URL; if that fails, the error has the message of the server. */

import { RequestFailed } from "./data_source";

export async function asked(url: URL, signal?: AbortSignal, how?: RequestInit): Promise<Response> {
  const response = await reach(url, signal, how);
  if (!response.ok) throw new RequestFailed(response.status, await words(response));
  return response;
}

async function reach(url: URL, signal?: AbortSignal, how: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, signal ? { ...how, signal } : how);
  } catch (error) {
    throw unanswered(error, signal);
  }
}

/** Reads the whole body; fails if it breaks off. */
export async function bodyOf(response: Response, signal?: AbortSignal): Promise<ArrayBuffer> {
  try {
    return await response.arrayBuffer();
  } catch (error) {
    throw unanswered(error, signal);
  }
}

function unanswered(error: unknown, signal?: AbortSignal): unknown {
  if (signal?.aborted) return error;
  return new RequestFailed(null, error instanceof Error ? error.message : String(error));
}

/** Returns the message of the server; of a page of HTML, only the title. */
async function words(response: Response): Promise<string> {
  const text = (await response.text()).trim();
  const title = /<title>([^<]*)<\/title>/i.exec(text);
  return title?.[1] ?? (text.slice(0, 1000) || response.statusText);
}
