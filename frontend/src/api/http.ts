import { FRAMES } from "./contract.gen";
import { decodeFrame } from "./frames";
import {
  type Answer,
  type Ask,
  type DataSource,
  queryOf,
  RequestFailed,
  type RouteName,
} from "./source";

/** Asks the plugin's routes below `base`, which ends in a slash. */
export class HttpSource implements DataSource {
  constructor(private readonly base: URL) {}

  async get<K extends RouteName>(route: K, ask: Ask<K>, signal?: AbortSignal): Promise<Answer<K>> {
    const url = new URL(route, this.base);
    url.search = queryOf(ask);
    const response = await reach(url, signal);
    if (!response.ok) throw new RequestFailed(response.status, await words(response));
    // The types are generated from the contract that the server answers by.
    return (
      route in FRAMES ? decodeFrame(await response.arrayBuffer()) : await response.json()
    ) as Answer<K>;
  }
}

async function reach(url: URL, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, signal ? { signal } : {});
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new RequestFailed(null, error instanceof Error ? error.message : String(error));
  }
}

/** The server's sentence; for a page of HTML, only what it is titled. */
async function words(response: Response): Promise<string> {
  const text = (await response.text()).trim();
  const title = /<title>([^<]*)<\/title>/i.exec(text);
  return title?.[1] ?? (text.slice(0, 1000) || response.statusText);
}
