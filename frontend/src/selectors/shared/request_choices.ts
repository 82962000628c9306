/** Gathers the choices of the user that requests depend on: steps, measure, reference. */

import type { Measure, Metric, Series } from "../../api/contract.gen";
import {
  type Comparison,
  comparisonOf,
  curvesFrom,
  otherSeriesOf,
  previousStep,
  referenceOf,
  seedsOf,
  seriesOf,
  startOf,
  stepOf,
} from "../../state/current";
import type { State } from "../../state/state";
import { memo } from "../../util/memo";
import { type LayoutAsk, layoutAsk } from "./asked_layout";

/** The choices of the user that the questions about a series depend on. */
export interface Choices {
  step: number;
  reference: number;
  /** The step that what stays within the series on screen is measured from. */
  start: number;
  /** What curves over the steps are measured from: the reference, where the tables can be aligned. */
  curves: Curves;
  /** The other series that the reference is a step of; null where it is the one on screen. */
  other: Series | null;
  against: Against;
  /** The same, and how both are aligned: for measures that need it. */
  aligned: Against;
  comparison: Comparison;
  /** The trainings that differ in nothing but chance. */
  seeds: readonly Series[];
  previous: number | null;
  layout: LayoutAsk;
  measure: Measure;
  metric: Metric;
  k: number;
}

type Curves = Against & { readonly reference_step: number };

/** The parameters of a request that name a reference in another series. */
interface Against {
  readonly reference_run?: string;
  readonly reference_tag?: string;
  readonly centered?: boolean;
  readonly anchors?: string;
}

export function named(other: Series | null): Against {
  return other ? { reference_run: other.run, reference_tag: other.tag } : {};
}

/** Returns the same object for the same choices, as the questions that it is part of are kept. */
const alignedWith = memo(
  (other: Series | null, centered: boolean, anchors: readonly number[] | null): Against => {
    if (!other) return {};
    const over = anchors ? { anchors: anchors.join(".") } : {};
    return { ...named(other), ...(centered ? { centered } : {}), ...over };
  },
);

const curvesSince = memo(
  (reference_step: number, aligned: Against): Curves => ({ reference_step, ...aligned }),
);

const NOT_ALIGNED: Against = {};

/** Returns the choices; null while no series is on screen. */
export function choicesOf(state: State): Choices | null {
  const step = stepOf(state);
  const reference = referenceOf(state);
  const start = startOf(state);
  if (step === null || reference === null || start === null) return null;
  const { measure, metric, k, centered, anchors } = state.view;
  const previous = previousStep(seriesOf(state), step);
  const other = otherSeriesOf(state);
  const aligned = alignedWith(other, centered, anchors);
  return {
    ...{ step, reference, start, other, against: named(other), previous, measure, metric, k },
    aligned,
    curves: curvesFrom(state) ? curvesSince(reference, aligned) : curvesSince(start, NOT_ALIGNED),
    comparison: comparisonOf(state),
    layout: layoutAsk(state),
    seeds: seedsOf(state),
  };
}
