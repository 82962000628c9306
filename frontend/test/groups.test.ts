/** Tests groups in the whole page: in the table, and of the selected tokens. */

import { describe, expect, it, vi } from "vitest";
import { rankingOf } from "../src/selectors/table/table_order";
import { groupBy, patchView, selectRows } from "../src/state/actions";
import { tableCsv } from "../src/table_export/csv_files";
import { said, TestPage, within } from "./page";

const page = new TestPage();
const table = () => said("wordembed-drift-table");
const panel = () => said("wordembed-inspector");

async function open(): Promise<void> {
  page.open();
  await vi.waitFor(() => expect(rankingOf(page.store.state)).not.toBeNull());
}

describe("groups in the table", () => {
  it("are listed with their measures, selected by a click, and written to a file", async () => {
    await open();
    page.store.update(groupBy("column:part_of_speech"));
    await vi.waitFor(() => expect(table()).toContain("3 groups"));
    expect(table()).toMatch(/ a 0\.690.* n 0.* x –/);
    const grid = within("wordembed-drift-table").querySelector("wordembed-group-table");
    grid?.shadowRoot?.querySelector<HTMLElement>(".group")?.click();
    expect(page.store.state.view.selection.length).toBeGreaterThan(0);
    const csv = [...(tableCsv(page.store.state)?.pieces ?? [])].join("");
    expect(csv.split("\r\n")[0]).toMatch(/^.?group,tokens,Cosine drift p10,Cosine drift p50,/);
    expect(csv).toContain("\r\na,4,");
  });

  it("say why there are none", async () => {
    await open();
    page.store.update(groupBy("sets"));
    await vi.waitFor(() => expect(table()).toContain("Save a selection, or write a filter"));
  });
});

describe("selected tokens", () => {
  it("are a group, beside all tokens and under the name of their saved selection", async () => {
    await open();
    const sets = [{ name: "praise", color: 1, rows: [0, 1] }];
    page.store.update(patchView({ sets }));
    page.store.update(selectRows([1, 0]));
    await vi.waitFor(() => expect(panel()).toContain("Path of the centroid"));
    expect(panel()).toMatch(/praise 2 tokens/);
    expect(panel()).toMatch(/Centroid 1\.33 0\.0238/);
    page.store.update(selectRows([0]));
    await vi.waitFor(() => expect(panel()).not.toContain("praise"));
  });

  it("have the path of others before only dimmed", async () => {
    await open();
    page.store.update(selectRows([1, 0]));
    await vi.waitFor(() => expect(panel()).toContain("Path of the centroid"));
    for (const route of ["groups", "group_trajectories"] as const) {
      page.source.others.set(route, () => new Promise(() => undefined));
    }
    page.store.update(selectRows([2, 3]));
    const card = within("wordembed-inspector").querySelector("wordembed-group-card")?.shadowRoot;
    await vi.waitFor(() =>
      expect(card?.querySelector("[aria-busy=true] wordembed-chart")).toBeTruthy(),
    );
  });

  it("are listed by how far they moved where they are many", async () => {
    await open();
    page.store.update(selectRows([0, 1, 2, 3, 4, 5, 6]));
    await vi.waitFor(() => expect(panel()).toContain("7 tokens selected"));
    await vi.waitFor(() => expect(panel()).toContain("Moved most"));
    const ranked = [...(rankingOf(page.store.state)?.order ?? [])];
    expect(ranked.length).toBeGreaterThan(0);
  });
});
