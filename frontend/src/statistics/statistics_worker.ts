/** Computes drift statistics in a worker. */

import { computeStatistics, type DriftStatistics } from "./drift_statistics";

self.onmessage = ({ data: { id, values } }: MessageEvent<ToWorker>) => {
  const found = computeStatistics(values);
  self.postMessage({ id, found } satisfies FromWorker, { transfer: [found.order.buffer] });
};

export interface ToWorker {
  id: number;
  values: Float32Array;
}

export interface FromWorker {
  id: number;
  found: DriftStatistics;
}
