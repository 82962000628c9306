/** Holds the texts of a page in a file of its own, which no server answers. */

import { count, counted, stepText } from "../util/number_format";

export const fileText = {
  notInFile: "This page holds no answer to this. Open the log in TensorBoard to see it.",
  notInPage: (what: string) =>
    `${what}: not in this page. Open the log in TensorBoard to see this.`,
  notInPageOption: (name: string) => `${name} (not in this page)`,
  notInPageToken: "Not among the tokens of this page",
  savedPage: (steps: number, all: number) =>
    steps < all ? `${count(steps)} of ${counted(all, "step")}` : counted(all, "step"),
  aboutSavedPage: "About this page",
  savedPageHelp: [
    "This page is a file and needs no server. It holds a part of a log.",
    "The tokens: those that findings are about, those that moved furthest, the most frequent ones, and an even sample of the others. What is measured was measured over the whole table. Numbers are rounded to 11 bits, which is 3 digits.",
  ],
  savedPageHolds: (start: string) =>
    `Drift is measured from step ${start}. Neighbors are the ten nearest by cosine distance. At the first and the last step every token has them, at steps between perhaps only those that moved furthest.`,
  savedPageElse: "For everything else, open the log in TensorBoard.",
  savedReference: (step: number) => `This page holds drift from step ${stepText(step)} only`,
  exportPage: "Web page",
  exportPageEntry: "One HTML file (.html)",
  exportPageHelp:
    "Opens without a server, to be sent or kept: the map, the table, the neighbors and what stands out, of 10,000 tokens at 20 steps at most",
  exportPageWork: (share: number) => `Making the page: ${Math.round(100 * share)} %`,
} as const;
