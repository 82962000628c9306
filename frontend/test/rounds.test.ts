/** Counts how often the page is told of a change of its state. */

import { expect, it, vi } from "vitest";
import { rankingOf } from "../src/selectors/table/table_order";
import { select } from "../src/state/actions";
import { nextRound, TestPage } from "./page";

const page = new TestPage();

it("is told once of a click, and once of what is asked for because of it", async () => {
  page.open();
  await vi.waitFor(() => expect(rankingOf(page.store.state)).not.toBeNull());
  await vi.waitFor(() => expect(page.store.state.slots.findings.value).not.toBeNull());
  let rounds = 0;
  page.store.subscribe(() => rounds++);
  page.store.update(select(0));
  // Answers take longer.
  for (let round = 0; round < 5; round++) await nextRound();
  expect(page.store.state.slots.trajectories.pending).not.toBeNull();
  expect(rounds).toBe(2);
  await vi.waitFor(() => expect(page.store.state.slots.trajectories.value).not.toBeNull());
});
