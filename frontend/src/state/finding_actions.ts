/** Opens the view that shows a finding. */

import type { View as Place, Series } from "../api/contract.gen";
import {
  compareWith,
  goToStep,
  openHealth,
  patchPassing,
  patchView,
  toggleColumn,
} from "./actions";
import { columnsOf, otherSeriesOf, referenceOf, seriesOf } from "./current";
import type { State } from "./state";
import { MEASURES, type Sort, type View } from "./view";

/**
 * Goes to where a finding is to be seen: its steps, its measure, its rows selected, and
 * the view that shows it open. The first row is the most telling: it is inspected.
 *
 * @param finding.other the other series that its reference step is of; null for the one on screen
 */
export const openFinding =
  ({ finding, other }: { finding: { view: Place }; other: Series | null }) =>
  (state: State): State => {
    const { name, step, reference_step, indices, measure } = finding.view;
    const rest = patchPassing({ playing: false, hoverStep: null, hoversChart: false })(state);
    const at = goToStep(step)(rest);
    const of = other ?? seriesOf(at);
    const goesOn = otherSeriesOf(state) !== null && other === null && showsBoth(finding.view);
    const compared =
      of && reference_step !== null && !goesOn ? leaving(compareWith(of, reference_step))(at) : at;
    const measured = MEASURES.find((known) => known === measure);
    const view: Partial<View> = indices.length
      ? { selection: [...indices].reverse(), isolated: null }
      : {};
    if (measured) view.measure = measured;
    return openView(name, measure, other !== null)(patchView(view)(compared));
  };

/** Returns whether what shows a finding is the same whatever drift is measured from. */
const showsBoth = ({ name, measure }: Place) => name === "health" || measure === "indicator";

/** Says that a change ended the comparison with another run, and keeps what leads back to it. */
const leaving =
  (change: (state: State) => State) =>
  (state: State): State => {
    const next = change(state);
    const of = otherSeriesOf(state);
    if (!of || otherSeriesOf(next)) return next;
    const { referenceRun, referenceTag, reference, mapRuns } = state.view;
    const step = referenceOf(state) ?? Number.NaN;
    const back = { referenceRun, referenceTag, reference, mapRuns };
    return patchPassing({ toast: { kind: "left", of, step, back } })(next);
  };

/** Compares with the other run again that a finding led away from. */
export const compareAgain = (state: State): State => {
  const { toast } = state.passing;
  if (toast?.kind !== "left") return state;
  return patchPassing({ toast: null })(patchView(toast.back)(state));
};

const openView =
  (name: Place["name"], measure: string | null, isBetween: boolean) =>
  (state: State): State => {
    if (name === "health") {
      return patchPassing({ panel: "health", healthPanel: measure })(openHealth(true)(state));
    }
    if (name === "token") return patchPassing({ panel: "token" })(state);
    if (name === "map") return state;
    // The rows that it is about come first, and no search or minimum frequency hides them.
    const least = measure === "indicator" ? measure : "drift";
    const by = isBetween ? "q_value" : least;
    const sort: Sort = { by, descending: false };
    const shown = columnsOf(state).includes(by) ? state : toggleColumn(by)(state);
    return patchPassing({ panel: "table" })(patchView({ sort, query: "", minFrequency: 0 })(shown));
  };
