/** Places the labels of the map so that no two overlap. */

import type { Point, Size } from "../geometry";

/** A label that may be drawn, at the point that it belongs to (CSS pixels). */
export interface LabelAnchor {
  readonly index: number;
  /** Place in the order of importance, 0 first. */
  readonly rank: number;
  readonly x: number;
  readonly y: number;
  /** When the label came, milliseconds. */
  readonly since: number;
  /** Where the label was drawn in the previous frame, if it was. */
  readonly slot?: number | undefined;
}

/** A rectangle of the view, in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A label with its box. */
export interface PlacedLabel extends LabelAnchor, Box {
  readonly slot: number;
  readonly forced: boolean;
}

export interface LabelRequest {
  /** Always placed, in this order, beside their point or a little way off. */
  readonly forced: readonly LabelAnchor[];
  /** Labels of the previous frame, by rank. */
  readonly kept: readonly LabelAnchor[];
  /** Other labels, by rank. */
  readonly fresh: readonly LabelAnchor[];
  readonly size: Size;
  /** The boxes that labels stay out of; forced ones do if they find another place. */
  readonly reserved: readonly Box[];
  /** Distance from a point's middle to its label. */
  readonly gap: number;
  readonly height: number;
  /** The most labels to place, forced ones not counted. */
  readonly limit: number;
  /** While points move, a label keeps its side of the point or goes, and few come. */
  readonly moving: boolean;
  width(index: number, forced: boolean): number;
}

const CELL = 5;
const MARGIN_X = 3;
const MARGIN_Y = 1;
/** Extra room that a new label needs: else two at the verge of touching would flicker. */
const ENTRY_MARGIN = 8;
/** A label that is there gives way only to one this many times as important. */
const STAY = 4;
/** While points move, labels that must go are replaced only below this share of the limit. */
const FRESH_SHARE_MOVING = 0.6;
/** Right, left, above, below; forced labels may go on to places further off. */
export const SIDES = 4;
const FORCED_SLOTS = 28;

/** Returns the first label at a place; null for none. */
export function labelAt(labels: readonly PlacedLabel[], { x, y }: Point): number | null {
  const isInside = ({ left, top, width, height }: Box) =>
    x >= left && x <= left + width && y >= top && y <= top + height;
  return labels.find(isInside)?.index ?? null;
}

/** Tells labels of the previous frame from others; none of them must be placed. */
export function keptAndFresh(
  anchors: readonly LabelAnchor[],
  before: ReadonlyMap<number, unknown>,
) {
  const wasThere = ({ index }: LabelAnchor) => before.has(index);
  const fresh = anchors.filter((anchor) => !wasThere(anchor));
  return { forced: [], kept: anchors.filter(wasThere), fresh };
}

/** Chooses labels and their places so that no two boxes overlap, steadily over frames. */
export function placeLabels(request: LabelRequest): PlacedLabel[] {
  const placer = new Placer(request);
  for (const anchor of request.forced) placer.place(anchor, true);
  const { kept, fresh, limit, moving } = request;
  const forced = placer.placed.length;
  const stay = moving ? Number.POSITIVE_INFINITY : STAY;
  const enoughFresh = forced + limit * (moving ? FRESH_SHARE_MOVING : 1);
  let k = 0;
  let f = 0;
  while (placer.placed.length < forced + limit) {
    const old = kept[k];
    const other = fresh[f];
    if (old !== undefined && (other === undefined || old.rank / stay <= other.rank)) {
      placer.place(old);
      k++;
    } else if (other !== undefined && placer.placed.length < enoughFresh) {
      placer.place(other);
      f++;
    } else break;
  }
  return placer.placed;
}

class Placer {
  readonly placed: PlacedLabel[] = [];
  private readonly columns: number;
  private readonly rows: number;
  private readonly taken: Uint8Array;

  constructor(private readonly request: LabelRequest) {
    this.columns = Math.ceil(request.size.width / CELL) + 1;
    this.rows = Math.ceil(request.size.height / CELL) + 1;
    this.taken = new Uint8Array(this.columns * this.rows);
    for (const box of request.reserved) this.take(box);
  }

  /** Places a label where there is room for it, and a forced one in any case. */
  place(anchor: LabelAnchor, forced = false): void {
    const { slot: before = FORCED_SLOTS } = anchor;
    const slots = forced ? FORCED_SLOTS : SIDES;
    if (before < slots && this.tryAt(anchor, before, 0, forced)) return;
    const stays = anchor.slot !== undefined && this.request.moving;
    for (let slot = 0; slot < slots && (forced || !stays); slot++) {
      if (slot !== before && this.tryAt(anchor, slot, forced ? 0 : ENTRY_MARGIN, forced)) return;
    }
    if (forced) this.add(this.pushedInside(this.boxAt(anchor, 0, true)));
  }

  private tryAt(anchor: LabelAnchor, slot: number, margin: number, forced: boolean): boolean {
    if (!forced && !this.hasRoom(anchor, slot)) return false;
    const box = this.boxAt(anchor, slot, forced);
    if (!this.isFree(box, margin)) return false;
    this.add(box);
    return true;
  }

  /** Tells, before the text is measured, whether the near end of a label is free. */
  private hasRoom(anchor: LabelAnchor, slot: number): boolean {
    const { gap, height } = this.request;
    const x = anchor.x + (slot === 0 ? gap + 4 : slot === 1 ? -gap - 4 : 0);
    const y = anchor.y + (slot === 2 ? -gap - height / 2 : slot === 3 ? gap + height / 2 : 0);
    const column = Math.floor(x / CELL);
    const row = Math.floor(y / CELL);
    if (column < 0 || row < 0 || column >= this.columns || row >= this.rows) return false;
    return this.taken[row * this.columns + column] === 0;
  }

  private boxAt(anchor: LabelAnchor, slot: number, forced: boolean): PlacedLabel {
    const { gap, height } = this.request;
    const { index, x, y } = anchor;
    const width = this.request.width(index, forced);
    const [left, top] = corner(slot, x, y, width, height, gap);
    return { ...anchor, slot, left, top, width, height, forced };
  }

  private pushedInside(box: PlacedLabel): PlacedLabel {
    const { width, height } = this.request.size;
    const left = Math.max(Math.min(box.left, width - box.width), 0);
    const top = Math.max(Math.min(box.top, height - box.height), 0);
    return { ...box, left, top };
  }

  private isFree(box: PlacedLabel, margin: number): boolean {
    const { size } = this.request;
    const right = box.left + box.width;
    const bottom = box.top + box.height;
    if (box.left < 0 || box.top < 0 || right > size.width || bottom > size.height) return false;
    const [x0, y0, x1, y1] = this.cells(box, margin);
    for (let row = y0; row <= y1; row++) {
      const start = row * this.columns;
      for (let cell = start + x0; cell <= start + x1; cell++) {
        if (this.taken[cell] !== 0) return false;
      }
    }
    return true;
  }

  private add(box: PlacedLabel): void {
    this.placed.push(box);
    this.take(box);
  }

  private take(box: Box): void {
    const [x0, y0, x1, y1] = this.cells(box, 0);
    for (let row = y0; row <= y1; row++) {
      const start = row * this.columns;
      this.taken.fill(1, start + x0, start + x1 + 1);
    }
  }

  /** Returns first column and row, last column and row of the cells that a box touches. */
  private cells(box: Box, margin: number): readonly [number, number, number, number] {
    const x = MARGIN_X + margin;
    const y = MARGIN_Y + margin / 2;
    return [
      Math.max(Math.floor((box.left - x) / CELL), 0),
      Math.max(Math.floor((box.top - y) / CELL), 0),
      Math.min(Math.floor((box.left + box.width + x) / CELL), this.columns - 1),
      Math.min(Math.floor((box.top + box.height + y) / CELL), this.rows - 1),
    ];
  }
}

/** Returns left and top of a label in a slot: the four sides, then further off, right and left. */
function corner(
  slot: number,
  x: number,
  y: number,
  width: number,
  height: number,
  gap: number,
): [number, number] {
  const middle = y - height / 2;
  if (slot === 0) return [x + gap, middle];
  if (slot === 1) return [x - gap - width, middle];
  if (slot === 2) return [x - width / 2, y - gap - height];
  if (slot === 3) return [x - width / 2, y + gap];
  const turn = slot - SIDES;
  const lines = (1 + (turn >> 2)) * (turn & 1 ? 1 : -1) * (height + 4);
  return [turn & 2 ? x - gap - 14 - width : x + gap + 14, middle + lines];
}
