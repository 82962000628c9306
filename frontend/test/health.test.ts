/** Tests what Health shows beside its charts: probes, all tables, and updates of rows. */

import { expect, it, vi } from "vitest";
import type { Answer } from "../src/api/data_source";
import { addProbe, openHealth, patchView, removeProbe, select } from "../src/state/actions";
import { seriesOf } from "../src/state/current";
import { recorded, said, TestPage, within } from "./page";
import { RecordedSource } from "./recorded_source";
import { seriesWith } from "./series";

const page = new TestPage();
const health = () => said("wordembed-health");

async function opened(): Promise<void> {
  page.open();
  await vi.waitFor(() => expect(health()).toContain("Effective rank"));
  page.store.update(openHealth(true));
}

it("scores the table against a probe, until it is removed", async () => {
  await opened();
  const probe = { name: "", text: "good great 9\ngood bad 2\nbad awful 8\nfilm sea 5" };
  page.store.update(addProbe(probe));
  await vi.waitFor(() => expect(health()).toContain("Similar pairs"));
  expect(health()).toContain("3 of 4 pairs known.");
  // A bookmark of this view holds another probe that is the same.
  page.store.update(patchView({ probes: [{ ...probe }] }));
  await vi.waitFor(() => expect(health()).toContain("Similar pairs"));
  within("wordembed-health").querySelector<HTMLElement>("[aria-label='Remove Probe']")?.click();
  await vi.waitFor(() => expect(health()).not.toContain("Similar pairs"));
});

it("shows no scores of a probe that was removed under the name of another", async () => {
  await opened();
  const probe = { name: "first", text: "good great 9\ngood bad 2\nbad awful 8\nfilm sea 5" };
  page.store.update(addProbe(probe));
  await vi.waitFor(() => expect(health()).toContain("3 of 4 pairs known."));
  page.source.others.set("probe", () => new Promise(() => undefined));
  page.store.update(addProbe({ name: "second", text: "sea film 3" }));
  page.store.update(removeProbe(0));
  await vi.waitFor(() => expect(health()).not.toContain("3 of 4 pairs known."));
  expect(health()).toContain("second");
});

it("says why a text is no probe, in the words of the server", async () => {
  await opened();
  page.store.update(addProbe({ name: "odd.txt", text: "odd" }));
  await vi.waitFor(() => expect(health()).toContain("no recorded response for probe"));
  expect(health()).toContain("odd.txt");
});

it("refuses a probe that is too large to be posted", async () => {
  await opened();
  await vi.waitFor(() => expect(health()).toContain("Choose a file"));
  const box = within("wordembed-health").querySelector("wordembed-probe-box")?.shadowRoot;
  const input = box?.querySelector("input") as HTMLInputElement;
  const large = new File([new Uint8Array(5 * 2 ** 20)], "large.txt");
  Object.defineProperty(input, "files", { value: [large] });
  input.dispatchEvent(new Event("change"));
  await vi.waitFor(() => expect(health()).toContain("The file has 5.2 MB"));
  expect(page.store.state.view.probes).toEqual([]);
});

it("lists all tables, the sickest first, and opens one", async () => {
  const index = await new RecordedSource(recorded).get("index", {});
  const other = seriesWith({ run: "other", tag: "items", steps: [0, 1] });
  page.source.others.set("index", () => ({ ...index, series: [...index.series, other] }));
  const table = {
    ...{ step: 1, vocab_size: 4, embedding_dim: 2, notices: 1, sentence: "" },
    ...{ information_abundance: 1, abundance_share: 0.5, effective_rank: 1.5 },
    ...{ direction_spread: 1, cold_share: 0.25 },
  };
  const all: Answer<"all_health"> = {
    job: { id: "", state: "done", progress: 1, message: "", error: "" },
    tables: [
      { ...table, run: "other", tag: "items", warnings: 2, sentence: "All 4 tokens are zero." },
      { ...table, run: "embeddings", tag: "words", warnings: 0 },
    ],
  };
  page.source.others.set("all_health", () => all);
  await opened();
  page.store.update(patchView({ allTables: true }));
  await vi.waitFor(() => expect(health()).toContain("All 4 tokens are zero."));
  expect(health()).toMatch(/other\/items.*50 %.*embeddings\/words/);
  const list = within("wordembed-health").querySelector("wordembed-all-tables")?.shadowRoot;
  list?.querySelector<HTMLElement>("td button")?.click();
  expect(seriesOf(page.store.state)?.tag).toBe("items");
});

it("says how often the token was updated, and whether it must not move", async () => {
  const updates = await new RecordedSource(recorded).get("updates", seriesOfGolden);
  page.source.others.set("updates", () => ({ ...updates, fixed_rows: Int32Array.of(6) }));
  await opened();
  page.store.update(select(0));
  await vi.waitFor(() =>
    expect(said("wordembed-inspector")).toContain("in 3 of 3 steps, last at 5"),
  );
  page.store.update(select(6));
  await vi.waitFor(() => expect(said("wordembed-inspector")).toContain("must not move"));
  expect(said("wordembed-inspector")).toContain("Never updated in 3 steps");
});

const seriesOfGolden = { run: "embeddings", tag: "words" };
