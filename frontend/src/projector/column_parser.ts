/** Parses the columns of a table into the form that the standard Projector's page keeps. */

import type { ForeignColumns, ForeignStats, ForeignValue } from "./projector_internals";

/** The most values that have a color each: of more, the Projector makes a gradient, or colors none. */
const MOST_CATEGORIES = 50;

/** Parses lines of columns into what the Projector keeps, and what it needs for its menus. */
export function parseColumns(text: string): ForeignColumns {
  const [head = "", ...lines] = text.replace(/\n$/, "").split("\n");
  const names = head.split("\t");
  const columns = names.map((name) => ({
    name,
    stats: newStats(name),
    seen: new Map<string, number>(),
  }));
  const pointsInfo = lines.map((line) => {
    const fields = line.split("\t");
    const values: Record<string, ForeignValue> = {};
    columns.forEach(({ name, stats, seen }, at) => {
      values[name] = noted(fields[at] ?? "", stats, seen);
    });
    return values;
  });
  const stats = columns.map(({ stats, seen }) => {
    const uniqueEntries = [...seen].map(([label, count]) => ({ label, count }));
    return { ...stats, uniqueEntries };
  });
  return { stats, pointsInfo };
}

function newStats(name: string): ForeignStats {
  return {
    name,
    isNumeric: true,
    tooManyUniqueValues: false,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    uniqueEntries: [],
  };
}

/**
 * Returns a field as a value, and counts it; what looks like a number is one, as in the Projector.
 */
function noted(field: string, stats: ForeignStats, seen: Map<string, number>): ForeignValue {
  if (field === "") return null;
  if (!stats.tooManyUniqueValues) {
    seen.set(field, (seen.get(field) ?? 0) + 1);
    stats.tooManyUniqueValues = seen.size > MOST_CATEGORIES;
  }
  const number = Number(field);
  if (Number.isNaN(number)) {
    stats.isNumeric = false;
    return field;
  }
  stats.min = Math.min(stats.min, number);
  stats.max = Math.max(stats.max, number);
  return number;
}
