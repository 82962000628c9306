/** Holds the words for exporting tables and vectors. */

import { count, counted } from "../util/number_format";

export const exportText = {
  exportMenu: "Export",
  exportChoose: "Size, theme and more…",
  exportChooseHelp: "With a preview: 1080p or 4K, without legend or labels, some of the steps",
  exportDialog: "Save the map",
  exportPreview: "Preview",
  exportFormat: "Format",
  exportTheme: "Theme",
  exportNames: { light: "Light", dark: "Dark" } as Readonly<Record<string, string>>,
  exportSizes: { screen: "As on screen", "1080p": "1080p, for slides", "4k": "4K, for print" },
  exportLegend: "Legend",
  exportLabels: "Labels",
  exportSteps: "Steps",
  fromStep: "From step",
  toStep: "To step",
  exportSeconds: "Seconds a step",
  exportPixels: (width: number, height: number) => `${count(width)} × ${count(height)} pixels`,
  exportLasts: (steps: number, seconds: number) =>
    `${counted(steps, "step")}, ${count(Math.round(seconds))} s`,
  exportCharts: "Charts",
  figureNames: {
    timeline: "Timeline",
    health: "Health over the steps",
    token: "Token",
    all_tokens: "How far all tokens moved",
  },
  notMeasuredYet: "it is still being measured. Try again in a moment.",
  exportTables: "Tables",
  exportTable: (rows: number) => `The table as it is, ${counted(rows, "token")} (.csv)`,
  exportNeighbors: "The neighbors of the token (.csv)",
  exportTrajectory: (tokens: number) =>
    `${tokens > 1 ? `The ${tokens} tokens` : "The token"} over the steps (.csv)`,
  exportHealth: "Health over the steps (.csv)",
  exportVectors: "Vectors at the step",
  exportSelected: (rows: number) => `${count(rows)} selected`,
  exportListed: (rows: number) => `${count(rows)} in the table`,
  exportAll: (rows: number) => `All ${count(rows)}`,
  exportVectorsHelp:
    "For NumPy, np.load; or the text format of word2vec, which gensim reads: there, whitespace in a token becomes _.",
  exporting: "Making the file…",
  exportedBytes: (read: string) => `${read} so far`,
  saved: (name: string) => `Saved ${name}`,
  notSaved: (reason: string) => `Could not be saved: ${reason}`,
} as const;
