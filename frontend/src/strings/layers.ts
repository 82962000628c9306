/** Holds the texts about what the map shows besides its points. */

import { count, counted, percent, stepText } from "../util/number_format";

export const layerText = {
  layers: "Layers",
  layersHelp: "Besides the points",
  onlyFlat: "In 2-D only",
  layerNames: { regions: "Regions", density: "Density", flow: "Flow", doubt: "Fade doubtful" },
  layerHelp: {
    regions:
      "Names dense parts of the map by their three most typical tokens: near the densest place (Gaussian kernel), and frequent (1 + ln frequency). Point at a name to see how its region changed, click it to select its tokens.",
    density:
      "How dense the tokens are, by a Gaussian kernel whose width follows Scott’s rule, 7 to 18 pixels. The lines are drawn around the densest places that hold 25, 50, 75 and 90 % of the tokens in view.",
    flow: "Where the tokens went since the reference step: the average way of the tokens around each place, to where they are. All arrows are lengthened or shortened alike, so that they are seen. Arrows are fainter where tokens go different ways.",
    doubt:
      "Fades tokens whose 10 nearest tokens on the map are not their nearest in the table: trustworthiness (Venna & Kaski 2001) below 0.95. Those below 0.6 are the faintest. Color by it to see it. Takes a while.",
  },
  regionsMean: "regions, by their most typical tokens",
  densityMeans: "the darkest holds 25 %, all 90 % of the tokens in view",
  densityBefore: (step: number) => `the same at step ${stepText(step)}`,
  flowMeans: (step: number) =>
    `where tokens went since step ${stepText(step)}: longer is farther, fainter where they go different ways`,
  doubtMeans: (checked: number, all: number) =>
    `faint: its neighbors on the map are not those in the table${checked < all ? `; ${count(checked)} of ${count(all)} tokens checked` : ""}`,
  tokensThere: (tokens: number) => counted(tokens, "token"),
  cameSince: (tokens: number, step: string) => `${count(tokens)} came since ${step}`,
  leftSince: (tokens: number) => `${count(tokens)} left`,
  regionMoved: (share: number) => `its tokens moved ${percent(share)} of the map’s width`,
  regionHelp: "Click to select its tokens",
  andMore: (more: number) => `and ${count(more)} more`,
} as const;
