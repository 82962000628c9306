/** Starts the page in the frame that TensorBoard loads for the plugin. */

import { HttpSource } from "./api/http_source";
import { servedWorker } from "./search/searcher";
import { start } from "./start";
import { StatisticsSource } from "./statistics/statistics_source";

/** Shows the page. TensorBoard calls it once this module is loaded into the frame of the tab. */
export function render(): void {
  // This module is served at static/index.js, below the plugin's own prefix.
  const here = import.meta.url;
  const source = new HttpSource(new URL("../", here));
  start(document.body, new StatisticsSource(source), servedWorker);
}
