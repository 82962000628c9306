/** Converts the width of the table to a share of the window, so that a link fits other screens. */

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
