/** Shows the whole page and arranges its views. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { listensTo, StateElement } from "../shared/state_element";
import "./announcer";
import "../table/drift_table";
import "../health/health";
import "../token/inspector";
import "./notices";
import "./panes";
import "../timeline/timeline";
import "./top_bar";
import type { FileMaker, ProjectorSource } from "../../api/data_source";
import { showsBothRuns } from "../../selectors/map/map_layout";
import {
  moveStep,
  nextPane,
  patchPassing,
  select,
  togglePlaying,
  togglePresenting,
} from "../../state/actions";
import type { BrowserStorage } from "../../state/browser_storage";
import { isSingle, seriesOf } from "../../state/current";
import { redo, undo } from "../../state/history";
import type { Panel, State } from "../../state/state";
import type { View } from "../../state/view";
import { text } from "../../strings";
import type { DialogName, OpenDialogEvent } from "../shared/dialog";
import { cssWidth } from "../table/table_width";
import { appStyles } from "./app.css";
import type { Panes } from "./panes";
import type { TopBar } from "./top_bar";

/** The actions of the page that do not only change the state. */
export interface Actions {
  reload: () => void;
  /** Returns the link to the view on screen, with the given fields in place of its own. */
  link: (fields?: Partial<View>) => string;
}

function sliceOf(state: State) {
  const index = state.slots.index.value;
  const scanning = index?.scanning ?? false;
  const nothing = index && !scanning ? "empty" : "waiting";
  return {
    stage: seriesOf(state) ? "shown" : nothing,
    scanning,
    failed: state.slots.index.failure !== null,
    pane: state.view.pane,
    presenting: state.view.presenting,
    panel: state.passing.panel,
    isSingle: isSingle(state),
    tableShare: state.view.tableShare,
    showsBothRuns: showsBothRuns(state),
  };
}

@customElement("wordembed-app")
export class AppElement extends StateElement(sliceOf) {
  static override styles = appStyles;

  @property({ attribute: false }) actions!: Actions;
  @property({ attribute: false }) source: ProjectorSource | undefined;
  @property({ attribute: false }) storage!: BrowserStorage;
  @property({ attribute: false }) files: FileMaker | undefined;
  @query("wordembed-top-bar") private bar!: TopBar | null;
  @query("wordembed-panes") private panes!: Panes | null;

  constructor() {
    super();
    listensTo(this, document, "keydown", (event: KeyboardEvent) => this.onKey(event));
  }

  protected override sync(): void {
    const { pane, presenting, showsBothRuns, tableShare } = this.slice;
    this.setAttribute("data-pane", pane);
    this.toggleAttribute("presenting", presenting);
    this.toggleAttribute("twomaps", showsBothRuns);
    this.style.setProperty("--table-width", cssWidth(tableShare));
  }

  protected override render(): TemplateResult {
    const { stage } = this.slice;
    if (stage === "empty") {
      // Most visits don't need its code.
      void import("./empty_log");
      return html`${this.notices()}<wordembed-empty></wordembed-empty>`;
    }
    return html`<main>
      <h1 class="visually-hidden">${text.title}</h1>
      <wordembed-top-bar
        ?presenting=${this.slice.presenting}
        .store=${this.store}
        .files=${this.files}
        .link=${this.actions.link}
        @open-dialog=${(event: OpenDialogEvent) => this.openDialog(event.dialog)}
      ></wordembed-top-bar>
      ${this.notices()} ${stage === "shown" ? this.views() : this.waiting()}
      <wordembed-announcer .store=${this.store}></wordembed-announcer>
    </main>`;
  }

  private notices(): TemplateResult {
    return html`<wordembed-notices .store=${this.store} .retry=${this.actions.reload}></wordembed-notices>`;
  }

  private views(): TemplateResult {
    const { isSingle, pane, panel } = this.slice;
    const tab = (name: Panel, label: string) => html`
      <button
        role="tab"
        aria-selected=${panel === name}
        @click=${() => this.act(patchPassing({ panel: name }))}
      >
        ${label}
      </button>
    `;
    return html`
      <div class="tabs" role="tablist" aria-label=${text.panels}>
        ${tab("table", text.tabs.table)} ${tab("token", text.tabs.token)}
        ${tab("health", text.tabs.health)}
      </div>
      <wordembed-drift-table .store=${this.store} ?data-shown=${panel === "table"}></wordembed-drift-table>
      <wordembed-panes .store=${this.store} .source=${this.source} data-pane=${pane}></wordembed-panes>
      <wordembed-inspector .store=${this.store} ?data-shown=${panel === "token"}></wordembed-inspector>
      ${
        isSingle
          ? nothing
          : html`<wordembed-timeline .store=${this.store} ?presenting=${this.slice.presenting}></wordembed-timeline>`
      }
      <wordembed-health .store=${this.store} ?data-shown=${panel === "health"}></wordembed-health>
    `;
  }

  private waiting(): TemplateResult {
    const { scanning, failed } = this.slice;
    if (failed) return html`<div class="waiting"></div>`;
    return html`<p class="waiting centered" role="status">${scanning ? text.scanningFirst : `${text.loading}…`}</p>`;
  }

  /** Opens a dialog and loads its code first; few visits need any. */
  private async openDialog(name: DialogName): Promise<void> {
    if (this.hasDialog) return;
    const dialog = await DIALOGS[name]();
    Object.assign(dialog, { store: this.store, storage: this.storage });
    dialog.dataset.dialog = name;
    this.renderRoot.append(dialog);
  }

  private get hasDialog(): boolean {
    return this.renderRoot.querySelector("[data-dialog]") !== null;
  }

  /** Handles the keys of the whole page that no control has used. */
  private onKey(event: KeyboardEvent): void {
    // An open dialog gets all keys, even if its focused element was removed.
    if (event.defaultPrevented || event.altKey || this.hasDialog) return;
    const [target] = event.composedPath();
    const onField = target instanceof HTMLElement && target.matches("input, select, textarea");
    const isText = onField && !target.matches("select, [type=checkbox]");
    // A text field keeps its own undo.
    if (onField && (isText || !(event.ctrlKey || event.metaKey))) return;
    if (event.ctrlKey || event.metaKey) {
      const change = changeOf(event);
      if (!change) return;
      this.act(change);
      event.preventDefault();
      return;
    }
    if (this.panes?.useKey(event)) {
      event.preventDefault();
      return;
    }
    const onButton = target instanceof HTMLElement && target.matches("button, summary");
    if (event.key === " " && !onButton) this.act(togglePlaying);
    else if (event.key === "ArrowLeft") this.act(moveStep(-1));
    else if (event.key === "ArrowRight") this.act(moveStep(1));
    else if (event.key === "Home") this.act(moveStep(Number.NEGATIVE_INFINITY));
    else if (event.key === "End") this.act(moveStep(Number.POSITIVE_INFINITY));
    else if (event.key === "v") this.act(nextPane);
    else if (event.key === "p") this.act(togglePresenting);
    else if (event.key === "/") this.bar?.focusSearch();
    else if (event.key === "?") this.openDialog("help");
    else if (event.key === "b") this.openDialog("bookmarks");
    else if (event.key === "Escape") this.act(select(null));
    else return;
    event.preventDefault();
  }
}

const DIALOGS: Readonly<Record<DialogName, () => Promise<HTMLElement>>> = {
  help: async () => new (await import("./help_dialog")).HelpDialog(),
  bookmarks: async () => new (await import("./bookmarks_dialog")).BookmarksDialog(),
  export: async () => new (await import("../exports/export_dialog")).ExportDialog(),
};

/** Returns the change of a key with Ctrl or Command; null if the key has none. */
function changeOf(event: KeyboardEvent): ((state: State) => State) | null {
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? redo : undo;
  return key === "y" ? redo : null;
}
