import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { styleMap } from "lit/directives/style-map.js";
import type { Positions, Trajectory } from "../api/contract.gen";
import { count, short } from "../format";
import type { Theme } from "../host/host";
import { cssGradient, divergingColormap, sequentialColormap } from "../scatter/colors";
import { Scatter, type ScatterTheme } from "../scatter/scatter";
import { hover, patchView, select } from "../state/actions";
import {
  type ColorValues,
  colorsOf,
  frequencyOf,
  labelPriority,
  labelsOf,
  searchMask,
  stepOf,
} from "../state/derived";
import type { State, View } from "../state/state";
import { MEASURE_NAMES, text } from "../strings";
import { PALETTES } from "../theme/palette";
import { shared } from "../theme/styles";
import { StateElement } from "./element";
import { paneStyles } from "./scatter_pane.css";

interface Slice {
  positions: Positions | null;
  first: Positions | null;
  newest: Positions | null;
  labels: readonly string[];
  priority: Uint32Array | null;
  colors: ColorValues | null;
  mask: Uint8Array | null;
  selection: readonly number[];
  trajectory: Trajectory | null;
  step: number | null;
  mode: View["mode"];
  axes: View["axes"];
  hovered: number | null;
  frequency: readonly (number | null)[] | null;
  theme: Theme;
  speed: number;
  playing: boolean;
  loading: boolean;
}

const STEP_MS = 600;
const CARD_WIDTH = 220;

/** The drift map: hosts the renderer and brings it up to the state. */
@customElement("wordembed-scatter-pane")
export class ScatterPane extends StateElement<Slice> {
  static override styles = [shared, paneStyles];

  @query(".map") private host!: HTMLElement;
  @state() private cardAt: { x: number; y: number } | null = null;
  private scatter: Scatter | null = null;
  /** What the renderer was last given, by the name of what sets it. */
  private given = new Map<string, readonly unknown[]>();

  protected select(current: State): Slice {
    const { slots, view, passing } = current;
    return {
      positions: slots.positions.value,
      first: slots.firstPositions.value,
      newest: slots.newestPositions.value,
      labels: labelsOf(current),
      priority: labelPriority(current),
      colors: colorsOf(current),
      mask: searchMask(current),
      selection: view.selection,
      trajectory: slots.trajectory.value,
      step: stepOf(current),
      mode: view.mode,
      axes: view.axes,
      hovered: passing.hover,
      frequency: frequencyOf(current),
      theme: passing.theme,
      speed: passing.speed,
      playing: passing.playing,
      loading: slots.positions.pending !== null,
    };
  }

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    if (!Scatter.supported()) return;
    this.scatter = new Scatter(this.host, {
      onHover: (index, at) => {
        this.cardAt = at;
        this.act(hover(index));
      },
      onPick: (index, { additive }) => this.act(select(index, additive)),
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.scatter?.dispose();
    this.scatter = null;
  }

  protected override sync(): void {
    const { scatter, slice } = this;
    if (!scatter) return;
    this.give("theme", [slice.theme], () => scatter.setTheme(scatterTheme(slice.theme)));
    this.give("mode", [slice.mode], () => scatter.setMode(slice.mode));
    this.give("axes", [slice.axes], () => scatter.setAxes(slice.axes));
    if (!slice.positions) return;
    const { positions } = slice.positions;
    const rows = positions.length / 3;
    this.givePositions(scatter, positions);
    const { first, newest, priority, colors, mask, labels } = slice;
    if (first && newest) {
      this.give("bounds", [first, newest], () =>
        scatter.setBounds([first.positions, newest.positions]),
      );
    }
    if (priority?.length === rows && labels.length === rows) {
      this.give("labels", [labels, priority], () => scatter.setLabels(labels, priority));
    }
    if (!colors || colors.values.length === rows) {
      this.give("values", [colors, slice.theme], () => giveColors(scatter, colors, slice.theme));
    }
    this.give("mask", [mask], () => scatter.setVisible(mask));
    const selection = slice.selection.filter((row) => row < rows);
    this.give("selection", [selection.join()], () => scatter.setSelection(selection));
    this.give("hover", [slice.hovered], () => scatter.setHover(slice.hovered));
    this.give("trails", [slice.trajectory, slice.step], () => scatter.setTrails(this.trails()));
  }

  protected override render(): TemplateResult {
    const { positions, loading } = this.slice;
    if (!Scatter.supported()) return html`<p class="notice">${text.noWebgl}</p>`;
    return html`
      <div
        class="map"
        role="application"
        aria-label="${text.map}. ${text.mapHelp}"
        aria-busy=${loading}
        tabindex="0"
        @keydown=${this.onKey}
      ></div>
      ${positions ? nothing : html`<p class="waiting" role="status">${text.loading}…</p>`}
      <div class="caption muted" title=${text.varianceHelp}>
        ${this.variance(positions?.explained_variance_ratio ?? [])}
      </div>
      ${this.legend()}
      <div class="tools">
        ${this.axesButton()}
        <button title="+" aria-label=${text.zoomIn} @click=${() => this.scatter?.zoomBy(1.5)}>+</button>
        <button title="−" aria-label=${text.zoomOut} @click=${() => this.scatter?.zoomBy(1 / 1.5)}>−</button>
        <button title=${text.fitHelp} @click=${() => this.scatter?.fit()}>${text.fit}</button>
      </div>
      ${this.card()}
    `;
  }

  /** What each axis shows, and which way it goes. */
  private variance(ratio: readonly (number | null)[]): string | typeof nothing {
    const shares = ratio.slice(0, this.slice.mode === "2d" ? 2 : 3);
    const known = shares.filter((share) => share !== null);
    return known.length < shares.length || !known.length
      ? nothing
      : text.variance(known, this.slice.mode === "2d");
  }

  private axesButton(): TemplateResult | typeof nothing {
    const { axes, mode } = this.slice;
    if (mode === "3d") return nothing;
    return html`<button
      aria-pressed=${axes === "equal"}
      aria-label=${text.equalAxes}
      title=${text.equalAxesHelp}
      @click=${() => this.act(patchView({ axes: axes === "equal" ? "fill" : "equal" }))}
    >
      1:1
    </button>`;
  }

  private legend(): TemplateResult | typeof nothing {
    const { colors, theme } = this.slice;
    if (!colors) return nothing;
    const [from, to] = colors.domain;
    return html`<figure class="legend">
      <figcaption class="ellipsis">${colorTitle(colors)}</figcaption>
      <div class="ramp" style=${styleMap({ background: cssGradient(colormapOf(colors, theme)) })}></div>
      <div class="ends"><span>${short(from)}</span><span>${short(to)}</span></div>
    </figure>`;
  }

  private card(): TemplateResult | typeof nothing {
    const { hovered, labels, colors, frequency } = this.slice;
    const at = hovered === null ? null : (this.scatter?.project(hovered) ?? this.cardAt);
    if (hovered === null || !at || !this.host) return nothing;
    const { clientWidth, clientHeight } = this.host;
    if (at.x < 0 || at.y < 0 || at.x > clientWidth || at.y > clientHeight) return nothing;
    const place = {
      left: `${at.x + 12 + CARD_WIDTH > clientWidth ? at.x - 12 : at.x + 12}px`,
      top: `${Math.min(at.y + 12, clientHeight - 72)}px`,
      translate: at.x + 12 + CARD_WIDTH > clientWidth ? "-100%" : "0",
      maxWidth: `${CARD_WIDTH}px`,
    };
    const times = frequency?.[hovered];
    return html`<div class="card" style=${styleMap(place)} aria-hidden="true">
      <b class="ellipsis">${labels[hovered] ?? `#${hovered}`}</b>
      ${colors ? html`<span>${colorName(colors)} ${short(colors.values[hovered])}</span>` : nothing}
      ${typeof times === "number" ? html`<span>${text.timesSeen(times)}</span>` : nothing}
    </div>`;
  }

  /** Calls `set` when what it sets is not what the renderer has. */
  private give(name: string, values: readonly unknown[], set: () => void): void {
    const before = this.given.get(name);
    if (before?.every((value, at) => Object.is(value, values[at]))) return;
    this.given.set(name, values);
    set();
  }

  /** Another table starts at its place; another step of the same one moves there. */
  private givePositions(scatter: Scatter, positions: Float32Array): void {
    const [before] = (this.given.get("positions") ?? []) as Float32Array[];
    if (before?.length !== positions.length) {
      for (const name of this.given.keys()) {
        if (!LASTING.has(name)) this.given.delete(name);
      }
      this.give("positions", [positions], () => scatter.setFrame(positions));
      return;
    }
    const duration = this.slice.playing ? Math.min(STEP_MS, 900 / this.slice.speed) : STEP_MS;
    this.give("positions", [positions], () => void scatter.animateTo(positions, duration));
  }

  private trails() {
    const { trajectory, step } = this.slice;
    if (!trajectory) return [];
    const points = Float32Array.from(trajectory.trail.flat(), (value) => value ?? Number.NaN);
    const current = Math.max(0, trajectory.steps.indexOf(step ?? Number.NaN));
    return [{ index: trajectory.index, points, current }];
  }

  private onKey(event: KeyboardEvent): void {
    const { scatter } = this;
    if (!scatter || event.ctrlKey || event.metaKey || event.altKey) return;
    const far = 48;
    // Arrows alone are the timeline's, wherever the focus is.
    const [dx, dy] = (event.shiftKey && ARROWS[event.key]) || [0, 0];
    if (dx || dy) {
      if (this.slice.mode === "3d") scatter.orbitBy(dx * far, dy * far);
      else scatter.panBy(dx * far, dy * far);
    } else if (event.key === "+" || event.key === "=") scatter.zoomBy(1.25);
    else if (event.key === "-") scatter.zoomBy(1 / 1.25);
    else if (event.key === "0") scatter.fit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** What the renderer keeps when it is given another table. */
const LASTING: ReadonlySet<string> = new Set(["theme", "mode", "axes"]);

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

function scatterTheme(theme: Theme): ScatterTheme {
  const palette = PALETTES[theme];
  return {
    background: palette.ground,
    label: palette.text,
    labelHalo: palette.halo,
    accent: palette.accent,
    muted: palette.line,
  };
}

function colormapOf({ diverging }: ColorValues, theme: Theme): Uint8Array {
  return diverging ? divergingColormap(theme === "dark") : sequentialColormap(theme === "dark");
}

function giveColors(scatter: Scatter, colors: ColorValues | null, theme: Theme): void {
  if (!colors) scatter.setValues(null, [0, 1], sequentialColormap(theme === "dark"));
  else scatter.setValues(colors.values, colors.domain, colormapOf(colors, theme));
}

function colorTitle({ source }: ColorValues): string {
  if ("column" in source) return source.column;
  const { measure, from_step, to_step } = source;
  return text.colorTitle(MEASURE_NAMES[measure], count(from_step), count(to_step));
}

/** What the color says, without the steps. */
function colorName({ source }: ColorValues): string {
  return "column" in source ? source.column : MEASURE_NAMES[source.measure];
}
