/** Packs color, size and dimming of each point into four bytes for the renderer. */

import { type Colormap, cssColor } from "./colormaps";

const FULL_SIZE = 64;
const FADES = 15;
/** What points may differ in besides their color: the byte of a style, the first bit and the largest number. */
const LOOKS = {
  size: [2, 0, 255],
  dimming: [3, 0, 1],
  shape: [3, 1, 7],
  fading: [3, 4, FADES],
} as const;
/** How much of its opacity a point loses that is faded most. */
export const MOST_FADED = 0.85;
/** Opacity and size of a dimmed point, as shares of the usual ones. */
export const DIMMED = 0.12;
export const DIMMED_SIZE = 0.8;
/** How much of the ground shows through the farthest points in 3-D. */
export const HAZE = 0.75;

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
  /** The looks in which points differ. */
  private readonly differing = new Set<keyof typeof LOOKS>();

  resize(count: number): void {
    this.bytes = new Uint8Array(count * 4);
    for (let i = 2; i < this.bytes.length; i += 4) this.bytes[i] = FULL_SIZE;
    this.differing.clear();
    this.version++;
  }

  /** Returns whether points differ in nothing but their color and shape. */
  get areAlike(): boolean {
    return this.differing.size === (this.areShaped ? 1 : 0);
  }

  get areShaped(): boolean {
    return this.differing.has("shape");
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
    this.write("size", sizes, (size = 1) => {
      const bounded = Math.min(Math.max(size * FULL_SIZE, FULL_SIZE / 4), 255);
      return Number.isNaN(bounded) ? FULL_SIZE : bounded;
    });
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
    return this.read("size", index) / FULL_SIZE;
  }

  isDimmed(index: number): boolean {
    return this.read("dimming", index) === 1;
  }

  /** Returns the place of the shape of a point in SHAPES. */
  shape(index: number): number {
    return this.read("shape", index);
  }

  /** @param shapes places in SHAPES; null for disks */
  setShapes(shapes: Uint8Array | null): void {
    this.write("shape", shapes, (shape = 0) => shape);
  }

  /** Returns how opaque a point is that is faded, 0..1: as a share of the usual opacity. */
  strength(index: number): number {
    return 1 - (MOST_FADED * this.read("fading", index)) / FADES;
  }

  /** @param shares how much each point is faded, 0..1; NaN for not at all, null fades none */
  setFaded(shares: Float32Array | null): void {
    this.write("fading", shares, (share = 0) =>
      Math.round(FADES * Math.min(Math.max(share, 0), 1)),
    );
  }

  /** Dims points with 0; null dims none. */
  setVisible(mask: Uint8Array | null): void {
    this.write("dimming", mask, (isVisible = 1) => (isVisible === 0 ? 1 : 0));
  }

  private read(look: keyof typeof LOOKS, index: number): number {
    const [byte, shift, most] = LOOKS[look];
    return ((this.bytes[index * 4 + byte] ?? 0) >> shift) & most;
  }

  private write(
    look: keyof typeof LOOKS,
    values: Float32Array | Uint8Array | null,
    numberOf: (value?: number) => number,
  ): void {
    if (values === null && !this.differing.has(look)) return;
    if (values === null) this.differing.delete(look);
    else this.differing.add(look);
    const [byte, shift, most] = LOOKS[look];
    const kept = ~(most << shift);
    const { bytes, count } = this;
    for (let i = 0, at = byte; i < count; i++, at += 4) {
      bytes[at] = ((bytes[at] as number) & kept) | (numberOf(values?.[i]) << shift);
    }
    this.version++;
  }
}
