/** Says how playing goes along the steps: how many at a time, and how fast. */

import { seriesOf } from "../../state/current";
import type { State } from "../../state/state";

/** The time in which "all" plays all steps, in milliseconds, and the most frames that it shows. */
const ALL_MS = 10_000;
const MOST_FRAMES = 50;

/**
 * Returns the number of steps from one frame to the next, the milliseconds between frames, and whether frames
 * that come late are made up for by leaving others out.
 */
export function paceOf(state: State) {
  const { speed } = state.passing;
  if (speed !== "all") return { stride: 1, ms: 1000 / speed, keepsTime: false };
  const moves = Math.max((seriesOf(state)?.steps.length ?? 0) - 1, 1);
  const stride = Math.ceil(moves / MOST_FRAMES);
  return { stride, ms: ALL_MS / Math.ceil(moves / stride), keepsTime: true };
}
