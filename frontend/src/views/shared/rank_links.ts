/** Draws lines from the place of each kept neighbor then to its place now. */

import { nothing, svg, type TemplateResult } from "lit";

const ROW_PX = 24;
const WIDTH = 28;

export function rankLinks(
  before: readonly { index: number }[],
  after: readonly { index: number }[],
  hovered: number | null,
): TemplateResult {
  const height = ROW_PX * Math.max(before.length, after.length);
  const now = new Map(after.map(({ index }, rank) => [index, rank]));
  const middle = (rank: number) => ROW_PX * (rank + 0.5);
  return svg`<svg width=${WIDTH} height=${height} aria-hidden="true">
    ${before.map(({ index }, rank) => {
      const next = now.get(index);
      if (next === undefined) return nothing;
      const [from, to] = [middle(rank), middle(next)];
      const bend = WIDTH / 2;
      return svg`<path
        class=${index === hovered ? "hovered" : ""}
        d=${`M1 ${from}C${bend} ${from} ${bend} ${to} ${WIDTH - 1} ${to}`}
      />`;
    })}
  </svg>`;
}
