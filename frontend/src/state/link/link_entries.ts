/** Writes the view as the entries of a link, and reads it back. */

// Only what differs from the default is written; what is not understood is left at its default.

import type { Metric } from "../../api/contract.gen";
import type { Eye } from "../../scatter/scatter";
import { decoded, encoded } from "../../util/uri_text";
import {
  FIRST_VIEW,
  LAYERS,
  MAP_RUNS,
  MEASURES,
  MOST_PROBES,
  PANES,
  SIMILARITIES,
  type Sort,
  type View,
} from "../view";
import { decodeRows, encodeRows } from "./row_code";
import { decodeSets, encodeSets } from "./set_code";

/** A longer text makes links that programs cut. */
const MOST_LETTERS = 3000;
const METRICS: readonly Metric[] = ["cosine", "euclidean"];
const INTEGER = /^-?\d+$/;
const SHARE = /^0\.(?!0+$)\d{1,4}$/;

interface Codec<T> {
  /** null for what is too long for a link. */
  write: (value: T) => string | null;
  /** undefined where the text is not understood. */
  read: (text: string) => T | undefined;
}

const CODECS: { [K in keyof View]: Codec<View[K]> } = {
  run: text(),
  tag: text(),
  step: numeric(INTEGER),
  referenceRun: text(),
  referenceTag: text(),
  seeds: list((all) => all.every(isText)),
  centered: flag(),
  anchors: rowList(),
  reference: numeric(INTEGER),
  measure: oneOf(MEASURES),
  metric: oneOf(METRICS),
  k: numeric(/^[1-9]\d{0,2}$/),
  selection: rowList(),
  sets: { write: encodeSets, read: decodeSets },
  isolated: rowList(),
  layout: oneOf(["pca", "axes", "tsne"] as const),
  components: {
    write: (components) => components.join("."),
    read: (components) =>
      /^(\d|10)(\.(\d|10)){2}$/.test(components) ? components.split(".").map(Number) : undefined,
  },
  expressions: list((all) => all.length === 3 && all.every(isText)),
  pane: oneOf(PANES),
  presenting: flag(),
  mode: oneOf(["2d", "3d"] as const),
  axes: oneOf(["fill", "equal"] as const),
  eye: { write: encodeEye, read: decodeEye },
  colorBy: columnId(),
  coloredValues: list((all) => all.every(isText)),
  hiddenValues: list((all) => all.every(isText)),
  sizeBy: columnId(),
  layers: {
    write: (layers) => (layers === null ? "" : layers.join(".") || "none"),
    read: (layers) => {
      const named = layers.split(".");
      const known = LAYERS.filter((layer) => named.includes(layer));
      return known.length || layers === "none" ? known : undefined;
    },
  },
  arrows: flag(),
  mapRuns: oneOf(MAP_RUNS),
  query: typed(),
  minFrequency: numeric(/^\d+(\.\d+)?$/),
  columns: {
    // An empty text says that there are none.
    write: (ids) => (ids === null ? "usual" : ids.map(encoded).join(",")),
    read: (ids) => (ids === "" ? [] : decodedList(ids)),
  },
  sort: sortCodec(),
  groupBy: columnId(),
  groupSort: sortCodec(),
  filter: typed(),
  onlySelected: flag(),
  tableShare: numeric(SHARE),
  healthOpen: flag(),
  healthShare: numeric(SHARE),
  similarity: oneOf(SIMILARITIES),
  withNeighbors: flag(),
  allTables: flag(),
  probes: list((all) => all.every(isProbe), MOST_PROBES),
};

/** The form of the id of a column. The series decides whether the column exists. */
const COLUMN_ID = /^([a-z_]+|column:.+)$/s;

const FIELDS = Object.keys(CODECS) as (keyof View)[];

export function encodeView(view: View): Record<string, string> {
  const entries: Record<string, string> = {};
  for (const field of FIELDS) {
    const written = write(field, view);
    if (written !== null && written !== write(field, FIRST_VIEW)) entries[field] = written;
  }
  return entries;
}

/** Returns the fields of a view that are too long for a link, and so are missing from it. */
export function leftOutOfLink(view: View): (keyof View)[] {
  return FIELDS.filter((field) => write(field, view) === null);
}

export function decodeView(entries: Readonly<Record<string, string>>): Partial<View> {
  const view: Partial<View> = {};
  for (const field of FIELDS) {
    const entry = entries[field];
    const value = entry === undefined ? undefined : CODECS[field].read(entry);
    if (value !== undefined) Object.assign(view, { [field]: value });
  }
  return view;
}

function write<K extends keyof View>(field: K, view: View): string | null {
  return CODECS[field].write(view[field]);
}

function decodedList(list: string): string[] | undefined {
  const ids = list.split(",").map(decoded);
  return ids.every((id) => id !== null) ? [...new Set(ids)] : undefined;
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isProbe(value: unknown): boolean {
  const { name, text } = (value ?? {}) as Record<string, unknown>;
  return isText(name) && isText(text);
}

/** Reads JSON; undefined where it is none. */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function flag(): Codec<boolean> {
  return {
    write: (set) => (set ? "1" : ""),
    read: (set) => (set === "1" ? true : undefined),
  };
}

function rowList() {
  return {
    write: (rows: readonly number[] | null) => (rows ? encodeRows(rows) : ""),
    read: decodeRows,
  };
}

function sortCodec(): Codec<Sort | null> {
  return {
    write: (sort) => (sort ? `${sort.by}.${sort.descending ? "desc" : "asc"}` : ""),
    read: (sort) => {
      const [, by, direction] = /^(.+)\.(asc|desc)$/s.exec(sort) ?? [];
      return by === undefined ? undefined : { by, descending: direction === "desc" };
    },
  };
}

function text(): Codec<string | null> {
  return { write: (value) => value ?? "", read: (value) => value };
}

/** Returns the codec of a list as JSON, of which at most so many items are read. */
function list<T extends readonly unknown[]>(
  isSound: (read: unknown[]) => boolean,
  most?: number,
): Codec<T> {
  return {
    write: (all) => (all.length ? notTooLong(JSON.stringify(all)) : ""),
    read: (text) => {
      const read = parsed(text);
      return Array.isArray(read) && isSound(read)
        ? (read.slice(0, most) as unknown as T)
        : undefined;
    },
  };
}

/** Returns the codec of a text that the user wrote or pasted. */
function typed(): Codec<string> {
  return { write: notTooLong, read: (value) => value };
}

function notTooLong(text: string): string | null {
  return text.length > MOST_LETTERS ? null : text;
}

/** Returns the codec of numbers whose texts have a form. */
function numeric(form: RegExp) {
  return {
    write: (value: number | null) => String(value ?? ""),
    read: (value: string) => (form.test(value) ? Number(value) : undefined),
  };
}

function columnId() {
  return {
    write: (id: string | null) => id ?? "",
    read: (id: string) => (COLUMN_ID.test(id) ? id : undefined),
  };
}

function oneOf<T extends string>(accepted: readonly T[]): Codec<T> {
  return { write: (value) => value, read: (value) => accepted.find((known) => known === value) };
}

/** Writes the camera of the map as `x_y_z_zoom_yaw_pitch`. */
function encodeEye(eye: Eye | null): string {
  return eye ? [...eye.center, eye.zoom, eye.yaw, eye.pitch].join("_") : "";
}

/** Reads such a text; undefined for another one. */
function decodeEye(text: string): Eye | undefined {
  const numbers = text.split("_").map((part) => (part.trim() ? Number(part) : Number.NaN));
  const [x = 0, y = 0, z = 0, zoom = 0, yaw = 0, pitch = 0] = numbers;
  const isSound = numbers.length === 6 && numbers.every((one) => Math.abs(one) < 1e6);
  return isSound && zoom > 0 ? { center: [x, y, z], zoom, yaw, pitch } : undefined;
}
