/** Shows the images of the points in view beside them, once few enough points are in view. */

import { html, render } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { pointsInView } from "../../scatter/picker";
import type { Scatter } from "../../scatter/scatter";
import { type ImageColumns, imagesOf } from "../../selectors/images";
import { thumbnail } from "../shared/thumbnail";
import type { MapSlice } from "./map_slice";

/** Of more points in view, none has an image. */
const MOST_POINTS = 60;
/** The points are looked for once no frame was drawn for so long. */
const REST_MS = 200;

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
    this.rows = rows.length > MOST_POINTS ? [] : rows;
    this.show();
  }

  private show(): void {
    if (!this.rows.length && !this.layer.firstElementChild) return;
    const shown = this.rows.flatMap((row) => {
      const at = this.scatter.drawing.placeOf(row);
      const [image] = imagesOf(this.columns, row);
      return at && image ? [{ row, at, image }] : [];
    });
    const images = repeat(
      shown,
      ({ row }) => row,
      ({ at, image }) => html`<i style="translate: ${at.x}px ${at.y}px">${thumbnail(image)}</i>`,
    );
    render(images, this.layer);
  }
}
