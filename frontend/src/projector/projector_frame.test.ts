/** Tests the driving of the standard Projector's page. */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { deferred } from "../../test/deferred";
import type { Projector } from "../api/contract.gen";
import type { ProjectorSource, ProjectorTable } from "../api/data_source";
import { ProjectorFrame } from "./projector_frame";
import { swapData } from "./swap_data";

vi.mock("./swap_data", () => ({ swapData: vi.fn(async () => {}) }));

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.clearAllMocks();
});

const answer = (step: number) => ({ key: `key${step}`, rows: new Int32Array() }) as Projector;
const nothing = () => {};
const TABLE = { numbers: new Float32Array(), columns: "token\n" };

/** A Projector with all that we touch, showing something. */
function foreign() {
  const data = {
    getSubset: nothing,
    normalize: nothing,
    projectPCA: nothing,
    mergeMetadata: nothing,
  };
  const listeners: ((points: number[]) => void)[] = [];
  return {
    listeners,
    dataSet: data,
    projection: { dataSet: data },
    selectedPointIndices: [] as number[],
    dataPanel: { setNormalizeData: nothing, _selectedColorOptionNameChanged: nothing },
    projectionsPanel: {
      showTab: nothing,
      disablePolymerChangesTriggerReprojection: nothing,
      enablePolymerChangesTriggerReprojection: nothing,
    },
    inspectorPanel: { enableResetFilterButton: nothing },
    projectorScatterPlotAdapter: {
      scatterPlot: { getCameraDef: nothing, setCameraParametersForNextCameraCreation: nothing },
    },
    updateDataSet: nothing,
    setProjection: nothing,
    filterDataset: nothing,
    notifySelectionChanged: vi.fn(),
    registerSelectionChangedListener: (one: (points: number[]) => void) => listeners.push(one),
  };
}

function setUp(projector: object | null = foreign()) {
  const dashboard = { shadowRoot: { querySelector: () => projector } };
  const iframe = {
    src: "",
    get contentDocument() {
      const querySelector = () => (projector ? dashboard : null);
      return { URL: this.src, readyState: "complete", querySelector };
    },
  };
  const tables: { key: string; answer: ReturnType<typeof deferred<ProjectorTable>> }[] = [];
  const source: ProjectorSource = {
    page: (key) => `page/${key}`,
    table: (key) => {
      const one = { key, answer: deferred<ProjectorTable>() };
      tables.push(one);
      return one.answer.promise;
    },
    prefetch: nothing,
  };
  const states: string[] = [];
  const onSelect = vi.fn();
  const onState = (state: string) => states.push(state);
  const frame = new ProjectorFrame(iframe as unknown as HTMLIFrameElement, source, {
    onState,
    onSelect,
  });
  return { frame, iframe, tables, states, onSelect };
}

const settle = () => vi.advanceTimersByTimeAsync(100);

it("loads the page once and goes on to the newest step, however long one takes", async () => {
  const { frame, iframe, tables, states } = setUp();
  frame.show(answer(0), "words");
  await settle();
  expect(iframe.src).toBe("page/key0");
  expect(states).toEqual(["loading", "shown", "shown"]);

  for (const step of [1, 2, 3]) {
    frame.show(answer(step), "words");
    await settle();
  }
  expect(tables.map(({ key }) => key)).toEqual(["key1"]);
  tables[0]?.answer.resolve(TABLE);
  await settle();
  expect(tables.map(({ key }) => key)).toEqual(["key1", "key3"]);
  tables[1]?.answer.resolve(TABLE);
  await settle();
  expect(swapData).toHaveBeenCalledTimes(2);
  expect(states.at(-1)).toBe("shown");
  expect(iframe.src).toBe("page/key0");
});

it("says that a step failed, and goes to the next one all the same", async () => {
  const { frame, tables, states } = setUp();
  frame.show(answer(0), "words");
  await settle();
  frame.show(answer(1), "words");
  tables[0]?.answer.reject(new Error("gone"));
  await settle();
  expect(states.at(-1)).toBe("failed");
  frame.show(answer(2), "words");
  tables[1]?.answer.resolve(TABLE);
  await settle();
  expect(states.at(-1)).toBe("shown");
});

it("loads the page anew for another embedding, and drops what was on its way", async () => {
  const { frame, iframe, tables } = setUp();
  frame.show(answer(0), "words");
  await settle();
  frame.show(answer(1), "words");
  frame.show(answer(7), "items");
  await settle();
  expect(iframe.src).toBe("page/key7");
  tables[0]?.answer.resolve(TABLE);
  await settle();
  expect(swapData).not.toHaveBeenCalled();
});

it("says that the page can't be loaded, and tries again at the next step", async () => {
  const { frame, iframe, states } = setUp(null);
  frame.show(answer(0), "words");
  await settle();
  expect(states.at(-1)).toBe("failed");
  frame.show(answer(1), "words");
  expect(iframe.src).toBe("page/key1");
  frame.dispose();
});

it("shares selections both ways, and once", async () => {
  const projector = foreign();
  const { frame, onSelect } = setUp(projector);
  frame.select([4]);
  frame.show(answer(0), "words");
  await settle();
  expect(projector.notifySelectionChanged).toHaveBeenCalledExactlyOnceWith([4]);
  for (const listener of projector.listeners) listener([4]);
  expect(onSelect).not.toHaveBeenCalled();
  for (const listener of projector.listeners) listener([2, 3]);
  expect(onSelect).toHaveBeenCalledExactlyOnceWith([2, 3]);
});
