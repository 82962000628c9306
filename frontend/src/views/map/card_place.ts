/** Computes the position of the hover card. */

import type { Point, Size } from "../../scatter/geometry";

const GAP = 12;

/**
 * Returns the position of a card: right of the point and below, or on the other side if the card
 * would leave the view there. Returns null if the point itself is out of view.
 */
export function cardPlace(at: Point, card: Size, view: Size): { left: number; top: number } | null {
  if (at.x < 0 || at.y < 0 || at.x > view.width || at.y > view.height) return null;
  const along = (from: number, length: number, room: number) => {
    const after = from + GAP;
    const place = after + length > room ? from - GAP - length : after;
    return Math.round(Math.max(0, Math.min(place, room - length)));
  };
  return { left: along(at.x, card.width, view.width), top: along(at.y, card.height, view.height) };
}
