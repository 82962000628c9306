/** Asks the plugin for data over HTTP. */

import { FRAMES, type Job, PAGE_HEADER } from "./contract.gen";
import {
  type Answer,
  type Ask,
  type DataSource,
  type FileMaker,
  type ProjectorSource,
  queryOf,
  RequestFailed,
  type RouteName,
} from "./data_source";
import { decodeFrame } from "./decode_frame";
import { asked, reached } from "./http_fetch";
import { HttpProjector } from "./http_projector";

/** Longer questions are posted: servers refuse long addresses. */
const LONGEST_QUERY = 4000;

const WEB_PAGE_POLL_MS = 500;

/** Names this page, also after a reload: a page can cancel its own jobs only. */
const PAGE = pageName();

/** Asks the plugin's routes below `base`, which ends in a slash. */
export class HttpSource implements DataSource {
  readonly projector: ProjectorSource;

  readonly files: FileMaker = {
    webPage: async (ask, signal, progress) => {
      const url = new URL("web_page", this.base);
      url.search = queryOf(ask);
      for (;;) {
        const response = await asked(url, signal, { headers: { [PAGE_HEADER]: PAGE } });
        if (response.status !== 202) return response.blob();
        const job = (await response.json()) as Job;
        if (job.state === "failed") throw new RequestFailed(0, job.error);
        progress(job.progress);
        await new Promise((resolve) => setTimeout(resolve, WEB_PAGE_POLL_MS));
        if (signal.aborted) {
          void this.get("cancel", { id: job.id }).catch(() => undefined);
          throw signal.reason;
        }
      }
    },
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
    const query = queryOf(ask);
    const isLong = query.length > LONGEST_QUERY;
    if (!isLong) url.search = query;
    const post = isLong ? { method: "POST", body: query } : {};
    const response = await asked(url, signal, { headers: { [PAGE_HEADER]: PAGE }, ...post });
    // The types are generated from the contract that the server answers by.
    const body = await reached(response.arrayBuffer(), signal);
    return (
      route in FRAMES ? decodeFrame(body) : JSON.parse(new TextDecoder().decode(body))
    ) as Answer<K>;
  }
}

function pageName(): string {
  const random = Math.random().toString(36).slice(2);
  try {
    const kept = sessionStorage.getItem(PAGE_HEADER) ?? random;
    sessionStorage.setItem(PAGE_HEADER, kept);
    return kept;
  } catch {
    // The user has forbidden storage.
    return random;
  }
}

/** Reads the whole body, and reports how many bytes have come. */
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
