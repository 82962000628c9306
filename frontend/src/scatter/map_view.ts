/** Decides what part of the map is seen and from where. */

import { type Bounds, including } from "./bounds";
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
import type { Axes, Mode, Point, Size, Vec3 } from "./geometry";
import { prefersReducedMotion, Tween } from "./tween";

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

/** Moves to another place in a short flight. */
export class MapView {
  mode: Mode = "2d";
  private axes: Axes = "equal";
  private insets = NO_INSETS;
  size: Size = { width: 1, height: 1 };
  camera: Camera = fitCamera(UNIT_BOUNDS, this.size, "2d");
  bounds = UNIT_BOUNDS;
  private flight: { from: Camera; to: Camera; tween: Tween } | null = null;
  private atFit = true;
  private isSized = false;

  get projection(): Projection {
    return new Projection(this.camera, this.size);
  }

  get zoom(): number {
    return this.camera.scale / this.camera.fitScale;
  }

  get stretch(): Vec3 {
    return (this.flight?.to ?? this.camera).stretch;
  }

  /** Whether a unit is longer along one axis than along another, once a flight is over. */
  get isStretched(): boolean {
    const [x, y, z] = this.stretch;
    return x !== y || (this.mode === "3d" && x !== z);
  }

  /** Whether screen coordinates are positions scaled, stretched and shifted only. */
  get isFlat(): boolean {
    const { perspective, yaw, pitch } = this.camera;
    return perspective === 0 && yaw === 0 && pitch === 0;
  }

  /** A view that was not moved by hand goes on showing all; another stays as it is. */
  setBounds(bounds: Bounds): void {
    this.bounds = bounds;
    this.refit();
  }

  /** What lies upon the head and the foot of the view: `fit` stays clear of it. */
  setInsets(insets: Insets): void {
    const { top, bottom } = this.insets;
    if (insets.top === top && insets.bottom === bottom) return;
    this.insets = insets;
    if (this.isSized) this.refit();
  }

  resize(size: Size): void {
    this.isSized = true;
    this.size = size;
    this.refit();
  }

  setMode(mode: Mode, flightMs = usualFlightMs()): void {
    if (mode === this.mode) return;
    this.mode = mode;
    this.fit(flightMs);
  }

  setAxes(axes: Axes, flightMs = usualFlightMs()): void {
    if (axes === this.axes) return;
    this.axes = axes;
    this.fit(flightMs);
  }

  fit(flightMs = usualFlightMs()): void {
    this.flyTo(this.fitted(), flightMs);
    this.atFit = true;
  }

  /** null where all is shown, from the usual place. */
  get eye(): Eye | null {
    if (this.atFit) return null;
    const { center, fitScale, pitch, scale, yaw } = this.flight?.to ?? this.camera;
    const [x, y, z] = center;
    const [midX, midY, midZ] = this.bounds.center;
    const [halfX, halfY, halfZ] = this.bounds.half;
    return {
      center: [short((x - midX) / halfX), short((y - midY) / halfY), short((z - midZ) / halfZ)],
      zoom: short(scale / fitScale),
      yaw: short(yaw),
      pitch: short(pitch),
    };
  }

  lookFrom(eye: Eye | null, flightMs = usualFlightMs()): void {
    if (eye === null) {
      this.fit(flightMs);
      return;
    }
    const fitted = this.fitted();
    const [x, y, z] = eye.center;
    const [midX, midY, midZ] = this.bounds.center;
    const [halfX, halfY, halfZ] = this.bounds.half;
    const center: Vec3 = [midX + x * halfX, midY + y * halfY, midZ + z * halfZ];
    const turned = this.mode === "2d" ? {} : { yaw: eye.yaw, pitch: eye.pitch };
    this.flyTo({ ...fitted, ...turned, center, scale: fitted.fitScale * eye.zoom }, flightMs);
    this.atFit = false;
  }

  /** Brings a position into view if it is not. */
  reveal(position: Vec3, flightMs = usualFlightMs()): void {
    const now = this.flight?.to ?? this.camera;
    const to = revealing(now, this.size, position);
    if (to === now || !this.isSized) return;
    // Far from the others it would be alone in view: show it with them.
    const all = including(this.bounds, position);
    this.flyTo(all === this.bounds ? to : this.fitted(all), flightMs);
    this.atFit = false;
  }

  zoomBy(factor: number, at: Point): void {
    this.adjust((camera) => zoomed(camera, this.size, factor, at));
  }

  pan(dx: number, dy: number): void {
    this.adjust((camera) => panned(camera, dx, dy));
  }

  /** @param dx how far the front moves, CSS pixels */
  orbit(dx: number, dy: number): void {
    if (this.mode === "2d") return;
    this.adjust((camera) => orbited(camera, dx * ORBIT_PER_PIXEL, dy * ORBIT_PER_PIXEL));
  }

  /** Moves along a flight; true while one is under way. */
  advance(now: number): boolean {
    if (this.flight === null) return false;
    const { from, to, tween } = this.flight;
    const share = tween.at(now);
    this.camera = share >= 1 ? to : between(from, to, share);
    if (share >= 1) this.flight = null;
    return share < 1;
  }

  private flyTo(to: Camera, flightMs: number): void {
    if (flightMs > 0) this.flight = { from: this.camera, to, tween: new Tween(flightMs) };
    else {
      this.camera = to;
      this.flight = null;
    }
  }

  /** A flight goes on to the changed end: cut short, it would leave a view between two modes. */
  private adjust(change: (camera: Camera) => Camera): void {
    if (this.flight) this.flight = { ...this.flight, to: change(this.flight.to) };
    else this.camera = change(this.camera);
    this.atFit = false;
  }

  private fitted(bounds = this.bounds): Camera {
    const { axes, insets, mode, size } = this;
    return fitCamera(bounds, size, mode, axes, insets);
  }

  private refit(): void {
    const { axes, bounds, insets, size, mode } = this;
    if (this.atFit && this.flight !== null && this.isSized) {
      this.flight = { ...this.flight, to: this.fitted() };
      return;
    }
    this.camera = this.atFit
      ? this.fitted()
      : resized(this.flight?.to ?? this.camera, bounds, size, mode, axes, insets);
    this.flight = null;
  }
}

function usualFlightMs(): number {
  return prefersReducedMotion() ? 0 : FLIGHT_MS;
}

/** As many digits as can be told apart on a screen. */
function short(value: number): number {
  return Number(value.toPrecision(4));
}
