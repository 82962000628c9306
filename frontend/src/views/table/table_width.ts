/** Computes how wide the table is, as a share of the window, so that a link fits other screens. */

export const NARROWEST_PX = 240;
/** The map needs as much for its tools. */
const MAP_PX = 320;
/** What is left at least for the map and for the token beside it. */
export const REST_PX = MAP_PX + 280;

/** To a fraction of a pixel on the widest of screens, and short in a link. */
export function shareOf(width: number, windowWidth: number): number {
  const share = Math.min(Math.max(width / windowWidth, 0.0001), 0.9999);
  return Number(share.toFixed(4));
}

/** The width in CSS, where the token's is known; empty for the usual one. */
export function cssWidth(share: number | null): string {
  if (share === null) return "";
  return `clamp(${NARROWEST_PX}px, ${(100 * share).toFixed(2)}vw, 100vw - var(--token-width) - ${MAP_PX}px)`;
}
