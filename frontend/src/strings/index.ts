/** Collects all texts of the page, in English. Texts use the terms of docs/terms.md. */

import { announcedText } from "./announcements";
import { exportText } from "./export";
import { fileText } from "./file";
import { groupText } from "./groups";
import { healthText } from "./health";
import { layerText } from "./layers";
import { mapText } from "./map";
import { pageText } from "./page";
import { projectorText } from "./projector";
import { referenceText } from "./reference";
import { searchText } from "./search";
import { tableText } from "./table";
import { timelineText } from "./timeline";
import { tokenText } from "./token";
import { waitingText } from "./waiting";

export const text = {
  ...announcedText,
  ...exportText,
  ...fileText,
  ...groupText,
  ...healthText,
  ...layerText,
  ...mapText,
  ...pageText,
  ...projectorText,
  ...referenceText,
  ...searchText,
  ...tableText,
  ...timelineText,
  ...tokenText,
  ...waitingText,
} as const;

export * from "./columns";
export { GROUP_HEADS } from "./groups";
export { HEALTH, PROBES } from "./health";
export { curveName, type Named, seriesName, spanOf, stepName } from "./reference";
export { SLOT_NAMES_SHOWN } from "./waiting";
