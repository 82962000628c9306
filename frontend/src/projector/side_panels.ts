/** Shows and hides the standard Projector's own side panels, and sets its night mode. */

import type { ForeignProjector } from "./projector_internals";

/** The Projector's own panels: data and projections, and search and neighbors. */
export type SidePanel = "data" | "inspector";

const PANES: Readonly<Record<SidePanel, string>> = { data: "#left-pane", inspector: "#right-pane" };

/** Shows some of its panels and hides the others, which leave their room to the points. */
export function showSidePanels(projector: ForeignProjector, panels: readonly SidePanel[]): void {
  let changed = false;
  for (const panel of Object.keys(PANES) as SidePanel[]) {
    const pane = projector.shadowRoot?.querySelector<HTMLElement>(PANES[panel]);
    const display = panels.includes(panel) ? "" : "none";
    if (!pane || pane.style.display === display) continue;
    pane.style.display = display;
    changed = true;
  }
  if (changed) projector.projectorScatterPlotAdapter?.resize();
}

/** Switches the night mode of the points, as the Projector's own button does. */
export function showNight(projector: ForeignProjector, on: boolean): void {
  const button = projector.shadowRoot?.querySelector<NightButton>("#nightDayMode");
  const plot = projector.projectorScatterPlotAdapter?.scatterPlot;
  if (!button || !plot?.setDayNightMode || Boolean(button.active) === on) return;
  button.active = on;
  plot.setDayNightMode(on);
}

interface NightButton extends HTMLElement {
  active?: boolean;
}
