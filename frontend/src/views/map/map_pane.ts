/** Shows the drift map: the renderer with caption, legend, tools and hover card. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import "./layout_chooser";
import "./map_legend";
import { FieldWorker } from "../../density_and_regions/field_source";
import type { Seen } from "../../density_and_regions/field_window";
import { type Box, type Point, Scatter, type ScatterOptions } from "../../scatter/scatter";
import type { Viewpoint } from "../../scatter/view/viewpoint";
import { selectMany } from "../../selectors/map/label_priority";
import { hover, patchPassing, patchView, select } from "../../state/actions";
import { unnoted } from "../../state/history";
import type { State } from "../../state/state";
import { text } from "../../strings";
import { memo } from "../../util/memo";
import { ExportMapEvent } from "../shared/export_map_event";
import { listensTo, StateElement, watchesSize } from "../shared/state_element";
import { hoverCard, placeCard, regionCard } from "./hover_card";
import { caption, startNote } from "./map_caption";
import { MapExport } from "./map_export";
import { MapOverlays } from "./map_overlays";
import { paneStyles } from "./map_pane.css";
import { mapSlice } from "./map_slice";
import { MapThumbnails } from "./map_thumbnails";
import { mapTools, useMapKey } from "./map_tools";
import { RunMap, runNames } from "./run_map";

@customElement("wordembed-map-pane")
export class MapPane extends StateElement(mapSlice) {
  static override styles = paneStyles;

  @query(".own") private host!: HTMLElement;
  @query(".other") private otherHost!: HTMLElement | null;
  @query(".card") private card!: HTMLElement | null;
  @state() private stretched = false;
  @state() outside = 0;
  @state() hasRegions = false;
  @state() private mostPoints = Number.POSITIVE_INFINITY;
  @state() lassoing = false;
  @state() private hoveredRegion: number | null = null;
  /** Whether the map is so small that the legend would cover much of it. */
  @state() private tight = false;
  /** Whether there is room for a tall legend beside the points. */
  @state() private wide = false;
  readonly files = new MapExport(this);
  private own: RunMap | null = null;
  private thumbnails: MapThumbnails | null = null;
  /** The map of the other run, while both are shown. */
  private other: RunMap | null = null;
  /** The map that the pointer came to last. */
  private pointed: RunMap | null = null;
  private noting: ReturnType<typeof setTimeout> | undefined;
  private readonly overlays = new MapOverlays(this, () => this.renderRoot);
  /** The width of a tall legend beside the points. */
  private beside = 0;

  constructor() {
    super();
    watchesSize(this, () => this.onResize());
    const legend = () => this.renderRoot.querySelector("wordembed-map-legend");
    watchesSize(this, () => this.onLegendResize(), legend);
    listensTo(this, document, "export-map", (event) => {
      if (this.scatter && event instanceof ExportMapEvent) void this.files.answer(event);
    });
  }

  get scatter(): Scatter | null {
    return this.own?.scatter ?? null;
  }

  protected override firstUpdated(): void {
    if (!Scatter.supported()) return;
    const options = {
      ...this.options(this.host, () => this.own),
      reserved: () => [...this.overlays.boxesOn(this.host), ...(this.thumbnails?.boxes ?? [])],
      onFrame: () => {
        this.placeCard();
        this.noteEyeSoon();
        this.thumbnails?.follow();
        this.stretched = this.scatter?.viewpoint.isStretched ?? false;
        this.hasRegions = this.own?.fields.hasRegions ?? false;
      },
    };
    this.own = new RunMap(this.host, options, new FieldWorker());
    const { scatter } = this.own;
    this.thumbnails = new MapThumbnails(this.host, scatter, () => this.overlays.boxesOn(this.host));
    this.mostPoints = scatter.mostPoints;
  }

  /** Returns what a map does for the user. */
  private options(host: HTMLElement, map: () => RunMap | null): ScatterOptions {
    return {
      onHover: (index) => {
        this.pointed = map();
        this.act(hover(index));
      },
      onPick: (index, { additive }) => this.act(select(index, additive)),
      onRegionHover: (id) => {
        this.pointed = map();
        this.hoveredRegion = id;
      },
      onRegionPick: (id) => {
        const region = map()?.fields.regionOf(id);
        if (region) this.act(selectMany([...region.members]));
      },
      lassoing: () => this.lassoing,
      onLasso: (indices, how) => this.act(selectMany(indices, how)),
      onFrame: () => this.placeCard(),
      reserved: () => this.overlays.boxesOn(host),
      insets: () => this.overlays.insets(this.host, this.hasRoomBeside),
    };
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.noting);
    this.noting = undefined;
    this.closeOther();
    this.own?.dispose();
    this.own = null;
    this.thumbnails?.dispose();
    this.thumbnails = null;
  }

  private closeOther(): void {
    this.other?.dispose();
    this.other = null;
    this.pointed = null;
  }

  private onResize(): void {
    this.tight = this.clientHeight < TIGHT_HEIGHT || this.clientWidth < TIGHT_WIDTH;
    this.wide = !this.tight && this.clientWidth >= WIDE;
    this.scatter?.redraw();
  }

  /** Makes room for the legend once it has become tall, or is no longer. */
  private onLegendResize(): void {
    const beside = this.overlays.widthBeside(this.host, this.hasRoomBeside);
    if (beside !== this.beside) this.scatter?.viewpoint.coveredElsewhere();
    this.beside = beside;
  }

  private get hasRoomBeside(): boolean {
    return this.wide && !this.slice.showsBoth;
  }

  protected override updated(): void {
    this.toggleAttribute("compares", this.slice.other !== null);
    const { otherHost, own } = this;
    if (!own) return;
    const { filming } = this.slice;
    // A film is made off screen: here, one frame for each step is enough.
    own.update(filming === null ? this.slice : { ...this.slice, filming: 0 });
    this.thumbnails?.update(this.slice);
    this.outside = own.sync.outside;
    if (otherHost !== this.other?.host) this.closeOther();
    if (otherHost) {
      const options = this.options(otherHost, () => this.other);
      this.other ??= new RunMap(otherHost, options, new FieldWorker(), own);
      this.other.update(this.slice);
    }
    this.placeCard();
  }

  protected override render(): TemplateResult {
    const { isOld, loading } = this.slice;
    const names = runNames(this.slice);
    if (!Scatter.supported()) return html`<p class="notice centered">${text.noCanvas}</p>`;
    return html`
      ${names ? html`<div class="map other" role="application" aria-label=${text.mapOf(names.other)} tabindex="0"></div>` : nothing}
      <div
        class="map own"
        role="application"
        aria-label="${text.map}. ${text.mapHelp}"
        aria-busy=${loading}
        ?data-stale=${isOld}
        tabindex="0"
      ></div>
      ${this.message()} ${startNote(this.slice)}
      <div class="head">
        <wordembed-layout-chooser .store=${this.store}></wordembed-layout-chooser>
        ${caption(this.slice, this.stretched)}
        ${names ? html`<div class="names">${[names.other, names.own].map((name) => html`<b class="ellipsis" title=${name}>${name}</b>`)}</div>` : nothing}
        ${Number.isFinite(this.mostPoints) ? html`<div class="plain">${text.plainMap(this.mostPoints)}</div>` : nothing}
      </div>
      <wordembed-map-legend .store=${this.store} .isTight=${this.tight} ?isbeside=${this.wide}></wordembed-map-legend>
      ${mapTools(this.slice, this, this.act)}
      ${this.hoveredCard()}
    `;
  }

  private message(): TemplateResult | typeof nothing {
    const { failed, positions } = this.slice;
    if (positions && hasPlace(positions.positions)) return nothing;
    const waiting = failed ? text.notLoaded : `${text.loading}…`;
    return html`<p class="waiting centered" role="status">
      ${positions ? text.nothingFinite : waiting}
    </p>`;
  }

  private hoveredCard(): TemplateResult | typeof nothing {
    const { hoveredRegion, slice } = this;
    if (hoveredRegion === null) return hoverCard(slice);
    const map = this.pointed ?? this.own;
    return regionCard(map?.fields.regionOf(hoveredRegion) ?? null, slice);
  }

  private placeCard(): void {
    const { hovered } = this.slice;
    const map = this.pointed ?? this.own;
    if (!this.card || !map) return;
    const { drawing } = map.scatter;
    const name = drawing.regions.boxOf(this.hoveredRegion ?? -1) ?? null;
    const point = hovered === null ? null : drawing.placeOf(hovered);
    placeCard(this.card, map.host, name ? belowOf(name) : point);
  }

  /** Stores the viewpoint for the link after a pause, without an entry in the undo history. */
  private noteEyeSoon(): void {
    this.noting ??= setTimeout(() => {
      this.noting = undefined;
      const eye = this.own?.sync.newEye;
      if (eye !== undefined) this.act(unnoted(patchView({ eye })));
      this.act(noteSeen(this.scatter?.viewpoint ?? null));
    }, EYE_MS);
  }

  setLassoing(on: boolean): void {
    this.lassoing = on;
    this.scatter?.showCursor();
    this.other?.scatter.showCursor();
  }

  useKey(event: KeyboardEvent): boolean {
    return this.scatter !== null && useMapKey(event, this.scatter, this.slice, this, this.act);
  }
}

/** The time between two updates of the stored viewpoint, in milliseconds. */
const EYE_MS = 300;
/** The width from which on points are drawn beside a tall legend, in CSS pixels. */
const WIDE = 720;
/** The height below which the legend would cover much of the map, in CSS pixels. */
const TIGHT_HEIGHT = 380;
const TIGHT_WIDTH = 440;

function belowOf({ left, top, width, height }: Box): Point {
  return { x: left + width / 2, y: top + height };
}

/** Returns whether any row has a position. A row has coordinates on all axes or on none. */
const hasPlace = memo((positions: Float32Array) => positions.some(Number.isFinite));

/** The least and the largest coordinates of a part of the plane. */
type Corners = NonNullable<State["passing"]["seen"]>;

/** Stores the part in view where the user moved the map in 2-D; null where all is in view. */
const noteSeen =
  (viewpoint: Viewpoint | null) =>
  (state: State): State => {
    const isMoved = viewpoint?.mode === "2d" && viewpoint.eye !== null;
    const seen = isMoved ? cornersOf(viewpoint.seen) : null;
    const isSame = JSON.stringify(seen) === JSON.stringify(state.passing.seen);
    return isSame ? state : patchPassing({ seen })(state);
  };

function cornersOf({ x, y, perX, perY, width, height }: Seen): Corners {
  const [wide, high] = [width / perX / 2, height / perY / 2];
  return [short(x - wide), short(y - high), short(x + wide), short(y + high)];
}

/** Rounds to as many digits as can be told apart on a screen. */
const short = (value: number) => Number(value.toPrecision(5));
