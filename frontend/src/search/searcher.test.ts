/** Tests the search in a worker. */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Searcher, servedWorker } from "./searcher";
import { type FromWorker, PART, type ToWorker } from "./worker_messages";

/** Notes what it is sent. */
class FakeWorker {
  static readonly all: FakeWorker[] = [];
  readonly heard: ToWorker[] = [];
  ended = false;
  onmessage: ((event: { data: FromWorker }) => void) | null = null;

  constructor() {
    FakeWorker.all.push(this);
  }
  postMessage(message: ToWorker): void {
    this.heard.push(message);
  }
  terminate(): void {
    this.ended = true;
  }
  get kinds(): string[] {
    return this.heard.map((message) => (message.kind === "search" ? message.query : message.kind));
  }
}

beforeEach(() => {
  FakeWorker.all.length = 0;
  vi.stubGlobal("Worker", FakeWorker);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const MANY = Array.from({ length: 2 * PART + 5 }, () => "a");

it("sends the tokens once, in parts, before the first search", async () => {
  const searcher = new Searcher(servedWorker);
  searcher.search(MANY, "a", () => undefined);
  const [worker] = FakeWorker.all;
  expect(worker?.kinds).toEqual(["tokens"]);
  await vi.advanceTimersByTimeAsync(10);
  searcher.search(MANY, "ab", () => undefined);
  await vi.advanceTimersByTimeAsync(10);
  expect(worker?.kinds).toEqual(["tokens", "tokens", "tokens", "a", "ab"]);
});

it("asks only the newest of the searches that waited for the tokens", async () => {
  const searcher = new Searcher(servedWorker);
  searcher.search(MANY, "/a/", () => undefined);
  searcher.search(MANY, "/ab/", () => undefined);
  await vi.advanceTimersByTimeAsync(10);
  expect(FakeWorker.all.map(({ kinds }) => kinds)).toEqual([
    ["tokens", "tokens", "tokens", "/ab/"],
  ]);
});

it("does not mix the tokens of two tables", async () => {
  const searcher = new Searcher(servedWorker);
  const others = MANY.slice();
  searcher.search(MANY, "a", () => undefined);
  searcher.search(others, "a", () => undefined);
  searcher.search(MANY, "b", () => undefined);
  await vi.advanceTimersByTimeAsync(10);
  const heard = FakeWorker.all[0]?.heard ?? [];
  const last = heard.findLastIndex((message) => message.kind === "tokens" && message.first);
  const sizes = heard.slice(last).map((m) => (m.kind === "tokens" ? m.lengths.length : m.query));
  expect(sizes).toEqual([PART, PART, 5, "b"]);
});

it("ends a worker that is silent, and starts another with all tokens", async () => {
  const searcher = new Searcher(servedWorker);
  const said: unknown[] = [];
  searcher.search(["a"], "/(a+)+$/", (outcome) => said.push(outcome));
  await vi.advanceTimersByTimeAsync(4000);
  expect([said, FakeWorker.all[0]?.ended]).toEqual([["too slow"], true]);
  searcher.search(["a"], "a", () => undefined);
  await vi.advanceTimersByTimeAsync(10);
  expect(FakeWorker.all[1]?.kinds).toEqual(["tokens", "a"]);
});

it("sends only the tokens that came since", async () => {
  const searcher = new Searcher(servedWorker);
  const tokens = ["a", "b", "c"];
  searcher.search(tokens, "a", () => undefined);
  await vi.advanceTimersByTimeAsync(10);
  searcher.search([...tokens, "d"], "d", () => undefined);
  await vi.advanceTimersByTimeAsync(10);
  searcher.search(["a", "x", "c", "d", "e"], "e", () => undefined);
  await vi.advanceTimersByTimeAsync(10);
  const heard = FakeWorker.all[0]?.heard ?? [];
  const said = heard.map((one) => (one.kind === "search" ? one.query : [one.first, one.text]));
  expect(said).toEqual([[true, "abc"], "a", [false, "d"], "d", [true, "axcde"], "e"]);
});
