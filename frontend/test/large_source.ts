/** Serves a table that is too large for the page: recorded answers, stretched over its rows. */

import { FRAMES, type Index } from "../src/api/contract.gen";
import { type Answer, type Ask, type RouteName, rowFields } from "../src/api/data_source";
import { Numbering } from "../src/api/row_numbering";
import { PageSource } from "./page";

/** The run and the number of rows of the recorded table. */
const RECORDED = { run: "embeddings", rows: 8 };

type Asked = Readonly<Record<string, unknown>>;

/** A table with the tokens `item0`, `item1`, ..., whose measures are the numbers of the rows. */
export class LargeSource extends PageSource {
  /** What was asked about all rows of the table. */
  readonly asked: { readonly route: RouteName; readonly ask: Asked }[] = [];

  /** Pages number the rows of a run once: each test needs a run of its own. */
  constructor(
    private readonly run: string,
    private readonly rows: number,
    private readonly sampled: number,
  ) {
    super();
    this.others.set("search", () => found([]));
    this.others.set("ranked", () => ({ job: DONE, rows: new Int32Array(), count: 0 }));
  }

  /** What was asked last on a route. */
  last(route: RouteName): Asked | undefined {
    return this.asked.findLast((one) => one.route === route)?.ask;
  }

  override async get<K extends RouteName>(route: K, ask: Ask<K>): Promise<Answer<K>> {
    if (route === "index") return (await this.index()) as Answer<K>;
    const { shown = "", ...named } = { ...ask, run: RECORDED.run } as Record<string, unknown>;
    this.asked.push({ route, ask: { ...named, shown } });
    if (this.others.has(route) || !rowFields(route).length) return super.get(route, named as never);
    const rows = rowsOf(String(shown));
    if (route === "tokens") return { tokens: rows.map((row) => `item${row}`) } as Answer<K>;
    const recorded = await super.get(route, named as never);
    const axes = FRAMES[route as keyof typeof FRAMES] as Record<string, readonly string[]>;
    const stretched = Object.entries(recorded).map(([name, value]) => {
      if (axes[name]?.[0] !== "vocab_size") return [name, value];
      const columns = value.length / RECORDED.rows;
      return [name, value.constructor.from(rows.flatMap((row) => Array(columns).fill(row)))];
    });
    return Object.fromEntries(stretched);
  }

  private async index(): Promise<Index> {
    const index = await super.get("index", {});
    const { run, rows: vocab_size, sampled: shown_rows } = this;
    const series = index.series
      .filter((one) => one.tag === "words" && one.run === RECORDED.run)
      .map((one) => ({ ...one, run, vocab_size, full_vocab_size: vocab_size, shown_rows }))
      .map((one) => ({ ...one, columns: [], frequency_column: null }));
    return { ...index, series };
  }
}

export const DONE = { id: "", state: "done", progress: 1, message: "", error: "" } as const;

/** What a search answers. */
export const found = (rows: readonly number[], change: object = {}) => ({
  ...{ job: DONE, rows: Int32Array.from(rows), more: false, problem: "" },
  ...change,
});

function rowsOf(shown: string): number[] {
  if (!shown.startsWith("sample.")) return shown.split(".").map(Number);
  const [sampled = 0, rows = 0] = shown.slice("sample.".length).split(".").map(Number);
  const numbering = new Numbering(sampled, rows);
  return Array.from({ length: sampled }, (_, number) => numbering.rowOf(number));
}
