/** Tests the page of a table that is too large for it. */

import { describe, expect, it, vi } from "vitest";
import { RequestFailed } from "../src/api/data_source";
import { MOST_HELD } from "../src/api/row_numbering";
import { rankingOf } from "../src/selectors/table/table_order";
import { patchView } from "../src/state/actions";
import { DONE, found, LargeSource } from "./large_source";
import { said, TestPage, within } from "./page";

const page = new TestPage();

async function open(source: LargeSource): Promise<LargeSource> {
  page.source = source;
  page.open();
  await vi.waitFor(() => expect(rankingOf(page.store.state)).not.toBeNull());
  return source;
}

function focusSearch(): void {
  const search = within("wordembed-top-bar").querySelector("wordembed-search")?.shadowRoot;
  search?.querySelector("input")?.focus();
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
    source.others.set("ranked", () => ({ job: DONE, rows: Int32Array.of(999), count: 1000 }));
    page.host.reload();
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("item999"));
    expect(said("wordembed-notices")).not.toContain("could not be loaded: the disk is gone");
  });

  it("says that the job that ranks the tokens failed", async () => {
    const source = new LargeSource("failed", 1000, 10);
    const job = { ...DONE, id: "7", state: "failed", error: "too little memory" };
    source.others.set("ranked", () => ({ job, rows: new Int32Array(), count: 0 }));
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
    focusSearch();
    page.store.update(patchView({ query: "item777" }));
    await vi.waitFor(() => expect(source.last("search")).toMatchObject({ query: "item777" }));
    await vi.waitFor(() => expect(page.store.state.search.pending).toBe(false));
    expect(said("wordembed-top-bar")).toContain("Searching…");
    answer(found([777]));
    await vi.waitFor(() => expect(said("wordembed-top-bar")).toContain("1 match"));
    expect(said("wordembed-drift-table")).toContain("item777");
  });

  it("has the server search for a regular expression", async () => {
    const source = await open(new LargeSource("expression", 1000, 10));
    source.others.set("search", () => found([999]));
    page.store.update(patchView({ query: "/9{3}$/" }));
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("item999"));
    expect(source.last("search")).toMatchObject({ query: "/9{3}$/" });
  });

  it("lists what a search finds, and draws it when no more comes", async () => {
    const source = await open(new LargeSource("drawn", 1000, 10));
    source.others.set("search", () => found([777]));
    page.store.update(patchView({ query: "item777" }));
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("item777"));
    const rowsDrawn = () => page.store.state.slots.positions.value?.positions.length ?? 0;
    expect(rowsDrawn() / 2).toBe(10);
    await vi.waitFor(() => expect(rowsDrawn() / 2).toBeGreaterThan(10));
  });

  it("says why not all tokens were searched, and that there are more matches", async () => {
    const source = await open(new LargeSource("unreadable", 1000, 10));
    focusSearch();
    source.others.set("search", () => found([], { more: true, problem: "it has no \\p" }));
    page.store.update(patchView({ query: "/\\p{Lu}/" }));
    const words = "Not all tokens were searched: it has no \\p.";
    await vi.waitFor(() => expect(said("wordembed-top-bar")).toContain(words));
    source.others.set("search", () => found([7, 77], { more: true }));
    page.store.update(patchView({ query: "item" }));
    const more = "There are more matches: the page has the first 2";
    await vi.waitFor(() => expect(said("wordembed-top-bar")).toContain(more));
  });

  it("has the server filter all tokens, and says how many are left", async () => {
    const source = await open(new LargeSource("filtered", 1000, 10));
    source.others.set("ranked", () => ({ job: DONE, rows: Int32Array.of(998), count: 456 }));
    page.store.update(patchView({ filter: 'norm > 3 and not token ends "7"' }));
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("item998"));
    const condition = JSON.parse(String(source.last("ranked")?.condition));
    expect(condition).toEqual({
      columns: [["norms", "step=5", "values"], ["tokens"]],
      meets: [
        "and",
        [">", ["column", 0], ["number", 3]],
        ["not", ["ends", ["column", 1], ["text", "7"]]],
      ],
    });
    const words = "456 tokens of the whole table meet the filter";
    expect(said("wordembed-drift-table")).toContain(words);
  });

  it.each(['"x" != token', `norm < ${"9".repeat(400)}`])(
    "says that a filter is about the tokens shown: %s",
    async (filter) => {
      const source = await open(new LargeSource(`unfiltered ${filter.length}`, 1000, 10));
      page.store.update(patchView({ filter }));
      const words = "The server can’t apply this filter, so only the tokens shown are filtered.";
      await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain(words));
      await vi.waitFor(() => expect(source.last("ranked")).toMatchObject({ condition: "" }));
    },
  );

  it("asks for more ranks when the table is scrolled down", async () => {
    const source = await open(new LargeSource("scrolled", 100_000, 5000));
    await vi.waitFor(() => expect(source.last("ranked")).toMatchObject({ most: 500 }));
    const rows = within("wordembed-drift-table").querySelector(".rows") as HTMLElement;
    rows.scrollTop = 24 * 1300;
    rows.dispatchEvent(new Event("scroll"));
    await vi.waitFor(() => expect(source.last("ranked")).toMatchObject({ most: 2000 }));
  });

  it("says that it has no room for more tokens", async () => {
    const source = await open(new LargeSource("full", 10 * MOST_HELD, MOST_HELD - 2));
    expect(said("wordembed-notices")).not.toContain("no room");
    source.others.set("search", () => found([1, 2, 3, 4, 5, 6]));
    page.store.update(patchView({ query: "item" }));
    const words = "This page holds 300,000 tokens of the table and has no room for more";
    await vi.waitFor(() => expect(said("wordembed-notices")).toContain(words));
  });
});
