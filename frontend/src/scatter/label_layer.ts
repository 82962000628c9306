/** Chooses which points of the map have labels and fades the labels in. */

import { FAMILY } from "../theme/typography";
import { labelText, shortened } from "../util/label_text";
import type { Point, Size } from "./geometry";
import {
  type Box,
  type LabelAnchor,
  type PlacedLabel,
  placeLabels,
  SIDES,
} from "./label_placement";
import type { Stroke } from "./strokes";

/** CSS pixels; other lengths go by it. */
const FONT_SIZE = 12;
const LINE_HEIGHT = 15;
const MAX_WIDTH = 190;
const MAX_FORCED = 40;
/** View area per label: a page with more is read as a gray texture. */
const AREA_PER_LABEL = 7500;
const SETTLED_OPACITY = 0.94;
const FADE_MS = 140;
/** How many candidates are looked at while something moves, and how many are kept. */
const SCAN_MOVING = 20_000;
/** How many while points move: few labels come then, and those that are there go first. */
const SCAN_ON_THE_WAY = 2000;
const MAX_CANDIDATES = 3000;

interface Measured {
  readonly text: string;
  readonly width: number;
}

/** A text on the map, CSS pixels. */
export interface Label {
  readonly text: string;
  readonly strong: boolean;
  readonly font: string;
  readonly width: number;
  readonly left: number;
  readonly top: number;
  readonly opacity: number;
}

/** The part of a frame that decides which labels it has. */
interface LabelFrame {
  readonly size: Size;
  /** Milliseconds, any origin. */
  readonly now: number;
  /** Radius of a point, CSS pixels. */
  readonly radius: number;
  /** Points are on their way to other places. */
  readonly moving: boolean;
  /** Nothing moves: there is time to look at all candidates. */
  readonly settled: boolean;
  /** Points whose label is always shown, most important first. */
  readonly forced: readonly number[];
  readonly visible: Uint8Array | null;
  /** Places without labels. */
  readonly reserved: readonly Box[];
  /** Writes where a point is, CSS pixels, to `out`; false if it is not drawn. */
  place(index: number, out: Float64Array): boolean;
}

export class LabelLayer {
  private tokens: readonly string[] = [];
  private priority: Uint32Array = new Uint32Array(0);
  private placed: PlacedLabel[] = [];
  /** Labels that had to go while points moved: they stay away until these stand still. */
  private readonly gone = new Set<number>();
  private readonly since = new Map<number, number>();
  private readonly regular = new Map<number, Measured>();
  private readonly strong = new Map<number, Measured>();
  private readonly ruler: CanvasRenderingContext2D;
  fontSize = FONT_SIZE;

  constructor() {
    const ruler = document.createElement("canvas").getContext("2d");
    if (ruler === null) throw new Error("This browser offers no 2-D canvas.");
    this.ruler = ruler;
  }

  setTokens(tokens: readonly string[], priority: Uint32Array): void {
    if (tokens !== this.tokens) this.forget();
    this.tokens = tokens;
    this.priority = priority;
  }

  setFontSize(size: number): void {
    if (size !== this.fontSize) this.forget();
    this.fontSize = size;
  }

  get lineHeight(): number {
    return Math.round(LINE_HEIGHT * this.scale);
  }

  private get scale(): number {
    return this.fontSize / FONT_SIZE;
  }

  /** The point whose label is at a place, or null. */
  hit({ x, y }: Point): number | null {
    const inside = (label: PlacedLabel) =>
      x >= label.left &&
      x <= label.left + label.width &&
      y >= label.top &&
      y <= label.top + label.height;
    return this.placed.find(inside)?.index ?? null;
  }

  /** Chooses the labels of a frame. */
  update(frame: LabelFrame): void {
    const forced = frame.forced.slice(0, MAX_FORCED);
    const { kept, fresh, anchors } = this.candidates(frame, forced);
    const before = this.placed;
    this.placed = placeLabels({
      forced: anchors,
      kept,
      fresh,
      size: frame.size,
      reserved: frame.reserved,
      gap: Math.max(frame.radius, 2) + 4,
      height: this.lineHeight,
      limit: Math.max(
        12,
        Math.round((frame.size.width * frame.size.height) / (AREA_PER_LABEL * this.scale ** 2)),
      ),
      moving: frame.moving,
      width: (index, isForced) => this.measured(index, isForced).width,
    });
    const shown = new Set(this.placed.map((label) => label.index));
    if (!frame.moving) this.gone.clear();
    else for (const { index } of before) if (!shown.has(index)) this.gone.add(index);
    for (const index of this.since.keys()) if (!shown.has(index)) this.since.delete(index);
    for (const index of shown) if (!this.since.has(index)) this.since.set(index, frame.now);
  }

  /** Points that a label names, the most important last. */
  get labeled(): Uint32Array {
    return Uint32Array.from(this.placed, (label) => label.index).reverse();
  }

  /** Whether there are more candidates than a frame looks at while something moves. */
  get isUnfinished(): boolean {
    return this.priority.length > SCAN_MOVING;
  }

  /** Whether some labels are still fading in. */
  isFading(now: number): boolean {
    return this.placed.some((label) => this.opacity(label, now) < SETTLED_OPACITY);
  }

  /** Returns the labels at a time, the most important last. */
  at(now: number): Label[] {
    const labels = this.placed.map((label) => {
      const { index, forced: strong, left, top } = label;
      const opacity = this.opacity(label, now);
      return {
        ...this.measured(index, strong),
        strong,
        font: this.font(strong),
        left,
        top,
        opacity,
      };
    });
    return labels.reverse();
  }

  /** Returns thin lines from points to the labels that are not beside them. */
  leaders(color: string): Stroke[] {
    return this.placed.flatMap(({ slot, left, top, width, height, x, y }): Stroke[] => {
      if (slot < SIDES) return [];
      const end = left > x ? left - 2 : left + width + 2;
      return [{ ax: x, ay: y, bx: end, by: top + height / 2, radius: 0.5, color, opacity: 0.5 }];
    });
  }

  private opacity(label: PlacedLabel, now: number): number {
    if (label.forced) return 1;
    const age = (now - (this.since.get(label.index) ?? now)) / FADE_MS;
    return SETTLED_OPACITY * Math.min(Math.max(age, 0.05), 1);
  }

  private candidates(frame: LabelFrame, forced: readonly number[]) {
    const out = new Float64Array(3);
    const taken = new Set(forced);
    const anchor = (index: number, rank: number, slot?: number): LabelAnchor | null => {
      if (!frame.place(index, out)) return null;
      const [x = 0, y = 0] = out;
      const inView = x >= 0 && y >= 0 && x <= frame.size.width && y <= frame.size.height;
      if (!inView) return null;
      return slot === undefined ? { index, rank, x, y } : { index, rank, x, y, slot };
    };
    const slots = new Map(this.placed.map((label) => [label.index, label.slot]));
    const anchors = forced.map((index) => anchor(index, 0, slots.get(index))).filter(isPresent);
    const kept: LabelAnchor[] = [];
    for (const label of this.placed) {
      if (taken.has(label.index) || label.forced || isHidden(frame, label.index)) continue;
      const place = anchor(label.index, label.rank, label.slot);
      if (place !== null) kept.push(place);
      taken.add(label.index);
    }
    kept.sort((a, b) => a.rank - b.rank);
    const fresh: LabelAnchor[] = [];
    const most = frame.moving ? SCAN_ON_THE_WAY : SCAN_MOVING;
    const scan = frame.settled ? this.priority.length : Math.min(this.priority.length, most);
    for (let rank = 0; rank < scan && fresh.length < MAX_CANDIDATES; rank++) {
      const index = this.priority[rank] as number;
      if (taken.has(index) || this.gone.has(index) || isHidden(frame, index)) continue;
      const place = anchor(index, rank);
      if (place !== null) fresh.push(place);
    }
    return { anchors, kept, fresh };
  }

  private measured(index: number, forced: boolean): Measured {
    const cache = forced ? this.strong : this.regular;
    const known = cache.get(index);
    if (known !== undefined) return known;
    if (cache.size > 20_000) cache.clear();
    this.ruler.font = this.font(forced);
    let text = labelText(this.tokens[index] ?? `#${index}`);
    let { width } = this.ruler.measureText(text);
    const most = MAX_WIDTH * this.scale;
    for (let length = 20; width > most && length >= 1; length -= 3) {
      text = shortened(text, length);
      width = this.ruler.measureText(text).width;
    }
    const measured = { text, width: Math.min(width, most) };
    cache.set(index, measured);
    return measured;
  }

  private font(strong: boolean): string {
    return `${strong ? 600 : 400} ${this.fontSize}px ${FAMILY}`;
  }

  private forget(): void {
    this.placed = [];
    this.gone.clear();
    this.since.clear();
    this.regular.clear();
    this.strong.clear();
  }
}

function isHidden(frame: LabelFrame, index: number): boolean {
  return frame.visible !== null && frame.visible[index] === 0;
}

function isPresent<T>(value: T | null): value is T {
  return value !== null;
}
