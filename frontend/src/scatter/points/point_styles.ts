/** Packs color, size and dimming of each point into four bytes for the renderer. */

import { type Colormap, cssColor } from "./colormaps";

const FULL_SIZE = 64;
/** The last byte of a style: a bit for dimmed, three for the shape, four for the fading. */
const SHAPE = 7;
const FADES = 15;
/** How much of its opacity a point loses that is faded most. */
export const MOST_FADED = 0.85;

/**
 * The look of each point, as the vertex shader reads it: four bytes a point, namely the
 * color it comes from, the color it goes to, its size, and whether it is dimmed, its shape and how
 * much it is faded.
 * Colors are entries of `palette`: 0 for no value, 1..255 for the colormap.
 */
export class PointStyles {
  bytes = new Uint8Array(0);
  /** 256 RGBA colors. */
  palette = new Uint8Array(256 * 4);
  /** Counts the changes of `bytes`. */
  version = 0;
  private colors: readonly string[] = [];
  private areSized = false;
  private areDimmed = false;
  private areFaded = false;
  areShaped = false;

  resize(count: number): void {
    this.bytes = new Uint8Array(count * 4);
    for (let i = 2; i < this.bytes.length; i += 4) this.bytes[i] = FULL_SIZE;
    this.areSized = false;
    this.areDimmed = false;
    this.areFaded = false;
    this.areShaped = false;
    this.version++;
  }

  /** Returns whether points differ in nothing but their color. */
  get areAlike(): boolean {
    return !this.areSized && !this.areDimmed && !this.areFaded;
  }

  get count(): number {
    return this.bytes.length / 4;
  }

  setPalette(colormap: Colormap, muted: readonly number[]): void {
    this.palette = new Uint8Array(256 * 4);
    for (let i = 1; i < 256; i++) {
      const source = Math.round(((i - 1) * 255) / 254) * 4;
      this.palette.set(colormap.subarray(source, source + 4), i * 4);
    }
    this.palette.set(muted.slice(0, 4), 0);
    this.colors = Array.from({ length: 256 }, (_, i) => cssColor(this.palette, i / 255));
  }

  /** Colors points by value, from what is seen at `share` of the change of colors before. */
  setValues(values: Float32Array | null, domain: readonly [number, number], share: number): void {
    const [low, high] = domain;
    const perUnit = high > low ? 254 / (high - low) : 0;
    const { bytes, count } = this;
    for (let i = 0, at = 0; i < count; i++, at += 4) {
      const from = bytes[at] as number;
      const to = bytes[at + 1] as number;
      bytes[at] = share >= 1 || from === 0 || to === 0 ? to : from + (to - from) * share + 0.5;
      const place = values === null ? Number.NaN : ((values[i] as number) - low) * perUnit;
      // NaN is on neither side of anything, so it gets 0.
      bytes[at + 1] = place >= 254 ? 255 : place > 0 ? place + 1.5 : place <= 0 ? 1 : 0;
    }
    this.version++;
  }

  /** @param sizes factors of the usual diameter, 0.25..3.9; null for 1 */
  setSizes(sizes: Float32Array | null): void {
    if (sizes === null && !this.areSized) return;
    this.areSized = sizes !== null;
    const { count } = this;
    for (let i = 0; i < count; i++) {
      const size = sizes?.[i] ?? 1;
      const bounded = Math.min(Math.max(size * FULL_SIZE, FULL_SIZE / 4), 255);
      this.bytes[i * 4 + 2] = Number.isNaN(bounded) ? FULL_SIZE : bounded;
    }
    this.version++;
  }

  /** Returns the CSS color of a point at a share of the change of colors. */
  color(index: number, share = 1): string {
    const from = this.bytes[index * 4] ?? 0;
    const to = this.bytes[index * 4 + 1] ?? 0;
    const entry = from === 0 || to === 0 ? to : Math.round(from + (to - from) * share);
    return this.colors[entry] ?? "";
  }

  /** Returns the factor of the usual diameter of a point. */
  size(index: number): number {
    return (this.bytes[index * 4 + 2] ?? FULL_SIZE) / FULL_SIZE;
  }

  isDimmed(index: number): boolean {
    return ((this.bytes[index * 4 + 3] ?? 0) & 1) === 1;
  }

  /** Returns the place of the shape of a point in SHAPES. */
  shape(index: number): number {
    return ((this.bytes[index * 4 + 3] ?? 0) >> 1) & SHAPE;
  }

  /** @param shapes places in SHAPES; null for disks */
  setShapes(shapes: Uint8Array | null): void {
    if (shapes === null && !this.areShaped) return;
    this.areShaped = shapes !== null;
    this.setBits(~(SHAPE << 1), (point) => (shapes?.[point] ?? 0) << 1);
  }

  /** Returns how opaque a point is that is faded, 0..1: as a share of the usual opacity. */
  strength(index: number): number {
    return 1 - (MOST_FADED * ((this.bytes[index * 4 + 3] ?? 0) >> 4)) / FADES;
  }

  /** @param shares how much each point is faded, 0..1; NaN for not at all, null fades none */
  setFaded(shares: Float32Array | null): void {
    if (shares === null && !this.areFaded) return;
    this.areFaded = shares !== null;
    this.setBits(15, (point) => {
      const share = Math.min(Math.max(shares?.[point] ?? 0, 0), 1);
      return Math.round(FADES * share) << 4;
    });
  }

  /** Dims points with 0; null dims none. */
  setVisible(mask: Uint8Array | null): void {
    if (mask === null && !this.areDimmed) return;
    this.areDimmed = mask !== null;
    this.setBits(~1, (point) => (mask?.[point] === 0 ? 1 : 0));
  }

  /** Sets bits of the last byte of each point; those in `kept` stay as they are. */
  private setBits(kept: number, bitsOf: (point: number) => number): void {
    const { bytes, count } = this;
    for (let i = 0, at = 3; i < count; i++, at += 4) {
      bytes[at] = ((bytes[at] as number) & kept) | bitsOf(i);
    }
    this.version++;
  }
}
