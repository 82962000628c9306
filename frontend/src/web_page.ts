/** Starts the page in a file of its own, which holds the data that it shows. */

import { FileSource } from "./api/file_source";
import { FileHost } from "./host/host";
import InlineWorker from "./search/search_worker?worker&inline";
import { start } from "./start";
import { text } from "./strings";

// The title names the run and the table; inside TensorBoard the page has another one.
const { title } = document;
const data = atob(document.getElementById("wordembed-data")?.textContent ?? "");
const bytes = new Uint8Array(data.length);
for (let at = 0; at < data.length; at++) bytes[at] = data.charCodeAt(at);
start(
  document.body,
  new FileSource(bytes.buffer, text.notInFile),
  () => new InlineWorker(),
  new FileHost(window),
);
document.title = title;
