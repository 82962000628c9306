/** Measures what lies over the map, such as its legend, so that points and labels keep clear of it. */

import type { Box, Insets } from "../../scatter/scatter";

/** The time between two measurements of the boxes on the map, in milliseconds. */
const MEASURE_MS = 200;
/** The share of the map's height from which on a legend is tall. */
const TALL = 0.2;
/** The largest share of the height that a margin takes. */
const MOST_INSET = 0.16;

const LEGEND = "wordembed-map-legend";
const OVERLAYS = `wordembed-layout-chooser, ${LEGEND}, .caption, .start, .names, .plain, .tools > *`;

export class MapOverlays {
  private measured: { at: number; boxes: readonly Box[] } = { at: -MEASURE_MS, boxes: [] };

  constructor(
    private readonly pane: HTMLElement,
    private readonly root: () => ParentNode,
  ) {}

  /** Returns the margins that points leave free for the caption above and the legend below or beside. */
  insets(map: HTMLElement, hasRoom: boolean): Insets {
    const most = MOST_INSET * map.clientHeight;
    const height = (name: string) => this.find(name)?.offsetHeight ?? 0;
    const top = Math.min(height(".head") + 8, most);
    const left = this.widthBeside(map, hasRoom);
    return { left, top, bottom: left ? 0 : Math.min(height(LEGEND), most) };
  }

  /** Returns the width of a legend that is so tall that points are drawn beside it; 0 for another. */
  widthBeside(map: HTMLElement, hasRoom: boolean): number {
    const legend = this.find(LEGEND);
    const isTall = legend !== null && legend.offsetHeight > TALL * map.clientHeight;
    return hasRoom && isTall ? legend.offsetLeft + legend.offsetWidth : 0;
  }

  boxesOn({ offsetLeft: x, offsetTop: y }: HTMLElement): readonly Box[] {
    const now = performance.now();
    // Measuring makes the browser lay the page out, so it is not done on every frame.
    if (now - this.measured.at > MEASURE_MS) this.measured = { at: now, boxes: this.measure() };
    if (x === 0 && y === 0) return this.measured.boxes;
    return this.measured.boxes.map((box) => ({ ...box, left: box.left - x, top: box.top - y }));
  }

  private find(name: string): HTMLElement | null {
    return this.root().querySelector<HTMLElement>(name);
  }

  private measure(): Box[] {
    const origin = this.pane.getBoundingClientRect();
    return Array.from(this.root().querySelectorAll(OVERLAYS), (overlay) => {
      const { left, top, width, height } = overlay.getBoundingClientRect();
      return { left: left - origin.left, top: top - origin.top, width, height };
    });
  }
}
