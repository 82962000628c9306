/** Holds the texts of the drift map: layouts, legend, tools and exported images. */

import { cleanLabel } from "../util/label_text";
import { count, counted, percent, stepText } from "../util/number_format";

const layingOut = "Laying out";
/** The arrows that name the axes: horizontal, vertical, depth. */
const DIRECTIONS = ["→", "↑", "↗"] as const;

const componentName = (component: number) =>
  component === 0 ? "Change from first step" : `PC ${component}`;

const changeAlong = (axis: number) => `${DIRECTIONS[axis]} change from the first step`;

/** Names what an axis without an expression shows. */
const orthogonal = (axis: number) =>
  `${DIRECTIONS[axis]} first component orthogonal to ${DIRECTIONS[1 - axis]}`;

export const mapText = {
  colorBy: "Color",
  colorTitle: (measure: string, span: string) => `${measure}, ${span}`,
  projection: "Projection",
  mode2d: "2-D",
  mode3d: "3-D",
  map: "Drift map",
  mapHelp:
    "Every token at the step. Drag or Shift and arrows to move, scroll or + and − to zoom, 0 to fit, click a token to inspect it, L to draw a lasso, R for arrows, A to select all in view, I to isolate the selection.",
  layout: "Layout",
  layouts: { pca: "PCA", axes: "Semantic axes", tsne: "t-SNE" },
  layoutHelp: {
    pca: "Principal components of all steps together: one basis, so that steps compare",
    axes: "Where each token lies along directions that you name, such as good - bad",
    tsne: "Non-linear: near tokens stay near. Carried on from step to step, so that steps compare. Takes a while.",
  },
  notInstalled: (layout: string) => `${layout} (not installed)`,
  installHelp:
    "t-SNE needs openTSNE where TensorBoard runs. Install it, then start TensorBoard again:",
  axis: DIRECTIONS,
  axisHelp: ["Across", "Upwards", "In depth"],
  component: (component: number, share: number | null) =>
    share === null ? componentName(component) : `PC ${component} · ${percent(share)}`,
  expressionHint: ["good - bad", "film - book", "he - she"],
  expressionHelp:
    "Tokens joined by + and -, several with commas between for their mean: good, great - bad, awful. Quote a token with spaces or with one of + - , ( ) in it. Enter to show.",
  axesNeeded: "Name a direction for one axis or more, such as good - bad, and press Enter.",
  thirdAxisNeeded:
    "Name a direction for the third axis, too, and press Enter to see the map in 3-D.",
  orthogonalHint: "orthogonal",
  orthogonal: "orthogonal component",
  oldLayout: (words: string) => `Still ${words}`,
  oldLayoutHelp: "What was asked for can't be shown yet. The map still shows this.",
  layingOut,
  layingOutAt: (progress: number, message: string) =>
    `${layingOut}${message ? `, ${message}` : ""}: ${percent(progress)}`,
  cancel: "Cancel",
  laidOut: (laidOut: number, all: number) =>
    laidOut < all
      ? `t-SNE of ${count(laidOut)} of ${count(all)} tokens, the others beside their neighbors`
      : `t-SNE of ${count(all)} tokens`,
  laidOutHelp:
    "It shows which tokens are near each other: distances between far groups, and their sizes, mean little.",
  alongAxes: (expressions: readonly string[]) =>
    expressions
      .map((one, at) => (one.trim() ? `${DIRECTIONS[at]} ${cleanLabel(one)}` : orthogonal(at)))
      .join(" · "),
  alongAxesHelp:
    "Cosine of token and direction, −1 to 1, as the tokens of the direction lie at the step.",
  cosines: (expressions: readonly string[]) => {
    const free = expressions.findIndex((expression) => !expression.trim());
    return `cosine with each axis${free < 0 ? "" : ` · ${orthogonal(free)}`}`;
  },
  varianceOf: (shares: readonly number[]) =>
    `${percent(shares.reduce((sum, share) => sum + share, 0))} of variance`,
  variance: (shares: readonly { axis: number; component: number; share: number }[]) => {
    const parts = shares.map(
      ({ axis, component, share }) => `${DIRECTIONS[axis]} PC ${component} ${percent(share)}`,
    );
    return `${parts.join(" · ")} of variance`;
  },
  componentsShown: (components: readonly number[]) => {
    const named = components.map((one, axis) => (one === 0 ? "" : `${DIRECTIONS[axis]} PC ${one}`));
    const all = `${named.filter(Boolean).join(" · ")} of all steps together`;
    const change = components.indexOf(0);
    return change < 0 ? all : `${all} · ${changeAlong(change)}`;
  },
  changeAlong,
  noChangeYet: (axis: number) => `${DIRECTIONS[axis]} no change yet at the first step`,
  atStart:
    "At the first step nothing has changed yet, so all tokens are on one line. Play (Space) shows how they move.",
  changeHelp:
    "How far a token went since the first step, in the direction beside the first component in which tokens’ changes differ most.",
  changeByRule:
    "It stands in for the second component, which holds no more of the variance than any other direction.",
  filmed: (steps: readonly number[], layout: string) =>
    steps.length > 1
      ? `${counted(steps.length, "step")}, ${stepText(steps[0] ?? 0)} to ${stepText(steps.at(-1) ?? 0)} · ${layout}`
      : layout,
  qualityAt: (quality: string, step: number) => `${quality}, at step ${stepText(step)}`,
  colorsShow: (what: string) => `color: ${what}`,
  varianceHelp: "Share of this step’s variance that the principal components show.",
  quality: (trustworthiness: string, continuity: string, sample: number | null) =>
    `trustworthiness ${trustworthiness} · continuity ${continuity}${sample === null ? "" : `, of ${count(sample)} tokens`}`,
  aboutMap: "About this map",
  /** What is said to those who look at a projector. */
  presented: (tokens: string, step: string, known: string) =>
    `Each of the ${tokens} points is a token at step ${step}; near ones are alike. ${known}.`,
  nearAreAlike: "Near tokens are alike",
  differencesShown: (share: number) => `${percent(share)} of differences shown`,
  inWords: {
    axes: "Far along an axis: more like its words",
    oneAxis: orthogonal,
    tsne: "Near tokens stay near",
  },
  /** What a student needs of the trustworthiness, which is around 0.5 for a map drawn at random. */
  neighborsAre: (trustworthiness: number) => {
    if (trustworthiness >= 0.95) return "neighbors right";
    if (trustworthiness >= 0.85) return "neighbors mostly right";
    return trustworthiness >= 0.7 ? "neighbors roughly right" : "neighbors often wrong";
  },
  judging: (progress: number) => `neighbors: ${percent(progress)} checked`,
  qualityHelp: (k: number) =>
    `How well the ${k} nearest tokens on the map are near in the embedding too (trustworthiness), and the other way round (continuity): 0 to 1, around 0.5 for a map drawn at random.`,
  previewed: (step: string) => `Preview of step ${step}`,
  previewedHelp: "The step below the pointer. Click there to stay at it.",
  notToScale: "axes not to scale",
  notToScaleHelp:
    "Each axis fills the map: along a short one, distances look larger than they are.",
  equalAxes: "1:1, equal axes",
  equalAxesHelp: "Equal axes: a unit is as long along each. Otherwise each axis fills the map.",
  legendOpen: "Show the legend",
  legendClose: "Fold the legend",
  size: "Size",
  savedSelections: "Saved selections",
  showSet: (name: string) => `Show ${name} in its color, on the map and in the table`,
  sizeAlike: "All alike",
  sizes: "Small to large",
  noColors: "No token has a value to color by.",
  measuring: "Measuring",
  logScale: "log scale",
  selectCategory: "Select these tokens. Shift adds them, Alt takes them away.",
  arrows: "Arrows",
  arrowsHelp:
    "From the reference step to this one: of the most moved tokens, and of those selected (R)",
  exportMap: "Map",
  exportPng: "Picture of the map",
  exportPngHelp: "PNG, with twice the pixels of the screen",
  exportSvg: "Drawing of the map",
  exportSvgHelp: "SVG, to edit; of 20,000 points at most",
  exportGif: "Animation of all steps",
  exportGifHelp: "GIF: the map from the first step to the last, for slides and READMEs",
  stepGone: "a step is no longer in the log",
  filming: (share: number) => `Filming the steps: ${percent(share)}`,
  filmCancelled: "No animation was saved.",
  savedSome: (name: string, points: number, of: number) =>
    `Saved ${name}, with the ${count(points)} topmost of ${count(of)} points in view`,
  sizesOf: (name: string, ends: string) => `Size: ${name} ${ends}`,
  imageTitle: (run: string, tag: string, step: number | null) =>
    [run, tag, step === null ? "" : `step ${stepText(step)}`].filter(Boolean).join(" · "),
  mapTools: "Map tools",
  lasso: "Lasso",
  lassoHelp:
    "Draw around tokens to select them (L). Shift adds to the selection, Alt takes away. A selects all in view.",
  isolate: "Isolate",
  isolateHelp: "Draw only the selected tokens (I)",
  isolated: (tokens: number, all: number) => `${count(tokens)} of ${count(all)} tokens`,
  showAll: "Show all",
  showAllHelp: "Draw all tokens again (I)",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  fit: "Fit",
  fitHelp: "Show all tokens",
  outside: (tokens: number) => `${counted(tokens, "token")} left out of Fit`,
  outsideHelp:
    "They are so far from all others that the map leaves them out. Zoom out, or pick one, to see it.",
  nothingFinite: "No row of this step is finite: nothing to draw.",
  otherValues: "other",
  values: "Values",
  searchValues: (all: number) => `Find among ${count(all)} values`,
  moreValues: (more: number) => `${count(more)} more: search to see them`,
  showValue: (name: string) => `Show the tokens of ${name} on the map`,
  showAllValues: "Show all values",
  giveColor: (name: string) => `Give ${name} a color`,
  takeColor: (name: string) => `Take the color of ${name} away`,
  plainMap: (points: number) =>
    `This browser offers no WebGL2: the map is drawn with a plain canvas, slower, and with the ${count(points)} topmost tokens at most.`,
  noCanvas:
    "This browser offers no canvas, which the drift map needs. The table, the token and the health panels work without it.",
} as const;
