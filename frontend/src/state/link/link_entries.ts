/** Writes the view as the entries of a link, and reads it back. */

// Only what differs from the default is written; what is not understood is left at its default.

import type { Metric } from "../../api/contract.gen";
import type { Eye } from "../../scatter/scatter";
import { decoded, encoded } from "../../util/uri_text";
import { initialState } from "../state";
import {
  LAYERS,
  MAP_RUNS,
  MEASURES,
  MOST_PROBES,
  type NamedProbe,
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

interface Codec<T> {
  /** null for what is too long for a link. */
  write: (value: T) => string | null;
  /** undefined where the text is not understood. */
  read: (text: string) => T | undefined;
}

const CODECS: { [K in keyof View]: Codec<View[K]> } = {
  run: text(),
  tag: text(),
  step: integer(),
  referenceRun: text(),
  referenceTag: text(),
  seeds: texts(),
  centered: flag(),
  anchors: rowsOrNone(),
  reference: integer(),
  measure: oneOf(MEASURES),
  metric: oneOf(METRICS),
  k: {
    write: String,
    read: (k) => (/^[1-9]\d{0,2}$/.test(k) ? Number(k) : undefined),
  },
  selection: { write: encodeRows, read: decodeRows },
  sets: { write: encodeSets, read: decodeSets },
  isolated: rowsOrNone(),
  layout: oneOf(["pca", "axes", "tsne"] as const),
  components: {
    write: (components) => components.join("."),
    read: (components) =>
      /^(\d|10)(\.(\d|10)){2}$/.test(components) ? components.split(".").map(Number) : undefined,
  },
  expressions: {
    write: (expressions) =>
      expressions.some(Boolean) ? notTooLong(JSON.stringify(expressions)) : "",
    read: (text) => {
      const read = parsed(text);
      const fits =
        Array.isArray(read) && read.length === 3 && read.every((one) => typeof one === "string");
      return fits ? (read as [string, string, string]) : undefined;
    },
  },
  pane: oneOf(PANES),
  presenting: flag(),
  mode: oneOf(["2d", "3d"] as const),
  axes: oneOf(["fill", "equal"] as const),
  eye: { write: encodeEye, read: decodeEye },
  colorBy: {
    write: (by) => by ?? "",
    read: (by) => (COLUMN_ID.test(by) ? by : undefined),
  },
  coloredValues: texts(),
  hiddenValues: texts(),
  sizeBy: { write: (by) => by, read: (by) => (COLUMN_ID.test(by) ? by : undefined) },
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
  minFrequency: {
    write: String,
    read: (count) => (/^\d+(\.\d+)?$/.test(count) ? Number(count) : undefined),
  },
  columns: {
    // An empty text says that there are none.
    write: (ids) => (ids === null ? "usual" : ids.map(encoded).join(",")),
    read: (ids) => (ids === "" ? [] : decodedList(ids)),
  },
  sort: sortCodec(),
  groupBy: { write: (by) => by, read: (by) => (COLUMN_ID.test(by) ? by : undefined) },
  groupSort: sortCodec(),
  filter: typed(),
  onlySelected: flag(),
  tableShare: share(),
  healthOpen: flag(),
  healthShare: share(),
  similarity: oneOf(SIMILARITIES),
  withNeighbors: flag(),
  allTables: flag(),
  probes: {
    write: (probes) => (probes.length ? notTooLong(JSON.stringify(probes)) : ""),
    read: (text) => {
      const read = parsed(text);
      return Array.isArray(read) && read.every(isProbe) ? read.slice(0, MOST_PROBES) : undefined;
    },
  },
};

/** The form of the id of a column. The series decides whether the column exists. */
const COLUMN_ID = /^([a-z_]+|column:.+)$/s;

const FIELDS = Object.keys(CODECS) as (keyof View)[];

export function encodeView(view: View): Record<string, string> {
  const defaults = initialState().view;
  const entries: Record<string, string> = {};
  for (const field of FIELDS) {
    const written = write(field, view);
    if (written !== null && written !== write(field, defaults)) entries[field] = written;
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

function isProbe(value: unknown): value is NamedProbe {
  const { name, text } = (value ?? {}) as Record<string, unknown>;
  return typeof name === "string" && typeof text === "string";
}

function parsed(json: string): unknown {
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

function rowsOrNone(): Codec<readonly number[] | null> {
  return { write: (rows) => (rows ? encodeRows(rows) : ""), read: decodeRows };
}

function share(): Codec<number | null> {
  return {
    write: (value) => String(value ?? ""),
    read: (value) => (/^0\.\d{1,4}$/.test(value) && Number(value) > 0 ? Number(value) : undefined),
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

/** Returns the codec of a list of texts. */
function texts(): Codec<readonly string[]> {
  return {
    write: (list) => (list.length ? notTooLong(JSON.stringify(list)) : ""),
    read: (text) => {
      const read = parsed(text);
      return Array.isArray(read) && read.every((one) => typeof one === "string") ? read : undefined;
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

function integer(): Codec<number | null> {
  return {
    write: (value) => String(value ?? ""),
    read: (value) => (/^-?\d+$/.test(value) ? Number(value) : undefined),
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
