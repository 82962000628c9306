/** Answers from the data in a page's own file, which tb_wordembed/server/report wrote. */

import { DEFAULTS, FRAMES } from "./contract.gen";
import {
  type Answer,
  type Ask,
  type AskOfSeries,
  type DataSource,
  NOT_IN_FILE,
  queryOf,
  RequestFailed,
  type RouteName,
  type SavedPage,
} from "./data_source";
import { decodeFrame } from "./decode_frame";
import { derived, type Nearest } from "./derived_answers";

/** What the data of a file says beside the answers: the questions, in their order. */
interface Directory {
  readonly logged_steps: number;
  readonly questions: readonly { readonly route: string; readonly ask: object }[];
}

export class FileSource implements DataSource {
  readonly savedPage: SavedPage;
  private readonly pieces = new Map<string, Uint8Array>();
  private readonly decoded = new Map<string, Promise<unknown>>();

  /**
   * @param data a frame with the compressed answers
   * @param notInFile the message about an answer that is not there
   */
  constructor(
    data: ArrayBuffer,
    private readonly notInFile: string,
  ) {
    const fields = decodeFrame(data) as unknown as Directory & Record<string, Uint8Array>;
    for (const [at, { route, ask }] of fields.questions.entries()) {
      this.pieces.set(keyOf(route, ask), fields[String(at)] as Uint8Array);
    }
    this.savedPage = {
      loggedSteps: fields.logged_steps,
      has: (route, ask) => this.pieces.has(keyOf(route, ask)),
    };
  }

  async get<K extends RouteName>(route: K, ask: Ask<K>): Promise<Answer<K>> {
    const found = (await this.find(route, ask)) ?? (await derived(this, route, ask));
    if (found === null) throw new RequestFailed(NOT_IN_FILE, this.notInFile);
    return found as Answer<K>;
  }

  /** Returns an answer of the file as it was recorded; null if it is not there. */
  find<K extends RouteName>(route: K, ask: AskOfSeries<K>): Promise<Answer<K> | null> {
    return this.decode(route, ask, route in FRAMES) as Promise<Answer<K> | null>;
  }

  /** Returns the neighbors of many tokens at a step; null if they are not there. */
  nearest(step: number): Promise<Nearest | null> {
    return this.decode("nearest", { step }, true) as Promise<Nearest | null>;
  }

  private async decode(route: string, ask: object, isFrame: boolean): Promise<unknown> {
    const key = keyOf(route, ask);
    const piece = this.pieces.get(key);
    if (!piece) return null;
    const known = this.decoded.get(key) ?? decoded(piece, isFrame);
    this.decoded.set(key, known);
    return known;
  }
}

/** Names a question without its run and tag: a file is of one series. */
function keyOf(route: string, ask: object): string {
  const defaults = DEFAULTS[route as RouteName] ?? {};
  return `${route}?${queryOf({ ...defaults, ...ask, run: undefined, tag: undefined })}`;
}

async function decoded(piece: Uint8Array, isFrame: boolean): Promise<unknown> {
  const bytes = new Blob([piece as Uint8Array<ArrayBuffer>]).stream();
  const plain = bytes.pipeThrough(new DecompressionStream("gzip"));
  const body = await new Response(plain).arrayBuffer();
  return isFrame ? decodeFrame(body) : JSON.parse(new TextDecoder().decode(body));
}
