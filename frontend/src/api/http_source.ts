/** Asks the plugin for data over HTTP. */

import { FRAMES } from "./contract.gen";
import {
  type Answer,
  type Ask,
  type DataSource,
  type ProjectorSource,
  queryOf,
  type RouteName,
  type VectorSource,
} from "./data_source";
import { asked, bodyOf } from "./fetch";
import { decodeFrame } from "./frames";
import { HttpProjector } from "./http_projector";

/** Asks the plugin's routes below `base`, which ends in a slash. */
export class HttpSource implements DataSource {
  readonly projector: ProjectorSource;

  readonly files: VectorSource = {
    vectors: async (ask, rows, signal, progress) => {
      const url = new URL("vectors", this.base);
      url.search = queryOf(ask);
      const post = { method: "POST", body: (rows ?? []).join(".") };
      const response = await asked(url, signal, rows ? post : {});
      return readAll(response, progress);
    },
  };

  constructor(private readonly base: URL) {
    this.projector = new HttpProjector(base);
  }

  async get<K extends RouteName>(route: K, ask: Ask<K>, signal?: AbortSignal): Promise<Answer<K>> {
    const url = new URL(route, this.base);
    url.search = queryOf(ask);
    const response = await asked(url, signal);
    // The types are generated from the contract that the server answers by.
    const body = await bodyOf(response, signal);
    return (
      route in FRAMES ? decodeFrame(body) : JSON.parse(new TextDecoder().decode(body))
    ) as Answer<K>;
  }
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
