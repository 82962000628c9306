/** Tests that each text of the page has a name of its own, and is shown. */

import { expect, it } from "vitest";
import { text } from "./index";

const PARTS = import.meta.glob<Record<string, unknown>>(["./*.ts", "!./index.ts", "!./*.test.ts"], {
  eager: true,
});
const SOURCES = import.meta.glob<string>(["../**/*.ts", "!../**/*.test.ts"], {
  query: "?raw",
  import: "default",
  eager: true,
});

it("overrides no text by another one of the same name", () => {
  const parts = Object.values(PARTS).flatMap((part) => Object.entries(part));
  const names = parts.flatMap(([name, one]) =>
    name.endsWith("Text") ? Object.keys(one as object) : [],
  );
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  expect(names.sort()).toEqual(Object.keys(text).sort());
});

it("has no text that nothing shows", () => {
  const shown = new Set(
    Object.values(SOURCES).flatMap((source) => source.match(/(?<=[tT]ext\.)\w+/g) ?? []),
  );
  // What became of a neighbor names its text.
  for (const fate of ["gained", "kept", "lost"]) shown.add(fate);
  expect(Object.keys(text).filter((name) => !shown.has(name))).toEqual([]);
});
