/** Holds the density that is drawn under the points, and blends it from one step to the next. */

import { contoursOf } from "../../density_and_regions/contours";
import type { DensityField } from "../../density_and_regions/density";
import type { Palette } from "../../theme/palette";
import { memoOfEach } from "../../util/memo";
import { Tween } from "../tween";
import type { Projection } from "../view/camera";

/** The lines of the density: each is drawn around the densest places that hold such a share. */
export const SHARES = [0.25, 0.5, 0.75, 0.9] as const;
/** How much each of these regions adds to the shading, and how strong its line is. */
export const SHADE = 0.045;
export const LINE = 0.4;
/** The lines at the reference are drawn alone, and stronger. */
export const LINE_BEFORE = 0.75;

const BLEND_MS = 400;

/** A shape with lines around it, CSS pixels and colors. */
export interface Area {
  /** Closed lines, each as x and y in turn. */
  readonly lines: readonly Float64Array[];
  readonly color: string;
  /** 0..1 */
  readonly fill: number;
  readonly stroke: number;
}

/** `share` is how far the blend is from one density to the next. */
export class DensityLayer extends Tween {
  from: DensityField | null = null;
  to: DensityField | null = null;
  /** That of the reference; null where it is not shown. */
  before: DensityField | null = null;

  /** Blends into another density; null shows none. */
  show(field: DensityField | null, before: DensityField | null): void {
    this.before = before;
    this.from = this.to ?? field;
    this.to = field;
    this.begin(field && this.from !== field ? BLEND_MS : 0);
  }

  /** Returns the density as shapes, the widest first, for painters that draw shapes. */
  areas(projection: Projection, theme: Palette): Area[] {
    const [now, before] = densityColors(theme);
    const around = (field: DensityField | null, color: string, fill: number, stroke: number) =>
      field === null
        ? []
        : linesOf(field).map((lines): Area => {
            return { lines: projected(lines, projection), color, fill, stroke };
          });
    return [...around(this.to, now, SHADE, LINE), ...around(this.before, before, 0, LINE_BEFORE)];
  }
}

export function densityColors(theme: Palette): readonly [string, string] {
  return [theme.text, theme.series[1]];
}

/** Returns the lines around each of the shares, the widest first. */
const linesOf = memoOfEach((field: DensityField) =>
  SHARES.toReversed().map((share) => contoursOf(field, share)),
);

function projected(lines: readonly Float64Array[], projection: Projection): Float64Array[] {
  const out = new Float64Array(3);
  const place = new Float64Array(3);
  return lines.map((line) => {
    const moved = new Float64Array(line.length);
    for (let at = 0; at < line.length; at += 2) {
      place.set([line[at] as number, line[at + 1] as number, 0]);
      projection.project(place, 0, out);
      moved.set([out[0] as number, out[1] as number], at);
    }
    return moved;
  });
}
