/** Turns the scores of probes into panels of Health. */

import type { Probe } from "../../api/contract.gen";
import { PROBES, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { memo } from "../../util/memo";
import { short } from "../../util/number_format";
import type { HealthMeasure } from "./health_measures";

/** Returns the panel of a probe that has been scored. */
export const probeMeasure = memo(({ kind, items, values, used }: Probe, name: string) => {
  const { title, items: what, help } = PROBES[kind];
  const known = text.probeKnown(used.at(-1) ?? 0, items, what);
  const measure: HealthMeasure = {
    name: "probe",
    title: name ? cleanLabel(name) : title,
    help: `${help} ${known}`,
    lines: [{ label: title, values, color: 0 }],
    fromZero: true,
    reach: kind === "associations" ? null : 1,
    readings: (at) => [{ text: short(values[at]), line: null }],
  };
  return measure;
}, 16);
