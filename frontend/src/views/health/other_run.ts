/** Adds the curves of another run to the panels of Health. */

import type { Health, Series } from "../../api/contract.gen";
import type { Line } from "../../charts/line";
import { memo } from "../../util/memo";
import { short } from "../../util/number_format";
import { type HealthMeasure, healthMeasures } from "./health_measures";

type Values = readonly (number | null)[];

/** Counts of rows and of tokens mean little beside those of a table of another size. */
const OF_ONE_TABLE: ReadonlySet<string> = new Set(["rows", "vocabulary", "probe"]);

/**
 * Returns the panels, each with the first line of the same panel of another run, of which the values
 * are those at the same steps.
 *
 * @param name the name of the other run
 */
export const withOtherRun = memo(
  (
    own: readonly HealthMeasure[],
    steps: readonly number[],
    health: Health,
    other: Series,
    name: string,
  ): readonly HealthMeasure[] => {
    const others = new Map(healthMeasures(health, other).map((one) => [one.name, one]));
    return own.map((measure) => {
      const line = others.get(measure.name)?.lines.find(({ kind }) => kind !== "edge");
      if (!line || OF_ONE_TABLE.has(measure.name)) return measure;
      return withLine(measure, {
        ...{ label: name, color: 2, mark: OTHERS_MARK, width: 4 },
        values: valuesAt(steps, health.steps, line.values),
      });
    });
  },
);

/** The color of the other run, as an index of the palette's marks. */
const OTHERS_MARK = 4;

function withLine(measure: HealthMeasure, line: Line): HealthMeasure {
  return {
    ...measure,
    // Where both are alike, the narrower line of the run on screen lies on that of the other.
    lines: [line, ...measure.lines],
    readings: (at) => {
      const [first, ...rest] = measure.readings(at);
      const reading = { text: `${short(line.values[at])} ${line.label}`, line };
      return first ? [first, reading, ...rest] : [reading];
    },
  };
}

/**
 * Returns values at other steps: between two known ones on the line that joins them, null before the
 * first and after the last.
 */
export function valuesAt(
  steps: readonly number[],
  known: readonly number[],
  values: Values,
): (number | null)[] {
  return steps.map((step) => {
    const after = known.findIndex((one) => one >= step);
    const to = values[after] ?? null;
    if (after < 0 || to === null || known[after] === step) return to;
    const from = values[after - 1] ?? null;
    const [start = 0, end = 0] = [known[after - 1], known[after]];
    return from === null ? null : from + ((to - from) * (step - start)) / (end - start);
  });
}
