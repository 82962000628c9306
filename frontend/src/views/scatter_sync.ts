import type { Scatter, Trail } from "../scatter/scatter";
import { giveColors, scatterTheme } from "./legend";
import type { MapSlice } from "./map_slice";

const STEP_MS = 600;

/** Brings the renderer up to what the map shows of the state: hands over what changed. */
export class ScatterSync {
  /** Tokens that are out of view even when all is fit. */
  outside = 0;
  /** The run and tag whose positions the renderer has. */
  private table = "";
  /** What the renderer was last given, by the name of what sets it. */
  private readonly given = new Map<string, readonly unknown[]>();

  constructor(private readonly scatter: Scatter) {}

  update(slice: MapSlice): void {
    const { scatter } = this;
    this.give("theme", [slice.theme], () => scatter.setTheme(scatterTheme(slice.theme)));
    this.give("mode", [slice.mode], () => scatter.setMode(slice.mode));
    this.give("axes", [slice.axes], () => scatter.setAxes(slice.axes));
    if (!slice.positions) return;
    const { positions, run, tag } = slice.positions;
    const rows = positions.length / 3;
    this.givePositions(slice, positions, JSON.stringify([run, tag]));
    this.giveBounds(slice);
    this.giveLooks(slice, rows);
    this.giveSelection(slice, rows);
    this.give("hover", [slice.hovered], () => scatter.setHover(slice.hovered));
    this.give("trails", [slice.trajectory, slice.step], () => scatter.setTrails(trails(slice)));
    const { first, newest, mode, axes, isolated } = slice;
    this.give("outside", [positions, first, newest, mode, axes, isolated], () => {
      this.outside = isolated ? 0 : scatter.countOutside(positions);
    });
  }

  private giveBounds({ first, newest, isolated, isolatedMask }: MapSlice): void {
    const { scatter } = this;
    if (first && newest) {
      const frames = [first.positions, newest.positions];
      this.give("bounds", [first, newest, isolated], () => scatter.setBounds(frames, isolated));
    }
    const isNew = this.given.has("isolated");
    this.give("isolated", [isolatedMask], () => {
      scatter.setDrawn(isolatedMask);
      if (isNew || isolatedMask) scatter.fit();
    });
  }

  private giveLooks({ labels, priority, colors, mask, theme }: MapSlice, rows: number): void {
    const { scatter } = this;
    if (priority !== null && labels.length === rows) {
      this.give("labels", [labels, priority], () => scatter.setLabels(labels, priority));
    }
    if (!colors || colors.values.length === rows) {
      this.give("values", [colors, theme], () => giveColors(scatter, colors, theme));
    }
    this.give("mask", [mask], () => scatter.setVisible(mask));
  }

  private giveSelection({ selection, isolated }: MapSlice, rows: number): void {
    const { scatter } = this;
    this.give("selection", [selection, isolated], () => {
      const known = selection.filter((row) => row < rows);
      // A ring around every point there is marks none.
      scatter.setSelection(known.length === isolated?.length ? known.slice(-1) : known);
      const picked = known.at(-1);
      // Of many, where the last one is says little of the others.
      if (picked !== undefined && known.length <= MOST_REVEALED) scatter.reveal(picked);
    });
  }

  /** Another table starts at its place; another step of the same one moves there. */
  private givePositions(slice: MapSlice, positions: Float32Array, table: string): void {
    const { scatter } = this;
    const [before] = (this.given.get("positions") ?? []) as Float32Array[];
    if (before?.length !== positions.length || this.table !== table) {
      this.table = table;
      scatter.fit();
      for (const name of this.given.keys()) {
        if (!LASTING.has(name)) this.given.delete(name);
      }
      this.give("positions", [positions], () => scatter.setFrame(positions));
      return;
    }
    const duration = slice.playing ? Math.min(STEP_MS, 900 / slice.speed) : STEP_MS;
    this.give("positions", [positions], () => void scatter.animateTo(positions, duration));
  }

  /** Calls `set` when what it sets is not what the renderer has. */
  private give(name: string, values: readonly unknown[], set: () => void): void {
    const before = this.given.get(name);
    if (before?.every((value, at) => Object.is(value, values[at]))) return;
    this.given.set(name, values);
    set();
  }
}

const MOST_REVEALED = 8;

/** What the renderer keeps when it is given another table. */
const LASTING: ReadonlySet<string> = new Set(["theme", "mode", "axes"]);

function trails({ trajectory, step }: MapSlice): Trail[] {
  if (!trajectory) return [];
  const points = Float32Array.from(trajectory.trail.flat(), (value) => value ?? Number.NaN);
  const current = Math.max(0, trajectory.steps.indexOf(step ?? Number.NaN));
  return [{ index: trajectory.index, points, current }];
}
