/** Shows the buttons at the foot of the map, and handles its keys. */

import { html, nothing, type TemplateResult } from "lit";
import type { Series } from "../../api/contract.gen";
import { pointsInView } from "../../scatter/input/picker";
import type { Scatter } from "../../scatter/scatter";
import { isolateMany, selectMany } from "../../selectors/map/label_priority";
import { isolate, toggleArrows, toggleAxes, toggleMapRuns } from "../../state/actions";
import { seriesName, text } from "../../strings";
import { signButton } from "../shared/controls";
import type { Act } from "../shared/state_element";
import type { MapExport } from "./map_export";
import { layerMenu } from "./map_layers";
import type { MapSlice } from "./map_slice";

/** What the buttons show and change of the map's element. */
export interface MapControls {
  readonly lassoing: boolean;
  readonly outside: number;
  readonly hasRegions: boolean;
  readonly files: Pick<MapExport, "progress" | "said" | "cancel">;
  readonly scatter: Pick<Scatter, "viewpoint"> | null;
  setLassoing(on: boolean): void;
}

function filming(progress: number, files: MapControls["files"]): TemplateResult {
  return html`<span class="chip" role="status">
    <progress max="1" .value=${progress} aria-hidden="true"></progress> ${text.filming(progress)}
    <button class="link" @click=${() => files.cancel()}>${text.cancel}</button>
  </span>`;
}

export function mapTools(slice: MapSlice, map: MapControls, act: Act): TemplateResult {
  const { arrows, axes, isolated, other, selection } = slice;
  const { files, lassoing, outside } = map;
  const zoom = (factor: number) => map.scatter?.viewpoint.zoomBy(factor);
  const runs = (runs: "other" | "both") => {
    const help = text.mapRunsHelp[runs](seriesName(other as Series, slice.positions));
    return tool(text.mapRuns[runs], help, () => act(toggleMapRuns(runs)), {
      pressed: slice.runs === runs,
    });
  };
  return html`<div class="tools">
    ${outside ? html`<span class="chip" title=${text.outsideHelp}>${text.outside(outside)}</span>` : nothing}
    ${files.progress === null ? nothing : filming(files.progress, files)}
    ${files.said === null ? nothing : html`<span class="chip" role="status">${files.said}</span>`}
    ${
      isolated
        ? html`<span class="chip" role="status">${text.isolated(isolated.length, slice.labels.length)}
            <button class="link" title=${text.showAllHelp} @click=${() => act(isolate(null))}>${text.showAll}</button>
          </span>`
        : nothing
    }
    ${slice.whyOneRun ? html`<span class="chip" title=${text.oneRunHelp}>${text.oneRun[slice.whyOneRun]}</span>` : nothing}
    <div class="row">
      ${layerMenu(slice, map.hasRegions, act)}
      <div class="segments" role="toolbar" aria-label=${text.mapTools}>
        ${tool(text.lasso, text.lassoHelp, () => map.setLassoing(!lassoing), { pressed: lassoing })}
        ${tool(text.isolate, text.isolateHelp, () => act(isolateMany), { disabled: !selection.length })}
        ${slice.hasReference ? tool(text.arrows, text.arrowsHelp, () => act(toggleArrows), { pressed: arrows }) : nothing}
        ${slice.hasReference && other ? (["other", "both"] as const).map(runs) : nothing}
        ${tool("1:1", text.equalAxesHelp, () => act(toggleAxes), { name: text.equalAxes, pressed: axes === "equal" })}
        ${tool("+", "+", () => zoom(1.5), { kind: "zoom", name: text.zoomIn })}
        ${tool("−", "−", () => zoom(1 / 1.5), { kind: "zoom", name: text.zoomOut })}
        ${tool(text.fit, text.fitHelp, () => map.scatter?.viewpoint.fit())}
      </div>
    </div>
  </div>`;
}

interface Tool {
  /** What screen readers say instead of a sign. */
  readonly name?: string;
  readonly kind?: string;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
}

function tool(words: string, title: string, click: () => void, more: Tool = {}): TemplateResult {
  return signButton(words, more.name ?? words, click, { kind: "", title, ...more });
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** How far an arrow key moves the map, in CSS pixels. */
const FAR = 48;

/** Does what a key means for the map; returns whether it means anything. */
export function useMapKey(
  event: KeyboardEvent,
  { drawing, viewpoint }: Scatter,
  slice: MapSlice,
  lasso: Pick<MapControls, "lassoing" | "setLassoing">,
  act: Act,
): boolean {
  // Arrow keys without Shift belong to the timeline, wherever the focus is.
  const [dx, dy] = (event.shiftKey && ARROWS[event.key]) || [0, 0];
  if (dx || dy) {
    if (slice.mode === "3d") viewpoint.orbitBy(dx * FAR, dy * FAR);
    else viewpoint.panBy(dx * FAR, dy * FAR);
  } else if (event.key === "+" || event.key === "=") viewpoint.zoomBy(1.25);
  else if (event.key === "-") viewpoint.zoomBy(1 / 1.25);
  else if (event.key === "0") viewpoint.fit();
  else if (event.key === "l") lasso.setLassoing(!lasso.lassoing);
  else if (event.key === "Escape" && lasso.lassoing) lasso.setLassoing(false);
  else if (event.key === "a") void pointsInView(drawing).then((rows) => act(selectMany(rows)));
  else if (event.key === "r") act(toggleArrows);
  else if (event.key === "x" && slice.other) act(toggleMapRuns("other"));
  else if (event.key === "c" && slice.other) act(toggleMapRuns("both"));
  else if (event.key === "i") act(slice.isolated ? isolate(null) : isolateMany);
  else return false;
  return true;
}
