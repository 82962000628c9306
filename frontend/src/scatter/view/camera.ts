/** Computes how the camera of the map sees, pans, zooms and turns. */

import {
  type Axes,
  type Axis,
  type Mode,
  type Point,
  type Size,
  type Vec3,
  vec3,
} from "../geometry";
import type { Bounds } from "./bounds";

/** Where the map is looked at from. 2-D is the camera without rotation and perspective. */
export interface Camera {
  /** The position in the middle of the view. */
  readonly center: Vec3;
  /** CSS pixels per unit, at the depth of `center`. */
  readonly scale: number;
  /** The scale at which the whole map fits: `scale / fitScale` is the zoom. */
  readonly fitScale: number;
  /** How many times longer a unit of each axis is drawn than one of the first. */
  readonly stretch: Vec3;
  /** Rotation about the vertical axis, radians. */
  readonly yaw: number;
  /** Rotation about the horizontal axis, radians, -pi/2..pi/2. */
  readonly pitch: number;
  /** 0 is parallel projection, 1 the full perspective of 3-D. */
  readonly perspective: number;
}

const MIN_ZOOM = 0.2;
const MAX_ZOOM = 5000;
const PADDING = 36;
const REVEAL_MARGIN = 72;
/** An axis along which next to nothing happens is not blown up beyond this. */
const MAX_STRETCH = 64;
/** Distance of the eye from the center, in the shorter sides of the view. */
const EYE_DISTANCE = 1.7;
/** Depth that the clip space holds on either side of the center, in eye distances. */
const DEPTH_RANGE = 8;
/** Points nearer to the eye than this share of its distance are not drawn. */
const NEAREST = 0.1;
const START_YAW = -0.5;
const START_PITCH = 0.35;

/** CSS pixels at the edges of the view that something else lies upon. */
export interface Insets {
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
}

export const NO_INSETS: Insets = { left: 0, top: 0, bottom: 0 };

/**
 * Returns the camera that shows all of the bounds between the insets, unrotated or at the usual
 * angle for 3-D.
 */
export function fitCamera(
  bounds: Bounds,
  size: Size,
  mode: Mode,
  axes: Axes = "equal",
  insets: Insets = NO_INSETS,
): Camera {
  const flat = mode === "2d";
  // In 3-D the middle is what the view turns about.
  const { left, top, bottom } = flat ? insets : NO_INSETS;
  const width = Math.max(size.width - left, 1);
  const room = { width, height: Math.max(size.height - top - bottom, 1) };
  const [fitScale, stretch] = scaleToFit(bounds, room, mode, axes);
  const camera: Camera = {
    center: bounds.center,
    scale: fitScale,
    fitScale,
    stretch,
    yaw: flat ? 0 : START_YAW,
    pitch: flat ? 0 : START_PITCH,
    perspective: flat ? 0 : 1,
  };
  return panned(camera, left / 2, (top - bottom) / 2);
}

/** Returns the scale and the stretch at which all of the bounds are in view. */
function scaleToFit({ half }: Bounds, size: Size, mode: Mode, axes: Axes): readonly [number, Vec3] {
  const width = Math.max(size.width - 2 * PADDING, 16);
  const height = Math.max(size.height - 2 * PADDING, 16);
  const [x, y, z] = half;
  const stretched = (ratio: number) =>
    axes === "equal" ? 1 : Math.min(Math.max(ratio, 1 / MAX_STRETCH), MAX_STRETCH);
  if (mode === "2d") {
    const [across, up] = [width / (2 * x), height / (2 * y)];
    const stretch = stretched(up / across);
    return [Math.min(across, up / stretch), [1, stretch, 1]];
  }
  // A ball looks larger the nearer it is: this is its radius in pixels that just fits.
  const eye = EYE_DISTANCE * Math.min(size.width, size.height);
  const reach = Math.min(width, height) / 2;
  const stretch: Vec3 = [1, stretched(x / y), stretched(x / z)];
  const radius = Math.max(x, y * stretch[1], z * stretch[2]);
  return [(reach * eye) / Math.hypot(reach, eye) / radius, stretch];
}

/** Returns the same view in a host where `fitted` shows all of the bounds. */
export function resized(camera: Camera, { fitScale, stretch }: Camera): Camera {
  return { ...camera, fitScale, stretch, scale: (camera.scale * fitScale) / camera.fitScale };
}

/** Zooms by a factor, keeping in place what is under the given pixel. */
export function zoomed(camera: Camera, size: Size, factor: number, at: Point): Camera {
  const { fitScale } = camera;
  const wanted = camera.scale * factor;
  const scale = Math.min(Math.max(wanted, fitScale * MIN_ZOOM), fitScale * MAX_ZOOM);
  const share = 1 / camera.scale - 1 / scale;
  const dx = at.x - size.width / 2;
  const dy = at.y - size.height / 2;
  return { ...moved(camera, dx * share, -dy * share), scale };
}

/** Moves what is seen by so many CSS pixels. */
export function panned(camera: Camera, dx: number, dy: number): Camera {
  return moved(camera, -dx / camera.scale, dy / camera.scale);
}

/** Returns the camera moved just so far that a position is in view, away from the edges. */
export function revealing(camera: Camera, size: Size, position: Vec3): Camera {
  const at = new Float64Array(3);
  if (!new Projection(camera, size).project(Float64Array.of(...position), 0, at)) {
    return { ...camera, center: position };
  }
  const [x = 0, y = 0, depth = 1] = at;
  const into = (value: number, length: number) => {
    const edge = Math.min(REVEAL_MARGIN, length / 2);
    // What is farther than the center moves by fewer pixels.
    return depth * (Math.min(Math.max(value, edge), length - edge) - value);
  };
  const outside = x < 0 || y < 0 || x > size.width || y > size.height;
  return outside ? panned(camera, into(x, size.width), into(y, size.height)) : camera;
}

/** Turns what is seen about the center, in radians. */
export function orbited(camera: Camera, yaw: number, pitch: number): Camera {
  const limit = Math.PI / 2;
  const turned = Math.min(Math.max(camera.pitch + pitch, -limit), limit);
  return { ...camera, yaw: camera.yaw + yaw, pitch: turned };
}

/** Moves the center along the right and up directions of the view, in units. */
function moved(camera: Camera, right: number, up: number): Camera {
  const { center, stretch } = camera;
  const [r, u] = directions(camera);
  const along = (axis: Axis) => (right * r[axis] + up * u[axis]) / stretch[axis];
  return { ...camera, center: vec3((axis) => center[axis] + along(axis)) };
}

/** Returns the view's right, up and towards-the-eye directions. */
export function directions(camera: Camera): readonly [Vec3, Vec3, Vec3] {
  const cy = Math.cos(camera.yaw);
  const sy = Math.sin(camera.yaw);
  const cp = Math.cos(camera.pitch);
  const sp = Math.sin(camera.pitch);
  return [
    [cy, 0, sy],
    [sp * sy, cp, -sp * cy],
    [-cp * sy, sp, cp * cy],
  ];
}

/** Returns the camera on the way from one to another. Zoom changes by equal factors. */
export function between(from: Camera, to: Camera, share: number): Camera {
  const mix = (a: number, b: number) => a + (b - a) * share;
  const scaled = (a: number, b: number) => a * (b / a) ** share;
  return {
    center: vec3((axis) => mix(from.center[axis], to.center[axis])),
    scale: scaled(from.scale, to.scale),
    fitScale: scaled(from.fitScale, to.fitScale),
    stretch: vec3((axis) => scaled(from.stretch[axis], to.stretch[axis])),
    yaw: mix(from.yaw, to.yaw),
    pitch: mix(from.pitch, to.pitch),
    perspective: mix(from.perspective, to.perspective),
  };
}

/** Takes positions to pixels; the same arithmetic as the vertex shader's. */
export class Projection {
  readonly center: Vec3;
  /** Column-major 4 x 4, from position minus center to clip space. */
  readonly matrix: Float32Array;

  constructor(
    camera: Camera,
    readonly size: Size,
  ) {
    const { perspective } = camera;
    const eye = EYE_DISTANCE * Math.min(size.width, size.height);
    const [right, up, toEye] = directions(camera);
    this.center = camera.center;
    this.matrix = new Float32Array(16);
    for (let axis = 0; axis < 3; axis++) {
      const scale = camera.scale * (camera.stretch[axis] as number);
      const towards = (toEye[axis] as number) * scale * perspective;
      this.matrix[axis * 4] = ((right[axis] as number) * 2 * scale) / size.width;
      this.matrix[axis * 4 + 1] = ((up[axis] as number) * 2 * scale) / size.height;
      this.matrix[axis * 4 + 2] = -towards / (DEPTH_RANGE * eye);
      this.matrix[axis * 4 + 3] = -towards / eye;
    }
    this.matrix[15] = 1;
  }

  /**
   * Writes x and y in CSS pixels and the distance from the eye (1 at the center) of a row of
   * positions `[n, 3]` to `out`; false, and nothing written, where nothing is drawn.
   */
  project(positions: Float32Array | Float64Array, row: number, out: Float64Array): boolean {
    const m = this.matrix as unknown as Matrix;
    const i = row * 3;
    const x = (positions[i] as number) - this.center[0];
    const y = (positions[i + 1] as number) - this.center[1];
    const z = (positions[i + 2] as number) - this.center[2];
    const w = m[3] * x + m[7] * y + m[11] * z + 1;
    if (!(w > NEAREST && w < Number.POSITIVE_INFINITY)) return false;
    out[0] = (0.5 + (m[0] * x + m[4] * y + m[8] * z) / (2 * w)) * this.size.width;
    out[1] = (0.5 - (m[1] * x + m[5] * y + m[9] * z) / (2 * w)) * this.size.height;
    out[2] = w;
    return Number.isFinite(out[0]) && Number.isFinite(out[1]);
  }
}

/** The elements of the matrix that `project` reads. */
type Matrix = Record<0 | 1 | 3 | 4 | 5 | 7 | 8 | 9 | 11, number>;
