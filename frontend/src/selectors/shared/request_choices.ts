/** Gathers the choices of the user that requests depend on: steps, measure, reference. */

import type { ReferenceRequest, Series, SeriesRequest } from "../../api/contract.gen";
import {
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
import { layoutAsk } from "./asked_layout";

/** The parameters of a request that name a reference in another series. */
type Against = Omit<ReferenceRequest, keyof SeriesRequest>;

export function named(other: Series | null): Against {
  return other ? { reference_run: other.run, reference_tag: other.tag } : {};
}

/** Anchors may be thousands, so their text is made once. */
const alignedWith = memo(
  (other: Series | null, centered: boolean, anchors: readonly number[] | null): Against => {
    if (!other) return {};
    const over = anchors ? { anchors: anchors.join(".") } : {};
    return { ...named(other), ...(centered ? { centered } : {}), ...over };
  },
);

export type Choices = NonNullable<ReturnType<typeof choicesOf>>;

/** Returns the choices of the user that questions depend on; null while no series is on screen. */
export function choicesOf(state: State) {
  const step = stepOf(state);
  const reference = referenceOf(state);
  const start = startOf(state);
  if (step === null || reference === null || start === null) return null;
  const { measure, metric, k, centered, anchors } = state.view;
  const other = otherSeriesOf(state);
  const aligned = alignedWith(other, centered, anchors);
  return {
    ...{ step, reference, measure, metric, k },
    /** The step that what stays within the series on screen is measured from. */
    start,
    /** What curves over the steps are measured from: the reference, where the tables can be aligned. */
    curves: curvesFrom(state)
      ? { reference_step: reference, ...aligned }
      : { reference_step: start },
    /** The other series that the reference is a step of; null where it is the one on screen. */
    other,
    against: named(other),
    /** The same, and how both are aligned: for measures that need it. */
    aligned,
    comparison: comparisonOf(state),
    /** The trainings that differ in nothing but chance. */
    seeds: seedsOf(state),
    previous: previousStep(seriesOf(state), step),
    layout: layoutAsk(state),
  };
}
