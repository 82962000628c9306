/** Computes drift statistics in a worker. */

import { answerAll } from "../util/asked_worker";
import { computeStatistics } from "./drift_statistics";

answerAll(computeStatistics, ({ order }) => [order.buffer]);
