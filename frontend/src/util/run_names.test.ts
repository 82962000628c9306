/** Tests the order of names and what is left out of them. */

import { describe, expect, it } from "vitest";
import { byNaturalOrder, foldNames } from "./run_names";

describe("names", () => {
  it.each([
    [
      ["seed10", "seed2", "seed1"],
      ["seed1", "seed2", "seed10"],
    ],
    [
      ["lr=1e-2", "lr=1e-10", "lr=1e-3", "lr=0.5"],
      ["lr=1e-10", "lr=1e-3", "lr=1e-2", "lr=0.5"],
    ],
    [
      ["a/b", "a", "B", "a-1/x"],
      ["a", "a/b", "a-1/x", "B"],
    ],
    [
      ["b", "10", "9"],
      ["9", "10", "b"],
    ],
    [
      ["x1e999", "x1e998", ""],
      ["", "x1e998", "x1e999"],
    ],
  ])("%s are in the order of their numbers", (names, ordered) => {
    expect([...names].sort(byNaturalOrder)).toEqual(ordered);
  });

  it.each([
    [["sweep/a/1", "sweep/a/2"], "sweep/a/", "", ["1", "2"]],
    [["lr=1/embeddings", "lr=2/embeddings"], "", "/embeddings", ["lr=1", "lr=2"]],
    [["s/a/x/e", "s/b/e"], "s/", "/e", ["a/x", "b"]],
    [["a", "a/b"], "", "", ["a", "a/b"]],
    [["a/b", "a/b/b"], "a/", "", ["b", "b/b"]],
    [["only/one"], "", "", ["only/one"]],
    [[], "", "", []],
  ])("%s lose what they have in common", (names, before, after, left) => {
    const folded = foldNames(names);
    expect([folded.before, folded.after]).toEqual([before, after]);
    expect(names.map(folded.short)).toEqual(left);
  });
});
