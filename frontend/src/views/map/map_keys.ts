/** Handles the keys that move the map or act on its tokens. */

import { pointsInView } from "../../scatter/input/picker";
import type { Scatter } from "../../scatter/scatter";
import { isolateMany, selectMany } from "../../selectors/map/label_priority";
import { isolate, toggleArrows, toggleMapRuns } from "../../state/actions";
import type { Act } from "../shared/state_element";
import type { MapSlice } from "./map_slice";
import type { MapControls } from "./map_tools";

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
