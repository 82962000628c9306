/** Has the fields of the map computed for what is in view, and passes them to the renderer. */

import { type Fields, type FieldsAsk, NO_FIELDS } from "../../density_and_regions/compute_fields";
import type { FieldSource } from "../../density_and_regions/field_source";
import { serves, type Window, windowOf } from "../../density_and_regions/field_window";
import type { Ground, Region } from "../../density_and_regions/regions";
import { steadied } from "../../density_and_regions/steady_regions";
import type { Scatter } from "../../scatter/scatter";
import { layoutKey, pointsOf } from "../../selectors/map/map_layout";
import { filled } from "../../util/fill_array";
import { cleanLabel } from "../../util/label_text";
import { memo } from "../../util/memo";
import { same } from "../../util/same";
import type { MapSlice } from "./map_slice";

type Wanted = Omit<FieldsAsk, "window">;

export class MapFields {
  private ground: Ground | null = null;
  private wanted: Wanted | null = null;
  private window: Window | null = null;
  /** The table and the layout that the fields are of. */
  private of = "";
  /** The regions that are named, the largest first. */
  private regions: readonly Region[] = [];
  private labels: readonly string[] = [];

  constructor(
    private readonly scatter: Scatter,
    private readonly source: FieldSource,
  ) {}

  update(slice: MapSlice): void {
    const wanted = wantedBy(slice);
    this.labels = slice.labels;
    const of = keyOf(slice);
    const isShown = this.wanted !== null && (wanted === null || of !== this.of);
    if (isShown) this.show(NO_FIELDS);
    const ground = wanted && groundOf(slice);
    const isSame = of === this.of && same(this.wanted, wanted) && same(this.ground, ground);
    this.of = of;
    if (isSame) return;
    this.wanted = wanted;
    this.ground = ground;
    this.ask();
  }

  /** Asks for fields of another window once the view has left that of now. */
  follow(): void {
    if (this.window && serves(this.window, this.scatter.viewpoint.seen)) return;
    this.ask();
  }

  get hasRegions(): boolean {
    return this.regions.length > 0;
  }

  regionOf(id: number): Region | null {
    return this.regions.find((region) => region.id === id) ?? null;
  }

  dispose(): void {
    this.source.dispose();
  }

  private ask(): void {
    const { ground, of, wanted } = this;
    if (!ground || !wanted) return;
    const { seen } = this.scatter.viewpoint;
    if (this.window === null || !serves(this.window, seen)) this.window = windowOf(seen);
    this.source.ask(ground, { ...wanted, window: this.window }, (fields) => {
      if (of === this.of && this.wanted !== null) this.show(fields);
    });
  }

  private show({ density, densityBefore, flow, regions }: Fields): void {
    const { drawing } = this.scatter;
    if (drawing.density.to !== density || drawing.density.before !== densityBefore) {
      drawing.density.show(density, densityBefore);
    }
    drawing.flow = flow;
    this.regions = this.window ? steadied(this.regions, regions, this.window) : [];
    drawing.regions.set(
      this.regions.map(({ id, x, y, names }) => ({
        id,
        x,
        y,
        text: nameOf(names, this.labels, MOST_LETTERS),
      })),
    );
    this.scatter.redraw();
  }
}

function wantedBy({ labels, layers, mode, positions, shownBefore }: MapSlice): Wanted | null {
  if (!positions || mode !== "2d") return null;
  const [density, flow] = [layers.includes("density"), layers.includes("flow")];
  const densityBefore = density && shownBefore !== null;
  const regions = layers.includes("regions") && labels.length > 0;
  return density || flow || regions ? { density, densityBefore, flow, regions } : null;
}

/** Returns where the points are, and where they were if that is shown, too. */
function groundOf({ drawn, frequency, positions, reference, there }: MapSlice): Ground | null {
  if (!positions) return null;
  const before = there ? positions : reference;
  const isKnown = before !== null && layoutKey(before) === layoutKey(positions);
  return {
    points: pointsOf(there ?? positions),
    before: isKnown ? pointsOf(before) : null,
    drawn,
    frequency: frequency && asNumbers(frequency),
  };
}

function keyOf({ positions }: MapSlice): string {
  return positions ? JSON.stringify([positions.run, positions.tag, layoutKey(positions)]) : "";
}

const asNumbers = memo((values: readonly (number | null)[]) =>
  filled(new Float32Array(values.length), (row) => values[row] ?? 0),
);

/** The longest name of a region on the map, in letters. */
const MOST_LETTERS = 24;

/** Returns the name of a region: its most typical tokens, on the map as many as there is room for. */
export function nameOf(
  names: Region["names"],
  labels: readonly string[],
  most = Number.POSITIVE_INFINITY,
): string {
  const tokens = names.map(({ token }) => cleanLabel(labels[token] ?? `#${token}`));
  while (tokens.length > 1 && tokens.join(" · ").length > most) tokens.pop();
  return tokens.join(" · ");
}
