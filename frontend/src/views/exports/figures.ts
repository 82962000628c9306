/** Makes the figures that the export menu saves of the charts on screen. */

import type { Health } from "../../api/contract.gen";
import { colorOf, type Line, type Mark } from "../../charts/line_plot";
import { type ChartData, chartPanel } from "../../image_export/chart_panel";
import type { Figure, Key, Panel } from "../../image_export/figure";
import { histogramPanel } from "../../image_export/histogram_panel";
import { neighborsPanel } from "../../image_export/neighbors_panel";
import { healthOf, settledStep } from "../../selectors/health/health_values";
import { probesOf } from "../../selectors/health/probe_scores";
import { driftSummary } from "../../selectors/shared/drift_summary";
import { labelOf } from "../../selectors/shared/row_labels";
import { inspectedTrajectory } from "../../selectors/token/trajectories";
import { curveStartOf, inspectedRow, seriesOf, stepOf } from "../../state/current";
import type { State } from "../../state/state";
import { curveName, MEASURE_NAMES, spanOf, text } from "../../strings";
import { PALETTES, type Palette } from "../../theme/palette";
import { cleanLabel } from "../../util/label_text";
import { count, short, stepText } from "../../util/number_format";
import {
  type HealthMeasure,
  healthMeasures,
  probeMeasure,
  type Reading,
  shownMeasures,
} from "../health/health_measures";
import { tokenLines } from "../token/compared_tokens";

export type FigureName = "timeline" | "health" | "token" | "all_tokens";

const WIDE = 1200;
const HALF = 720;
const HEALTH_PER_ROW = 5;
const PLOT = 96;
const TALL_PLOT = 160;

/** Returns the figure of a chart as it is on screen; null while its values are missing. */
export function figureOf(name: FigureName, state: State): Figure | null {
  const rows = ROWS[name](state);
  if (!rows) return null;
  const { run = "", tag = "" } = seriesOf(state) ?? {};
  const title = text.imageTitle(cleanLabel(run), cleanLabel(tag), stepOf(state));
  const row = inspectedRow(state);
  const of =
    name === "token" && row !== null ? cleanLabel(labelOf(state, row)) : text.figureNames[name];
  const isWide = name === "timeline" || name === "health";
  return {
    title: `${title} · ${of}`,
    keys: name === "all_tokens" ? [] : markKeys(state),
    rows,
    width: isWide ? WIDE : HALF,
    palette: paletteOf(state),
  };
}

type Rows = readonly (readonly Panel[])[] | null;

const ROWS: Readonly<Record<FigureName, (state: State) => Rows>> = {
  timeline: (state) => {
    const [health, series] = [healthOf(state), seriesOf(state)];
    if (!health || !series) return null;
    const drift = healthMeasures(health, series).filter(({ name }) => name === "drift_from_first");
    return [healthPanels(state, health, drift, TALL_PLOT)];
  },
  health: (state) => {
    const [health, measures] = [healthOf(state), shownMeasures(state)];
    if (!health || !measures) return null;
    const panels = healthPanels(state, health, measures, PLOT);
    const ofProbes = probesOf(state).flatMap(({ probe, scores: { value, failure } }) =>
      value?.steps.length && !failure
        ? healthPanels(state, value, [probeMeasure(value, probe.name)], PLOT)
        : [],
    );
    return inRows([...panels, ...ofProbes], HEALTH_PER_ROW);
  },
  token: tokenRows,
  all_tokens: (state) => {
    const summary = driftSummary(state);
    if (summary?.median === undefined || summary.largest === undefined) return null;
    const { drift, bins, median, p90, largest, unmoved, undefinedRows } = summary;
    const said = [
      MEASURE_NAMES[drift.measure],
      `${text.medianDrift} ${short(median)}`,
      `${text.mostBelow} ${short(p90)}`,
      `${text.largestDrift} ${short(largest)}`,
      `${text.unmoved} ${count(unmoved)}`,
      ...(undefinedRows ? [`${text.undefinedDrift} ${count(undefinedRows)}`] : []),
    ];
    const bars = {
      title: text.allTokens(spanOf(drift, seriesOf(state))),
      reading: said.join(" · "),
      counts: bins,
      mark: median,
      most: largest,
    };
    return [[histogramPanel(bars, paletteOf(state))]];
  },
};

function healthPanels(
  state: State,
  { steps }: Pick<Health, "steps">,
  measures: readonly HealthMeasure[],
  plotHeight: number,
): Panel[] {
  const palette = paletteOf(state);
  const at = steps.indexOf(stepOf(state) ?? Number.NaN);
  return measures.map((measure) => {
    const { title, lines, fromZero, reach } = measure;
    const keys = measure.readings(at).map((one) => keyOf(one, palette));
    const keyLines = plotHeight === PLOT ? 2 : 1;
    return chart(state, { title, keys, keyLines, steps, lines, fromZero, reach, plotHeight });
  });
}

function keyOf({ text: words, line }: Reading, palette: Palette): Key {
  return line ? { words, ...styleOf(line, palette) } : { words };
}

function styleOf(line: Line, palette: Palette): Omit<Key, "words"> {
  const width = Math.min(line.width ?? 2, 4);
  const color = colorOf(line, palette);
  return line.dashed ? { color, width, dash: "4 3" } : { color, width };
}

function tokenRows(state: State): Rows {
  const { change } = state.slots;
  const row = inspectedRow(state);
  const way = inspectedTrajectory(state);
  const lines = tokenLines(state);
  if (row === null || !way || !lines) return null;
  const palette = paletteOf(state);
  const charts = [
    tokenChart(state, curveName(way, seriesOf(state)), lines.drift),
    tokenChart(state, text.normOverSteps, lines.norm),
  ];
  const neighbors =
    change.value?.index === row ? [[neighborsPanel(change.value, state.view.metric, palette)]] : [];
  return [charts, ...neighbors];
}

function tokenChart(state: State, title: string, lines: readonly Line[]): Panel {
  const steps = inspectedTrajectory(state)?.steps ?? [];
  const at = steps.indexOf(stepOf(state) ?? Number.NaN);
  const palette = paletteOf(state);
  const keys = lines.map((line) => ({
    words: `${cleanLabel(line.label)} ${short(line.values[at])}`,
    ...styleOf(line, palette),
  }));
  const axis = { fromZero: false, reach: null, plotHeight: PLOT };
  return chart(state, { title, keys, keyLines: 1, steps, lines, ...axis });
}

function chart(state: State, data: Omit<ChartData, "marks">): Panel {
  const marks = namedMarks(state).map(([, mark]) => mark);
  return chartPanel({ ...data, marks }, paletteOf(state));
}

/** Returns the marks of a chart with their names: the settled step, the reference step and the step on screen. */
function namedMarks(state: State): readonly (readonly [string, Mark])[] {
  const { gained, muted, accent } = paletteOf(state);
  return [
    [text.settled, { step: settledStep(state), color: gained, dash: "6 3" }],
    [text.reference, { step: curveStartOf(state), color: muted, dash: "2 3" }],
    [text.step, { step: stepOf(state), color: accent }],
  ];
}

function markKeys(state: State): Key[] {
  return namedMarks(state).flatMap(([name, { step, ...style }]) =>
    step === null ? [] : [{ words: `${name} ${stepText(step)}`, ...style, width: 1 }],
  );
}

function paletteOf({ passing }: State): Palette {
  return PALETTES[passing.theme];
}

function inRows(panels: readonly Panel[], perRow: number): Panel[][] {
  const rows = Math.ceil(panels.length / perRow);
  return Array.from({ length: rows }, (_, at) => panels.slice(at * perRow, (at + 1) * perRow));
}
