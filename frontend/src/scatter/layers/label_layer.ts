/** Chooses which points of the map have labels and fades the labels in. */

import { FAMILY } from "../../theme/palette";
import { labelText, shortened } from "../../util/label_text";
import { brushOf } from "../canvas_brush";
import type { Point } from "../geometry";
import type { Fate, Scene } from "../points/scene";
import type { Projection } from "../view/camera";
import {
  type Box,
  type LabelAnchor,
  labelAt,
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
export interface Label extends Measured {
  readonly strong: boolean;
  readonly role: Fate | "text" | "muted" | "region";
  readonly font: string;
  readonly left: number;
  readonly top: number;
  readonly opacity: number;
}

/** The part of a frame that decides which labels it has. */
interface LabelFrame {
  readonly scene: Scene;
  readonly projection: Projection;
  /** Milliseconds, any origin. */
  readonly now: number;
  /** Radius of a point, CSS pixels. */
  readonly radius: number;
  /** Nothing moves: there is time to look at all candidates. */
  readonly settled: boolean;
  readonly reserved: readonly Box[];
}

/** What the label of a neighbor begins with, so that its color does not speak alone. */
const SIGNS: Readonly<Record<Fate, string>> = { gained: "+ ", kept: "", lost: "− " };

export class LabelLayer {
  private tokens: readonly string[] = [];
  private placed: PlacedLabel[] = [];
  /** Labels that had to go while points moved: they stay away until these stand still. */
  private readonly gone = new Set<number>();
  /** The measured texts, by the number of the point; strong ones, which have a sign, by other keys. */
  private readonly texts = new Map<number | string, Measured>();
  private fates: ReadonlyMap<number, Fate> = new Map();
  private isStartingOver = false;
  private readonly ruler = brushOf();
  /** Whether there were more candidates than a frame looks at while something moves. */
  isUnfinished = false;
  fontSize = FONT_SIZE;

  /** @param tokens one a point; untrusted text */
  setTokens(tokens: readonly string[]): void {
    if (tokens === this.tokens) return;
    this.tokens = tokens;
    this.placed = [];
    this.gone.clear();
    this.texts.clear();
  }

  get lineHeight(): number {
    return Math.round(LINE_HEIGHT * this.scale);
  }

  private get scale(): number {
    return this.fontSize / FONT_SIZE;
  }

  /** Returns the point whose label is at a place, or null. */
  hit(place: Point): number | null {
    return labelAt(this.placed, place);
  }

  /** Chooses all labels anew in the next frame, as their importance has changed altogether. */
  startOver(): void {
    this.isStartingOver = true;
  }

  update(frame: LabelFrame): void {
    const { isMoving: moving, priority } = frame.scene;
    this.fates = frame.scene.neighbors;
    const { size } = frame.projection;
    const before = this.placed;
    this.isUnfinished = priority.length > SCAN_MOVING;
    this.placed = placeLabels({
      ...this.candidates(frame),
      size,
      reserved: frame.reserved,
      gap: Math.max(frame.radius, 2) + 4,
      height: this.lineHeight,
      limit: Math.max(
        12,
        Math.round((size.width * size.height) / (AREA_PER_LABEL * this.scale ** 2)),
      ),
      moving,
      width: (index, isForced) => this.measured(index, isForced).width,
    });
    this.isStartingOver = false;
    const shown = new Set(this.placed.map((label) => label.index));
    if (!moving) this.gone.clear();
    else for (const { index } of before) if (!shown.has(index)) this.gone.add(index);
  }

  /** Returns a text that belongs to no point, to be put at some place. */
  write(text: string, strong: boolean): Omit<Label, "left" | "top"> {
    const key = `text ${strong} ${text}`;
    const measured = this.texts.get(key) ?? this.fit(key, labelText(text), strong);
    return {
      ...measured,
      strong,
      role: strong ? "text" : "muted",
      font: this.font(strong),
      opacity: 1,
    };
  }

  /** Returns the points that a label names, the most important last. */
  get labeled(): Uint32Array {
    return Uint32Array.from(this.placed, (label) => label.index).reverse();
  }

  isFading(now: number): boolean {
    return this.placed.some((label) => this.opacity(label, now) < SETTLED_OPACITY);
  }

  /** Returns the labels at a time, the most important last. */
  at(now: number): Label[] {
    const labels = this.placed.map((label) => {
      const { index, forced: strong, left, top } = label;
      const font = this.font(strong);
      const opacity = this.opacity(label, now);
      const role: Label["role"] = (strong ? this.fates.get(index) : null) ?? "text";
      return { ...this.measured(index, strong), strong, role, font, left, top, opacity };
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
    const age = (now - label.since) / FADE_MS;
    return SETTLED_OPACITY * Math.min(Math.max(age, 0.05), 1);
  }

  private candidates({ scene, projection, now, settled }: LabelFrame) {
    const { nameable, priority } = scene;
    const { width, height } = projection.size;
    const out = new Float64Array(3);
    const before = new Map(this.placed.map((label) => [label.index, label]));
    const anchor = (index: number, rank: number, slot?: number): LabelAnchor | null => {
      if (scene.project(index, projection, out) === 0) return null;
      const [x = 0, y = 0] = out;
      const inView = x >= 0 && y >= 0 && x <= width && y <= height;
      return inView ? { index, rank, x, y, slot, since: before.get(index)?.since ?? now } : null;
    };
    const named = scene.named.slice(0, MAX_FORCED);
    const taken = new Set(named);
    const forced = named
      .map((index) => anchor(index, 0, before.get(index)?.slot))
      .filter((one) => one !== null);
    const kept: LabelAnchor[] = [];
    for (const { forced, index, rank, slot } of this.isStartingOver ? [] : this.placed) {
      if (taken.has(index) || forced || nameable?.[index] === 0) continue;
      const place = anchor(index, rank, slot);
      if (place !== null) kept.push(place);
      taken.add(index);
    }
    kept.sort((a, b) => a.rank - b.rank);
    const fresh: LabelAnchor[] = [];
    const most = scene.isMoving ? SCAN_ON_THE_WAY : SCAN_MOVING;
    const scan = settled ? priority.length : Math.min(priority.length, most);
    for (let rank = 0; rank < scan && fresh.length < MAX_CANDIDATES; rank++) {
      const index = priority[rank] as number;
      if (taken.has(index) || this.gone.has(index) || nameable?.[index] === 0) continue;
      const place = anchor(index, rank, before.get(index)?.slot);
      if (place !== null) fresh.push(place);
    }
    return { forced, kept, fresh };
  }

  private measured(index: number, forced: boolean): Measured {
    const fate = forced ? this.fates.get(index) : undefined;
    const sign = fate ? SIGNS[fate] : "";
    const key = forced ? `${sign}${index}` : index;
    const known = this.texts.get(key);
    if (known !== undefined) return known;
    return this.fit(key, sign + labelText(this.tokens[index] ?? `#${index}`), forced);
  }

  /** Cuts a text to what there is room for, and remembers it by its key. */
  private fit(key: number | string, whole: string, strong: boolean): Measured {
    if (this.texts.size > 20_000) this.texts.clear();
    this.ruler.font = this.font(strong);
    let text = whole;
    let { width } = this.ruler.measureText(text);
    const most = MAX_WIDTH * this.scale;
    for (let length = 20; width > most && length >= 1; length -= 3) {
      text = shortened(text, length);
      width = this.ruler.measureText(text).width;
    }
    const measured = { text, width: Math.min(width, most) };
    this.texts.set(key, measured);
    return measured;
  }

  private font(strong: boolean): string {
    return `${strong ? 600 : 400} ${this.fontSize}px ${FAMILY}`;
  }
}
