import type { Frame } from "./gl/renderer";

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
