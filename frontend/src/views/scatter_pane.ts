import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Positions, Quality, Trajectory } from "../api/contract.gen";
import type { Theme } from "../host/host";
import { cardPlace } from "../scatter/cardPlace";
import { type Box, Scatter } from "../scatter/scatter";
import { cleanLabel } from "../scatter/text";
import { hover, patchView, select } from "../state/actions";
import { type ColorValues, colorsOf } from "../state/colors";
import {
  frequencyOf,
  labelPriority,
  labelsOf,
  qualityOf,
  searchMask,
  stepOf,
} from "../state/derived";
import type { State, View } from "../state/state";
import { memo } from "../state/store";
import { text } from "../strings";
import { shared } from "../theme/styles";
import { StateElement } from "./element";
import { colorName, giveColors, legend, scatterTheme, valueText } from "./legend";
import { caption } from "./map_caption";
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
  quality: Quality | null;
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

/** The drift map: hosts the renderer and brings it up to the state. */
@customElement("wordembed-scatter-pane")
export class ScatterPane extends StateElement<Slice> {
  static override styles = [shared, paneStyles];

  @query(".map") private host!: HTMLElement;
  @query(".card") private card!: HTMLElement | null;
  /** A unit upwards is drawn longer or shorter than one across. */
  @state() private stretched = false;
  /** Tokens that are out of view even when all is fit. */
  @state() private outside = 0;
  private scatter: Scatter | null = null;
  /** The run and tag whose positions the renderer has. */
  private table = "";
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
      quality: qualityOf(current),
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
      onHover: (index) => this.act(hover(index)),
      onPick: (index, { additive }) => this.act(select(index, additive)),
      onFrame: () => {
        this.placeCard();
        this.stretched = this.slice.mode === "2d" && this.scatter?.stretch !== 1;
      },
      reserved: () => this.overlays(),
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
    const { positions, run, tag } = slice.positions;
    const rows = positions.length / 3;
    this.givePositions(scatter, positions, JSON.stringify([run, tag]));
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
    this.give("selection", [selection.join()], () => {
      scatter.setSelection(selection);
      const picked = selection.at(-1);
      if (picked !== undefined) scatter.reveal(picked);
    });
    this.give("hover", [slice.hovered], () => scatter.setHover(slice.hovered));
    this.give("trails", [slice.trajectory, slice.step], () => scatter.setTrails(this.trails()));
    this.give("outside", [positions, first, newest, slice.mode], () => {
      this.outside = scatter.countOutside(positions);
    });
    this.placeCard();
  }

  protected override render(): TemplateResult {
    const { colors, loading, mode, positions, quality, theme } = this.slice;
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
      ${this.message()} ${caption(positions, quality, mode, this.stretched)}
      ${legend(colors, theme)}
      <div class="tools">
        ${
          this.outside
            ? html`<span class="outside" title=${text.outsideHelp}>${text.outside(this.outside)}</span>`
            : nothing
        }
        ${this.axesButton()}
        <button title="+" aria-label=${text.zoomIn} @click=${() => this.scatter?.zoomBy(1.5)}>+</button>
        <button title="−" aria-label=${text.zoomOut} @click=${() => this.scatter?.zoomBy(1 / 1.5)}>−</button>
        <button title=${text.fitHelp} @click=${() => this.scatter?.fit()}>${text.fit}</button>
      </div>
      ${this.hoverCard()}
    `;
  }

  private message(): TemplateResult | typeof nothing {
    const { positions } = this.slice;
    if (positions && hasPlace(positions.positions)) return nothing;
    return html`<p class="waiting" role="status">
      ${positions ? text.nothingFinite : `${text.loading}…`}
    </p>`;
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

  private hoverCard(): TemplateResult | typeof nothing {
    const { hovered, labels, colors, frequency } = this.slice;
    if (hovered === null) return nothing;
    const times = frequency?.[hovered];
    return html`<div class="card" hidden aria-hidden="true">
      <b class="ellipsis token">${cleanLabel(labels[hovered] ?? `#${hovered}`)}</b>
      ${colors ? html`<span>${colorName(colors)} ${valueText(colors, hovered)}</span>` : nothing}
      ${typeof times === "number" ? html`<span>${text.timesSeen(times)}</span>` : nothing}
    </div>`;
  }

  /** Points move on the screen without a change of state: the card goes with its own. */
  private placeCard(): void {
    const { card, host } = this;
    const { hovered } = this.slice;
    const at = hovered === null ? null : this.scatter?.project(hovered);
    if (!card) return;
    card.hidden = false;
    const size = { width: card.offsetWidth, height: card.offsetHeight };
    const view = { width: host.clientWidth, height: host.clientHeight };
    const place = at ? cardPlace(at, size, view) : null;
    card.hidden = place === null;
    if (place) Object.assign(card.style, { left: `${place.left}px`, top: `${place.top}px` });
  }

  /** Where what lies on the map is, for labels to stay clear of it. */
  private overlays(): Box[] {
    const overlays = this.renderRoot.querySelectorAll<HTMLElement>(".caption, .legend, .tools");
    return Array.from(overlays, ({ offsetLeft, offsetTop, offsetWidth, offsetHeight }) => ({
      left: offsetLeft,
      top: offsetTop,
      width: offsetWidth,
      height: offsetHeight,
    }));
  }

  /** Calls `set` when what it sets is not what the renderer has. */
  private give(name: string, values: readonly unknown[], set: () => void): void {
    const before = this.given.get(name);
    if (before?.every((value, at) => Object.is(value, values[at]))) return;
    this.given.set(name, values);
    set();
  }

  /** Another table starts at its place; another step of the same one moves there. */
  private givePositions(scatter: Scatter, positions: Float32Array, table: string): void {
    const [before] = (this.given.get("positions") ?? []) as Float32Array[];
    if (before?.length !== positions.length || this.table !== table) {
      this.table = table;
      scatter.fit();
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

const hasPlace = memo((positions: Float32Array) => {
  for (let i = 0; i + 2 < positions.length; i += 3) {
    if (positions.subarray(i, i + 3).every(Number.isFinite)) return true;
  }
  return false;
});
