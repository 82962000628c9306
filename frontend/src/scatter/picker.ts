/** Finds the point at a place and the points within a lasso. */

import type { Drawing } from "./drawing";
import type { Point } from "./geometry";
import { HitTest } from "./hit_test";
import { Lasso } from "./lasso";
import { MISSING } from "./point_motion";

const MOUSE_REACH = 7;
const TOUCH_REACH = 18;
/** So many points are compared with a path at a time. */
const PART = 100_000;

/** Places are CSS pixels. */
export class Picker {
  private readonly hits = new HitTest();

  constructor(private readonly drawing: Drawing) {}

  /** To be called when points moved. */
  pointsMoved(): void {
    this.hits.pointsMoved();
  }

  /** To be called when they are looked at from elsewhere. */
  viewMoved(): void {
    this.hits.viewMoved(this.drawing.view);
  }

  /** The point at a place: a near one before a label before one within reach. */
  at(place: Point, touch = false): number | null {
    const { labels, appearance, scene, view } = this.drawing;
    const radius = appearance.diameter / 2;
    const near = (distance: number) =>
      this.hits.at(place, distance, view, scene.motion, scene.pickable);
    const reach = touch ? TOUCH_REACH : MOUSE_REACH;
    return near(radius + 1) ?? labels.hit(place) ?? near(radius + reach);
  }

  /**
   * The points that are within a path as it is asked, in their order. Of many points some are
   * looked at, then others: the page goes on between.
   */
  async within(path: readonly Point[]): Promise<number[]> {
    const { scene, view } = this.drawing;
    const { projection } = view;
    const { pickable } = scene;
    const area = new Lasso(path);
    const positions = scene.motion.current();
    const count = Math.floor(positions.length / 3);
    const out = new Float64Array(3);
    const found: number[] = [];
    for (let start = 0; start < count; start += PART) {
      if (start > 0) await new Promise((resolve) => setTimeout(resolve));
      const end = Math.min(start + PART, count);
      for (let index = start, i = start * 3; index < end; index++, i += 3) {
        const x = positions[i] as number;
        if (x >= GONE || pickable?.[index] === 0) continue;
        if (!projection.project(x, positions[i + 1] as number, positions[i + 2] as number, out)) {
          continue;
        }
        if (area.contains(out[0] as number, out[1] as number)) found.push(index);
      }
    }
    return found;
  }

  /** The points in view. */
  inView(): Promise<number[]> {
    const { width, height } = this.drawing.view.size;
    const corners = [
      [0, 0],
      [width, 0],
      [width, height],
      [0, height],
    ] as const;
    return this.within(corners.map(([x, y]) => ({ x, y })));
  }
}

/** Beyond it, a coordinate says that a point has no place: see Motion. */
const GONE = MISSING / 2;
