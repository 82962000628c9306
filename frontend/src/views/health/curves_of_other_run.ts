/** Adds the curves of another run to the panels of Health. */

import type { Health, Series } from "../../api/contract.gen";
import { type Line, OTHERS_MARK } from "../../charts/chart_line";
import { valuesAt } from "../../charts/values_at";
import { memo } from "../../util/memo";
import { short } from "../../util/number_format";
import { type HealthMeasure, healthMeasures } from "./health_measures";

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
