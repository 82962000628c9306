/** Lists the keys of the page, grouped by the view in which they work. */

export const KEYS: readonly {
  readonly where: string;
  readonly keys: readonly (readonly [key: string, what: string])[];
}[] = [
  {
    where: "Everywhere",
    keys: [
      ["Space", "Play, or pause"],
      ["← →", "Previous step, next step"],
      ["Home End", "First step, newest step"],
      ["/", "Find a token"],
      ["v", "Drift map, Projector, or both"],
      ["p", "Present: larger, without side panels"],
      ["Esc", "Clear the selection"],
      ["Ctrl Z", "Undo"],
      ["Ctrl Shift Z", "Redo"],
      ["b", "Bookmarks"],
      ["?", "This list"],
    ],
  },
  {
    where: "Search",
    keys: [
      ["↑ ↓", "Through the matches"],
      ["Enter", "Select the match"],
      ["Ctrl Enter", "Select all matches"],
      ["Esc", "Clear the search, then leave it"],
    ],
  },
  {
    where: "Table",
    keys: [
      ["↑ ↓", "Row by row"],
      ["Page ↑ ↓", "Page by page"],
      ["Home End", "First row, last row"],
      ["Enter", "Select the row"],
      ["Space", "Add it, or take it away"],
      ["Shift ↑ ↓", "Extend the selection"],
      ["Ctrl A", "Select all rows shown"],
      ["← →", "On the edge of a column: its width"],
    ],
  },
  {
    where: "Drift map",
    keys: [
      ["Shift ← ↑ ↓ →", "Move, or turn in 3-D"],
      ["+ −", "Zoom; also the wheel, with Ctrl where the page scrolls"],
      ["0", "Show all tokens"],
      ["l", "Lasso"],
      ["a", "Select all in view"],
      ["i", "Isolate the selection, or show all again"],
      ["r", "Arrows from the reference step"],
      ["x", "Switch between this run and the one that it is compared with"],
      ["c", "Both runs, one beside the other"],
    ],
  },
];
