/** Shows the page of the standard Projector, at the step of the timeline. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { ProjectorSource } from "../../api/data_source";
import { type FrameState, ProjectorFrame } from "../../projector/projector_frame";
import type { SidePanel } from "../../projector/side_panels";
import { patchPassing, patchView } from "../../state/actions";
import { otherSeriesOf, seriesOf } from "../../state/current";
import type { State } from "../../state/state";
import { text } from "../../strings";
import type { Theme } from "../../theme/palette";
import { cleanLabel } from "../../util/label_text";
import { stepText } from "../../util/number_format";
import { StateElement, watchesSize } from "../shared/state_element";

/** The width from which both side panels of the Projector are shown, in CSS pixels. */
const WIDE_PX = 1000;

function sliceOf(current: State) {
  const { view, slots } = current;
  const series = seriesOf(current);
  return {
    pane: view.pane,
    answer: slots.projector.value,
    failed: slots.projector.failure !== null,
    /** The run and tag as one string. */
    series: series ? JSON.stringify([series.run, series.tag]) : "",
    tag: series?.tag ?? "",
    other: otherSeriesOf(current),
    vocabSize: series?.vocab_size ?? 0,
    selection: view.selection,
    theme: current.passing.theme,
  };
}

@customElement("wordembed-projector-pane")
export class ProjectorPane extends StateElement(sliceOf) {
  static override styles = css`
    :host {
      display: flex;
      flex-direction: column;
      min-width: 0;
      min-height: 0;
      background: var(--ground);
    }
    header {
      flex: none;
      height: 36px;
      padding: 0 8px 0 12px;
      border-bottom: 1px solid var(--hairline);
    }
    h2 {
      flex: none;
    }
    .note {
      flex: none;
      color: var(--warning);
      white-space: nowrap;
    }
    .stage {
      flex: 1 1 0;
      text-align: right;
    }
    header button {
      flex: none;
      height: 24px;
    }
    iframe {
      flex: 1;
      width: 100%;
      min-height: 0;
      border: 0;
      /* The Projector's page is light in both themes. */
      background: #fff;
      color-scheme: light;
    }
    iframe[data-old] {
      visibility: hidden;
    }
    iframe:focus-within,
    iframe:focus-visible {
      outline: 2px solid var(--accent);
      outline-offset: -2px;
    }
    .message {
      flex: 1;
      max-width: 60ch;
      margin: 0 auto;
      padding: 24px;
    }
  `;

  @property({ attribute: false }) source: ProjectorSource | undefined;
  @query("iframe") private iframe!: HTMLIFrameElement | null;
  @state() private stage: FrameState = "loading";
  /** The side panels that the user chose; null shows those that fit the width. */
  @state() private chosen: readonly SidePanel[] | null = null;
  @state() private wide = false;
  private frame: ProjectorFrame | null = null;
  /** The theme that was sent to the frame last; the user can change it there. */
  private theme: Theme = "light";

  constructor() {
    super();
    watchesSize(this, () => {
      this.wide = this.clientWidth >= WIDE_PX;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.frame?.dispose();
    this.frame = null;
  }

  protected override firstUpdated(): void {
    if (!this.iframe || !this.source) return;
    this.frame = new ProjectorFrame(this.iframe, this.source, {
      onState: (stage) => {
        this.stage = stage;
      },
      onSelect: (selection) => {
        this.act(patchView({ selection }));
        if (selection.length) this.act(patchPassing({ panel: "token" }));
      },
    });
  }

  protected override updated(): void {
    const { pane, answer, series, selection } = this.slice;
    if (!this.frame || pane === "map" || !answer || answer.problem) return;
    this.frame.showSidePanels(this.panels());
    if (this.theme !== this.slice.theme) this.frame.setNight(this.slice.theme === "dark");
    this.theme = this.slice.theme;
    this.frame.select(selection);
    this.frame.show(answer, series);
  }

  protected override render(): TemplateResult {
    const { answer } = this.slice;
    const problem = answer?.problem;
    // What it still shows may be of another series.
    const isOld = !answer || this.stage === "loading";
    if (!this.source) return html`<p class="message centered">${text.projectorNeedsServer}</p>`;
    return html`
      ${this.head()}
      <iframe title=${text.projector} ?hidden=${problem} ?data-old=${isOld}></iframe>
      ${problem ? html`<p class="message centered">${problem}</p>` : nothing}
    `;
  }

  private head(): TemplateResult {
    const { answer, other, tag, vocabSize } = this.slice;
    const { rows = [], sampled = false, non_finite = 0 } = answer ?? {};
    const title = answer
      ? text.projectorTitle(cleanLabel(tag), stepText(answer.step))
      : text.projector;
    const note = (words: string, help: string) =>
      html`<span class="note" title=${help}>${words}</span>`;
    return html`<header class="row">
      <h2 class="ellipsis" title=${text.projectorHelp}>${text.projector}</h2>
      <span class="ellipsis muted token">${title}</span>
      ${other ? note(text.projectorOwn, text.projectorOwnHelp) : nothing}
      ${sampled ? note(text.projectorSampled(rows.length, vocabSize), text.projectorSampledHelp) : nothing}
      ${non_finite ? note(text.projectorNonFinite(non_finite), text.projectorNonFiniteHelp) : nothing}
      <span class="stage ellipsis muted" role="status">${this.stageText()}</span>
      ${this.sideButton("data", text.projectorData, text.projectorDataHelp)}
      ${this.sideButton("inspector", text.projectorInspector, text.projectorInspectorHelp)}
    </header>`;
  }

  private stageText(): string {
    const { answer, failed } = this.slice;
    if (answer?.problem) return "";
    if (!answer && failed) return text.notLoaded;
    if (this.stage === "loading") return text.projectorLoading;
    if (this.stage === "stepping") return text.projectorStepping;
    return this.stage === "failed" ? text.projectorFailed : "";
  }

  private sideButton(panel: SidePanel, label: string, help: string): TemplateResult {
    const panels = this.panels();
    const shown = panels.includes(panel);
    const toggled = shown ? panels.filter((other) => other !== panel) : [...panels, panel];
    return html`<button
      aria-pressed=${shown}
      title=${help}
      @click=${() => {
        this.chosen = toggled;
      }}
    >
      ${label}
    </button>`;
  }

  private panels(): readonly SidePanel[] {
    return this.chosen ?? (this.wide ? ["data", "inspector"] : []);
  }
}
