/** Shows the switch between the drift map, the standard Projector, and both. */

import { css, html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { patchView } from "../../state/actions";
import type { State } from "../../state/state";
import { PANES } from "../../state/view";
import { text } from "../../strings";
import { segments } from "../../theme/segment_styles";
import { shared } from "../../theme/shared_styles";
import { StateElement } from "../shared/state_element";

function sliceOf({ view }: State) {
  return { pane: view.pane };
}

@customElement("wordembed-pane-switch")
export class PaneSwitch extends StateElement(sliceOf) {
  static override styles = [
    shared,
    segments,
    css`
      :host {
        display: flex;
      }
    `,
  ];

  protected override render(): TemplateResult {
    return html`<div class="segments" role="group" aria-label=${text.panes}>
      ${PANES.map(
        (pane) => html`<button
          aria-pressed=${this.slice.pane === pane}
          title=${text.paneHelp[pane]}
          @click=${() => this.act(patchView({ pane }))}
        >
          ${text.paneNames[pane]}
        </button>`,
      )}
    </div>`;
  }
}
