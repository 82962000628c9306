/** Makes the parts of requests about what changed by more than noise. */

import type { NoiseMeasure } from "../../api/contract.gen";
import { newestContent } from "./request";
import type { Choices } from "./request_choices";

/** The measures that noise is known of; others are judged by the cosine drift. */
const OF_NOISE: readonly NoiseMeasure[] = ["cosine", "euclidean"];

export function noiseAsk(choices: Choices) {
  const { step, reference, aligned, comparison, measure, k, seeds } = choices;
  const drift = OF_NOISE.find((one) => one === measure) ?? "cosine";
  const by: NoiseMeasure = comparison === "neighbors" ? "overlap" : drift;
  const named = seeds.length > 1 ? JSON.stringify(seeds.map(({ run }) => run)) : "";
  return { from_step: reference, to_step: step, measure: by, k, seeds: named, ...aligned };
}

/** Tells the content of the seeds: a question about noise is asked again when one has another step. */
export function seedsContent({ seeds }: Choices): string {
  return seeds.map(newestContent).join();
}
