/** Describes the map on screen as shapes, from the bottom to the top. */

import type { Size } from "./geometry";

/** The map as it is seen: what to draw, from the bottom to the top. CSS pixels and colors. */
export interface Snapshot {
  readonly size: Size;
  readonly background: string;
  readonly accent: string;
  readonly labelColor: string;
  readonly labelHalo: string;
  readonly fontSize: number;
  readonly points: readonly SnapshotPoint[];
  /** How many points are in view: there may be more than in `points`. */
  readonly pointsInView: number;
  readonly lines: readonly SnapshotLine[];
  /** Points with a ring. */
  readonly marks: readonly SnapshotPoint[];
  readonly labels: readonly SnapshotLabel[];
}

export interface SnapshotPoint {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly color: string;
  readonly opacity: number;
}

/** With a round end; a dot where both ends are the same. */
export interface SnapshotLine {
  readonly ax: number;
  readonly ay: number;
  readonly bx: number;
  readonly by: number;
  readonly radius: number;
  readonly color: string;
  readonly opacity: number;
}

export interface SnapshotLabel {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly strong: boolean;
}

const NUMBERS = 9;

/** Strokes as the renderer takes them, one by one. */
export function linesOf(numbers: readonly number[]): SnapshotLine[] {
  const lines: SnapshotLine[] = [];
  for (let i = 0; i + NUMBERS <= numbers.length; i += NUMBERS) {
    const [ax = 0, ay = 0, bx = 0, by = 0, radius = 0, ...color] = numbers.slice(i, i + NUMBERS);
    const [red = 0, green = 0, blue = 0, opacity = 1] = color;
    const rgb = [red, green, blue].map((part) => Math.round(255 * part)).join(", ");
    lines.push({ ax, ay, bx, by, radius, color: `rgb(${rgb})`, opacity });
  }
  return lines;
}
