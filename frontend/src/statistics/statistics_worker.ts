/** Computes drift statistics in a worker. */

import { computeStatistics, type DriftStatistics } from "./drift_statistics";

interface Scope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker, transfer: Transferable[]): void;
}

const scope = self as unknown as Scope;

scope.onmessage = ({ data: { id, values } }) => {
  const found = computeStatistics(values);
  scope.postMessage({ id, found }, [found.order.buffer]);
};

export interface ToWorker {
  id: number;
  values: Float32Array;
}

export interface FromWorker {
  id: number;
  found: DriftStatistics;
}
