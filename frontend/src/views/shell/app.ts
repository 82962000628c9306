/** Shows the whole page and arranges its views. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import "./announcer";
import "../table/drift_table";
import "../health/health";
import "../token/inspector";
import "./notices";
import "../map/map_pane";
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
import type { MapPane } from "../map/map_pane";
import type { DialogName, OpenDialogEvent } from "../shared/dialog";
import { listensTo, StateElement } from "../shared/state_element";
import { cssWidth } from "../table/column_widths";
import { appStyles } from "./app.css";
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
  @query("wordembed-map-pane") private map!: MapPane | null;
  /** Whether the Projector was opened; it stays in the page then, as it takes seconds to load. */
  @state() private hasProjector = false;

  constructor() {
    super();
    listensTo(this, document, "keydown", (event: KeyboardEvent) => this.onKey(event));
  }

  protected override updated(): void {
    const { pane, presenting, showsBothRuns, tableShare } = this.slice;
    this.setAttribute("data-pane", pane);
    this.toggleAttribute("presenting", presenting);
    this.toggleAttribute("twomaps", showsBothRuns);
    this.style.setProperty("--table-width", cssWidth(tableShare));
    if (pane !== "map" && !this.hasProjector) void this.loadProjector();
  }

  /** Loads the code of the Projector's pane when it opens, as few visits need it. */
  private async loadProjector(): Promise<void> {
    await import("../projector/projector_pane");
    this.hasProjector = true;
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
      <wordembed-drift-table class="panel" .store=${this.store} ?data-shown=${panel === "table"}></wordembed-drift-table>
      <div class="panes" data-pane=${pane}>
        <wordembed-map-pane .store=${this.store} ?hidden=${pane === "projector"}></wordembed-map-pane>
        ${this.hasProjector ? this.projector() : nothing}
      </div>
      <wordembed-inspector class="panel" .store=${this.store} ?data-shown=${panel === "token"}></wordembed-inspector>
      ${
        isSingle
          ? nothing
          : html`<wordembed-timeline .store=${this.store} ?presenting=${this.slice.presenting}></wordembed-timeline>`
      }
      <wordembed-health class="panel" .store=${this.store} ?data-shown=${panel === "health"}></wordembed-health>
    `;
  }

  private projector(): TemplateResult {
    return html`<wordembed-projector-pane
      .store=${this.store}
      .source=${this.source}
      ?hidden=${this.slice.pane === "map"}
    ></wordembed-projector-pane>`;
  }

  private waiting(): TemplateResult {
    const { scanning, failed } = this.slice;
    if (failed) return html`<div class="waiting"></div>`;
    return html`<p class="waiting centered" role="status">${scanning ? text.scanningFirst : `${text.loading}…`}</p>`;
  }

  private async openDialog(name: DialogName): Promise<void> {
    const dialog = await DIALOGS[name]();
    // Another key may have been pressed while its code was loaded.
    if (this.hasDialog) return;
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
    if (this.slice.pane !== "projector" && this.map?.useKey(event)) {
      event.preventDefault();
      return;
    }
    const onButton = target instanceof HTMLElement && target.matches("button, summary");
    const change = KEYS[event.key];
    if (event.key === " " && !onButton) this.act(togglePlaying);
    else if (change) this.act(change);
    else if (event.key === "/") this.bar?.focusSearch();
    else if (event.key === "?") this.openDialog("help");
    else if (event.key === "b") this.openDialog("bookmarks");
    else return;
    event.preventDefault();
  }
}

/** What keys change that are not used by a control. */
const KEYS: Readonly<Record<string, (state: State) => State>> = {
  ArrowLeft: moveStep(-1),
  ArrowRight: moveStep(1),
  Home: moveStep(Number.NEGATIVE_INFINITY),
  End: moveStep(Number.POSITIVE_INFINITY),
  v: nextPane,
  p: togglePresenting,
  Escape: select(null),
};

const DIALOGS: Readonly<Record<DialogName, () => Promise<HTMLElement>>> = {
  help: async () => new (await import("./help_dialog")).HelpDialog(),
  bookmarks: async () => new (await import("./bookmarks_dialog")).BookmarksDialog(),
  export: async () => new (await import("../exports/export_dialog")).ExportDialog(),
};

function changeOf(event: KeyboardEvent): ((state: State) => State) | null {
  const key = event.key.toLowerCase();
  if (key === "z") return event.shiftKey ? redo : undo;
  return key === "y" ? redo : null;
}
