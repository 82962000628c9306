/** Packs color, size and dimming of each point into four bytes for the renderer. */

import type { Colormap } from "./colormaps";

const FULL_SIZE = 64;

/**
 * How each point looks, as the vertex shader reads it: four bytes a point, namely the
 * color it comes from, the color it goes to, its size and whether it is filtered out.
 * Colors are entries of `palette`: 0 for no value, 1..255 for the colormap.
 */
export class PointStyles {
  bytes = new Uint8Array(0);
  /** 256 RGBA colors. */
  readonly palette = new Uint8Array(256 * 4);
  private areSized = false;
  private areDimmed = false;

  resize(count: number): void {
    this.bytes = new Uint8Array(count * 4);
    for (let i = 2; i < this.bytes.length; i += 4) this.bytes[i] = FULL_SIZE;
    this.areSized = false;
    this.areDimmed = false;
  }

  /** Whether points differ in nothing but their color. */
  get areAlike(): boolean {
    return !this.areSized && !this.areDimmed;
  }

  get count(): number {
    return this.bytes.length / 4;
  }

  setPalette(colormap: Colormap, muted: readonly number[]): void {
    for (let i = 1; i < 256; i++) {
      const source = Math.round(((i - 1) * 255) / 254) * 4;
      this.palette.set(colormap.subarray(source, source + 4), i * 4);
    }
    this.palette.set(muted.slice(0, 4), 0);
  }

  /** Colors by value; they change from what is seen, at `share` of the change before. */
  setValues(values: Float32Array | null, domain: readonly [number, number], share: number): void {
    const [low, high] = domain;
    const perUnit = high > low ? 254 / (high - low) : 0;
    const { bytes, count } = this;
    for (let i = 0, at = 0; i < count; i++, at += 4) {
      const from = bytes[at] as number;
      const to = bytes[at + 1] as number;
      bytes[at] = share >= 1 || from === 0 || to === 0 ? to : from + (to - from) * share + 0.5;
      const place = values === null ? Number.NaN : ((values[i] as number) - low) * perUnit;
      // What has no value is on neither side of anything.
      bytes[at + 1] = place >= 254 ? 255 : place > 0 ? place + 1.5 : place <= 0 ? 1 : 0;
    }
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
  }

  /** The color that a point has or is about to have. */
  cssColor(index: number): string {
    const entry = (this.bytes[index * 4 + 1] ?? 0) * 4;
    const [red, green, blue] = this.palette.subarray(entry, entry + 3);
    return `rgb(${red}, ${green}, ${blue})`;
  }

  size(index: number): number {
    return (this.bytes[index * 4 + 2] ?? FULL_SIZE) / FULL_SIZE;
  }

  setVisible(mask: Uint8Array | null): void {
    if (mask === null && !this.areDimmed) return;
    this.areDimmed = mask !== null;
    const { count } = this;
    for (let i = 0; i < count; i++) {
      this.bytes[i * 4 + 3] = mask !== null && mask[i] === 0 ? 1 : 0;
    }
  }
}
