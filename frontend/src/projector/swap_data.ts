/** Exchanges the data of the standard Projector and keeps what the user chose in it. */

import {
  dialogOf,
  type ForeignColumns,
  type ForeignData,
  type ForeignPoint,
  type ForeignProjector,
} from "./projector_internals";

/** Principal components that the Projector keeps. */
const COMPONENTS = 10;

/**
 * Shows a table in the Projector in place of another. The projection and its axes, normalization,
 * colors, labels, the camera and the isolated points stay.
 */
export async function swapData(
  projector: ForeignProjector,
  numbers: Float32Array,
  columns: ForeignColumns,
  name: string,
): Promise<void> {
  const before = projector.dataSet;
  if (!before) return;
  const { currentProjection } = projector.projectionsPanel;
  const normalized = projector.normalizeData;
  await quietly(projector, async () => {
    const isolated = projector.dataSetBeforeFilter ? before.points.map(({ index }) => index) : null;
    const { original, shown } = await prepareData(
      projector.dataSetBeforeFilter ?? before,
      numbers,
      columns,
      normalized,
      currentProjection,
    );
    const adapter = projector.projectorScatterPlotAdapter;
    const { scatterPlot } = adapter;
    const camera = scatterPlot.getCameraDef();
    const orbits = scatterPlot.orbitCameraControls?.autoRotate ?? false;
    const panel = projector.projectionsPanel;
    // Others are computed again from the new data, and have no places until then.
    if (currentProjection !== "pca") projector.setProjection(null);
    projector.dataSetBeforeFilter = null;
    panel.disablePolymerChangesTriggerReprojection();
    // The data are prepared already, and what is drawn before they are shown is wasted.
    const held = [
      hold(original, "getSubset", () => shown),
      hold(shown, "normalize", () => {}),
      hold(scatterPlot, "render", () => {}),
    ];
    if (currentProjection === "pca") {
      // The Projector would do both several times, and does so again when it shows the components.
      held.push(hold(adapter, "updateScatterPlotAttributes", () => {}));
      held.push(hold(adapter, "updateScatterPlotPositions", () => {}));
    }
    try {
      projector.updateDataSet(original, columns, name);
      projector.normalizeData = normalized;
      projector.dataPanel.setNormalizeData(normalized);
      projector.dataPanel._selectedColorOptionNameChanged();
    } finally {
      for (const release of held) release();
    }
    panel.enablePolymerChangesTriggerReprojection();
    scatterPlot.setCameraParametersForNextCameraCreation(camera, orbits);
    panel.showTab(currentProjection);
    // The Projector still has promises to settle.
    await Promise.resolve();
    if (isolated) isolate(projector, isolated);
  });
}

/** Has a method of an object do something else; returns the function that ends that. */
function hold<T extends object, K extends keyof T>(object: T, method: K, other: T[K]): () => void {
  object[method] = other;
  return () => void Reflect.deleteProperty(object, method);
}

function isolate(projector: ForeignProjector, points: number[]): void {
  const there = points.filter((point) => point < (projector.dataSet?.points.length ?? 0));
  projector.filterDataset(there);
  projector.inspectorPanel.enableResetFilterButton(true);
}

/** Does work without the Projector's dialogs, which would take the keyboard from the timeline. */
async function quietly(projector: ForeignProjector, work: () => Promise<void>): Promise<void> {
  const dialog = dialogOf(projector);
  const release = dialog && hold(dialog, "open", () => {});
  try {
    await work();
  } finally {
    release?.();
  }
}

/**
 * Returns a table as data of the Projector, ready to be shown: its own classes do the work, but
 * before the data is on screen, so that nothing blinks between two steps.
 */
async function prepareData(
  before: ForeignData,
  numbers: Float32Array,
  columns: ForeignColumns,
  normalized: boolean,
  projection: string,
): Promise<{ original: ForeignData; shown: ForeignData }> {
  const Data = before.constructor as new (points: ForeignPoint[]) => ForeignData;
  const original = new Data(pointsOf(numbers, columns.pointsInfo.length));
  original.mergeMetadata(columns);
  const shown = original.getSubset();
  if (normalized) shown.normalize();
  if (projection === "pca") {
    await shown.projectPCA();
    alignSigns(before.points, shown.points);
  }
  return { original, shown };
}

function pointsOf(numbers: Float32Array, count: number): ForeignPoint[] {
  const size = numbers.length / count;
  return Array.from({ length: count }, (_, index) => ({
    metadata: {},
    vector: numbers.subarray(index * size, (index + 1) * size),
    index,
    projections: null,
  }));
}

/**
 * Gives each principal component the sign with which most tokens stay on their side, so that the
 * projection is not mirrored from step to step: the sign itself means nothing.
 */
export function alignSigns(before: readonly ForeignPoint[], after: readonly ForeignPoint[]): void {
  if (before.length !== after.length) return;
  for (let component = 0; component < COMPONENTS; component++) {
    const name = `pca-${component}`;
    let product = 0;
    for (let at = 0; at < after.length; at++) {
      product += (before[at]?.projections?.[name] ?? 0) * (after[at]?.projections?.[name] ?? 0);
    }
    if (product >= 0) continue;
    for (const { projections } of after) {
      const place = projections?.[name];
      if (projections && place !== undefined) projections[name] = -place;
    }
  }
}
