/** Draws the neighbors of a token at two steps into an exported figure. */

import type { Metric, Neighbor, NeighborChange } from "../api/contract.gen";
import { short, textAt } from "../charts/svg_text";
import { METRIC_NAMES, stepName, text } from "../strings";
import type { Palette } from "../theme/palette";
import { cleanLabel } from "../util/label_text";
import { short as digits, stepText } from "../util/number_format";
import type { Panel } from "./figure";

const ROW = 20;
const HEAD = 56;
const LINKS = 72;
const SIGN = 14;
const DISTANCE = 52;

/** Draws the neighbors of a token at the reference step and now: gained, kept and lost. */
export function neighborsPanel(change: NeighborChange, metric: Metric, palette: Palette): Panel {
  const { before, after, gained, kept, lost, from_step, to_step, token } = change;
  const { reference_run: run, reference_tag: tag } = change;
  const compared = from_step !== to_step || run !== "";
  const was =
    run === ""
      ? text.atStep(stepText(from_step))
      : stepName(from_step, { run, tag }, { run: "", tag });
  const summary = `${text.overlap(kept.length, before.length)}, +${gained.length} ${text.gained}, −${lost.length} ${text.lost}`;
  return (width) => {
    const wide = Math.min(width, 560);
    const column = compared ? (wide - LINKS) / 2 : wide;
    const nearest = text.nearestBy(Math.max(before.length, after.length), METRIC_NAMES[metric]);
    const title = `${text.neighborsOf(cleanLabel(token))} · ${nearest}`;
    const parts = [textAt(0, 12, title, 12, palette.text, { weight: 600, width })];
    if (compared) {
      parts.push(
        textAt(0, 28, summary, 11, palette.muted, { width }),
        listed(before, was, 0, column, palette, { sign: "−", role: "lost", rows: lost }),
        links(before, after, column, palette),
      );
    }
    const left = compared ? column + LINKS : 0;
    const rows = compared ? gained : [];
    const now = text.atStep(stepText(to_step));
    parts.push(listed(after, now, left, column, palette, { sign: "+", role: "gained", rows }));
    const lines = Math.max(before.length, after.length);
    return { svg: parts.join(""), height: HEAD + ROW * lines };
  };
}

/** Neighbors that were gained, kept or lost, with their sign and color. */
interface Fate {
  readonly sign: string;
  readonly role: "gained" | "lost";
  readonly rows: readonly number[];
}

function listed(
  neighbors: readonly Neighbor[],
  heading: string,
  left: number,
  width: number,
  palette: Palette,
  { sign, role, rows }: Fate,
): string {
  const lines = neighbors.map((neighbor, rank) => {
    const isMarked = rows.includes(neighbor.index);
    const color = isMarked ? palette[role] : palette.text;
    const y = HEAD + ROW * rank + 8;
    const room = width - SIGN - DISTANCE;
    const token = textAt(left + SIGN, y, cleanLabel(neighbor.token), 12, color, { width: room });
    const mark = isMarked ? textAt(left, y, sign, 12, color, { weight: 700 }) : "";
    const far = textAt(left + width, y, digits(neighbor.distance), 11, palette.muted, {
      anchor: "end",
    });
    return mark + token + far;
  });
  return textAt(left, 46, heading, 11, palette.muted, { width }) + lines.join("");
}

/** Draws a curve from the place of each kept neighbor at the reference step to its place now. */
function links(
  before: readonly Neighbor[],
  after: readonly Neighbor[],
  left: number,
  palette: Palette,
): string {
  const now = new Map(after.map(({ index }, rank) => [index, rank]));
  const middle = (rank: number) => HEAD + ROW * rank + 4;
  const [start, end] = [left + 6, left + LINKS - 6];
  const bend = (start + end) / 2;
  return before
    .flatMap(({ index }, rank) => {
      const next = now.get(index);
      if (next === undefined) return [];
      const [from, to] = [middle(rank), middle(next)];
      return `<path d="M${short(start)} ${from}C${short(bend)} ${from} ${short(bend)} ${to} ${short(end)} ${to}" fill="none" stroke="${palette.line}"/>`;
    })
    .join("");
}
