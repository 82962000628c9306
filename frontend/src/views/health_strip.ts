import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { styleMap } from "lit/directives/style-map.js";
import type { Health, Quantiles, Series } from "../api/contract.gen";
import type { Line } from "../charts/chart";
import "../charts/chart";
import { count, short } from "../format";
import type { Theme } from "../host/host";
import { goToStep, patchPassing } from "../state/actions";
import { derivedReference, driftFromFirst, seriesOf, stepOf } from "../state/derived";
import type { State } from "../state/state";
import { memo } from "../state/store";
import { text } from "../strings";
import { PALETTES } from "../theme/palette";
import { shared } from "../theme/styles";
import { StateElement } from "./element";
import "./findings";

interface Slice {
  health: Health | null;
  series: Series | null;
  step: number | null;
  reference: number | null;
  open: boolean;
  theme: Theme;
}

interface Panel {
  title: string;
  help: string;
  /** What is said of the step on screen. */
  now: (at: number) => string;
  lines: readonly Line[];
  fromZero?: boolean;
  /** Which line is which, where there are several. */
  key?: (at: number) => { label: string; color: Line["color"] }[];
}

/** Measures of the whole table over the steps, each with a line on how to read it. */
@customElement("wordembed-health-strip")
export class HealthStrip extends StateElement<Slice> {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        padding: 4px 12px 8px;
        border-top: 1px solid var(--hairline);
        background: var(--panel);
      }
      .toggle {
        margin-left: -8px;
        height: 24px;
        font-weight: 600;
      }
      .panels {
        display: grid;
        grid-auto-columns: minmax(140px, 1fr);
        grid-auto-flow: column;
        gap: 8px 16px;
        overflow-x: auto;
        scrollbar-width: thin;
        scrollbar-color: var(--line) transparent;
      }
      .heading {
        display: flex;
        justify-content: space-between;
        gap: 8px;
      }
      .heading > * {
        white-space: nowrap;
      }
      .heading b {
        overflow: hidden;
        font-weight: 600;
        text-overflow: ellipsis;
      }
      p {
        margin-top: 2px;
        color: var(--muted);
        font-size: 11px;
        line-height: 14px;
      }
      .key {
        display: flex;
        flex-wrap: wrap;
        gap: 0 10px;
      }
      .key i {
        display: inline-block;
        width: 10px;
        height: 2px;
        margin-right: 4px;
        vertical-align: 3px;
      }
      .skeleton {
        height: 84px;
        border-radius: 4px;
        background: var(--hairline);
        opacity: 0.5;
      }
      @media (max-width: 760px) {
        :host {
          overflow: auto;
        }
        .toggle {
          display: none;
        }
        .panels {
          grid-template-columns: repeat(2, minmax(0, 1fr));
          grid-auto-flow: row;
          padding-top: 4px;
        }
      }
    `,
  ];

  protected select(state: State): Slice {
    return {
      health: state.slots.health.value,
      series: seriesOf(state),
      step: stepOf(state),
      reference: derivedReference(state),
      open: state.passing.healthOpen,
      theme: state.passing.theme,
    };
  }

  protected override render(): TemplateResult {
    const { health, series, open } = this.slice;
    return html`
      <button
        class="toggle quiet"
        aria-expanded=${open}
        title=${open ? text.healthClose : text.healthOpen}
        @click=${() => this.act(patchPassing({ healthOpen: !open }))}
      >
        <span aria-hidden="true">${open ? "▾" : "▸"}</span> ${text.health}
      </button>
      ${
        open
          ? html`<wordembed-findings .store=${this.store}></wordembed-findings>
            <div class="panels">
              ${
                health
                  ? panelsOf(health, series?.embedding_dim ?? 0).map((panel) =>
                      this.panel(panel, health),
                    )
                  : Array.from({ length: 6 }, () => html`<div class="skeleton"></div>`)
              }
            </div>`
          : nothing
      }
    `;
  }

  private panel({ title, help, now, lines, ...more }: Panel, health: Health): TemplateResult {
    const { step, reference, theme } = this.slice;
    const at = health.steps.indexOf(step ?? Number.NaN);
    const said = now(at);
    return html`<section>
      <div class="heading"><h3>${title}</h3>${more.key ? nothing : html`<b>${said}</b>`}</div>
      <wordembed-chart
        .steps=${health.steps}
        .lines=${lines}
        .step=${step}
        .reference=${reference}
        .fromZero=${more.fromZero ?? false}
        .height=${76}
        .theme=${theme}
        .label=${`${title}: ${said}. ${help}`}
        @step-pick=${(event: CustomEvent<number>) => this.act(goToStep(event.detail))}
      ></wordembed-chart>
      ${
        more.key
          ? html`<p class="key" title=${help}>
              ${more.key(at).map(
                ({ label, color }) => html`<span
                  ><i style=${styleMap({ background: PALETTES[theme].series[color] })}></i>${label}</span
                >`,
              )}
            </p>`
          : html`<p>${help}</p>`
      }
    </section>`;
  }
}

const panelsOf = memo((health: Health, dimensions: number): Panel[] => [
  quantilePanel(text.healthDrift, text.healthDriftHelp, driftFromFirst(health)),
  quantilePanel(text.healthStep, text.healthStepHelp, health.drift_from_previous),
  quantilePanel(text.healthNorm, text.healthNormHelp, health.norm),
  {
    ...linePanel(text.healthRank, text.healthRankHelp(dimensions), health.effective_rank),
    fromZero: true,
  },
  linePanel(text.healthCosine, text.healthCosineHelp, health.mean_pairwise_cosine),
  rowsPanel(health),
]);

function quantilePanel(title: string, help: string, { p10, p50, p90 }: Quantiles): Panel {
  return {
    title,
    help,
    now: (at) => short(p50[at]),
    lines: [
      { label: "p10", values: p10, color: 0, kind: "edge" },
      { label: "p90", values: p90, color: 0, kind: "edge" },
      { label: text.median, values: p50, color: 0 },
    ],
  };
}

function linePanel(title: string, help: string, values: readonly (number | null)[]): Panel {
  return {
    title,
    help,
    now: (at) => short(values[at]),
    lines: [{ label: title, values, color: 0 }],
  };
}

function rowsPanel({ frozen_rows, zero_rows, non_finite_rows }: Health): Panel {
  // Equal counts lie on each other: the lines below are wider.
  const lines: Line[] = [
    { label: text.frozen, values: frozen_rows, color: 2, width: 5 },
    { label: text.zero, values: zero_rows, color: 1, width: 3 },
    { label: text.nonFinite, values: non_finite_rows, color: 0, width: 1 },
  ];
  const key = (at: number) =>
    lines.map(({ label, values, color }) => {
      const rows = values[at];
      return { label: `${typeof rows === "number" ? count(rows) : "–"} ${label}`, color };
    });
  const now = (at: number) =>
    key(at)
      .map(({ label }) => label)
      .join(", ");
  return { title: text.healthRows, help: text.healthRowsHelp, now, lines, key, fromZero: true };
}
