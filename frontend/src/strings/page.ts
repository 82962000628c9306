/** Holds the texts of the top bar, the views and the dialogs. */

import { count, counted } from "../util/number_format";

export const pageText = {
  title: "Word embeddings",
  run: "Run",
  tag: "Embedding",
  findRun: "Find a run",
  findTag: "Find an embedding",
  namesFound: (found: number, all: number) =>
    found === all ? `All ${count(all)}` : `${count(found)} of ${count(all)}`,
  tableSize: (rows: number, all: number, columns: number) =>
    `${rows < all ? `${count(rows)} of ${count(all)} rows` : count(rows)} × ${count(columns)}`,
  tableSizeHelp: "Tokens × dimensions of the embedding table",
  tablePartHelp:
    "Tokens × dimensions. Only a part of the embedding table was logged: the column “row” has the number of each row in the whole table",
  heldRows: (rows: number, all: number) => `${count(rows)} of ${count(all)} tokens shown`,
  heldAll: (rows: number) =>
    `This page holds ${count(rows)} tokens of the table and has no room for more. Some tokens that you search for, rank first or zoom in on may be missing. Reload the page to start again from a sample. A link keeps the selected tokens.`,
  heldRowsHelp: (ranked: number, most: number) =>
    `The table is too large for this page. It shows a sample of its tokens, and beside it those that rank first, match the search, are selected, or are neighbors of a selected one. The first ${count(ranked)} ranks are those of the whole table, as are health, findings and neighbors. More of them come when the table is scrolled down, up to ${count(most)}. Search and filter cover all tokens, unless the page says otherwise. Ranks by a column of texts, guesses of misspelled words, the distribution of the drift, density, flow and regions cover only the tokens shown.`,
  replacedSteps: (steps: number) =>
    `${counted(steps, "step of an earlier training was", "steps of an earlier training were")} replaced`,
  replacedHelp: "A later training wrote to the same run; what is shown is of the later one.",
  history: "History",
  undo: "Undo (Ctrl+Z)",
  redo: "Redo (Ctrl+Shift+Z)",
  copyLink: "Copy link",
  linkCopied: "Link copied.",
  linkCopiedOf: (step: string) => `Link to step ${step} copied.`,
  linkWithout: (what: readonly string[]) =>
    `It is without the ${what.join(" and ")}: so many are too long for a link.`,
  linkFollows: "It follows the newest step.",
  pinStep: (step: string) => `Pin step ${step}`,
  newSteps: (steps: number) => `TensorBoard is back: ${counted(steps, "new step")}.`,
  linkParts: {
    selection: "selection",
    isolated: "isolated tokens",
    sets: "saved selections",
    expressions: "axes",
    probes: "probes",
  } as Readonly<Record<string, string>>,
  panes: "View",
  paneNames: { map: "Drift map", projector: "Projector", split: "Split" },
  paneHelp: {
    map: "Every token, in one basis for all steps ( V )",
    projector: "TensorBoard’s standard Projector, on the step of the timeline ( V )",
    split: "Drift map and standard Projector side by side ( V )",
  },
  tabs: { table: "Table", token: "Details", health: "Health" },
  panels: "Panels",
  present: "Present",
  presentHelp: "For a projector: larger, without side panels (P)",
  keys: "Keys",
  keysHelp: "Keys (?)",
  closeDialog: "Close",
  bookmarks: "Bookmarks",
  bookmarksHelp: "Bookmarks (b)",
  bookmarkName: "Name of this view",
  bookmarkSave: "Save this view",
  bookmarkSaved: (name: string) => `Saved “${name}”.`,
  bookmarkSavedWithout: (name: string, parts: readonly string[]) =>
    `Saved “${name}” without ${parts.join(" and ")}: too many for a bookmark.`,
  bookmarksNone: "None yet. A bookmark brings back everything that a link does.",
  bookmarksExport: "Export as JSON",
  bookmarksImport: "Import…",
  bookmarksImported: (found: number) =>
    `${counted(found, "bookmark")} imported; those of the same name were replaced.`,
  bookmarksNotRead: (file: string) =>
    `${file} holds no bookmarks. Choose a file that was exported here.`,
  bookmarksNotKept:
    "This browser keeps nothing for this page: export the bookmarks to have them later.",
} as const;
