/** Decides which part of the map is seen, and from where. */

import type { Seen } from "../../density_and_regions/field_window";
import { type Axes, type Mode, type Point, type Size, type Vec3, vec3 } from "../geometry";
import { Tween } from "../tween";
import { type Bounds, countOutside, including } from "./bounds";
import {
  between,
  type Camera,
  fitCamera,
  type Insets,
  NO_INSETS,
  orbited,
  Projection,
  panned,
  resized,
  revealing,
  zoomed,
} from "./camera";

/** Where the map is looked at from, whatever the size of its host and the unit of its axes. */
export interface Eye {
  /** What is in the middle, in half sides of what `fit` shows, from its center. */
  readonly center: Vec3;
  /** 1 where all fits. */
  readonly zoom: number;
  /** Radians; 0 in 2-D. */
  readonly yaw: number;
  readonly pitch: number;
}

const UNIT_BOUNDS: Bounds = { center: [0, 0, 0], half: [1, 1, 1] };
const FLIGHT_MS = 350;
const ORBIT_PER_PIXEL = 0.007;

/** The viewpoint of the map, which flies to another one in a short time. */
export class Viewpoint {
  mode: Mode = "2d";
  size: Size = { width: 1, height: 1 };
  bounds = UNIT_BOUNDS;
  camera: Camera = fitCamera(UNIT_BOUNDS, this.size, "2d");
  private axes: Axes = "equal";
  private readonly flight = new Tween();
  /** The camera at the beginning of a flight, and at its end. */
  private origin = this.camera;
  private target = this.camera;
  private atFit = true;
  private isSized = false;

  /**
   * @param changed called when another part is seen, or soon will be
   * @param insets the parts of the view that `fit` stays clear of in 2-D
   */
  constructor(
    private readonly changed: () => void = () => {},
    readonly insets: () => Insets = () => NO_INSETS,
  ) {}

  get projection(): Projection {
    return new Projection(this.camera, this.size);
  }

  get zoom(): number {
    return this.camera.scale / this.camera.fitScale;
  }

  /** Returns whether a unit is longer along one axis than along another, once a flight is over. */
  get isStretched(): boolean {
    const [x, y, z] = this.target.stretch;
    return x !== y || (this.mode === "3d" && x !== z);
  }

  /** Sets what `fit` shows. A view that was moved by hand stays as it is. */
  setBounds(bounds: Bounds): void {
    this.bounds = bounds;
    this.refit();
  }

  resize(size: Size): void {
    this.isSized = true;
    this.size = size;
    this.refit();
  }

  /**
   * Shows the first two coordinates, or all three from an eye that drags turn; makes a unit as long
   * along each axis, or each axis as long as there is room.
   */
  setMode(mode: Mode, axes = this.axes): void {
    if (mode === this.mode && axes === this.axes) return;
    this.mode = mode;
    this.axes = axes;
    this.fit();
  }

  fit(flightMs = FLIGHT_MS): void {
    this.flyTo(this.fitted(), flightMs);
    this.atFit = true;
  }

  /** Keeps all in view, if it is, after something else covers other parts of the view. */
  coveredElsewhere(): void {
    if (this.atFit && this.isSized) this.fit();
  }

  /** Returns where the map is looked at from; null where all is in view, as after `fit`. */
  get eye(): Eye | null {
    if (this.atFit) return null;
    const { center, fitScale, pitch, scale, yaw } = this.target;
    const { center: middle, half } = this.bounds;
    return {
      center: vec3((axis) => short((center[axis] - middle[axis]) / half[axis])),
      zoom: short(scale / fitScale),
      yaw: short(yaw),
      pitch: short(pitch),
    };
  }

  lookFrom(eye: Eye | null, flightMs = FLIGHT_MS): void {
    if (eye === null) {
      this.fit(flightMs);
      return;
    }
    const fitted = this.fitted();
    const { center: middle, half } = this.bounds;
    const center = vec3((axis) => middle[axis] + eye.center[axis] * half[axis]);
    const turned = this.mode === "2d" ? {} : { yaw: eye.yaw, pitch: eye.pitch };
    this.flyTo({ ...fitted, ...turned, center, scale: fitted.fitScale * eye.zoom }, flightMs);
    this.atFit = false;
  }

  reveal(position: Vec3): void {
    const now = this.target;
    const to = revealing(now, this.size, position);
    if (to === now || !this.isSized) return;
    // A point far from the others would be alone in view, so it is shown with them.
    const all = including(this.bounds, position);
    this.flyTo(all === this.bounds ? to : this.fitted(all), FLIGHT_MS);
    this.atFit = false;
  }

  /** @param at what stays in place, CSS pixels in the host; the middle if left out */
  zoomBy(factor: number, at?: Point): void {
    const { width, height } = this.size;
    const fixed = at ?? { x: width / 2, y: height / 2 };
    this.adjust((camera) => zoomed(camera, this.size, factor, fixed));
  }

  /** Moves what is seen, CSS pixels. */
  panBy(dx: number, dy: number): void {
    this.adjust((camera) => panned(camera, dx, dy));
  }

  /** Turns what is seen, as a drag of so many CSS pixels would. Does nothing in 2-D. */
  orbitBy(dx: number, dy: number): void {
    if (this.mode === "2d") return;
    this.adjust((camera) => orbited(camera, dx * ORBIT_PER_PIXEL, dy * ORBIT_PER_PIXEL));
  }

  /** Returns how many of these positions, far outliers, are out of view even after `fit`. */
  countOutside(positions: Float32Array): number {
    return countOutside(positions, this.bounds, this.mode, this.target.stretch);
  }

  /** Moves along a flight; true while one is under way. */
  advance(now: number): boolean {
    const flies = this.flight.advance(now);
    this.camera = flies ? between(this.origin, this.target, this.flight.share) : this.target;
    return flies;
  }

  /** Returns the part of the plane that is seen once a flight is over. */
  get seen(): Seen {
    const { center, scale, stretch } = this.target;
    const [x, y] = center;
    return { x, y, perX: scale * stretch[0], perY: scale * stretch[1], ...this.size };
  }

  private flyTo(to: Camera, flightMs: number): void {
    this.origin = this.camera;
    this.flight.begin(flightMs);
    this.aim(to);
  }

  /** Sets where a flight ends: without one, the camera is there at once. */
  private aim(to: Camera): void {
    this.target = to;
    if (this.flight.share >= 1) this.camera = to;
    this.changed();
  }

  /** Changes the camera, or the end of a flight: cut short, it would leave a view between two modes. */
  private adjust(change: (camera: Camera) => Camera): void {
    this.atFit = false;
    this.aim(change(this.target));
  }

  private fitted(bounds = this.bounds): Camera {
    return fitCamera(bounds, this.size, this.mode, this.axes, this.insets());
  }

  private refit(): void {
    const fitted = this.fitted();
    if (!this.atFit || !this.isSized) this.flight.end();
    this.aim(this.atFit ? fitted : resized(this.target, fitted));
  }
}

/** Rounds to as many digits as can be told apart on a screen. */
function short(value: number): number {
  return Number(value.toPrecision(4));
}
