/** Tests how the page compares two runs: what it offers, and what it says. */

import { expect, it, vi } from "vitest";
import type { Ask, RouteName } from "../src/api/data_source";
import { compareWith, openHealth, select, selectRows, toggleSeed } from "../src/state/actions";
import { recorded, said, TestPage, textOf, within } from "./page";
import { RecordedSource } from "./recorded_source";

const page = new TestPage();
const source = new RecordedSource(recorded);

/** A log with a second run, and more like it; what is asked about it has the recorded numbers. */
async function opened(change = {}, ...more: string[]): Promise<void> {
  const index = await source.get("index", {});
  const [first] = index.series;
  if (!first) throw new Error("the recorded log is empty");
  const other = { ...first, run: "seed<2>", steps: [3, 4], checksums: [1, 2], ...change };
  const others = [other, ...more.map((run) => ({ ...other, run }))];
  page.source.others.set("index", () => ({ ...index, series: [first, ...others] }));
  const inOther = (route: RouteName, changed: (how: object) => object) =>
    page.source.others.set(route, async (ask) => {
      const { reference_run, reference_tag, centered, anchors, ...own } = ask as Ask<"drift">;
      if (!reference_run) return source.get(route, ask as never);
      const answer = await source.get(route, { ...own, from_step: 0 } as never);
      const how = { anchored: Boolean(anchors), centered: Boolean(centered) };
      return { ...answer, from_step: own.from_step, ...changed(how) };
    });
  const of = { run: "seed<2>", tag: "words" };
  const named = { reference_run: of.run, reference_tag: of.tag };
  inOther("drift", (how) => ({ alignment: { ...of, common: 4980, residual: 0.4175, ...how } }));
  inOther("neighbor_change", () => named);
  inOther("motion", () => named);
  page.source.others.set("positions", async (ask) => {
    const { reference_run, reference_tag, upon_step, ...own } = ask as Ask<"positions">;
    return source.get("positions", reference_run ? { ...own, step: 0 } : own);
  });
  page.source.others.set("rows_in_reference", () => ({
    rows: Int32Array.of(0, 1, -1, 3, 4, 5, 6, -1),
    only_in_reference: ["gone", "<b>away</b>"],
    count_only_in_reference: 1002,
  }));
  page.open();
  await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("Step 0 → 5"));
}

const table = () => said("wordembed-drift-table");

const picker = () => within("wordembed-top-bar").querySelector(".against");

function choose(select: HTMLSelectElement | null | undefined, value: string): void {
  if (!select) throw new Error("no such picker");
  select.value = value;
  select.dispatchEvent(new Event("change"));
}

it("has nothing to pick in a log of one run", async () => {
  page.open();
  await vi.waitFor(() => expect(table()).toContain("Step 0 → 5"));
  expect(picker()).toBeNull();
});

it("compares with the run and the step that are picked, and says how", async () => {
  await opened();
  const names = picker()?.querySelector("wordembed-name-picker")?.shadowRoot;
  choose(names?.querySelector("select"), "seed<2>");
  await vi.waitFor(() => expect(table()).toContain("seed<2>, step 4 → 5"));
  expect(table()).toContain("Aligned over 4,980 common tokens, residual 0.42");
  await vi.waitFor(() => expect(table()).toContain("2 new"));
  expect(table()).toContain("1,002 gone");
  choose(picker()?.querySelector("select"), "3");
  await vi.waitFor(() => expect(table()).toContain("seed<2>, step 3 → 5"));
  choose(names?.querySelector("select"), "");
  await vi.waitFor(() => expect(table()).toContain("Step 0 → 5"));
  expect(table()).not.toContain("Aligned");
});

it("aligns over the tokens and about the means as chosen, and says so", async () => {
  await opened();
  const [, other] = page.store.state.slots.index.value?.series ?? [];
  if (other) page.store.update((state) => selectRows([3, 1])(compareWith(other)(state)));
  await vi.waitFor(() => expect(table()).toContain("Aligned over 4,980 common tokens"));
  const menu = within("wordembed-drift-table")
    .querySelector("wordembed-ranking-head")
    ?.shadowRoot?.querySelector("wordembed-reference-note")?.shadowRoot;
  choose(menu?.querySelector("select"), "1");
  menu?.querySelector("input")?.click();
  await vi.waitFor(() => expect(table()).toContain("Centered, aligned over 4,980 anchors"));
  await vi.waitFor(() =>
    expect(page.store.state.slots.drift.key).toMatch(/anchors=1.3&centered=true/),
  );
  page.store.update(selectRows([]));
  await vi.waitFor(() =>
    expect(textOf(menu?.host ?? null)).toContain("The 2 tokens chosen before"),
  );
  choose(menu?.querySelector("select"), "0");
  await vi.waitFor(() => expect(table()).toContain("Centered, aligned over 4,980 common tokens"));
});

it("says in the panel of a token whose neighbors it shows", async () => {
  await opened();
  const [, other] = page.store.state.slots.index.value?.series ?? [];
  if (other) page.store.update((state) => select(0)(compareWith(other)(state)));
  await vi.waitFor(() => expect(said("wordembed-inspector")).toContain("seed<2>"));
  page.store.update(select(2));
  await vi.waitFor(() =>
    expect(said("wordembed-inspector")).toContain("The reference lacks this token."),
  );
});

it("says why there is no drift between tables of different dimensions", async () => {
  page.source.others.set("turnover", () => ({
    ...{ job: { id: "", state: "done", progress: 1, message: "", error: "" } },
    ...{ mean_overlap: 0.5, standard_error: 0, sampled: 8 },
    ...{ overlap: new Float32Array(8).fill(0.5), jaccard: new Float32Array(8).fill(0.3) },
  }));
  await opened({ embedding_dim: 96 });
  const [, other] = page.store.state.slots.index.value?.series ?? [];
  if (other) page.store.update(compareWith(other));
  await vi.waitFor(() => expect(table()).toContain("96 dimensions there, 4 here"));
  await vi.waitFor(() => expect(table()).toContain("50 %"));
});

it("shows nothing of the run that was compared with before under the name of another", async () => {
  await opened({}, "third");
  const [first, other, third] = page.store.state.slots.index.value?.series ?? [];
  if (!first || !other || !third) throw new Error("the log lacks runs");
  const never = new Promise(() => undefined);
  page.source.others.set("health", (ask) =>
    "run" in ask && ask.run === "third"
      ? never
      : source.get("health", { run: first.run, tag: first.tag }),
  );
  page.store.update((state) => openHealth(true)(compareWith(other)(state)));
  const slots = () => page.store.state.slots;
  await vi.waitFor(() => expect(slots().otherHealth.value).not.toBeNull());
  await vi.waitFor(() => expect(slots().rowsInReference.value).not.toBeNull());
  const { health } = slots();
  page.source.others.set("rows_in_reference", () => never);
  page.store.update(compareWith(third));
  await vi.waitFor(() => expect(slots().otherHealth.pending).toContain("third"));
  expect([slots().otherHealth.value, slots().rowsInReference.value]).toEqual([null, null]);
  // What is about the run on screen alone stays.
  expect(health.value).not.toBeNull();
  expect(slots().health).toBe(health);
});

it("says that a reference is no longer in the log", async () => {
  page.host.entries = { referenceRun: "old", referenceTag: "words" };
  await opened();
  expect(said("wordembed-notices")).toContain("Run “old”, the reference, is not in this log");
});

it("tells how many tokens changed beyond the noise of seeds, and lists them", async () => {
  await opened({}, "third");
  const [, other] = page.store.state.slots.index.value?.series ?? [];
  if (!other) throw new Error("the log is empty");
  page.source.others.set("noise", () => ({
    ...{ job: { id: "", state: "done", progress: 1, message: "", error: "" } },
    ...{ pairs: 1, pooled: 8 },
    p_values: Float32Array.of(0.001, 0.2, Number.NaN, 0.5, 0.6, 0.7, 0.8, Number.NaN),
    q_values: Float32Array.of(0.01, 0.6, Number.NaN, 0.8, 0.8, 0.8, 0.8, Number.NaN),
  }));
  page.source.others.set("findings_between", () => ({
    ...{ job: { id: "", state: "done", progress: 1, message: "", error: "" } },
    findings: [],
  }));
  page.store.update((state) => openHealth(true)(compareWith(other)(state)));
  const findings = () =>
    textOf(within("wordembed-health").querySelector("wordembed-findings") ?? null);
  const note = () =>
    within("wordembed-drift-table")
      .querySelector("wordembed-ranking-head")
      ?.shadowRoot?.querySelector("wordembed-reference-note")?.shadowRoot;
  await vi.waitFor(() => expect(table()).toContain("Seeds"));
  await vi.waitFor(() => expect(findings()).toContain("Choose seeds"));
  page.store.update(toggleSeed("seed<2>"));
  page.store.update(toggleSeed("third"));
  await vi.waitFor(() => expect(findings()).toContain("Comparing the seeds"));
  await vi.waitFor(() => expect(table()).toContain("1 of 6 beyond noise"), 3000);
  note()?.querySelector<HTMLElement>("button[aria-pressed]")?.click();
  await vi.waitFor(() => expect(table()).toContain("1 of 8 tokens"));
  await vi.waitFor(() => expect(findings()).toContain("Nothing differs from seed<2>"));
});

it("lists many runs, this run first, and names another one by what differs", async () => {
  const index = await source.get("index", {});
  const [first] = index.series;
  if (!first) throw new Error("the recorded log is empty");
  const runs = Array.from({ length: 9 }, (_, at) => ({ ...first, run: `sweep/lr=${at}/words` }));
  page.source.others.set("index", () => ({ ...index, series: [first, ...runs] }));
  page.open();
  await vi.waitFor(() => expect(table()).toContain("Step 0 → 5"));
  const names = picker()?.querySelector("wordembed-name-picker")?.shadowRoot;
  const menu = names?.querySelector("wordembed-menu")?.shadowRoot;
  menu?.querySelector("button")?.click();
  const listed = () => [...(names?.querySelectorAll("li") ?? [])];
  await vi.waitFor(() => expect(listed()).toHaveLength(10));
  expect(listed().map((one) => textOf(one).trim())).toEqual([
    "This run",
    ...runs.map((_, at) => `lr=${at}`),
  ]);
  expect(listed()[0]?.getAttribute("aria-selected")).toBe("true");
  listed()[4]?.click();
  expect(page.store.state.view.referenceRun).toBe("sweep/lr=3/words");
  listed()[0]?.click();
  expect(page.store.state.view.referenceRun).toBeNull();
});
