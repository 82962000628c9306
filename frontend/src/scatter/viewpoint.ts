/** Lets users of the map move its camera. */

import { type Bounds, countOutside } from "./bounds";
import type { Insets } from "./camera";
import type { Axes, Mode, Point, Size } from "./geometry";
import type { Eye, MapView } from "./map_view";
import type { Scene } from "./scene";

/** Asks for a frame when the camera moves. */
export class Viewpoint {
  /**
   * @param insets what `fit` stays clear of in 2-D, or undefined if nothing
   * @param changed to be called when something else is seen, or soon will be
   */
  constructor(
    private readonly view: MapView,
    private readonly scene: Scene,
    private readonly insets: () => Insets | undefined,
    private readonly changed: () => void,
  ) {}

  /** What `fit` shows. A view moved by hand stays as it is. */
  setBounds(bounds: Bounds): void {
    this.askInsets();
    this.view.setBounds(bounds);
    this.changed();
  }

  /** Shows the first two coordinates, or all three from an eye that drags turn. */
  setMode(mode: Mode): void {
    this.view.setMode(mode);
    this.changed();
  }

  /** In 2-D: a unit as long upwards as across, or each axis as long as there is room. */
  setAxes(axes: Axes): void {
    this.view.setAxes(axes);
    this.changed();
  }

  /** Brings all points into view; the flight there is as long as others unless it is said. */
  fit(flightMs?: number): void {
    this.askInsets();
    this.view.fit(flightMs);
    this.changed();
  }

  /** Where the map is looked at from; null where all is in view, as after `fit`. */
  get eye(): Eye | null {
    return this.view.eye;
  }

  lookFrom(eye: Eye | null): void {
    this.askInsets();
    this.view.lookFrom(eye);
    this.changed();
  }

  /** Brings a point into view if it is not. */
  reveal(index: number): void {
    const place = new Float64Array(3);
    if (!this.scene.motion.at(index, place)) return;
    const [x = 0, y = 0, z = 0] = place;
    this.view.reveal([x, y, z]);
    this.changed();
  }

  /** @param at what stays in place, CSS pixels in the host; the middle if left out */
  zoomBy(factor: number, at?: Point): void {
    const { width, height } = this.view.size;
    this.view.zoomBy(factor, at ?? { x: width / 2, y: height / 2 });
    this.changed();
  }

  /** Moves what is seen, CSS pixels. */
  panBy(dx: number, dy: number): void {
    this.view.pan(dx, dy);
    this.changed();
  }

  /** Turns what is seen, as a drag of so many CSS pixels would. Does nothing in 2-D. */
  orbitBy(dx: number, dy: number): void {
    this.view.orbit(dx, dy);
    this.changed();
  }

  /** Whether a unit is drawn longer along one axis than along another. */
  get isStretched(): boolean {
    return this.view.isStretched;
  }

  /** How many of these positions are out of view even when all is fit: far outliers. */
  countOutside(positions: Float32Array): number {
    return countOutside(positions, this.view.bounds, this.view.mode, this.view.stretch);
  }

  /** To be called when the host has another size. */
  resize(size: Size): void {
    this.askInsets();
    this.view.resize(size);
    this.changed();
  }

  private askInsets(): void {
    const insets = this.insets();
    if (insets) this.view.setInsets(insets);
  }
}
