/** Keeps the regions of the map and their names steady from step to step. */

import type { Window } from "./field_window";
import type { Name, Region } from "./regions";

/** The tokens that name a region. */
const NAMES = 3;
/** The largest distance on screen, in CSS pixels, of a peak from the same peak at the step before. */
const SAME = 45;
/** A name stays while it is at least such a share as typical as the token that would take its place. */
const STAY = 0.5;

/**
 * Returns the regions with the ids and, as far as they still fit, the names of those before. A region
 * goes on from the nearest one before, and each from one at most.
 */
export function steadied(
  before: readonly Region[],
  regions: readonly Region[],
  { unitX, unitY, cell }: Window,
): Region[] {
  const distance = (a: Region, b: Region) =>
    cell * Math.hypot((a.x - b.x) / unitX, (a.y - b.y) / unitY);
  const pairs = regions
    .flatMap((region) => before.map((old) => ({ region, old, far: distance(region, old) })))
    .filter(({ far }) => far <= SAME)
    .sort((a, b) => a.far - b.far);
  const olds = new Map<Region, Region>();
  const taken = new Set<Region>();
  for (const { region, old } of pairs) {
    if (olds.has(region) || taken.has(old)) continue;
    olds.set(region, old);
    taken.add(old);
  }
  let next = Math.max(0, ...before.map(({ id }) => id)) + 1;
  return regions.map((region) => {
    const old = olds.get(region);
    const names = kept(old?.names ?? [], region.names);
    return { ...region, id: old?.id ?? next++, names };
  });
}

/** Returns the names of a region, the old ones first that are still typical enough. */
function kept(old: readonly Name[], names: readonly Name[]): Name[] {
  const least = STAY * (names[Math.min(NAMES, names.length) - 1]?.score ?? 0);
  const stay = old.flatMap(({ token }) => {
    const found = names.find((name) => name.token === token);
    return found && found.score >= least ? [found] : [];
  });
  const fresh = names.filter(({ token }) => !stay.some((name) => name.token === token));
  return [...stay.slice(0, NAMES), ...fresh].slice(0, NAMES);
}
