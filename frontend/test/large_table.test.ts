/** Tests the page of a table that is too large for it. */

import { describe, expect, it, vi } from "vitest";
import { RequestFailed } from "../src/api/data_source";
import { MOST_HELD } from "../src/api/numbering";
import { rankingOf } from "../src/selectors/table/table_order";
import { patchView } from "../src/state/actions";
import { DONE, LargeSource } from "./large_source";
import { said, TestPage, within } from "./page";

const page = new TestPage();

async function open(source: LargeSource): Promise<LargeSource> {
  page.source = source;
  page.open();
  await vi.waitFor(() => expect(rankingOf(page.store.state)).not.toBeNull());
  return source;
}

function refusing(message: string) {
  return () => Promise.reject(new RequestFailed(500, message));
}

describe("a table that is too large for the page", () => {
  it("says that the tokens that rank first could not be found, and asks again", async () => {
    const source = new LargeSource("unranked", 1000, 10);
    source.others.set("ranked", refusing("the disk is gone"));
    await open(source);
    const words = "The first ranks among all tokens could not be loaded: the disk is gone";
    await vi.waitFor(() => expect(said("wordembed-notices")).toContain(words));
    source.others.set("ranked", () => ({ job: DONE, rows: Int32Array.of(999) }));
    page.host.reload();
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("item999"));
    expect(said("wordembed-notices")).not.toContain("could not be loaded: the disk is gone");
  });

  it("says that the job that ranks the tokens failed", async () => {
    const source = new LargeSource("failed", 1000, 10);
    const job = { ...DONE, id: "7", state: "failed", error: "too little memory" };
    source.others.set("ranked", () => ({ job, rows: new Int32Array() }));
    await open(source);
    const words = "could not be loaded: too little memory";
    await vi.waitFor(() => expect(said("wordembed-notices")).toContain(words));
  });

  it("says that a search among all tokens failed", async () => {
    const source = await open(new LargeSource("unsearched", 1000, 10));
    source.others.set("search", refusing("the log is gone"));
    page.store.update(patchView({ query: "item5" }));
    const words = "What the search finds among all tokens could not be loaded: the log is gone";
    await vi.waitFor(() => expect(said("wordembed-notices")).toContain(words));
  });

  it("does not say that no token matches before the server has searched", async () => {
    const source = await open(new LargeSource("searching", 1000, 10));
    let answer: (found: object) => void = () => undefined;
    source.others.set("search", () => new Promise((resolve) => (answer = resolve)));
    const input = within("wordembed-top-bar").querySelector("wordembed-search")?.shadowRoot;
    input?.querySelector("input")?.focus();
    page.store.update(patchView({ query: "item777" }));
    await vi.waitFor(() => expect(source.last("search")).toMatchObject({ query: "item777" }));
    await vi.waitFor(() => expect(page.store.state.search.pending).toBe(false));
    expect(said("wordembed-top-bar")).toContain("Searching…");
    answer({ rows: Int32Array.of(777), more: false });
    await vi.waitFor(() => expect(said("wordembed-top-bar")).toContain("1 match"));
    expect(said("wordembed-drift-table")).toContain("item777");
  });

  it("says that it has no room for more tokens", async () => {
    const source = await open(new LargeSource("full", 10 * MOST_HELD, MOST_HELD - 2));
    expect(said("wordembed-notices")).not.toContain("no room");
    source.others.set("search", () => ({ rows: Int32Array.of(1, 2, 3, 4, 5, 6), more: false }));
    page.store.update(patchView({ query: "item" }));
    const words = "This page holds 300,000 tokens of the table, and has no room for more";
    await vi.waitFor(() => expect(said("wordembed-notices")).toContain(words));
  });
});
