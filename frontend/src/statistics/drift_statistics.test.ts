/** Tests the statistics of drifts. */

import { afterEach, expect, it, vi } from "vitest";
import type { Answer, DataSource } from "../api/data_source";
import type { Message } from "../util/asked_worker";
import {
  binned,
  computeStatistics,
  hasStatistics,
  orderBySize,
  statisticsOf,
} from "./drift_statistics";
import { StatisticsSource } from "./statistics_source";

afterEach(() => void vi.unstubAllGlobals());

it("tells how far rows moved, whichever way", () => {
  const values = Float32Array.of(0, -3, 1, Number.NaN, 2, 0);
  const { order, quantiles, unmoved, bins } = computeStatistics(values);
  expect([...order]).toEqual([1, 4, 2, 0, 5, 3]);
  expect(quantiles).toEqual([1, 2.6, 3]);
  expect(unmoved).toBe(2);
  expect(bins.reduce((sum, count) => sum + count)).toBe(5);
  expect([bins[0], bins.at(-1)]).toEqual([2, 1]);
});

it("counts finite sizes in equal parts up to the largest", () => {
  const sizes = Float32Array.of(0, 0.1, 0.5, 0.5, 1, Number.NaN, Number.POSITIVE_INFINITY);
  expect(binned(sizes, 1, 4)).toEqual([2, 0, 2, 1]);
  expect(binned(new Float32Array(3), 0, 2)).toEqual([3, 0]);
});

it("ranks the same values once, either way up", () => {
  const values = Float32Array.of(1, -3, 2);
  expect(orderBySize(values, true)).toBe(orderBySize(values, true));
  expect([...orderBySize(values, true)]).toEqual([1, 2, 0]);
  expect([...orderBySize(values, false)]).toEqual([0, 2, 1]);
  expect([...orderBySize([1, -3, 2], true)]).toEqual([1, 2, 0]);
});

const MANY = 100_000;

function sourceOf(values: Float32Array): StatisticsSource {
  const answer = { values } as Answer<"drift">;
  return new StatisticsSource({ get: async () => answer as never } satisfies DataSource);
}

const ask = { run: "r", tag: "t", from_step: 0, to_step: 1, measure: "cosine" } as const;

/** Stands in for the worker, which happy-dom has none of. */
class FakeWorker {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;
  static answers = true;
  static sent = 0;

  postMessage({ id, content }: Message<Float32Array>): void {
    FakeWorker.sent++;
    queueMicrotask(() => {
      const answer = { id, content: computeStatistics(content) };
      if (FakeWorker.answers) this.onmessage?.({ data: answer });
      else this.onerror?.();
    });
  }
}

it("hands out many rows with what a worker made of them", async () => {
  vi.stubGlobal("Worker", FakeWorker);
  FakeWorker.answers = true;
  const values = Float32Array.from({ length: MANY }, (_, row) => Math.sin(row));
  const source = sourceOf(values);
  await source.get("drift", ask);
  expect(hasStatistics(values)).toBe(true);
  expect(statisticsOf(values)).toEqual(computeStatistics(values));
  const { sent } = FakeWorker;
  await source.get("drift", ask);
  expect(FakeWorker.sent).toBe(sent);
});

it("goes on without a worker, and where it fails", async () => {
  const few = new Float32Array(3);
  await sourceOf(few).get("drift", ask);
  expect(hasStatistics(few)).toBe(false);
  vi.stubGlobal("Worker", FakeWorker);
  FakeWorker.answers = false;
  const values = new Float32Array(MANY);
  const source = sourceOf(values);
  for (let time = 0; time < 2; time++) expect((await source.get("drift", ask)).values).toBe(values);
  expect(hasStatistics(values)).toBe(false);
});
