/** Shows the images of the points in view beside them, once few enough points are in view. */

import { html, render } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { pointsInView } from "../../scatter/input/picker";
import { keptAndFresh, type PlacedLabel, placeLabels } from "../../scatter/layers/label_placement";
import type { Box, Scatter } from "../../scatter/scatter";
import { type ImageColumns, imagesOf } from "../../selectors/shared/row_images";
import { thumbnail } from "../shared/thumbnail";
import type { MapSlice } from "./map_slice";

const MOST_POINTS = 60;
/** The points are looked for once no frame was drawn for so long. */
const REST_MS = 200;
/** The side of an image, and the gap between it and the middle of its point, in CSS pixels. */
export const SIDE = 32;
const GAP = 6;
/** The place that an image takes if it can: above its point. */
const ABOVE = 2;

/**
 * A layer above the points. Those whose images do not overlap are chosen while the map rests, and
 * then keep their images.
 */
export class MapThumbnails {
  private readonly layer = document.createElement("div");
  private columns: ImageColumns | null = null;
  /** The images by their points, placed where these were when they were chosen. */
  private chosen: readonly PlacedLabel[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    host: HTMLElement,
    private readonly scatter: Scatter,
    private readonly reserved: () => readonly Box[],
  ) {
    this.layer.className = "thumbnails";
    this.layer.ariaHidden = "true";
    host.append(this.layer);
  }

  get boxes(): readonly Box[] {
    return this.placed.map(({ left, top }) => ({ left, top, width: SIDE, height: SIDE }));
  }

  update({ images }: MapSlice): void {
    if (images === this.columns) return;
    this.columns = images;
    this.chosen = [];
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
    const chosen = rows.length > MOST_POINTS ? [] : this.placedOf(rows);
    const key = (images: typeof chosen) => images.map(({ index, slot }) => [index, slot]).join();
    if (key(chosen) === key(this.chosen)) return;
    this.chosen = chosen;
    // Labels make room for the images.
    this.scatter.redraw();
  }

  /** Places images as labels are placed: those that were there before others. */
  private placedOf(rows: readonly number[]): readonly PlacedLabel[] {
    const { drawing } = this.scatter;
    const before = new Map(this.chosen.map(({ index, slot }) => [index, slot]));
    const anchors = rows.flatMap((index, rank) => {
      const at = drawing.placeOf(index);
      return at ? [{ index, rank, ...at, since: 0, slot: before.get(index) ?? ABOVE }] : [];
    });
    return placeLabels({
      ...keptAndFresh(anchors, before),
      size: drawing.view.size,
      reserved: this.reserved(),
      gap: GAP,
      height: SIDE,
      limit: MOST_POINTS,
      moving: false,
      width: () => SIDE,
    });
  }

  private get placed() {
    return this.chosen.flatMap(({ index, left, top, x, y }) => {
      const at = this.scatter.drawing.placeOf(index);
      const [image] = imagesOf(this.columns, index);
      return at && image ? [{ row: index, left: left - x + at.x, top: top - y + at.y, image }] : [];
    });
  }

  private show(): void {
    if (!this.chosen.length && !this.layer.firstElementChild) return;
    const images = repeat(
      this.placed,
      ({ row }) => row,
      ({ image, left, top }) =>
        html`<i style="translate: ${left}px ${top}px">${thumbnail(image)}</i>`,
    );
    render(images, this.layer);
  }
}
