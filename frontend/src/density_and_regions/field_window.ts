/** Defines the part of the map's plane that a field covers. */

/** A grid of cells over a part of the plane. A cell is about as wide as it is high on screen. */
export interface Window {
  /** The coordinates of the corner of the first cell. */
  readonly left: number;
  readonly top: number;
  /** The extent of a cell in units of the coordinates, which grow to the right and upwards. */
  readonly unitX: number;
  readonly unitY: number;
  readonly columns: number;
  readonly rows: number;
  /** How wide a cell is on screen, CSS pixels. */
  readonly cell: number;
}

/** What is seen: the coordinates in the middle, CSS pixels per unit, and CSS pixels. */
export interface Seen {
  readonly x: number;
  readonly y: number;
  readonly perX: number;
  readonly perY: number;
  readonly width: number;
  readonly height: number;
}

const CELL = 4;
const MOST_CELLS = 120_000;
/** How far the window reaches beyond each edge of the view, as a share of the view. */
const MARGIN = 0.25;
/** How many times as wide and as high as the view the window is. */
export const TIMES = 1 + 2 * MARGIN;
/** A window serves views that are so many times as near, or as far. */
const NEARER = 1.3;

/** Returns the window for a view: a part around it is covered, too. */
export function windowOf({ x, y, perX, perY, width, height }: Seen): Window {
  const [wide, high] = [width * TIMES, height * TIMES];
  const cell = Math.max(CELL, Math.sqrt((wide * high) / MOST_CELLS));
  return {
    left: x - wide / 2 / perX,
    top: y + high / 2 / perY,
    unitX: cell / perX,
    unitY: cell / perY,
    columns: Math.ceil(wide / cell),
    rows: Math.ceil(high / cell),
    cell,
  };
}

/** Returns whether a window still serves a view: it covers it, at about the same scale. */
export function serves(window: Window, { x, y, perX, perY, width, height }: Seen): boolean {
  const { left, top, unitX, unitY, columns, rows, cell } = window;
  const zooms = [(perX * unitX) / cell, (perY * unitY) / cell];
  if (zooms.some((zoom) => zoom > NEARER || zoom < 1 / NEARER)) return false;
  const [halfX, halfY] = [width / 2 / perX, height / 2 / perY];
  return (
    x - halfX >= left &&
    y + halfY <= top &&
    x + halfX <= left + columns * unitX &&
    y - halfY >= top - rows * unitY
  );
}

/** Returns the same part of the plane in cells of about another extent on screen, CSS pixels. */
export function coarse(window: Window, cell: number): Window {
  const times = Math.max(Math.round(cell / window.cell), 1);
  return {
    ...window,
    unitX: window.unitX * times,
    unitY: window.unitY * times,
    columns: Math.ceil(window.columns / times),
    rows: Math.ceil(window.rows / times),
    cell: window.cell * times,
  };
}
