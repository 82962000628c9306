/** Tests the search over the tokens. */

import { describe, expect, it } from "vitest";
import { foundIn } from "../../test/found";
import { distanceWithin, Nearest } from "./edit_distance";
import { Vocabulary } from "./vocabulary_search";
import { PART, packed, unpacked } from "./worker_messages";

const TOKENS = ["Good", "goods", "ungood", "good", "bad", "a.b", "/s", "naïve", "日本", ""];
const vocabulary = new Vocabulary(TOKENS);

const rowsOf = (mask: Uint8Array | null) => mask && [...mask.keys()].filter((row) => mask[row]);
const find = (text: string) => foundIn(vocabulary, text);
const found = (text: string) => rowsOf(find(text).mask)?.map((row) => TOKENS[row]) ?? "everything";

describe("a search", () => {
  it("finds what contains the text, letter case aside", () => {
    expect(found(" GOOD ")).toEqual(["Good", "goods", "ungood", "good"]);
    expect(found("日")).toEqual(["日本"]);
    expect(found("nothing like it")).toEqual([]);
    expect(found("  ")).toBe("everything");
  });

  it("finds what starts with it after ^, and ^ itself alone", () => {
    expect(found("^good")).toEqual(["Good", "goods", "good"]);
    expect(found("^")).toEqual([]);
  });

  it("finds what has all of several words, and knows what starts with the first", () => {
    const films = new Vocabulary(["Dark Star 1", "star wars", "the star of dark", " Star, dark"]);
    const { mask, starts } = foundIn(films, "star dark");
    expect([rowsOf(mask), rowsOf(starts)]).toEqual([[0, 2, 3], [3]]);
    expect(rowsOf(foundIn(films, "^star w").mask)).toEqual([1]);
    expect(rowsOf(foundIn(films, "/star/").starts)).toEqual([]);
  });

  it("takes a sum of tokens for one where no token is written so", () => {
    for (const text of ["king - man + woman", "king -"]) {
      expect(find(text)).toMatchObject({ expression: text, mask: null, nearest: [] });
    }
    expect(find("ki-ng")).toMatchObject({ expression: null, count: 0 });
    const odd = foundIn(new Vocabulary(["a - b"]), "a - b");
    expect(odd).toMatchObject({ expression: null, exact: 0 });
  });

  it("takes what stands between slashes as a regular expression", () => {
    expect(found("/^good$/")).toEqual(["good"]);
    expect(found("/^good$/i")).toEqual(["Good", "good"]);
    expect(found("/^.{2}$/")).toEqual(["/s", "日本"]);
    expect(found("/a\\-?\\.b/")).toEqual(["a.b"]);
  });

  it("takes a slash that nothing closes as text", () => {
    expect(found("/")).toEqual(["/s"]);
    expect(found("/s")).toEqual(["/s"]);
    expect(found("//")).toEqual([]);
  });

  it("says what is wrong with an expression, and finds everything meanwhile", () => {
    const { mask, invalid } = find("/(/");
    expect(mask).toBeNull();
    expect(invalid).toMatch(/unterminated group/i);
  });

  it("knows the very word, in the very case first", () => {
    expect(find("good").exact).toBe(3);
    expect(find("GOODS").exact).toBe(1);
    expect(find("goo").exact).toBeNull();
  });

  it.each(["ĠcafÃ©", "Ġcafé", " café", "café"])("finds a byte-level token by %s", (query) => {
    const { exact, count } = foundIn(new Vocabulary(["cafe", " café", "0xE3"]), query);
    expect(count).toBe(1);
    if (query !== "café") expect(exact).toBe(1);
  });

  it("finds a byte that is no text by its letter", () => {
    expect(foundIn(new Vocabulary(["a", "0xE3"]), "ã").exact).toBe(1);
  });

  it("names what is spelled most alike where nothing matches", () => {
    const { count, nearest } = find("bda");
    expect([count, nearest.map((row) => TOKENS[row])]).toEqual([0, ["bad"]]);
    expect(find("godo").nearest.map((row) => TOKENS[row])).toEqual(["Good", "good", "goods"]);
    expect(find("good").nearest).toEqual([]);
    expect(find("completelyelse").nearest).toEqual([]);
  });

  it("can be given up between slices", () => {
    const large = new Vocabulary(Array.from({ length: 120_000 }, (_, row) => `word${row}`));
    const steps = large.searching("word");
    expect([steps.next().done, steps.next().done, steps.next().done]).toEqual([false, false, true]);
  });
});

/** The definition, cell by cell. */
function distance(a: string, b: string): number {
  const cells = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  const at = (i: number, j: number) => cells[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const options = [at(i - 1, j) + 1, at(i, j - 1) + 1];
      options.push(at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        options.push(at(i - 2, j - 2) + 1);
      }
      (cells[i] as number[])[j] = Math.min(...options);
    }
  }
  return at(a.length, b.length);
}

/** Words of few letters, so that many are alike; the same ones every time. */
function words(count: number): string[] {
  let seed = 1;
  const next = (below: number) => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: next(8) }, () => "abc"[next(3)]).join(""),
  );
}

describe("the distance of two words", () => {
  it("is the one of the whole table as far as the limit, and beyond it otherwise", () => {
    const some = words(60);
    for (const a of some) {
      for (const b of some) {
        for (const limit of [0, 1, 2, 3]) {
          expect(distanceWithin(a, b, limit)).toBe(Math.min(distance(a, b), limit + 1));
        }
      }
    }
  });

  it("ranks like a sort by distance, then row", () => {
    const some = words(500);
    for (const word of ["abcab", "bb", "cabcabca"]) {
      const nearest = new Nearest(word);
      some.forEach((other, row) => {
        nearest.offer(row, other);
      });
      const limit = word.length <= 2 ? 1 : word.length <= 5 ? 2 : 3;
      const all = some
        .map((other, row) => ({ row, distance: distance(word, other) }))
        .filter((other) => other.distance <= limit)
        .sort((a, b) => a.distance - b.distance || a.row - b.row);
      expect(nearest.rows).toEqual(all.slice(0, 5).map(({ row }) => row));
    }
  });
});

it("carries tokens to the worker as they are", () => {
  const hostile = ["", "a\0b", "\ud800", "line\nbreak", "😀", ""];
  expect([...packed(hostile)].flatMap(unpacked)).toEqual(hostile);
});

it("carries many tokens in parts, and none as none", () => {
  const many = Array.from({ length: 2 * PART + 1 }, (_, row) => `token${row}`);
  const parts = [...packed(many)];
  expect(parts.map(({ first }) => first)).toEqual([true, false, false]);
  expect(parts.flatMap(unpacked)).toEqual(many);
  expect([...packed([])].map(({ first, text }) => [first, text])).toEqual([[true, ""]]);
});
