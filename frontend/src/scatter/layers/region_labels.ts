/** Places the names of regions on the map: before the labels of tokens, which keep clear of them. */

import type { Point } from "../geometry";
import { Tween } from "../tween";
import type { Projection } from "../view/camera";
import type { Label, LabelLayer } from "./label_layer";
import { type Box, keptAndFresh, labelAt, type PlacedLabel, placeLabels } from "./label_placement";

/** The name of a region, at the place where it is densest, in the coordinates of the points. */
export interface RegionName {
  readonly id: number;
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** View area per name, and the most of them. */
const AREA = 45_000;
const MOST = 16;
const FADE_MS = 300;
/** How long a name takes to where its region is at the next step. */
const MOVE_MS = 400;
/** The place above a point: a name that is there without a gap lies upon the point. */
const UPON = 2;

type Measured = ReturnType<LabelLayer["write"]>;

export class RegionLabels {
  private names: readonly RegionName[] = [];
  private placed: PlacedLabel[] = [];
  private texts = new Map<number, Measured>();
  /** The places that names come from, by their regions. */
  private from = new Map<number, readonly [x: number, y: number]>();
  private readonly way = new Tween();

  /** Sets the names, those of the largest regions first. Names that are there move. */
  set(names: readonly RegionName[]): void {
    this.from = new Map(this.names.map((name) => [name.id, this.placeOf(name)]));
    this.way.begin(MOVE_MS);
    this.names = names;
  }

  private placeOf({ id, x, y }: RegionName): readonly [number, number] {
    const [fromX, fromY] = this.from.get(id) ?? [x, y];
    const { share } = this.way;
    return [fromX + (x - fromX) * share, fromY + (y - fromY) * share];
  }

  /** Places the names of a frame: those that were there, where they were, if they can be. */
  place(
    ruler: LabelLayer,
    projection: Projection,
    now: number,
    moving: boolean,
    reserved: readonly Box[],
  ): void {
    const { size } = projection;
    const out = new Float64Array(3);
    const before = new Map(this.placed.map((label) => [label.index, label]));
    this.texts = new Map(this.names.map(({ id, text }) => [id, ruler.write(text, true)]));
    this.way.advance(now);
    const anchors = this.names.flatMap((name, rank) => {
      const { id } = name;
      if (!projection.project(Float64Array.of(...this.placeOf(name), 0), 0, out)) return [];
      const { slot = UPON, since = now } = before.get(id) ?? {};
      return [{ index: id, rank, x: out[0] as number, y: out[1] as number, slot, since }];
    });
    this.placed = placeLabels({
      ...keptAndFresh(anchors, before),
      size,
      reserved,
      gap: -ruler.lineHeight / 2,
      height: ruler.lineHeight,
      limit: Math.min(Math.ceil((size.width * size.height) / AREA), MOST),
      moving,
      width: (id) => this.texts.get(id)?.width ?? 0,
    });
  }

  get boxes(): readonly Box[] {
    return this.placed;
  }

  /** Returns the region whose name is at a place, or null. */
  hit(place: Point): number | null {
    return labelAt(this.placed, place);
  }

  /** Returns where the name of a region is; null where it is not shown. */
  boxOf(id: number): Box | null {
    return this.placed.find(({ index }) => index === id) ?? null;
  }

  isFading(now: number): boolean {
    return this.way.share < 1 || this.placed.some(({ since }) => now - since < FADE_MS);
  }

  at(now: number): Label[] {
    return this.placed.flatMap(({ index, left, top, since }): Label[] => {
      const text = this.texts.get(index);
      const opacity = Math.min(Math.max((now - since) / FADE_MS, 0.05), 1);
      return text ? [{ ...text, role: "region", left, top, opacity }] : [];
    });
  }
}
