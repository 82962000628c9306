/** Shows the buttons that play the steps. */

import { html, svg, type TemplateResult } from "lit";
import { moveStep, patchPassing, togglePlaying } from "../../state/actions";
import type { State } from "../../state/state";
import { text } from "../../strings";
import { dropdown, signButton } from "../shared/controls";
import type { Act } from "../shared/state_element";

const SPEEDS = [0.5, 1, 2, 4, 8, "all"] as const;

type Player = Pick<State["passing"], "playing" | "speed" | "loop">;

/** Returns the buttons; `at` is the place of the step on screen among so many steps. */
export function playerControls(
  { playing, speed, loop }: Player,
  at: number,
  steps: number,
  act: Act,
): TemplateResult {
  type Look = { title: string; kind?: string; disabled?: boolean; pressed?: boolean };
  const button = (path: string, name: string, change: Parameters<Act>[0], look: Look) =>
    signButton(icon(path), name, () => act(change), { kind: "", ...look });
  return html`<div class="player row">
    ${button("M10 3 5 8l5 5z", text.previousStep, moveStep(-1), {
      ...{ title: text.previousStepHint, disabled: at <= 0 },
    })}
    ${
      playing
        ? button(PAUSE, text.pause, togglePlaying, { title: text.pauseHint, kind: "play" })
        : button(PLAY, text.play, togglePlaying, { title: text.playHint, kind: "play" })
    }
    ${button("M6 3l5 5-5 5z", text.nextStep, moveStep(1), {
      ...{ title: text.nextStepHint, disabled: at < 0 || at === steps - 1 },
    })}
    ${dropdown(
      SPEEDS.map((value) => [String(value), value === "all" ? text.allInTen : `${value}×`]),
      String(speed),
      (value) => act(patchPassing({ speed: value === "all" ? value : Number(value) })),
      { label: text.speed, title: text.speed },
    )}
    ${button(AROUND, text.loopPlaying, patchPassing({ loop: !loop }), {
      ...{ title: text.loopHint, pressed: loop },
    })}
  </div>`;
}

const PLAY = "M4 2.5 13 8l-9 5.5z";
const PAUSE = "M4 3h3v10H4zM9 3h3v10H9z";
/** Two arrows that lead around. */
const AROUND =
  "M4 4h7V1.5L15 5l-4 3.500V6H4v3H2V6a2 2 0 0 1 2-2zm8 8H5v2.5L1 11l4-3.500V10h7V7h2v3a2 2 0 0 1-2 2z";

function icon(path: string): TemplateResult {
  return html`<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" fill="currentColor">
    ${svg`<path d=${path}></path>`}
  </svg>`;
}
