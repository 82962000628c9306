/** Tests when subscribers are told of a change. */

import { expect, it } from "vitest";
import { select } from "./actions";
import { undo } from "./history";
import { initialState } from "./state";
import { Store } from "./store";

it("tells subscribers once of all changes of a task, and of theirs in the next round", async () => {
  const store = new Store(initialState());
  const seen: (readonly number[])[] = [];
  store.subscribe(({ view }) => {
    seen.push(view.selection);
    if (view.selection.length < 3) store.update(select(3, true));
  });
  store.update(select(1));
  store.update(select(2, true));
  expect(store.state.view.selection).toEqual([1, 2]);
  expect(seen).toEqual([]);
  await Promise.resolve();
  expect(seen).toEqual([[1, 2]]);
  await Promise.resolve();
  expect(seen).toEqual([
    [1, 2],
    [1, 2, 3],
  ]);
});

it("tells nothing to those who left while others were told", async () => {
  const store = new Store(initialState());
  let told = 0;
  const leave: (() => void)[] = [];
  store.subscribe(() => leave[0]?.());
  leave.push(store.subscribe(() => told++));
  store.update(select(1));
  await Promise.resolve();
  expect(told).toBe(0);
});

it("notes each change of the view at once", () => {
  const store = new Store(initialState());
  store.update(select(1));
  store.update(undo);
  expect(store.state.view.selection).toEqual([]);
});
