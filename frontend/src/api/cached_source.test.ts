/** Tests the caching of answers. */

import { describe, expect, it } from "vitest";
import { deferred } from "../../test/deferred";
import { CachedSource, sizeOf } from "./cached_source";
import {
  type Answer,
  type Ask,
  type DataSource,
  type Question,
  queryOf,
  type RouteName,
} from "./data_source";

/** Counts what it is asked; answers on command when `hold` is set. */
class CountingSource implements DataSource {
  readonly asked: string[] = [];
  readonly signals: (AbortSignal | undefined)[] = [];
  hold: Promise<void> = Promise.resolve();

  async get<K extends RouteName>(route: K, ask: Ask<K>, signal?: AbortSignal): Promise<Answer<K>> {
    this.asked.push(`${route} ${JSON.stringify(ask)}`);
    this.signals.push(signal);
    await this.hold;
    return { tokens: ["x".repeat(100)], series: [] } as unknown as Answer<K>;
  }
}

function question<R extends RouteName>(route: R, ask: Ask<R>): Question<R> {
  return { route, ask, key: `${route}?${queryOf(ask)}` };
}

const tokens = (tag: string) => question("tokens", { run: "r", tag });

describe("CachedSource", () => {
  it("asks the same question once", async () => {
    const inner = new CountingSource();
    const source = new CachedSource(inner);
    const first = await source.get(tokens("a"));
    expect(await source.get(question("tokens", { tag: "a", run: "r" }))).toBe(first);
    expect(inner.asked).toHaveLength(1);
  });

  it("never keeps the index", async () => {
    const inner = new CountingSource();
    const source = new CachedSource(inner);
    await source.get(question("index", {}));
    await source.get(question("index", {}));
    expect(inner.asked).toHaveLength(2);
  });

  it("asks for the index anew while an older answer is on its way", async () => {
    const inner = new CountingSource();
    const { promise, resolve } = deferred<void>();
    inner.hold = promise;
    const source = new CachedSource(inner);
    const both = [source.get(question("index", {})), source.get(question("index", {}))];
    expect(inner.asked).toHaveLength(2);
    resolve();
    await Promise.all(both);
  });

  it("lets the least recently used go first", async () => {
    const inner = new CountingSource();
    const source = new CachedSource(inner, 500);
    for (const tag of ["a", "b", "a", "c", "a", "b"]) await source.get(tokens(tag));
    expect(inner.asked.map((text) => /"tag":"(.)"/.exec(text)?.[1])).toEqual(["a", "b", "c", "b"]);
  });

  it("shares one request between those who wait, and aborts it when all have left", async () => {
    const inner = new CountingSource();
    const { promise, resolve } = deferred<void>();
    inner.hold = promise;
    const source = new CachedSource(inner);
    const [one, two] = [new AbortController(), new AbortController()];
    const answers = [source.get(tokens("a"), one.signal), source.get(tokens("a"), two.signal)];
    expect(inner.asked).toHaveLength(1);
    one.abort();
    expect(inner.signals[0]?.aborted).toBe(false);
    two.abort();
    expect(inner.signals[0]?.aborted).toBe(true);
    resolve();
    await Promise.all(answers);
  });

  it("serves what was asked ahead", async () => {
    const inner = new CountingSource();
    const source = new CachedSource(inner);
    source.get(tokens("a"));
    await source.get(tokens("a"));
    expect(inner.asked).toHaveLength(1);
  });
});

describe("sizeOf", () => {
  it("counts arrays exactly and long lists by a sample", () => {
    expect(sizeOf(new Float32Array(10))).toBe(40);
    expect(sizeOf(Array.from({ length: 1000 }, () => 1))).toBe(8000);
    expect(sizeOf({ positions: new Float32Array(10), step: 1 })).toBe(16 + 40 + 8);
  });
});
