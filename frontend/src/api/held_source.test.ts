/** Tests questions and answers about a table of which the page holds some rows. */
import { describe, expect, it } from "vitest";
import { seriesWith } from "../../test/series";
import { CachedSource } from "./cached_source";
import type { Answer, Ask, DataSource, Question, RouteName } from "./data_source";
import { HeldSource } from "./held_source";
import { FAR, numberingOf } from "./row_numbering";

const TABLE = 100;

/** A server with a table whose norms and tokens say which rows they are of. */
class Server implements DataSource {
  readonly asked: string[] = [];

  constructor(private readonly run: string) {}

  async get<K extends RouteName>(route: K, ask: Ask<K>): Promise<Answer<K>> {
    const { shown = "", ...named } = ask as { shown?: string };
    this.asked.push(`${route} ${JSON.stringify(named)} ${shown}`);
    return this.answer(route, shown) as Answer<K>;
  }

  private answer(route: RouteName, shown: string): unknown {
    const { run } = this;
    if (route === "index") {
      const series = seriesWith({ run, vocab_size: TABLE, shown_rows: 4 });
      return { scanning: false, series: [series], problems: [], incomplete: [], layouts: [] };
    }
    const rows = shown.startsWith("sample") ? [0, 40, 56, 96] : shown.split(".").map(Number);
    if (route === "norms") return { step: 0, values: Float32Array.from(rows) };
    if (route === "tokens") return { tokens: rows.map((row) => `token ${row}`) };
    if (route === "search") return { rows: Int32Array.of(7, 40), more: false };
    return {
      neighbors: [
        { index: 40, token: "token 40", distance: 0 },
        { index: 9, token: "", distance: 1 },
      ],
    };
  }
}

async function opened(run: string) {
  const server = new Server(run);
  const source = new HeldSource(new CachedSource(server));
  const ask = <R extends RouteName>(route: R, named: object = {}, key = "") =>
    source.get({
      route,
      ask: { run, tag: "words", ...named },
      key: `${route} ${key}@`,
    } as Question<R>);
  await ask("index");
  server.asked.length = 0;
  const numbering = numberingOf({ run, tag: "words" });
  if (!numbering) throw new Error("the rows are not numbered");
  return { ask, server, numbering };
}

describe("HeldSource", () => {
  it("says how many rows are held", async () => {
    const { ask, numbering } = await opened("counted");
    numbering.add([7]);
    expect((await ask("index", {}, "again")).series[0]).toMatchObject({ shown_rows: 5 });
  });

  it("asks for a sample, and later only for the rows that came since", async () => {
    const { ask, server, numbering } = await opened("pieces");
    expect([...(await ask("norms", { step: 0 })).values]).toEqual([0, 40, 56, 96]);
    numbering.add([7, 8]);
    expect([...(await ask("norms", { step: 0 })).values]).toEqual([0, 40, 56, 96, 7, 8]);
    expect(server.asked).toHaveLength(2);
    expect(server.asked[1]).toMatch(/ 7\.8$/);
    expect((await ask("tokens")).tokens.at(-1)).toBe("token 8");
  });

  it("asks about rows of the table, and holds those that are named", async () => {
    const { ask, server, numbering } = await opened("neighbors");
    const { neighbors } = await ask("neighbors", { index: 2, step: 0 });
    expect(server.asked[0]).toContain(`"index":${numbering.rowOf(2)}`);
    expect(neighbors.map(({ index }) => index)).toEqual([numbering.numberOf(40), 4]);
    expect(numbering.rowOf(4)).toBe(9);
  });

  it("asks about a row that is not held", async () => {
    const { ask, server } = await opened("far");
    await ask("neighbors", { index: FAR + 77, step: 0 });
    expect(server.asked[0]).toContain('"index":77');
  });

  it("holds what a search finds", async () => {
    const { ask, numbering } = await opened("search");
    const before = numbering.count;
    const { rows } = await ask("search", { query: "7" });
    expect(numbering.count).toBeGreaterThan(before);
    expect([...rows].map((number) => numbering.rowOf(number))).toEqual([7, 40]);
  });
});
