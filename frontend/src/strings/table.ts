/** Holds the texts of the table and of the saved selections. */

import { count, percent } from "../util/number_format";

const tokens = (rows: number) => (rows === 1 ? "1 token" : `${count(rows)} tokens`);

export const tableText = {
  table: "Tokens",
  rankingOf: (from: string, to: string) => `Step ${from} → ${to}`,
  measure: "Measure",
  minFrequency: "Min. frequency",
  minFrequencyHelp: "Leaves rarer tokens out of the ranking: rare words move most and say least.",
  filter: "Filter",
  filterHint: "Filter: drift > 0.3",
  filterHelp: (columns: readonly string[]) =>
    `Columns: ${columns.join(", ")}. With = != < > <= >= contains starts ends in, and or not, + − * /.`,
  columnsMenu: "Columns",
  columnNeighbors: "Neighbors",
  saveSelection: "Save selection",
  inSet: (name: string) => `In ${name}.`,
  setName: "Name of the selection",
  save: "Save",
  selectSet: (name: string) => `Select ${name}; with Shift, too`,
  recolorSet: "Next color",
  removeSet: "Remove this saved selection",
  onlySelected: (rows: number) => (rows ? `Only selected (${count(rows)})` : "Only selected"),
  noneLeft: "No token is left by the filter.",
  working: (what: string, share: number) => `${what}: ${percent(share)}`,
  cancelWork: "Cancel",
  resizeTable: "Width of the table",
  resizeEdge: "Drag to resize, or press an arrow key; double-click or Enter: the usual size",
  widthOf: (column: string) => `Width of ${column}`,
  rank: "Rank",
  token: "Token",
  shown: (shown: number, all: number) =>
    shown === all ? tokens(all) : `${count(shown)} of ${tokens(all)}`,
  hiddenByFloor: (hidden: number, floor: number) => `${count(hidden)} rarer than ${count(floor)}:`,
  onlyBelowFloor: (hidden: number) => `${tokens(hidden)} below the minimum frequency.`,
  showHidden: "Show",
  noMatches: (query: string) => `No token matches “${query}”.`,
  noMatchesLeft: (query: string) => `No token that matches “${query}” is left by the filter.`,
  needsTwoSteps: "Drift needs two steps. It appears with the next snapshot.",
  atReference: "This is the reference step.",
} as const;
