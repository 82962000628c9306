/** Tests that any token goes through every output and input of the page. */

import { describe, expect, it, vi } from "vitest";
import { escaped } from "../src/charts/svg_text";
import { mergeHash, readHash } from "../src/host/url_hash";
import { figureSvg } from "../src/image_export/figure";
import { Vocabulary } from "../src/search/vocabulary_search";
import { filterMask } from "../src/selectors/table/table_filter";
import { type Bookmark, bookmarksFile, readBookmarks } from "../src/state/browser_storage";
import { decodeView, encodeView } from "../src/state/link/link_entries";
import { saveSelection } from "../src/state/set_actions";
import { initialState, type State } from "../src/state/state";
import { neighborsCsv, tableCsv, trajectoryCsv } from "../src/table_export/csv_files";
import { fileName } from "../src/util/download";
import { cleanLabel } from "../src/util/label_text";
import { figureOf } from "../src/views/exports/figures";
import { copyText } from "../src/views/shared/clipboard";
import { foundIn } from "./found";
import { filled, seriesWith, stateOf } from "./series";

/** The order in which saved selections get their colors. */
const COLORS = [1, 2, 3, 4, 5, 0];

const CONTROLS = Array.from({ length: 160 }, (_, code) => String.fromCharCode(code)).filter(
  (letter) => /\p{Cc}/u.test(letter),
);

const TOKENS = [
  "good",
  "",
  " ",
  ...CONTROLS,
  ...CONTROLS.map((control) => `a${control}b`),
  ...["two\r\nlines", "tab\tand\rmore", "\n", 'say "so", twice', '"', "'", "''", "`", "\\", '\\"'],
  ...["-", "-LRB-", "--", "--run", "+1", "@x", "=cmd|' /C calc'!A0", "'=1", "=", ",", ";"],
  ...["\u2028", "a\u2029b", "\ufeff", "\ufeffgood", "\ufffe", "\uffff", "\u00a0", "\u3000x"],
  ...["\u202egnp.exe", "\u2067rtl\u2069", "שלום", "فيلم", "\u200b", "می\u200cخواهم", "👩\u200d🚀"],
  ...["\ud83d", "half \udc00 way", "\udc00\ud83d", "e\u0301", `z${"\u0301".repeat(60)}`],
  ...["<img src=x onerror=alert(1)>", "</text>", "]]>", "&amp;", "&#0;", "<!--", "<?xml?>"],
  ...["/(/", "/^x/", "/[/u", "^", "^un", "//", "%", "%41", "%E9", "a#b&c=d", "null", "NaN", "#3"],
  ...["x".repeat(100_000), "모델".repeat(4000)],
];

const ROWS = [...TOKENS.keys()];
/** Each token as it can be read in a report, and its row. */
const NAMED = TOKENS.map((token, row): [string, number] => [
  JSON.stringify(token.slice(0, 20)),
  row,
]);
const SERIES = seriesWith({ vocab_size: TOKENS.length, has_tokens: true, steps: [0, 1] });

function stateOn(row: number): State {
  const token = TOKENS[row] ?? "";
  const neighbor = { index: row, token, distance: 0.5 };
  const state = stateOf([SERIES], initialState({ selection: [row], columns: ["drift"] }));
  const measure = "cosine" as const;
  const values = Float32Array.from(ROWS, (at) => at / 1000);
  return {
    ...state,
    slots: {
      ...state.slots,
      tokens: filled({ tokens: TOKENS }),
      drift: filled({ from_step: 0, to_step: 1, measure, alignment: null, values }),
      trajectories: filled({
        ...{ job: null, indices: [row], measure, steps: [0, 1], reference_step: 0 },
        ...{ reference_run: "", reference_tag: "" },
        ...{ drift: Float32Array.of(0, 1), norm: Float32Array.of(1, 1) },
      }),
      change: filled({
        ...{ job: { id: "", state: "done" as const, progress: 1, message: "", error: "" } },
        ...{ index: row, token, from_step: 0, to_step: 1, metric: measure },
        ...{ reference_run: "", reference_tag: "" },
        ...{ before: [neighbor], after: [neighbor], gained: [], kept: [row], lost: [] },
        ...{ overlap: 1, jaccard: 1, second_order_drift: 0 },
      }),
    },
  };
}

/** A text as another program reads it: bytes of UTF-8. */
const asRead = (text: string) =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));

/** Reads comma-separated values letter by letter, as RFC 4180 describes them. */
function readCsv(file: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  for (let at = 0; at < file.length; ) {
    let cell = "";
    if (file[at] === '"') {
      for (at++; file[at] !== '"' || file[at + 1] === '"'; at++) {
        if (at >= file.length) throw new Error("a quote that nothing closes");
        if (file[at] === '"') at++;
        cell += file[at];
      }
      at++;
    } else while (at < file.length && !/[",\r\n]/.test(file[at] ?? "")) cell += file[at++];
    line.push(cell);
    if (file[at] === ",") at++;
    else if (file.startsWith("\r\n", at)) {
      lines.push(line);
      line = [];
      at += 2;
    } else throw new Error(`“${file[at]}” after a cell`);
  }
  return lines;
}

/** The token in a cell, without the apostrophe that keeps spreadsheets from running it. */
function tokenIn(cell: string | undefined): string {
  return /^'+[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(cell ?? "")
    ? (cell ?? "").slice(1)
    : (cell ?? "");
}

const cellsOf = (file: { pieces: Iterable<string> } | null) =>
  readCsv(asRead([...(file?.pieces ?? [])].join("")).replace("\ufeff", ""));

describe("a table as CSV", () => {
  it("has one line for each token, which is read as it was logged", () => {
    const [head, ...lines] = cellsOf(tableCsv(stateOn(0)));
    expect(head).toEqual(["rank", "row", "token", "Cosine drift"]);
    expect(lines.length).toBe(TOKENS.length);
    for (const [, row, cell] of lines) {
      expect(tokenIn(cell)).toBe(asRead(TOKENS[Number(row)] ?? ""));
    }
  });

  it("holds neighbors and trajectories of any token", () => {
    for (const row of ROWS) {
      const token = asRead(TOKENS[row] ?? "");
      const neighbors = cellsOf(neighborsCsv(stateOn(row))).slice(1);
      expect(neighbors.map((line) => tokenIn(line[3]))).toEqual([token, token]);
      const trajectory = cellsOf(trajectoryCsv(stateOn(row))).slice(1);
      expect(trajectory.map(([cell]) => tokenIn(cell))).toEqual([token, token]);
    }
  });
});

/** The letters that XML 1.0 knows. */
const XML = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

it.each(NAMED)("%s goes into a drawing that is XML, and out of it", (_, row) => {
  const token = TOKENS[row] ?? "";
  const figure = figureOf("token", stateOn(row));
  if (!figure) throw new Error("no figure");
  for (const svg of [figureSvg(figure).svg, `<text>${escaped(token)}</text>`]) {
    expect(svg).toMatch(XML);
    // No tag but those of drawings, and no ampersand that begins nothing.
    expect(svg.match(/<(?!\/?(svg|g|text|rect|path|circle|tspan)[\s>/])/g)).toBeNull();
    expect(svg.match(/&(?!(amp|lt|gt|quot);)/g)).toBeNull();
  }
  const texts = /<text[^>]*>([^<]*)<\/text>/.exec(`<text>${escaped(token)}</text>`)?.[1] ?? "";
  const read = texts
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"');
  const known = token.replace(/(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu, "\ufffd");
  expect(read.replace(/&amp;/g, "&")).toBe(known);
});

describe("a link", () => {
  it.each(NAMED)("brings %s back wherever the user can write it", (_, row) => {
    const token = asRead(TOKENS[row] ?? "").slice(0, 60);
    const filter = `token = "${quoted(token)}"`;
    const expressions = [token, "", token] as const;
    const typed = initialState({
      ...{
        run: token || ".",
        tag: token || "words",
        query: token,
        filter,
        expressions,
        selection: [row],
      },
      columns: [`column:${token}`],
    });
    const { view } = saveSelection(token, COLORS)(typed);
    const address = new URL(`http://host/${mergeHash("#wordembed", encodeView(view))}`);
    expect({ ...initialState().view, ...decodeView(readHash(address.hash)) }).toEqual(view);
    // Bookmarks hold the same, in a file.
    const one: Bookmark = { name: token || "none", entries: encodeView(view), created: 1 };
    expect(readBookmarks(asRead(bookmarksFile([one])))).toEqual([one]);
  });

  it("is made whatever halves of characters were pasted, and leaves out what is too long", () => {
    for (const query of TOKENS) {
      const { view } = initialState({ query, columns: [`column:${query}`] });
      const hash = mergeHash("", encodeView(view));
      expect(() => decodeURIComponent(hash)).not.toThrow();
    }
    expect(encodeView(initialState({ query: "x".repeat(100_000) }).view)).toEqual({});
  });

  it("is copied as it is, also where the clipboard is not permitted", async () => {
    const link = `http://host/${mergeHash("#wordembed", { query: "two\r\nlines\u2028" })}`;
    const refused = vi.fn(() => Promise.reject(new DOMException("", "NotAllowedError")));
    vi.stubGlobal("navigator", { clipboard: { writeText: refused } });
    let copied = "";
    document.execCommand = () => {
      copied = document.querySelector("textarea")?.value ?? "";
      return true;
    };
    await copyText(link);
    vi.unstubAllGlobals();
    expect([refused.mock.calls.length, copied]).toEqual([1, link]);
    expect(document.querySelector("textarea")).toBeNull();
  });
});

const quoted = (token: string) => token.replace(/["\\]/g, "\\$&");

describe("in a search or a filter, any token is found:", () => {
  const vocabulary = new Vocabulary(TOKENS);

  it.each(NAMED)("%s by what was logged and by what is shown", (_, row) => {
    const token = TOKENS[row] ?? "";
    for (const typed of [token, cleanLabel(token)]) {
      // White space alone asks for nothing.
      if (typed.trim()) expect(foundIn(vocabulary, typed).mask?.[row]).toBe(1);
    }
  });

  it.each(NAMED)("%s by a filter", (_, row) => {
    const filter = `token = "${quoted(TOKENS[row] ?? "")}"`;
    const state = stateOn(row);
    const mask = filterMask({ ...state, view: { ...state.view, filter } });
    const found = ROWS.filter((at) => mask?.[at]);
    expect(found).toContain(row);
    expect(new Set(found.map((at) => TOKENS[at]))).toEqual(new Set([TOKENS[row]]));
  });
});

it("names files without halves of characters", () => {
  for (const token of TOKENS) {
    expect(fileName([token, "🎬".repeat(100)], "csv")).not.toMatch(/\p{Cs}|[/\\\p{Cc}]/u);
  }
});
