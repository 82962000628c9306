/** Shows what drift is measured from, and lets the user pick another run and step. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Series } from "../../api/contract.gen";
import { compareWith } from "../../state/actions";
import { otherSeriesOf, referenceOf, seriesOf } from "../../state/current";
import type { State } from "../../state/state";
import { text } from "../../strings";
import { memo } from "../../util/memo";
import { stepText } from "../../util/number_format";
import { dropdown } from "../shared/controls";
import { NONE, StateElement } from "../shared/state_element";
import "./name_picker";

function sliceOf(state: State) {
  return {
    all: state.slots.index.value?.series ?? NONE,
    shown: seriesOf(state),
    other: otherSeriesOf(state),
    reference: referenceOf(state),
  };
}

@customElement("wordembed-against-picker")
export class AgainstPicker extends StateElement(sliceOf) {
  static override styles = css`
    :host {
      display: flex;
      gap: 4px;
      min-width: 0;
    }
    select {
      max-width: 88px;
    }
  `;

  protected override render(): TemplateResult | typeof nothing {
    const { all, shown, other, reference } = this.slice;
    if (!shown || all.length < 2 || reference === null) return nothing;
    const { steps } = other ?? shown;
    return html`
      <wordembed-name-picker
        title=${text.againstHelp}
        .label=${text.against}
        .hint=${text.findAgainst}
        .none=${text.itself}
        .names=${[...othersByName(all, shown).keys()]}
        .chosen=${other ? fullName(other, shown) : ""}
        .pick=${(name: string) => this.pick(name)}
      ></wordembed-name-picker>
      ${dropdown(
        steps.map((step) => [String(step), stepText(step)]),
        String(reference),
        (step) => this.act(compareWith(other ?? shown, Number(step))),
        { label: text.againstStep, title: text.againstStep },
      )}
    `;
  }

  private pick(name: string): void {
    const { all, shown } = this.slice;
    const series = shown && (othersByName(all, shown).get(name) ?? shown);
    if (series) this.act(compareWith(series));
  }
}

/** Returns the other series by the names that they are picked by. */
const othersByName = memo(
  (all: readonly Series[], shown: Series): ReadonlyMap<string, Series> =>
    new Map(all.filter((one) => one !== shown).map((series) => [fullName(series, shown), series])),
);

/** Returns the whole name of a series: the picker folds names itself. */
function fullName({ run, tag }: Series, shown: Series): string {
  return tag === shown.tag ? run : `${run} · ${tag}`;
}
