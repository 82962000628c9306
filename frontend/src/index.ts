/** Called by TensorBoard once this module is loaded into the tab's frame. */
export async function render(): Promise<void> {
  const [{ start }, { HttpSource }] = await Promise.all([import("./start"), import("./api/http")]);
  // This module is served at static/index.js, below the plugin's own prefix.
  const here = import.meta.url;
  start(document.body, new HttpSource(new URL("../", here)));
}
