/** Tests the table and the token panel in the whole page. */

import { describe, expect, it, vi } from "vitest";
import { RequestFailed } from "../src/api/data_source";
import { columnSlot, valuesOf } from "../src/selectors/table/column_values";
import { rankingOf } from "../src/selectors/table/table_order";
import { patchView, select, selectRows, sortBy } from "../src/state/actions";
import { EMPTY } from "../src/state/slots";
import { neighborsCsv, tableCsv } from "../src/table_export/csv_files";
import type { Chart } from "../src/views/shared/step_chart";
import { nextRound, said, TestPage, textOf, within } from "./page";

const page = new TestPage();

async function open(): Promise<void> {
  page.open();
  await vi.waitFor(() => expect(rankingOf(page.store.state)).not.toBeNull());
}

const order = () => [...(rankingOf(page.store.state)?.order ?? [])];
const narrowed = (change: Parameters<typeof patchView>[0]) =>
  page.store.update(patchView({ minFrequency: 0, ...change }));

describe("the table", () => {
  it("shows a column once it is chosen, and sorts by it", async () => {
    await open();
    narrowed({ columns: ["drift", "norm"] });
    page.store.update(sortBy("norm"));
    await vi.waitFor(() => expect(valuesOf(page.store.state, "norm")).not.toBeNull());
    const norms = valuesOf(page.store.state, "norm")?.numbers ?? [];
    const sorted = order().map((row) => norms[row] ?? Number.NaN);
    expect(sorted.length).toBe(8);
    const finite = sorted.filter(Number.isFinite);
    expect(finite).toEqual([...finite].sort((a, b) => b - a));
    // What has no number comes last, whichever way.
    expect(sorted.at(-1)).toBeNaN();
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("Norm↓"));
  });

  it("lets a column go that nobody looks at", async () => {
    await open();
    page.store.update(patchView({ columns: ["norm"] }));
    await vi.waitFor(() => expect(columnSlot(page.store.state, "norm")?.value).toBeTruthy());
    page.store.update(patchView({ columns: [] }));
    await nextRound();
    expect(columnSlot(page.store.state, "norm")).toEqual(EMPTY);
  });

  it("is narrowed down by a filter, in which the minimum frequency does not interfere", async () => {
    await open();
    page.store.update(patchView({ filter: 'part_of_speech = "n" and frequency < 99' }));
    await vi.waitFor(() => expect(order().sort()).toEqual([5, 6]));
    expect(said("wordembed-drift-table")).not.toContain("Min. freq.");
  });

  it("says what is wrong with a filter, and leaves the table as it is", async () => {
    await open();
    const before = order();
    page.store.update(patchView({ filter: "drift > much" }));
    await vi.waitFor(() =>
      expect(said("wordembed-drift-table")).toContain("There is no column “much”"),
    );
    expect(order()).toEqual(before);
  });

  it("is narrowed down to what is selected, and to what is isolated", async () => {
    await open();
    page.store.update(selectRows([5, 0]));
    page.store.update(patchView({ onlySelected: true }));
    expect(order().sort()).toEqual([0, 5]);
    page.store.update(patchView({ onlySelected: false, isolated: [1, 6] }));
    expect(order().sort()).toEqual([1, 6]);
  });

  it("shows how far work is, until it is done or no longer wanted", async () => {
    const cancelled: string[] = [];
    const job = { id: "7", state: "running", progress: 0.25, message: "", error: "" };
    page.source.others.set("turnover", () => ({ job, overlap: new Float32Array() }));
    page.source.others.set("cancel", () => {
      cancelled.push("7");
      return { found: true };
    });
    await open();
    narrowed({ columns: ["kept"] });
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("Neighbors kept: 25 %"));
    page.store.update(patchView({ columns: [] }));
    await vi.waitFor(() => expect(said("wordembed-drift-table")).not.toContain("25 %"));
    expect(cancelled).toEqual(["7"]);
    const overlap = Float32Array.of(1, 0.5, 0, 0, 0, 0, Number.NaN, 0);
    page.source.others.set("turnover", () => ({ job: { ...job, state: "done" }, overlap }));
    narrowed({ columns: ["kept"] });
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("50 %"));
  });

  it("goes on with work that another column waits for", async () => {
    const cancelled: string[] = [];
    const job = { id: "7", state: "running", progress: 0.25, message: "", error: "" };
    page.source.others.set("path", () => ({ job }));
    page.source.others.set("cancel", () => {
      cancelled.push("7");
      return { found: true };
    });
    await open();
    narrowed({ columns: ["path_length", "straightness"] });
    const job7 = (id: string) => columnSlot(page.store.state, id)?.job?.id;
    await vi.waitFor(() => {
      expect([job7("path_length"), job7("straightness")]).toEqual(["7", "7"]);
    });
    page.store.update(patchView({ columns: ["path_length"] }));
    await nextRound();
    expect(cancelled).toEqual([]);
    page.store.update(patchView({ columns: [] }));
    await nextRound();
    expect(cancelled).toEqual(["7"]);
  });

  it("asks again for a column when there is a server again", async () => {
    const job = { id: "7", state: "done", progress: 1, message: "", error: "" };
    const overlap = Float32Array.of(1, 0.5, 0, 0, 0, 0, Number.NaN, 0);
    let reached = false;
    page.source.others.set("turnover", () => {
      if (!reached) throw new RequestFailed(null, "Failed to fetch");
      return { job, overlap };
    });
    await open();
    narrowed({ columns: ["kept"] });
    const failure = () => columnSlot(page.store.state, "kept")?.failure;
    await vi.waitFor(() => expect(failure()).toMatchObject({ status: null }));
    expect(tableCsv(page.store.state)).toBeTruthy();
    reached = true;
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("50 %"), 8000);
    expect(failure()).toBeNull();
  }, 15_000);

  it("counts as many neighbors as were chosen, and says how many", async () => {
    const asked: object[] = [];
    const job = { id: "7", state: "done", progress: 1, message: "", error: "" };
    page.source.others.set("turnover", (ask) => {
      asked.push(ask);
      return { job, overlap: Float32Array.of(1, 0.5, 0, 0, 0, 0, Number.NaN, 0) };
    });
    await open();
    narrowed({ columns: ["kept"], k: 20 });
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("50 %"));
    expect(asked).toMatchObject([{ k: 20, metric: "cosine" }]);
    const head = within("wordembed-drift-table").querySelector('.heads [title^="overlap@20"]');
    expect(textOf(head)).toContain("Kept");
  });

  it("has columns that are made wider and narrower with keys", async () => {
    await open();
    narrowed({ columns: ["norm"] });
    const edge = () =>
      within("wordembed-drift-table").querySelector('[aria-label="Width of Norm"]');
    await vi.waitFor(() => expect(edge()).toBeTruthy());
    const width = () => Number(edge()?.getAttribute("aria-valuenow"));
    const usual = width();
    const press = (key: string) =>
      edge()?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true }));
    press("ArrowRight");
    await vi.waitFor(() => expect(width()).toBeGreaterThan(usual));
    expect(page.store.state.view.step).toBeNull();
    press("Enter");
    await vi.waitFor(() => expect(width()).toBe(usual));
  });

  it("says so when a column can't be had", async () => {
    page.source.others.set("norms", () => {
      throw new RequestFailed(404, "no step 5 in the log");
    });
    await open();
    page.store.update(patchView({ columns: ["norm"] }));
    await vi.waitFor(() =>
      expect(said("wordembed-drift-table")).toContain("Norm could not be loaded: no step 5"),
    );
  });

  it("says for readers of the screen where in the whole table a row is", async () => {
    await open();
    const grid = within("wordembed-drift-table").querySelector("[role=grid]");
    await vi.waitFor(() => expect(grid?.querySelector("[role=row].row")).toBeTruthy());
    expect(grid?.getAttribute("aria-rowcount")).toBe("5");
    const [first] = grid?.querySelectorAll("[role=row].row") ?? [];
    expect(first?.getAttribute("aria-rowindex")).toBe("2");
    const columns = [...(first?.querySelectorAll("[role=gridcell]") ?? [])];
    expect(columns.map((cell) => cell.getAttribute("aria-colindex"))).toEqual(["1", "2", "3", "4"]);
  });
});

describe("files", () => {
  it("hold the table as it is: its columns, its filter, its order", async () => {
    await open();
    narrowed({ columns: ["frequency", "column:part_of_speech"], filter: "frequency >= 9" });
    page.store.update(sortBy("frequency"));
    await nextRound();
    // A file that has something else in its columns would not be noticed.
    expect(tableCsv(page.store.state)).toBeNull();
    await vi.waitFor(() => expect(tableCsv(page.store.state)).not.toBeNull());
    const made = tableCsv(page.store.state);
    const lines = [...(made?.pieces ?? [])].join("").replace("\ufeff", "").trimEnd().split("\r\n");
    expect(lines).toEqual([
      "rank,row,token,frequency,part_of_speech",
      "1,4,film,99,n",
      "2,0,good,50,a",
      "3,1,great,40,a",
      "4,2,bad,30,a",
      "5,3,awful,9,a",
    ]);
    expect(made?.name).toBe("embeddings_words_tokens_step-0-to-5.csv");
  });

  it("hold the neighbors at both steps, and what became of them", async () => {
    await open();
    page.store.update(select(0));
    await vi.waitFor(() => expect(neighborsCsv(page.store.state)).not.toBeNull());
    const { before, after, lost } = page.store.state.slots.change.value ?? {};
    const [head, ...lines] = [...(neighborsCsv(page.store.state)?.pieces ?? [])]
      .join("")
      .replace("\ufeff", "")
      .trimEnd()
      .split("\r\n");
    expect(head).toBe("step,rank,row,token,distance,change");
    expect(lines.length).toBe((before?.length ?? 0) + (after?.length ?? 0));
    expect(lines.filter((line) => line.endsWith(",lost")).length).toBe(lost?.length);
  });
});

describe("tokens side by side", () => {
  const inspector = () => within("wordembed-inspector");
  const charts = () => [...inspector().querySelectorAll<Chart>(".charts wordembed-chart")];

  it("are overlaid in their own colors, and each can be inspected or removed", async () => {
    await open();
    page.store.update(selectRows([0, 3]));
    await vi.waitFor(() => expect(charts()[0]?.lines.length).toBe(2));
    const marks = charts()[0]?.lines.map(({ mark }) => mark);
    expect(new Set(marks).size).toBe(2);
    const card = inspector().querySelector("wordembed-group-card")?.shadowRoot;
    const list = card?.querySelector("wordembed-compared-tokens")?.shadowRoot;
    const line = (name: string) =>
      [...(list?.querySelectorAll("tbody tr") ?? [])].find((one) => textOf(one).includes(name));
    expect(textOf(line("good") ?? null)).toMatch(/good \d/);
    expect(textOf(line("awful") ?? null)).toMatch(/awful \d/);
    line("good")?.querySelector<HTMLButtonElement>(".pick")?.click();
    expect(page.store.state.view.selection).toEqual([3, 0]);
    await vi.waitFor(() => expect(line("good")?.getAttribute("aria-current")).toBe("true"));
    line("awful")?.querySelector<HTMLButtonElement>(".drop")?.click();
    expect(page.store.state.view.selection).toEqual([0]);
    await vi.waitFor(() => expect(charts()[0]?.lines.length).toBe(1));
  });

  it("each have their neighbors, of as many as were chosen", async () => {
    const neighbor = (index: number, token: string) => ({ index, token, distance: 0.5 });
    page.source.others.set("neighbor_change", (ask) => {
      const { index, k } = ask as { index: number; k: number };
      const [kept, lost, gained] = [
        neighbor(5, `with ${index}`),
        neighbor(6, "x"),
        neighbor(7, "y"),
      ];
      const steps = { from_step: 0, to_step: 5, k, reference_run: "", reference_tag: "" };
      const change = {
        before: [kept, lost],
        after: [kept, gained],
        gained: [7],
        kept: [5],
        lost: [6],
      };
      return { index, token: "", ...steps, ...change };
    });
    await open();
    page.store.update(patchView({ selection: [0, 3, 1], k: 5 }));
    const others = () => inspector().querySelector(".others");
    const shown = () => [...(others()?.querySelectorAll("article") ?? [])].map(textOf);
    await vi.waitFor(() => expect(shown().join()).toContain("with 3"));
    expect(shown().length).toBe(2);
    expect(shown()[0]).toMatch(/good 1 of 2 kept = with 0 \+ y − x/);
    const [first] = others()?.querySelectorAll<HTMLButtonElement>(".inspect") ?? [];
    first?.click();
    expect(page.store.state.view.selection).toEqual([3, 1, 0]);
    await vi.waitFor(() => expect(shown().join()).toContain("with 1"));
    expect(shown().join()).not.toContain("with 0");
  });

  it("are asked for their neighbors again until these are known", async () => {
    const states = ["running", "done"];
    page.source.others.set("neighbor_change", (ask) => {
      const { index } = ask as { index: number };
      const state = index === 3 ? states.shift() : "done";
      const job = { id: "7", state, progress: 0, message: "", error: "" };
      const none = {
        ...{ before: [], after: [], gained: [], kept: [], lost: [] },
        ...{ reference_run: "", reference_tag: "" },
      };
      return { index, token: "", from_step: 0, to_step: 5, job, ...none };
    });
    await open();
    page.store.update(patchView({ selection: [3, 1] }));
    const known = () => page.store.state.slots.comparedNeighbors.value?.byRow.has(3) ?? false;
    await vi.waitFor(() => expect(states).toEqual(["done"]));
    expect(known()).toBe(false);
    await vi.waitFor(() => expect(known()).toBe(true));
    expect(states).toEqual([]);
  });

  it("are told how the ranks of kept neighbors changed", async () => {
    await open();
    page.store.update(select(0));
    const columns = () => inspector().querySelector("wordembed-neighbor-columns")?.shadowRoot;
    await vi.waitFor(() => expect(columns()?.querySelector("svg path")).toBeTruthy());
    const { before, after, kept } = page.store.state.slots.change.value ?? {};
    const [row] = kept ?? [];
    const rank = (list?: { index: number }[]) =>
      1 + (list ?? []).findIndex(({ index }) => index === row);
    expect(columns()?.querySelectorAll("svg path").length).toBe(kept?.length);
    expect(textOf(columns()?.querySelector(".columns") ?? null)).toContain(
      `kept, rank ${rank(after)}, was ${rank(before)}`,
    );
  });
});
