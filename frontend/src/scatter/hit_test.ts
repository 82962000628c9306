/** Finds the point under the pointer. */

import type { Point } from "./geometry";
import type { MapView } from "./map_view";
import { PickGrid } from "./pick_grid";
import { isMissing, MISSING, type PointMotion } from "./point_motion";

/** Above this many points a pointer finds none while they move: the grid would cost frames. */
const MAX_MOVING = 200_000;

/**
 * The grid is made when it is first asked for: over positions in a flat view, so that pan and
 * zoom keep it, and over pixels otherwise.
 */
export class HitTest {
  private grid: PickGrid | null = null;
  private flat = true;
  private stretch = 1;

  /** To be called when points moved, and when the view turned. */
  pointsMoved(): void {
    this.grid = null;
  }

  viewMoved(view: MapView): void {
    const [, stretch] = view.camera.stretch;
    if (!this.flat || !view.isFlat || stretch !== this.stretch) this.grid = null;
  }

  /** The visible point nearest to a place, at most `radius` CSS pixels away, or null. */
  at(
    place: Point,
    radius: number,
    view: MapView,
    motion: PointMotion,
    visible: Uint8Array | null,
  ): number | null {
    if (motion.share < 1 && motion.count > MAX_MOVING) return null;
    this.grid ??= this.build(view, motion);
    if (!this.flat) return this.grid.nearest(place.x, place.y, radius, visible);
    const { center, scale } = view.camera;
    const [, stretch] = view.camera.stretch;
    const x = center[0] + (place.x - view.size.width / 2) / scale;
    const y = center[1] * stretch - (place.y - view.size.height / 2) / scale;
    return this.grid.nearest(x, y, radius / scale, visible);
  }

  private build(view: MapView, motion: PointMotion): PickGrid {
    this.flat = view.isFlat;
    this.stretch = view.camera.stretch[1];
    const positions = motion.current();
    if (this.flat) return new PickGrid(stretched(positions, this.stretch));
    const pixels = new Float32Array(positions.length).fill(MISSING);
    const { projection } = view;
    const out = new Float64Array(3);
    for (let i = 0; i < positions.length; i += 3) {
      const x = positions[i] as number;
      if (!projection.project(x, positions[i + 1] as number, positions[i + 2] as number, out)) {
        continue;
      }
      pixels[i] = out[0] as number;
      pixels[i + 1] = out[1] as number;
    }
    return new PickGrid(pixels);
  }
}

/** As long upwards as they are drawn, so that near is near in pixels. */
function stretched(positions: Float32Array, stretch: number): Float32Array {
  if (stretch === 1) return positions;
  const out = positions.slice();
  for (let i = 0; i < out.length; i += 3) {
    if (!isMissing(out, i)) out[i + 1] = (out[i + 1] as number) * stretch;
  }
  return out;
}
