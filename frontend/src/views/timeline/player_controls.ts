/** Shows the buttons that play the steps. */

import { css, html, svg, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { moveStep, patchPassing, togglePlaying } from "../../state/actions";
import { seriesOf, stepOf } from "../../state/current";
import type { State } from "../../state/state";
import { text } from "../../strings";
import { dropdown, signButton } from "../shared/controls";
import { StateElement } from "../shared/state_element";

const SPEEDS = [0.5, 1, 2, 4, 8, "all"] as const;

function sliceOf(state: State) {
  const steps = seriesOf(state)?.steps ?? [];
  const { playing, speed, loop } = state.passing;
  const at = steps.indexOf(stepOf(state) ?? Number.NaN);
  return { steps: steps.length, at, playing, speed, loop };
}

@customElement("wordembed-player-controls")
export class PlayerControls extends StateElement(sliceOf) {
  static override styles = css`
    :host {
      display: flex;
      align-items: center;
      gap: 4px;
    }
    button {
      display: grid;
      place-content: center;
      width: 28px;
      padding: 0;
    }
    .play {
      width: 36px;
      border-color: var(--accent);
      background: var(--accent);
      color: var(--on-accent);
    }
    select {
      field-sizing: content;
      padding: 0 2px;
    }
  `;

  protected override render(): TemplateResult {
    const { steps, at, playing, speed, loop } = this.slice;
    const back = () => this.act(moveStep(-1));
    const on = () => this.act(moveStep(1));
    const play = () => this.act(togglePlaying);
    const over = () => this.act(patchPassing({ loop: !loop }));
    const toggle = playing
      ? { name: text.pause, title: text.pauseHint, path: "M4 3h3v10H4zM9 3h3v10H9z" }
      : { name: text.play, title: text.playHint, path: "M4 2.5 13 8l-9 5.5z" };
    return html`
      ${signButton(icon("M10 3 5 8l5 5z"), text.previousStep, back, {
        ...{ kind: "", title: text.previousStepHint, disabled: at <= 0 },
      })}
      ${signButton(icon(toggle.path), toggle.name, play, {
        ...{ kind: "play", title: toggle.title },
      })}
      ${signButton(icon("M6 3l5 5-5 5z"), text.nextStep, on, {
        ...{ kind: "", title: text.nextStepHint, disabled: at < 0 || at === steps - 1 },
      })}
      ${dropdown(
        SPEEDS.map((value) => [String(value), value === "all" ? text.allInTen : `${value}×`]),
        String(speed),
        (value) => this.act(patchPassing({ speed: value === "all" ? value : Number(value) })),
        { label: text.speed, title: text.speed },
      )}
      ${signButton(icon(AROUND), text.loopPlaying, over, {
        ...{ kind: "", title: text.loopHint, pressed: loop },
      })}
    `;
  }
}

/** The path of two arrows that lead around. */
const AROUND =
  "M4 4h7V1.5L15 5l-4 3.500V6H4v3H2V6a2 2 0 0 1 2-2zm8 8H5v2.5L1 11l4-3.500V10h7V7h2v3a2 2 0 0 1-2 2z";

function icon(path: string): TemplateResult {
  return html`<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" fill="currentColor">
    ${svg`<path d=${path}></path>`}
  </svg>`;
}
