/** Starts the page in the frame that TensorBoard loads for the plugin. */

import { HttpSource } from "./api/http_source";
import { start } from "./start";

/** Called by TensorBoard once this module is loaded into the tab's frame. */
export function render(): void {
  // This module is served at static/index.js, below the plugin's own prefix.
  const here = import.meta.url;
  start(document.body, new HttpSource(new URL("../", here)));
}
