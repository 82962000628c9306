/** Declares the elements and members of the standard Projector's page that we use. */

// The Projector is another program; these have had their names since it was written. Where one
// is missing, the page is shown all the same, and loaded anew at each step.

export interface ForeignPoint {
  index: number;
  vector: Float32Array;
  metadata: Record<string, ForeignValue>;
  projections: Record<string, number> | null;
}

export type ForeignValue = string | number | null;

export interface ForeignData {
  points: ForeignPoint[];
  dim: [number, number];
  projections: Record<string, boolean>;
  getSubset(indices?: number[]): ForeignData;
  normalize(): void;
  projectPCA(): Promise<unknown>;
  mergeMetadata(columns: ForeignColumns): boolean;
}

export interface ForeignStats {
  name: string;
  isNumeric: boolean;
  tooManyUniqueValues: boolean;
  min: number;
  max: number;
  uniqueEntries: { label: string; count: number }[];
}

export interface ForeignColumns {
  stats: ForeignStats[];
  pointsInfo: Record<string, ForeignValue>[];
}

interface ScatterPlot {
  setDayNightMode?(night: boolean): void;
  render(): void;
  getCameraDef(): object;
  setCameraParametersForNextCameraCreation(camera: object, orbits: boolean): void;
  orbitCameraControls: { autoRotate: boolean };
}

interface ScatterPlotAdapter {
  scatterPlot: ScatterPlot;
  resize(): void;
  updateScatterPlotAttributes(): void;
  updateScatterPlotPositions(): void;
}

export interface ForeignProjector extends HTMLElement {
  dataSet: ForeignData | null;
  /** The data before points were isolated; null if none were. */
  dataSetBeforeFilter: ForeignData | null;
  projection: { dataSet: ForeignData } | null;
  normalizeData: boolean;
  selectedPointIndices: number[];
  dataPanel: {
    selectedColorOptionName: string;
    colorOptions: { name: string }[];
    setNormalizeData(on: boolean): void;
    _selectedColorOptionNameChanged(): void;
  };
  projectionsPanel: {
    currentProjection: string;
    showTab(name: string): void;
    disablePolymerChangesTriggerReprojection(): void;
    enablePolymerChangesTriggerReprojection(): void;
  };
  inspectorPanel: { enableResetFilterButton(on: boolean): void };
  projectorScatterPlotAdapter: ScatterPlotAdapter;
  updateDataSet(data: ForeignData, columns: ForeignColumns, name: string): void;
  setProjection(projection: null): void;
  filterDataset(points: number[]): void;
  notifySelectionChanged(points: number[]): void;
  registerSelectionChangedListener(listener: (points: number[]) => void): void;
}

/** Returns the Projector in its page; null before it is there. */
export function findProjector(page: Document): ForeignProjector | null {
  const dashboard = page.querySelector("vz-projector-dashboard");
  const found = dashboard?.shadowRoot?.querySelector("vz-projector");
  return (found as ForeignProjector | null | undefined) ?? null;
}

/** Returns whether a page is the Projector's and not an error message. */
export function isProjectorPage(page: Document): boolean {
  return page.querySelector("vz-projector-dashboard") !== null;
}

/** Returns whether the Projector shows data and has all members that we use. */
export function isDriven(projector: ForeignProjector): boolean {
  const { dataSet, dataPanel, projectionsPanel, inspectorPanel } = projector;
  const plot = projector.projectorScatterPlotAdapter?.scatterPlot;
  return [
    dataSet?.getSubset,
    dataSet?.normalize,
    dataSet?.projectPCA,
    dataSet?.mergeMetadata,
    dataPanel?.setNormalizeData,
    dataPanel?._selectedColorOptionNameChanged,
    projectionsPanel?.showTab,
    projectionsPanel?.disablePolymerChangesTriggerReprojection,
    projectionsPanel?.enablePolymerChangesTriggerReprojection,
    inspectorPanel?.enableResetFilterButton,
    plot?.getCameraDef,
    plot?.setCameraParametersForNextCameraCreation,
    projector.updateDataSet,
    projector.setProjection,
    projector.filterDataset,
    projector.notifySelectionChanged,
    projector.registerSelectionChangedListener,
  ].every((member) => typeof member === "function");
}

/** Returns whether the points are drawn, or the page says why they can't be. */
export function isReady(projector: ForeignProjector): boolean {
  const { dataSet, projection } = projector;
  if (dataSet && projection?.dataSet === dataSet) return true;
  return dialogOf(projector)?.querySelector(".error") != null;
}

/** Returns the dialog in which the Projector says what it is doing; null without one. */
export function dialogOf(projector: ForeignProjector): DialogElement | null {
  return projector.shadowRoot?.querySelector<DialogElement>("#notification-dialog") ?? null;
}

export interface DialogElement extends HTMLElement {
  open?: () => void;
}
