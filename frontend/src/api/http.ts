import { FRAMES } from "./contract.gen";
import { decodeFrame } from "./frames";
import {
  type Answer,
  type Ask,
  type DataSource,
  type ProjectorSource,
  queryOf,
  RequestFailed,
  type RouteName,
  type VectorSource,
} from "./source";

/** Asks the plugin's routes below `base`, which ends in a slash. */
export class HttpSource implements DataSource {
  readonly projector: ProjectorSource = {
    page: (key) => this.projectorUrl(key, "projector_binary.html").href,
    table: async (key, signal) => {
      const answer = await asked(this.projectorUrl(key, "tensor"), signal);
      return new Float32Array(await answer.arrayBuffer());
    },
    columns: async (key, signal) =>
      (await asked(this.projectorUrl(key, "metadata"), signal)).text(),
  };

  readonly files: VectorSource = {
    vectors: async (ask, rows, signal, progress) => {
      const url = new URL("vectors", this.base);
      url.search = queryOf(ask);
      const post = { method: "POST", body: (rows ?? []).join(".") };
      const response = await asked(url, signal, rows ? post : {});
      return readAll(response, progress);
    },
  };

  constructor(private readonly base: URL) {}

  async get<K extends RouteName>(route: K, ask: Ask<K>, signal?: AbortSignal): Promise<Answer<K>> {
    const url = new URL(route, this.base);
    url.search = queryOf(ask);
    const response = await asked(url, signal);
    // The types are generated from the contract that the server answers by.
    return (
      route in FRAMES ? decodeFrame(await response.arrayBuffer()) : await response.json()
    ) as Answer<K>;
  }

  private projectorUrl(key: string, name: string): URL {
    return new URL(`projector/${key}/${name}`, this.base);
  }
}

async function asked(url: URL, signal?: AbortSignal, how?: RequestInit): Promise<Response> {
  const response = await reach(url, signal, how);
  if (!response.ok) throw new RequestFailed(response.status, await words(response));
  return response;
}

async function reach(url: URL, signal?: AbortSignal, how: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, signal ? { ...how, signal } : how);
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

/** The whole body, told of as it comes. */
async function readAll(response: Response, progress: (bytes: number) => void): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body?.getReader();
  let read = 0;
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) break;
    parts.push(part.value as Uint8Array<ArrayBuffer>);
    read += part.value.length;
    progress(read);
  }
  return new Blob(parts);
}
