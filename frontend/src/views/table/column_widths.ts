/** Decides how wide the table is, and how wide its columns are: by what they hold. */

import { widthOf } from "../../charts/svg_text";
import type { Values } from "../../filter/filter_operators";
import type { TableColumn } from "../../selectors/table/table_columns";
import { text } from "../../strings";
import { TYPE } from "../../theme/palette";
import { cleanLabel } from "../../util/label_text";
import { memo } from "../../util/memo";
import { count } from "../../util/number_format";
import { hasBar, numeralIn } from "./table_cells";
import type { TableSlice } from "./table_slice";

/** Returns the width of a text in CSS pixels. */
export type Ruler = (text: string) => number;

/** How wide a column is, in CSS pixels. */
export interface ColumnWidth {
  /** What its numbers need, or most of its texts. */
  readonly least: number;
  /** What it takes with room for its head, and for bars that can be compared. */
  readonly usual: number;
}

/** How many texts of a long column are measured, evenly spaced. */
const MEASURED = 1000;
/** The share of the texts that a column has room for. */
const MOST = 0.9;
const BAR_PX = 84;
const TREND_PX = 88;
const LONGEST_HEAD_PX = 112;
const TEXT_PX = { least: 48, most: 160 } as const;
/** The space around a number, which its bar fills. */
const PADDING_PX = 8;
/** The longest number with three significant digits. */
const LONGEST = 0.000421;

const EVERY_LETTER = "The quick brown fox jumps over the lazy dog 0123456789";

/** Returns a ruler for the text in an element. */
export function rulerOf(element: HTMLElement): Ruler {
  return rulerFor(getComputedStyle(element).fontSize, element);
}

const rulerFor = memo((_size: string, element: HTMLElement): Ruler => {
  const width = (text: string) => widthOf(text, TYPE.regular);
  // On many screens a page puts each letter on whole pixels, and a canvas does not.
  const stretch = widthOnPage(EVERY_LETTER, element) / width(EVERY_LETTER);
  return (text) => Math.ceil(width(text) * Math.max(stretch, 1));
});

function widthOnPage(text: string, element: HTMLElement): number {
  const span = document.createElement("span");
  span.textContent = text;
  span.style.cssText = "position: absolute; visibility: hidden; white-space: pre";
  (element.shadowRoot ?? element).append(span);
  const { width } = span.getBoundingClientRect();
  span.remove();
  return width;
}

/** Returns the width in which nine tenths of the texts fit. */
export const widthOfMost = memo((texts: ArrayLike<string>, ruler: Ruler): number => {
  const count = Math.min(texts.length, MEASURED);
  const rows = Array.from({ length: count }, (_, at) => Math.floor((at * texts.length) / count));
  const widths = rows.map((row) => ruler(cleanLabel((texts[row] ?? "").slice(0, 200))));
  widths.sort((a, b) => a - b);
  return widths[Math.ceil(MOST * count) - 1] ?? 0;
}, 8);

/** Returns the width of a column with this head and these values, if they are there yet. */
export function columnWidth(
  column: TableColumn,
  head: string,
  values: Values | null,
  ruler: Ruler,
): ColumnWidth {
  const named = Math.min(ruler(`${head} ↓`) + 4, LONGEST_HEAD_PX);
  if (column.kind === "trend") return { least: TREND_PX, usual: TREND_PX };
  if (column.kind === "text") {
    const wanted = values?.texts ? widthOfMost(values.texts, ruler) : 0;
    const least = Math.min(Math.max(wanted + 2, TEXT_PX.least), TEXT_PX.most);
    return { least, usual: Math.max(least, named) };
  }
  const least = ruler(longestNumber(column.id, values)) + PADDING_PX;
  return { least, usual: Math.max(least, named, hasBar(column.id) ? BAR_PX : 0) };
}

/** The token column gets no narrower than this, in CSS pixels: the others scroll. */
const TOKEN_PX = { least: 64, most: 128 } as const;
const GAP_PX = 6;
/** The space beside the columns, for the scroll bar, too. */
const MARGIN_PX = 24;

/** What the columns of the table hold, and the widths that the user chose. */
interface Contents extends Pick<TableSlice, "columns" | "values" | "labels" | "widths"> {
  readonly heads: readonly string[];
}

/**
 * Measures the columns of the table. Where names would be cut, bars become lines below the numbers,
 * and columns are only as wide as their numbers. A `room` of 0 CSS pixels is not known yet.
 */
export function tableWidths(contents: Contents, ruler: Ruler, room: number) {
  const { columns, values, labels, heads, widths: chosen } = contents;
  const rank = Math.max(ruler(text.rank), ruler(count(labels.length))) + 12;
  const sizes = columns.map((column, at) =>
    columnWidth(column, heads[at] ?? "", values[at] ?? null, ruler),
  );
  const widthsBy = (size: "least" | "usual") =>
    sizes.map((one, at) => {
      const width = chosen[columns[at]?.id ?? ""] ?? one[size];
      return { width: Math.max(width, one.least), least: one.least };
    });
  const total = (widths: readonly { readonly width: number }[], token: number) =>
    widths.reduce((sum, { width }) => sum + width + GAP_PX, token);
  const most = widthOfMost(labels, ruler);
  const wanted = rank + GAP_PX + total(widthsBy("usual"), most) + MARGIN_PX;
  const isTight = room > 0 && room < wanted - 1;
  const widths = widthsBy(isTight ? "least" : "usual");
  const token = Math.min(Math.max(most, TOKEN_PX.least), TOKEN_PX.most);
  return { rank, token, widths, wanted, least: total(widths, token), isTight };
}

const rangeOf = memo((numbers: ArrayLike<number>): readonly [number, number] => {
  let [low, high] = [0, 0];
  for (let row = 0; row < numbers.length; row++) {
    const value = numbers[row] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}, 16);

/** Returns the longest number of a column; it is the same at every step unless they are whole. */
function longestNumber(id: string, values: Values | null): string {
  // Until the values are there, the column is as wide as most columns need.
  const numbers = values?.numbers?.length ? values.numbers : [LONGEST];
  const write = numeralIn(id, numbers);
  const [low, high] = rangeOf(numbers);
  const ends = [low, high, low < 0 ? -LONGEST : LONGEST].map(write);
  // In a column of whole numbers, the last one is 0.
  return ends.reduce((a, b) => (b.length > a.length ? b : a));
}

export const NARROWEST_PX = 240;
/** The width of the table in which each thing that is said of two runs has a line. */
export const OF_TWO_RUNS_PX = 336;
/** The smallest width of the map, which fits its tools, in CSS pixels. */
const MAP_PX = 320;
/** The smallest width of map and token panel together, in CSS pixels. */
export const REST_PX = MAP_PX + 280;

/** Returns the width as CSS; empty for the default width. */
export function cssWidth(share: number | null): string {
  if (share === null) return "";
  return `clamp(${NARROWEST_PX}px, ${(100 * share).toFixed(2)}vw, 100vw - var(--token-width) - ${MAP_PX}px)`;
}
