/** Shows the bar at the top: run, embedding, view, search, history, exports and dialogs. */

import { html, nothing, svg, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { SearchBox } from "../search/search_box";
import "../shared/menu";
import "../search/search_box";
import "./name_picker";
import "./toast";
import type { Series } from "../../api/contract.gen";
import type { FileMaker, SavedPage } from "../../api/data_source";
import { compareWith, patchPassing, patchView, togglePresenting } from "../../state/actions";
import { openSeries } from "../../state/carry_over";
import { otherSeriesOf, referenceOf, seriesOf, startOf } from "../../state/current";
import { redo, undo } from "../../state/history";
import { MOST_RANKS } from "../../state/ranks";
import type { State } from "../../state/state";
import { PANES } from "../../state/view";
import { text } from "../../strings";
import { memo } from "../../util/memo";
import { stepText } from "../../util/number_format";
import { copyText } from "../shared/clipboard";
import { about, dropdown, segments, signButton } from "../shared/controls";
import { type DialogName, OpenDialogEvent } from "../shared/dialog";
import { NONE, StateElement } from "../shared/state_element";
import type { ToastElement } from "./toast";
import { topBarStyles } from "./top_bar.css";

function sliceOf(current: State) {
  return {
    all: current.slots.index.value?.series ?? NONE,
    shown: seriesOf(current),
    other: otherSeriesOf(current),
    reference: referenceOf(current),
    savedPage: current.savedPage,
    ranks: current.passing.ranks,
    start: startOf(current),
    pane: current.view.pane,
    presenting: current.view.presenting,
    canUndo: current.history.past.length > 0,
    canRedo: current.history.future.length > 0,
  };
}

const runsOf = memo((all: readonly Series[]) => [...new Set(all.map(({ run }) => run))]);
const tagsOf = memo((all: readonly Series[], of: string | undefined) =>
  all.filter(({ run }) => run === of).map(({ tag }) => tag),
);

/** The sign of a screen on a stand. */
const SCREEN = html`<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" fill="none" stroke="currentColor">
  ${svg`<path d="M1.500 2.500h13M2.500 2.500v7.500h11v-7.500M8 10v2M5 14.500 8 12l3 2.500"></path>`}
</svg>`;

@customElement("wordembed-top-bar")
export class TopBar extends StateElement(sliceOf) {
  static override styles = topBarStyles;

  @query("wordembed-search") private search!: SearchBox;
  @property({ attribute: false }) files: FileMaker | undefined;
  @property({ attribute: false }) link!: ToastElement["link"];
  @state() private exports = false;
  /** The tag that was open last in each run. */
  private readonly lastTags = new Map<string, string>();

  focusSearch(): void {
    this.search.focusInput();
  }

  protected override updated(): void {
    this.toggleAttribute("compares", this.slice.all.length > 1);
  }

  protected override render(): TemplateResult {
    const { all, shown, savedPage } = this.slice;
    return html`
      <wordembed-name-picker
        .label=${text.run}
        .hint=${text.findRun}
        .names=${runsOf(all)}
        .chosen=${shown?.run ?? ""}
        .pick=${(run: string) => this.openRun(run)}
      ></wordembed-name-picker>
      <wordembed-name-picker
        .label=${text.tag}
        ?terse=${all.length > 1}
        .hint=${text.findTag}
        .names=${tagsOf(all, shown?.run)}
        .chosen=${shown?.tag ?? ""}
        .pick=${(tag: string) => this.act(openSeries(shown?.run ?? "", tag))}
      ></wordembed-name-picker>
      ${this.against()}
      ${shown ? this.size(shown) : nothing}
      ${shown && savedPage ? this.saved(shown, savedPage) : nothing}
      ${shown?.replaced_steps ? this.replaced(shown.replaced_steps) : nothing}
      <span class="space"></span>
      ${savedPage ? nothing : this.panes()}
      <wordembed-search .store=${this.store}></wordembed-search>
      ${this.history()}
      <wordembed-menu side="right" .label=${`${text.exportMenu} ▾`} @menu-toggle=${this.loadExport}>
        ${
          this.exports
            ? html`<wordembed-export-entries .store=${this.store} .source=${this.files}></wordembed-export-entries>`
            : html`<span class="muted">${text.loading}…</span>`
        }
      </wordembed-menu>
      ${this.dialogButton("bookmarks", "☆", text.bookmarksHelp)}
      <button class="copy" @click=${this.copyLink}>${text.copyLink}</button>
      ${signButton(SCREEN, text.present, () => this.act(togglePresenting), {
        title: text.presentHelp,
        pressed: this.slice.presenting,
      })}
      ${this.dialogButton("help", "?", text.keysHelp)}
      <wordembed-toast .store=${this.store} .link=${this.link}></wordembed-toast>
    `;
  }

  /** Returns the choice of what drift is measured from: another run and its step. */
  private against(): TemplateResult | typeof nothing {
    const { all, shown, other, reference } = this.slice;
    if (!shown || all.length < 2 || reference === null) return nothing;
    const { steps } = other ?? shown;
    const compare = (name: string) =>
      this.act(compareWith(othersByName(all, shown).get(name) ?? shown));
    return html`<div class="against">
      <wordembed-name-picker
        title=${text.againstHelp}
        .label=${text.against}
        .hint=${text.findAgainst}
        .none=${text.itself}
        .names=${[...othersByName(all, shown).keys()]}
        .chosen=${other ? fullName(other, shown) : ""}
        .pick=${compare}
      ></wordembed-name-picker>
      ${dropdown(
        steps.map((step) => [String(step), stepText(step)]),
        String(reference),
        (step) => this.act(compareWith(other ?? shown, Number(step))),
        { label: text.againstStep, title: text.againstStep },
      )}
    </div>`;
  }

  private size({
    vocab_size: rows,
    full_vocab_size: all,
    embedding_dim,
    shown_rows: held,
  }: Series) {
    const { ranks, savedPage } = this.slice;
    const help = rows < all && !savedPage ? text.tablePartHelp : text.tableSizeHelp;
    const heldHelp = text.heldRowsHelp(ranks, MOST_RANKS);
    return html`<span class="size" title=${help}>${text.tableSize(rows, all, embedding_dim)}</span>
      ${held < rows ? html`<span class="size muted" title=${heldHelp}>${text.heldRows(held, rows)}</span>` : nothing}`;
  }

  private replaced(steps: number): TemplateResult {
    const words = text.replacedSteps(steps);
    return html`<span class="muted ellipsis replaced" title=${`${words}. ${text.replacedHelp}`}>${words}</span>`;
  }

  /** Says how much of the log a page in a file holds. */
  private saved(shown: Series, { loggedSteps }: SavedPage): TemplateResult {
    const { start } = this.slice;
    const said = [
      ...text.savedPageHelp,
      text.savedPageHolds(stepText(start ?? Number.NaN)),
      text.savedPageElse,
    ];
    return html`<span class="muted saved">${text.savedPage(shown.steps.length, loggedSteps)}</span>
      ${about(text.aboutSavedPage, html`${said.map((one) => html`<p>${one}</p>`)}`)}`;
  }

  private panes(): TemplateResult {
    return segments(
      PANES.map((pane) => [pane, text.paneNames[pane], text.paneHelp[pane]]),
      this.slice.pane,
      (pane) => this.act(patchView({ pane })),
      text.panes,
    );
  }

  /** Loads the code of the export menu when it opens, as few visits need it. */
  private async loadExport(): Promise<void> {
    await import("../exports/export_entries");
    this.exports = true;
  }

  private dialogButton(name: DialogName, sign: string, label: string): TemplateResult {
    const open = () => this.dispatchEvent(new OpenDialogEvent(name));
    return signButton(sign, label, open);
  }

  private history(): TemplateResult {
    const { canUndo, canRedo } = this.slice;
    const button = (label: string, sign: string, change: typeof undo, able: boolean) =>
      signButton(sign, label, () => this.act(change), { disabled: !able });
    return html`<div class="history" role="group" aria-label=${text.history}>
      ${button(text.undo, "↶", undo, canUndo)}${button(text.redo, "↷", redo, canRedo)}
    </div>`;
  }

  private openRun(run: string): void {
    const { all, shown } = this.slice;
    if (shown) this.lastTags.set(shown.run, shown.tag);
    const tagged = (tag: string | undefined) =>
      all.find((series) => series.run === run && series.tag === tag);
    const series =
      tagged(this.lastTags.get(run)) ??
      tagged(shown?.tag) ??
      all.find((other) => other.run === run);
    if (series) this.act(openSeries(series.run, series.tag));
  }

  private async copyLink(): Promise<void> {
    await copyText(this.link());
    this.act(patchPassing({ toast: { kind: "copied", step: null } }));
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
