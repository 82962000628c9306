/** Shows the images of the points in view beside them, once few enough points are in view. */

import { html, render } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { pointsInView } from "../../scatter/input/picker";
import type { Box, Scatter } from "../../scatter/scatter";
import { type ImageColumns, imagesOf } from "../../selectors/shared/images";
import { thumbnail } from "../shared/thumbnail";
import type { MapSlice } from "./map_slice";

/** Of more points in view, none has an image. */
const MOST_POINTS = 60;
/** The points are looked for once no frame was drawn for so long. */
const REST_MS = 200;
/** The side of an image, and the gap between it and its point, in CSS pixels. */
export const SIDE = 32;
export const GAP = 6;

/** A layer above the points. They are chosen while the map rests, and then keep their images. */
export class MapThumbnails {
  private readonly layer = document.createElement("div");
  private columns: ImageColumns | null = null;
  private rows: readonly number[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    host: HTMLElement,
    private readonly scatter: Scatter,
  ) {
    this.layer.className = "thumbnails";
    this.layer.ariaHidden = "true";
    host.append(this.layer);
  }

  /** Returns the boxes that the images take. */
  get boxes(): readonly Box[] {
    return this.placed.map(({ at: { x, y } }) => ({
      left: x - SIDE / 2,
      top: y - GAP - SIDE,
      width: SIDE,
      height: SIDE,
    }));
  }

  update({ images }: MapSlice): void {
    if (images === this.columns) return;
    this.columns = images;
    this.rows = [];
    this.follow();
  }

  /** Moves the images to their points; called on each frame. */
  follow(): void {
    this.show();
    clearTimeout(this.timer);
    this.timer = this.columns ? setTimeout(() => void this.choose(), REST_MS) : undefined;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.layer.remove();
  }

  private async choose(): Promise<void> {
    const { timer } = this;
    const rows = await pointsInView(this.scatter.drawing);
    // Another frame was drawn meanwhile.
    if (timer !== this.timer) return;
    const chosen = rows.length > MOST_POINTS ? [] : rows;
    if (chosen.join() === this.rows.join()) return;
    this.rows = chosen;
    // Labels make room for them.
    this.scatter.redraw();
  }

  private get placed() {
    return this.rows.flatMap((row) => {
      const at = this.scatter.drawing.placeOf(row);
      const [image] = imagesOf(this.columns, row);
      return at && image ? [{ row, at, image }] : [];
    });
  }

  private show(): void {
    if (!this.rows.length && !this.layer.firstElementChild) return;
    const images = repeat(
      this.placed,
      ({ row }) => row,
      ({ at, image }) => html`<i style="translate: ${at.x}px ${at.y}px">${thumbnail(image)}</i>`,
    );
    render(images, this.layer);
  }
}
