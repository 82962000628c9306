/** Tests that files import only what layers.json allows, and that no two of them import each other. */
import { posix } from "node:path";
import { expect, it } from "vitest";
import layers from "../layers.json";

// A folder may import what its row, the rows of the folders around it, and the row "*" name.
// Rows stand above the rows that they name.
const ROWS: Readonly<Record<string, readonly string[]>> = layers;
const IMPORT = /(?:\bfrom|\bimport|\bimport\(|\bnew URL\()\s*"(\.[^"]+)"/g;
const SOURCES = import.meta.glob<string>(["../src/**/*.ts", "!../src/**/*.test.ts"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const FILES = new Map(
  Object.entries(SOURCES).map(([path, source]) => [posix.relative("../src", path), source]),
);
const IMPORTS = new Map([...FILES].map(([file, source]) => [file, importedBy(file, source)]));

/** The files of the page that a file imports; types and workers, too. */
function importedBy(file: string, source: string): string[] {
  return [...source.matchAll(IMPORT)].flatMap(([, specifier = ""]) => {
    const path = posix.join(posix.dirname(file), specifier);
    return [path, `${path}.ts`, `${path}.d.ts`, `${path}/index.ts`].filter((one) => FILES.has(one));
  });
}

/** The rows that hold for a file: of its folder and of those around it, the nearest first. */
function rowsOf(file: string): string[] {
  const folder = posix.dirname(file);
  const rows = Object.keys(ROWS).filter((row) => row && `${folder}/`.startsWith(`${row}/`));
  return folder === "." ? [""] : rows.sort((a, b) => b.length - a.length);
}

/** The arrow that allows a file to import another; null where there is none. */
function arrowBetween(file: string, imported: string): string | null {
  const [from = "nowhere"] = rowsOf(file);
  const targets = rowsOf(imported);
  const to = `${posix.dirname(imported)}/`;
  if (targets[0] === from) return `${from} itself`;
  for (const row of [...rowsOf(file), "*"]) {
    const target = ROWS[row]?.find((folder) => to.startsWith(`${folder}/`));
    if (target !== undefined) return `${row} > ${target}`;
  }
  return null;
}

const ARROWS = [...IMPORTS].flatMap(([file, imported]) =>
  imported.map((other) => ({ file, other, arrow: arrowBetween(file, other) })),
);

it("has a row for every folder", () => {
  expect([...FILES.keys()].filter((file) => !rowsOf(file).length)).toEqual([]);
});

it("finds the imports", () => {
  expect(IMPORTS.get("index.ts")).toContain("start.ts");
  expect(IMPORTS.get("search/searcher.ts")).toContain("search/search_worker.ts");
});

it("imports only what the table of layers allows", () => {
  const forbidden = ARROWS.filter(({ arrow }) => arrow === null);
  expect(forbidden.map(({ file, other }) => `${file} imports ${other}`)).toEqual([]);
});

it("allows nothing that no file needs", () => {
  const used = new Set(ARROWS.map(({ arrow }) => arrow));
  const stated = Object.entries(ROWS).flatMap(([row, all]) => all.map((one) => `${row} > ${one}`));
  expect(stated.filter((arrow) => !used.has(arrow))).toEqual([]);
});

it("names rows from top to bottom", () => {
  const order = Object.keys(ROWS);
  const upward = (row: string, named: string) => order.indexOf(named) <= order.indexOf(row);
  const stated = Object.entries(ROWS).filter(([row]) => row !== "*");
  expect(stated.flatMap(([row, all]) => all.filter((named) => upward(row, named)))).toEqual([]);
});

it("has no circles", () => {
  // What is left when files that import nothing else, or nothing that is left, are taken away.
  const left = new Map(IMPORTS);
  for (let size = -1; size !== left.size; ) {
    size = left.size;
    for (const [file, imported] of left) {
      if (!imported.some((other) => left.has(other))) left.delete(file);
    }
  }
  expect([...left.keys()]).toEqual([]);
});
