/** Defines what a renderer of the map must do, and what it is given for each frame. */

import type { Projection } from "./camera";
import type { Strokes } from "./gl/strokes";
import type { Sprite, SpriteStyle } from "./gl/text_sprites";

/** Draws the points of the map onto a canvas: with WebGL2, or without. */
export interface Painter {
  /** The most points that it draws. */
  readonly mostPoints: number;
  /** Whether drawing now would make the page wait until an earlier frame is done. */
  readonly isBusy: boolean;
  /** Shows these positions, `[n, 3]`, whatever `motion` is. */
  setPositions(positions: Float32Array): void;
  /** New places to go to; the points come from where they went before, or from `from`. */
  setTarget(to: Float32Array, from: Float32Array | null): void;
  /**
   * @param bytes four a point, see Styles
   * @param areAlike whether they differ in nothing but their color
   */
  setStyles(bytes: Uint8Array, areAlike: boolean): void;
  /** 256 RGBA colors. */
  setPalette(palette: Uint8Array): void;
  /** The points to draw, each once: the last is drawn on top. */
  setOrder(order: Uint32Array): void;
  /** Points drawn once more, above the others, with a ring. */
  setMarked(indices: Uint32Array): void;
  draw(frame: Frame): void;
  /** Paints all labels anew: tokens or colors changed. */
  clearSprites(): void;
  /** Frees what it holds. */
  dispose(): void;
}

export type Rgb = readonly [number, number, number];

/** All that changes from one frame to the next without an upload. */
export interface Frame {
  readonly projection: Projection;
  /** 0..1, how far points are from their old to their new place. */
  readonly motion: number;
  /** 0..1, how far points are from their old to their new color. */
  readonly recolor: number;
  /** Diameter of a point of size 1, CSS pixels. */
  readonly diameter: number;
  readonly opacity: number;
  /** 0 in 2-D, 1 in 3-D: far points fade. */
  readonly depth: number;
  /** 0..1 each. */
  readonly background: Rgb;
  readonly accent: Rgb;
  /** Points that a label names: drawn large enough to be seen. */
  readonly labeled: Uint32Array;
  readonly strokes: Strokes;
  readonly sprites: readonly Sprite[];
  readonly spriteStyle: SpriteStyle;
}
