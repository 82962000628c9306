/** Writes saved selections into a link, as `name:color:rows|name:color:rows`. */

// A minus after the color means that the color is hidden.

import { decoded, encoded } from "../../util/uri_text";
import type { RowSet } from "../view";
import { decodeRows, encodeRows } from "./row_code";

const MOST_LETTERS = 2000;
const COLOR = /^[0-5]-?$/;

/** Returns saved selections as text; null if it would be too long for a link. */
export function encodeSets(sets: readonly RowSet[]): string | null {
  const codes: string[] = [];
  for (const { name, color, rows, hidden } of sets) {
    const code = encodeRows(rows);
    if (code === null) return null;
    codes.push(`${encoded(name)}:${color}${hidden ? "-" : ""}:${code}`);
  }
  const text = codes.join("|");
  return text.length > MOST_LETTERS ? null : text;
}

/** Returns the saved selections in a text; undefined if the text holds none. */
export function decodeSets(text: string): RowSet[] | undefined {
  const sets = new Map<string, RowSet>();
  for (const code of text.split("|")) {
    const [nameCode = "", color = "", rowCode = "", ...rest] = code.split(":");
    const name = decoded(nameCode);
    const rows = decodeRows(rowCode);
    if (!name || !COLOR.test(color) || !rows || rest.length) return undefined;
    const set = { name, color: Number(color[0]), rows };
    sets.set(name, color.endsWith("-") ? { ...set, hidden: true } : set);
  }
  return [...sets.values()];
}
