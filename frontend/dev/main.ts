/**
 * The page outside TensorBoard, for development: `npm run dev`.
 *
 * On recorded responses by default; with `?live`, on a TensorBoard at port 6006 (see
 * vite.config.ts).
 */

import { HttpSource } from "../src/api/http_source";
import { servedWorker } from "../src/search/searcher";
import { start } from "../src/start";
import { StatisticsSource } from "../src/statistics/statistics_source";
import { RecordedSource } from "../test/recorded_source";

const live = new URLSearchParams(location.search).has("live");
const source = live
  ? new HttpSource(new URL("/data/plugin/wordembed/", location.href))
  : new RecordedSource(async (name) => {
      const response = await fetch(`/recorded/${name}`);
      if (!response.ok) throw new Error(`tests/golden/responses/${name}: ${response.statusText}`);
      return response.arrayBuffer();
    });
start(document.body, new StatisticsSource(source), servedWorker);
