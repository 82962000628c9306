/** Tests the whole page on recorded answers. */

import { describe, expect, it, vi } from "vitest";
import { type Answer, RequestFailed } from "../src/api/data_source";
import { labelPriority } from "../src/selectors/map/label_priority";
import { colorByOf, colorsOf } from "../src/selectors/map/point_colors";
import { valuesOf } from "../src/selectors/table/column_values";
import { rankingOf } from "../src/selectors/table/table_order";
import {
  goToStep,
  openHealth,
  patchView,
  select,
  sortBy,
  toggleColumn,
} from "../src/state/actions";
import { openSeries } from "../src/state/carry_over";
import { seriesOf, stepOf } from "../src/state/current";
import type { Chart } from "../src/views/shared/step_chart";
import { nextRound, recorded, said, TestPage, textOf, within } from "./page";
import { RecordedSource } from "./recorded_source";
import { seriesWith } from "./series";

const page = new TestPage();
const open = () => page.open();

/** The answer of a log in which no token is known to be unused. */
const noneUnused: Answer<"undertrained"> = {
  ...{ job: { id: "", state: "done", progress: 1, message: "", error: "" }, step: 0 },
  ...{ indicator: "norm", known_unused: 0, values: new Float32Array(8) },
};

describe("the page on recorded responses", () => {
  it("ranks the tokens by drift from the first step to the newest", async () => {
    open();
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("4 of 8 tokens"));
    const order = [...(rankingOf(page.store.state)?.order ?? [])];
    const drift = page.store.state.slots.drift.value?.values ?? new Float32Array();
    expect(order.length).toBeGreaterThan(1);
    expect(order).toEqual([...order].sort((a, b) => (drift[b] ?? 0) - (drift[a] ?? 0)));
  });

  it("leaves rare tokens out by default, and finds them again", async () => {
    open();
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("4 of 8 tokens"));
    expect(said("wordembed-drift-table")).toMatch(/4 rarer than \d+: Show/);
    page.store.update(patchView({ query: "<img" }));
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("1 token below"));
    page.store.update(patchView({ minFrequency: 0 }));
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("1 of 8 tokens"));
    page.store.update(patchView({ query: "" }));
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("8 tokens"));
    expect(said("wordembed-drift-table")).not.toContain("rarer");
  });

  it("picks on Enter what is being searched for, not what was found before", async () => {
    open();
    await vi.waitFor(() => expect(rankingOf(page.store.state)?.places.length).toBe(4));
    const box = within("wordembed-top-bar").querySelector("wordembed-search");
    const input = box?.shadowRoot?.querySelector("input") as HTMLInputElement;
    input.value = "good";
    input.dispatchEvent(new Event("input"));
    const underway = (pending: boolean) =>
      page.store.update((state) => ({ ...state, search: { ...state.search, pending } }));
    await vi.waitFor(() => expect(page.store.state.search.query).toBe("good"));
    underway(true);
    await nextRound();
    input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
    expect(page.store.state.view.selection).toEqual([]);
    underway(false);
    await vi.waitFor(() => expect(page.store.state.view.selection).toEqual([0]));
  });

  it("is done with a search once a token is picked, and goes on with it where it was left", async () => {
    open();
    await vi.waitFor(() => expect(rankingOf(page.store.state)?.places.length).toBe(4));
    const box = within("wordembed-top-bar").querySelector("wordembed-search");
    const input = box?.shadowRoot?.querySelector("input") as HTMLInputElement;
    const query = () => page.store.state.view.query;
    input.value = "good";
    input.dispatchEvent(new Event("input"));
    await vi.waitFor(() => expect(page.store.state.search.query).toBe("good"));
    input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
    await vi.waitFor(() => expect(page.store.state.view.selection).toEqual([0]));
    // All tokens are in the table and on the map again.
    expect(query()).toBe("");
    await vi.waitFor(() => expect(rankingOf(page.store.state)?.places.length).toBe(4));
    input.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown" }));
    expect(query()).toBe("good");
    input.dispatchEvent(new Event("blur"));
    expect(query()).toBe("");
    // What was typed stays.
    input.dispatchEvent(new Event("focus"));
    input.value = "goo";
    input.dispatchEvent(new Event("input"));
    input.dispatchEvent(new Event("blur"));
    expect(query()).toBe("goo");
    input.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    input.dispatchEvent(new Event("focus"));
    expect(query()).toBe("");
  });

  it("has Tab leave the search for what comes after it, not for what goes with its popup", async () => {
    open();
    await vi.waitFor(() => expect(rankingOf(page.store.state)?.places.length).toBe(4));
    const box = within("wordembed-top-bar").querySelector("wordembed-search")?.shadowRoot;
    const input = box?.querySelector("input") as HTMLInputElement;
    input.value = "good";
    input.dispatchEvent(new Event("input"));
    await vi.waitFor(() => expect(box?.querySelector(".popup button")).not.toBeNull());
    const stops = [...(box?.querySelectorAll<HTMLElement>(".popup *") ?? [])];
    expect(stops.filter(({ tabIndex }) => tabIndex >= 0)).toEqual([]);
  });

  it("shows a hostile token as text", async () => {
    open();
    page.store.update(patchView({ minFrequency: 0 }));
    const token = "<img src=x onerror=alert(1)>";
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain(token));
    expect(within("wordembed-drift-table").querySelector("img")).toBeNull();
  });

  it("shows a token's trajectory, and says so when its neighbors can't be had", async () => {
    page.source.others.set("neighbor_change", () => {
      throw new RequestFailed(404, "no step 77 in the log");
    });
    open();
    await vi.waitFor(() => expect(rankingOf(page.store.state)).not.toBeNull());
    page.store.update(select(0));
    await vi.waitFor(() => expect(said("wordembed-inspector")).toContain("good"));
    await vi.waitFor(() => expect(said("wordembed-notices")).toContain("no step 77 in the log"));
  });

  it("shows all that was logged about a token", async () => {
    open();
    await vi.waitFor(() => expect(rankingOf(page.store.state)).not.toBeNull());
    page.store.update(select(0));
    const names = seriesOf(page.store.state)?.columns.map(({ name }) => name) ?? [];
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) {
      await vi.waitFor(() => expect(said("wordembed-inspector")).toContain(name));
    }
  });

  it("says with whom a token moved, and goes to those that moved alike", async () => {
    open();
    await vi.waitFor(() => expect(rankingOf(page.store.state)).not.toBeNull());
    page.store.update(select(0));
    const shares = "Moved with its neighbors 0 % · on its own 100 %";
    await vi.waitFor(() => expect(said("wordembed-inspector")).toContain(shares));
    const motion = within("wordembed-inspector").querySelector(".motion");
    const alike = [...(motion?.querySelectorAll("button") ?? [])];
    // The others that are parallel moved the other way.
    expect(alike.map(textOf).map((label) => label.trim())).toEqual(["great1.00"]);
    alike[0]?.click();
    expect(page.store.state.view.selection).toEqual([1]);
    await vi.waitFor(() => expect(said("wordembed-inspector")).toContain("Most alike good1.00"));
  });

  it("leads from what stands out to where it is to be seen", async () => {
    open();
    page.store.update(openHealth(true));
    const list = () => within("wordembed-health").querySelector("wordembed-findings");
    await vi.waitFor(() => expect(textOf(list())).toContain("never updated"));
    const found = [...(list()?.shadowRoot?.querySelectorAll("button") ?? [])];
    expect(found.map(textOf)).toEqual([
      expect.stringContaining("Warning: “tab and line” was NaN or infinite"),
      expect.stringContaining("For information: 3 of 8 tokens (“film”, “<img src=x"),
    ]);
    expect(list()?.shadowRoot?.querySelector("img")).toBeNull();
    found[0]?.click();
    await vi.waitFor(() =>
      expect(page.host.entries).toEqual({ healthOpen: "1", reference: "2", selection: "7" }),
    );
    const shown = () => within("wordembed-health").querySelector("[data-shown]");
    await vi.waitFor(() => expect(textOf(shown())).toContain("non-finite"));
  });

  it("shows the first of what stands out, and the measures of the step, in a closed bar", async () => {
    open();
    await vi.waitFor(() => expect(said("wordembed-health")).toContain("“tab and line” was NaN"));
    expect(said("wordembed-health")).toContain("+ 1 more");
    await vi.waitFor(() => expect(said("wordembed-health")).toMatch(/Effective rank \d/));
    expect(within("wordembed-health").querySelector(".panels")).toBeNull();
  });

  it("reads all panels at the step below the pointer of any, and goes there at a click", async () => {
    open();
    page.store.update(openHealth(true));
    await vi.waitFor(() => expect(said("wordembed-health")).toContain("Procrustes"));
    const charts = within("wordembed-health").querySelectorAll("wordembed-chart");
    const labels = () => [...charts].map((chart) => (chart as Chart).label);
    expect(charts.length).toBe(12);
    expect(labels().every((label) => label.includes("Step 5"))).toBe(true);
    const plot = charts[2]?.shadowRoot?.querySelector(".plot");
    if (plot) vi.spyOn(plot, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, 100, 60));
    plot?.dispatchEvent(new MouseEvent("pointermove", { clientX: 21 }));
    await vi.waitFor(() => expect(labels().every((label) => label.includes("Step 1"))).toBe(true));
    expect(stepOf(page.store.state)).toBe(5);
    plot?.dispatchEvent(new MouseEvent("click", { clientX: 21 }));
    expect(stepOf(page.store.state)).toBe(1);
  });

  it("says nothing where nothing stands out", async () => {
    page.source.others.set("findings", () => ({ findings: [] }));
    open();
    page.store.update(openHealth(true));
    await vi.waitFor(() => expect(page.store.state.slots.findings.value).not.toBeNull());
    await vi.waitFor(() => expect(said("wordembed-health")).toContain("Procrustes"));
    const list = within("wordembed-health").querySelector("wordembed-findings");
    expect(list?.shadowRoot?.querySelector("ul")).toBeNull();
  });

  it("says that there is no drift at the reference step", async () => {
    page.host.entries = { step: "0", selection: "0" };
    open();
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("reference step"));
    expect(said("wordembed-drift-table")).not.toContain("→");
  });

  it("says so when the run of a link is not in the log", async () => {
    page.host.entries = { run: "nope" };
    open();
    await vi.waitFor(() =>
      expect(said("wordembed-notices")).toContain("“nope” is not in this log"),
    );
    within("wordembed-notices").querySelector("button")?.click();
    await vi.waitFor(() => expect(said("wordembed-notices").trim()).toBe(""));
  });

  it("writes the view into the link, and opens a link", async () => {
    open();
    await vi.waitFor(() => expect(rankingOf(page.store.state)).not.toBeNull());
    page.store.update(goToStep(2));
    page.store.update(select(3));
    await vi.waitFor(() => expect(page.host.entries).toEqual({ step: "2", selection: "3" }));
    open();
    expect(page.store.state.view).toMatchObject({ step: 2, selection: [3] });
  });

  it("copies the link to what is on screen, a step that was just gone to, too", async () => {
    const copied = vi.fn(() => Promise.resolve());
    vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText: copied } });
    open();
    await vi.waitFor(() => expect(said("wordembed-top-bar")).toContain("Copy link"));
    page.store.update(goToStep(1));
    const buttons = [...within("wordembed-top-bar").querySelectorAll("button")];
    buttons.find((button) => textOf(button).includes("Copy link"))?.click();
    expect(page.host.entries).toEqual({ step: "1" });
    expect(copied).toHaveBeenCalledWith(page.host.address());
    await vi.waitFor(() => expect(said("wordembed-top-bar")).toContain("Link copied."));
    // A link that follows the newest step can be pinned; the page goes on following it.
    expect(said("wordembed-top-bar")).not.toContain("Pin");
    page.store.update(goToStep(5));
    await vi.waitFor(() => expect(said("wordembed-top-bar")).toContain("Pin step 5"));
    within("wordembed-top-bar")
      .querySelector("wordembed-toast")
      ?.shadowRoot?.querySelector("button")
      ?.click();
    await vi.waitFor(() => expect(said("wordembed-top-bar")).toContain("Link to step 5 copied."));
    expect(copied).toHaveBeenLastCalledWith('http://host/#{"step":"5"}');
    vi.unstubAllGlobals();
    expect(page.host.entries).toEqual({});
  });
});

/** The recorded index with its series changed. */
async function indexWith(change: object): Promise<Answer<"index">> {
  const index = await new RecordedSource(recorded).get("index", {});
  return { ...index, series: index.series.map((series) => ({ ...series, ...change })) };
}

describe("while training goes on", () => {
  const { steps, wall_times, checksums, basis_steps } = seriesWith({ steps: [0, 1, 2, 5, 6] });
  const longer = { steps, wall_times, checksums, basis_steps };

  it("follows to the newest step from the newest step", async () => {
    open();
    await vi.waitFor(() => expect(stepOf(page.store.state)).toBe(5));
    const next = await indexWith(longer);
    page.source.others.set("index", () => next);
    page.host.reload();
    await vi.waitFor(() => expect(stepOf(page.store.state)).toBe(6));
  });

  it("stays where the user is, with what is selected", async () => {
    open();
    await vi.waitFor(() => expect(stepOf(page.store.state)).toBe(5));
    page.store.update(goToStep(1));
    page.store.update(select(2));
    const next = await indexWith(longer);
    page.source.others.set("index", () => next);
    page.host.reload();
    await vi.waitFor(() => expect(said("wordembed-timeline")).toContain("2 of 5"));
    expect(stepOf(page.store.state)).toBe(1);
    expect(page.store.state.view.selection).toEqual([2]);
  });

  it("says how many steps of an earlier training were replaced, if any", async () => {
    open();
    await vi.waitFor(() => expect(said("wordembed-top-bar")).toContain("Embedding"));
    expect(said("wordembed-top-bar")).not.toContain("replaced");
    const next = await indexWith({ replaced_steps: 3 });
    page.source.others.set("index", () => next);
    page.host.reload();
    const told = "3 steps of an earlier training were replaced";
    await vi.waitFor(() => expect(said("wordembed-top-bar")).toContain(told));
  });

  it("ranks one snapshot by how little tokens were trained, if some are known to be unused", async () => {
    const one = await indexWith({ steps: [0], wall_times: [0] });
    page.source.others.set("index", () => one);
    open();
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("Indicator↑"));
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("unused rows"));
    expect(colorByOf(page.store.state)).toBe("indicator");
    expect(colorsOf(page.store.state)?.low).toBe(true);
    const { order = [] } = rankingOf(page.store.state) ?? {};
    const { numbers = [] } = valuesOf(page.store.state, "indicator") ?? {};
    const ranked = Array.from(order, (row) => numbers[row] ?? Number.NaN);
    expect(ranked).toEqual([...ranked].sort((a, b) => a - b));
  });

  it("ranks and colors one snapshot by norm, and by drift once there is another", async () => {
    const one = await indexWith({ steps: [0], wall_times: [0] });
    page.source.others.set("index", () => one);
    page.source.others.set("undertrained", () => noneUnused);
    open();
    await vi.waitFor(() => expect(rankingOf(page.store.state)).not.toBeNull());
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("Norm↓"));
    expect(said("wordembed-drift-table")).toContain("One snapshot, nothing to compare yet.");
    expect(colorByOf(page.store.state)).toBe("norm");
    await vi.waitFor(() => expect(labelPriority(page.store.state)?.length).toBe(8));
    const app = document.querySelector("wordembed-app")?.shadowRoot;
    expect(app?.querySelector("wordembed-timeline")).toBeNull();
    expect(said("wordembed-health")).not.toContain("Drift");
    const next = await indexWith(longer);
    page.source.others.set("index", () => next);
    page.host.reload();
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("Cosine drift↓"));
    expect(colorByOf(page.store.state)).toBe("drift");
    expect(said("wordembed-timeline")).toContain("5 of 5");
  });

  it("keeps what the user chose for one snapshot", async () => {
    const one = await indexWith({ steps: [0], wall_times: [0] });
    page.source.others.set("index", () => one);
    page.source.others.set("undertrained", () => noneUnused);
    open();
    await vi.waitFor(() => expect(rankingOf(page.store.state)).not.toBeNull());
    page.store.update(sortBy("token"));
    page.store.update(toggleColumn("norm"));
    const next = await indexWith(longer);
    page.source.others.set("index", () => next);
    page.host.reload();
    await vi.waitFor(() => expect(said("wordembed-timeline")).toContain("5 of 5"));
    expect(said("wordembed-drift-table")).toContain("Token↑ Freq.");
  });
});

it("says before t-SNE is chosen that it is not installed, and how to install it", async () => {
  const index = await indexWith({});
  page.source.others.set("index", () => ({ ...index, layouts: ["pca" as const, "axes" as const] }));
  open();
  await vi.waitFor(() => expect(rankingOf(page.store.state)).not.toBeNull());
  // Without a canvas there is no map with this element on the page.
  const chooser = document.createElement("wordembed-layout-chooser");
  Object.assign(chooser, { store: page.store });
  document.body.append(chooser);
  await nextRound();
  const options = [...(chooser.shadowRoot?.querySelectorAll("option") ?? [])];
  const [refused] = options.filter(({ disabled }) => disabled);
  expect(refused?.value).toBe("tsne");
  expect(refused?.text).toContain("not installed");
  expect(chooser.shadowRoot?.textContent).toContain('pip install "tb_wordembed[layout]"');
  chooser.remove();
});

describe("a run that is deleted while it is on screen", () => {
  /** The log holds the recorded run and a copy called “other”. */
  async function openBoth(): Promise<Answer<"index">> {
    const index = await indexWith({});
    const copies = index.series.map((series) => ({ ...series, run: "other" }));
    const both = { ...index, series: [...index.series, ...copies] };
    page.source.others.set("index", () => both);
    open();
    await vi.waitFor(() => expect(rankingOf(page.store.state)).not.toBeNull());
    return index;
  }

  /** The server can read nothing of “other”. */
  function refuseOther(): void {
    const source = new RecordedSource(recorded);
    for (const route of ["tokens", "positions", "drift", "column", "health", "findings"] as const) {
      page.source.others.set(route, (ask) => {
        if ("run" in ask && ask.run !== "other") return source.get(route, ask as never);
        throw new RequestFailed(404, "a file is gone");
      });
    }
  }

  it("makes way for another one, and one notice says so", async () => {
    const index = await openBoth();
    refuseOther();
    page.source.others.set("index", () => index);
    page.store.update(openSeries("other", "words"));
    const { run } = index.series[0] ?? {};
    await vi.waitFor(() => expect(seriesOf(page.store.state)?.run).toBe(run));
    await vi.waitFor(() =>
      expect(said("wordembed-notices")).toMatch(
        /^ *Run “other” was deleted or renamed; showing “embeddings” meanwhile. Dismiss *$/,
      ),
    );
  });

  it("empties every view while the log still seems to hold it, and gives one reason once", async () => {
    await openBoth();
    refuseOther();
    page.store.update(openSeries("other", "words"));
    await vi.waitFor(() =>
      expect(said("wordembed-notices")).toMatch(/^ *The tokens and 6 more could not be loaded: /),
    );
    expect(within("wordembed-notices").querySelectorAll("[role=alert]").length).toBe(1);
    expect(said("wordembed-drift-table")).toContain("could not be loaded");
    expect(page.store.state.slots.positions.value).toBeNull();
    expect(document.body.textContent).not.toContain("Loading");
  });
});

describe("when there is nothing to show", () => {
  it("shows the lines that fill an empty log", async () => {
    page.source.others.set("index", () => ({
      scanning: false,
      series: [],
      problems: [],
      incomplete: [],
      layouts: [],
    }));
    open();
    await vi.waitFor(() => expect(said("wordembed-empty")).toContain("EmbeddingCallback"));
  });

  it("waits while the log is read for the first time", async () => {
    page.source.others.set("index", () => ({
      scanning: true,
      series: [],
      problems: [],
      incomplete: [],
      layouts: [],
    }));
    open();
    await vi.waitFor(() => expect(said(".waiting")).toContain("Reading the log"));
  });

  it("survives a server that is away, and goes on once it is back", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    page.source.others.set("index", () => {
      throw new RequestFailed(null, "Failed to fetch");
    });
    open();
    await vi.waitFor(() => expect(said("wordembed-notices")).toContain("not answering"));
    page.source.others.delete("index");
    await vi.advanceTimersByTimeAsync(3500);
    await vi.waitFor(() => expect(stepOf(page.store.state)).toBe(5));
    await vi.waitFor(() => expect(said("wordembed-notices").trim()).toBe(""));
    vi.useRealTimers();
  });

  it("says which rows of a step are still being written", async () => {
    const index = await indexWith({});
    const message = "step 9 of 'a' 'words' is still being written: row 0 of 8 is missing";
    const incomplete = [{ path: "runs/a", offset: 24, message }];
    page.source.others.set("index", () => ({ ...index, incomplete }));
    open();
    await vi.waitFor(() => expect(said("wordembed-notices")).toContain(message));
    expect(said("wordembed-notices")).toContain("1 step or column is still being written");
    expect(said("wordembed-notices")).not.toContain("problem");
  });

  it("names what in the log could not be read", async () => {
    const index = await indexWith({});
    const problem = { path: "runs/<b>x</b>", offset: 24, message: "bad data checksum" };
    page.source.others.set("index", () => ({ ...index, problems: [problem] }));
    open();
    await vi.waitFor(() =>
      expect(said("wordembed-notices")).toContain("runs/<b>x</b>, at byte 24: bad data checksum"),
    );
  });
});

describe("a dialog", () => {
  const dialogs = () =>
    document.querySelector("wordembed-app")?.shadowRoot?.querySelectorAll("[data-dialog]") ?? [];
  const press = (key: string) => document.dispatchEvent(new KeyboardEvent("keydown", { key }));

  it("opens once, also where its key is pressed again before its code is there", async () => {
    page.open();
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("Step 0 → 5"));
    press("?");
    press("?");
    await vi.waitFor(() => expect(dialogs().length).toBeGreaterThan(0));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(dialogs().length).toBe(1);
  });

  it("is gone at once after Escape, so that the next key is the page's", async () => {
    page.open();
    await vi.waitFor(() => expect(said("wordembed-drift-table")).toContain("Step 0 → 5"));
    press("?");
    await vi.waitFor(() => expect(dialogs()[0]?.shadowRoot?.querySelector("[open]")).toBeTruthy());
    // A browser tells of Escape so; it tells that the dialog is closed only later.
    dialogs()[0]?.shadowRoot?.querySelector("dialog")?.dispatchEvent(new Event("cancel"));
    press("b");
    await vi.waitFor(() => expect(dialogs()[0]?.localName).toBe("wordembed-bookmarks-dialog"));
  });
});
