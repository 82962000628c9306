/** Puts together answers that a file holds in parts: of single tokens, and of fewer components. */

import type {
  Index,
  Neighbor,
  NeighborChange,
  Positions,
  Series,
  Trails,
  Trajectories,
} from "./contract.gen";
import type { Answer, Ask, AskOfSeries, RouteName } from "./data_source";

/** The neighbors of many tokens at a step; see tb_wordembed/server/report/nearest_tokens.py. */
export interface Nearest {
  readonly step: number;
  readonly tokens: readonly string[];
  readonly rows: Int32Array;
  readonly counts: Uint8Array;
  readonly neighbors: Uint16Array | Uint32Array;
  readonly distances: Float32Array;
}

/** What a file holds. */
export interface Parts {
  find<K extends RouteName>(route: K, ask: AskOfSeries<K>): Promise<Answer<K> | null>;
  nearest(step: number): Promise<Nearest | null>;
}

type Derive<K extends RouteName> = (parts: Parts, ask: Ask<K>) => Promise<Answer<K> | null>;

const DERIVED: { readonly [K in RouteName]?: Derive<K> } = {
  positions,
  trails,
  trajectories,
  neighbor_change: neighborChange,
  cancel: async () => ({ found: false }),
};

/** Returns an answer made of others; null where the parts of it are not held. */
export async function derived<K extends RouteName>(
  parts: Parts,
  route: K,
  ask: Ask<K>,
): Promise<Answer<K> | null> {
  return (await DERIVED[route]?.(parts, ask)) ?? null;
}

/** The components that the map shows by itself, of which a file holds all three. */
const BY_RULE: Readonly<Record<string, number>> = { "2d": 2, "3d": 3 };

/** Takes some of the held components of the positions. */
async function positions(parts: Parts, ask: Ask<"positions">): Promise<Positions | null> {
  const { step, layout = "pca", components = "3d", reference_run = "" } = ask;
  if (layout !== "pca" || reference_run) return null;
  const found = await parts.find("positions", { step });
  const asked =
    components in BY_RULE
      ? (found?.components.slice(0, BY_RULE[components]) ?? [])
      : components.split(".").map(Number);
  const places = asked.map((one) => found?.components.indexOf(one) ?? -1);
  if (!found || places.includes(-1)) return null;
  const wide = found.components.length;
  const count = found.positions.length / wide;
  const taken = new Float32Array(count * places.length);
  for (let row = 0, to = 0; row < count; row++) {
    for (const place of places) taken[to++] = found.positions[row * wide + place] as number;
  }
  return { ...found, components: asked, positions: taken };
}

async function trails(parts: Parts, ask: Ask<"trails">): Promise<Trails | null> {
  const rows = rowsIn(ask.indices);
  const series = await seriesOf(parts);
  const layout = { layout: ask.layout ?? "pca", components: ask.components ?? "3d" };
  const places: Positions[] = [];
  for (const step of series?.steps ?? []) {
    const found = await positions(parts, { ...ask, ...layout, step });
    if (!found) return null;
    places.push(found);
  }
  const [first] = places;
  if (!first || !series) return null;
  const { components, expressions } = first;
  const wide = components.length;
  const found = rows.flatMap((row) =>
    places.flatMap((at) => [...at.positions.subarray(row * wide, (row + 1) * wide)]),
  );
  return {
    ...{ indices: rows, steps: series.steps, layout: first.layout, components, expressions },
    trails: Float32Array.from(found),
  };
}

async function trajectories(
  parts: Parts,
  { indices, reference_step, measure = "cosine" }: Ask<"trajectories">,
): Promise<Trajectories | null> {
  const rows = rowsIn(indices);
  const { steps = [] } = (await seriesOf(parts)) ?? {};
  const drift = new Float32Array(rows.length * steps.length);
  const norm = new Float32Array(rows.length * steps.length);
  for (const [at, step] of steps.entries()) {
    const ask = { from_step: reference_step, to_step: step, measure };
    const [moved, long] = [await parts.find("drift", ask), await parts.find("norms", { step })];
    if (!moved || !long) return null;
    for (const [place, row] of rows.entries()) {
      drift[place * steps.length + at] = moved.values[row] ?? Number.NaN;
      norm[place * steps.length + at] = long.values[row] ?? Number.NaN;
    }
  }
  return {
    ...{ job: null, reference_run: "", reference_tag: "", reference_step },
    ...{ indices: rows, measure, steps: [...steps], drift, norm },
  };
}

async function neighborChange(
  parts: Parts,
  { index, from_step, to_step, k, metric }: Ask<"neighbor_change">,
): Promise<NeighborChange | null> {
  const before = await near(parts, index, from_step, k, metric);
  const after = await near(parts, index, to_step, k, metric);
  if (!before || !after) return null;
  const [was, now] = [before, after].map((all) => all.map((one) => one.index)) as [
    number[],
    number[],
  ];
  const kept = now.filter((row) => was.includes(row));
  const gained = now.filter((row) => !was.includes(row));
  const lost = was.filter((row) => !now.includes(row));
  const share = (of: number) => (of ? kept.length / of : null);
  const tokens = await parts.find("tokens", {});
  return {
    job: { id: "", state: "done", progress: 1, message: "", error: "" },
    ...{ index, token: tokens?.tokens[index] ?? `#${index}`, reference_run: "", reference_tag: "" },
    ...{ from_step, to_step, before, after, gained, kept, lost },
    overlap: share(Math.max(was.length, now.length)),
    jaccard: share(was.length + gained.length),
    second_order_drift: null,
  };
}

/** Returns the neighbors of a row at a step, nearest first; null where they are not held. */
async function near(
  parts: Parts,
  index: number,
  step: number,
  k = 10,
  metric = "cosine",
): Promise<Neighbor[] | null> {
  const found = metric === "cosine" ? await parts.nearest(step) : null;
  const place = found ? found.rows.indexOf(index) : -1;
  if (!found || place < 0) return null;
  const { counts, neighbors, distances, tokens } = found;
  const held = await parts.find("tokens", {});
  const rows = (await seriesOf(parts))?.vocab_size ?? 0;
  const start = counts.subarray(0, place).reduce((sum, count) => sum + count, 0);
  const count = counts[place] ?? 0;
  // The file holds ten of each token, or fewer where the table has no more.
  if (k > 10) return null;
  return Array.from(neighbors.subarray(start, start + Math.min(count, k)), (row, at) => ({
    index: row,
    token: (row < rows ? held?.tokens[row] : tokens[row - rows]) ?? `#${row}`,
    distance: distances[start + at] ?? Number.NaN,
  }));
}

async function seriesOf(parts: Parts): Promise<Series | null> {
  const index = (await parts.find("index", {})) as Index | null;
  return index?.series[0] ?? null;
}

function rowsIn(indices: string): number[] {
  return indices.split(".").map(Number);
}
