/** Defines how the page asks for data, whatever the data comes from. */

import {
  FRAMES,
  type Job,
  type Routes,
  type SeriesRequest,
  type VectorFormat,
} from "./contract.gen";

export type RouteName = keyof Routes;
export type Ask<K extends RouteName> = Routes[K]["request"];
/** A request about one series, which need not be named. */
export type AskOfSeries<K extends RouteName> = Omit<Ask<K>, keyof SeriesRequest>;
export type Answer<K extends RouteName> = Routes[K]["response"];

/** The standard Projector's page and what it shows, by the key of a `Projector` answer. */
export interface ProjectorSource {
  /** The address of its page. */
  page(key: string): string;
  /** The rows that it is given. */
  table(key: string, signal: AbortSignal): Promise<ProjectorTable>;
  /** Fetches a table that may be asked for soon. */
  prefetch(key: string): void;
}

/** Rows as the standard Projector reads them. */
export interface ProjectorTable {
  /** Their numbers, one after another. */
  numbers: Float32Array;
  /** Their columns: lines of fields between tabs, the first one their names. */
  columns: string;
}

/** Files for other programs and other people. */
export interface FileMaker {
  /** One series as a web page in a file; `progress` is told how much of it is made, 0..1. */
  webPage(
    ask: SeriesRequest,
    signal: AbortSignal,
    progress: (share: number) => void,
  ): Promise<Blob>;

  /** The vectors of these rows, or of all; `progress` is told how many bytes were read. */
  vectors(
    ask: SeriesRequest & { step: number; format: VectorFormat },
    rows: readonly number[] | null,
    signal: AbortSignal,
    progress: (bytes: number) => void,
  ): Promise<Blob>;
}

/** The one door to data: over HTTP, from recorded responses, or made up for development. */
export interface DataSource {
  /** Rejects with `RequestFailed`, or with an AbortError once the signal is aborted. */
  get<K extends RouteName>(route: K, ask: Ask<K>, signal?: AbortSignal): Promise<Answer<K>>;
  /** The standard Projector; undefined without a server. */
  readonly projector?: ProjectorSource | undefined;
  /** What makes files; undefined without a server. */
  readonly files?: FileMaker | undefined;
  /** What there is without a server; undefined where a server answers all questions. */
  readonly savedPage?: SavedPage;
}

/** What a page in a file holds of the log that it was made from. */
export interface SavedPage {
  readonly loggedSteps: number;
  /** Whether the page has the answer to a question of the series, whose run and tag it need not name. */
  has<K extends RouteName>(route: K, ask: AskOfSeries<K>): boolean;
}

/** A question whose answer may be kept: equal keys stand for equal answers. */
export interface Question<R extends RouteName = RouteName> {
  readonly route: R;
  readonly ask: Ask<R>;
  readonly key: string;
}

/** What the controllers ask: a source that keeps answers. */
export interface Asks {
  /** Rejects as `DataSource.get` does. */
  get<R extends RouteName>(question: Question<R>, signal?: AbortSignal): Promise<Answer<R>>;
}

/** Returns the fields of the answers of a route that have a value for each row that the page holds. */
export function rowFields(route: RouteName): readonly string[] {
  if (route === "tokens") return ["tokens"];
  if (route === "column") return ["numbers", "texts"];
  const arrays: Record<string, readonly string[]> = route in FRAMES ? FRAMES[route as never] : {};
  return Object.keys(arrays).filter((name) => arrays[name]?.[0] === "vocab_size");
}

/** The status of a question whose answer a page in a file does not hold. */
export const NOT_IN_FILE = 410;

/** A question that was not answered, with the server's own words. */
export class RequestFailed extends Error {
  override readonly name = "RequestFailed";

  /** `status` is the HTTP status, or null when the server was not reached. */
  constructor(
    readonly status: number | null,
    message: string,
  ) {
    super(message);
  }
}

/** Writes the query parameters of a request in a fixed order: equal requests give equal texts. */
export function queryOf(ask: object): string {
  const fields = Object.entries(ask).filter(([, value]) => value !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return new URLSearchParams(fields.map(([name, value]) => [name, String(value)])).toString();
}

/** Returns the job that works on an answer; null for none. Until it is done, the answer is not whole. */
export function jobOf(answer: unknown): Job | null {
  const job = answer instanceof Object && "job" in answer ? (answer.job as Job | null) : null;
  return job ?? null;
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
