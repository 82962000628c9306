/** Holds the texts of the pane that shows the standard Projector. */

import { count } from "../util/number_format";

export const projectorText = {
  projector: "Standard Projector",
  projectorTitle: (tag: string, step: string) => `${tag}, step ${step}`,
  projectorHelp:
    "TensorBoard’s own Projector. It follows the timeline; projection, colors, camera and selection stay from step to step. Drift, norm and neighbors kept are among its columns to color by.",
  projectorOwn: "this run alone",
  projectorOwnHelp:
    "The Projector shows the steps of one run, and its column of drift is from the first of them. The drift map shows both runs in one basis.",
  projectorLoading: "Loading the Projector…",
  projectorStepping: "Loading the step…",
  projectorFailed: "The Projector could not go to this step.",
  projectorNeedsServer: "The Projector is shown here while TensorBoard serves this page.",
  projectorSampled: (shown: number, all: number) => `${count(shown)} of ${count(all)} tokens`,
  projectorSampledHelp:
    "The Projector shows no more than 100,000: a sample spread evenly over all frequencies, and what is selected.",
  projectorNonFinite: (rows: number) => `${count(rows)} left out`,
  projectorNonFiniteHelp:
    "Rows that hold NaN or infinity. With one of them the Projector would find no projection.",
  projectorData: "Data",
  projectorDataHelp: "Show the Projector’s panel of data and projections",
  projectorInspector: "Inspector",
  projectorInspectorHelp: "Show the Projector’s panel of search and neighbors",
} as const;
