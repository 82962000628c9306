/** Keeps views, saved selections, widths and bookmarks in the storage of the browser. */

import { decodeView } from "./link/link_entries";
import type { Passing, SavedView, SavedViews } from "./state";
import { type RowSet, type View, WITHOUT_ROWS } from "./view";

/** The part of `Storage` that is used: it may be missing, full, or forbidden. */
export type KeyValueStore = Pick<Storage, "getItem" | "setItem">;

export interface Bookmark {
  readonly name: string;
  readonly entries: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly created: number;
}

const VIEWS = "wordembed.views";
const SETS = "wordembed.sets";
const WIDTHS = "wordembed.widths";
const BOOKMARKS = "wordembed.bookmarks";
const MOST_VIEWS = 50;

export function embeddingKey(run: string, tag: string): string {
  return JSON.stringify([run, tag]);
}

/** Returns the sets of an opened view, then the stored ones with other names, which are hidden. */
export function joinedSets(opened: readonly RowSet[], kept: readonly RowSet[]): readonly RowSet[] {
  const names = new Set(opened.map(({ name }) => name));
  const others = kept.filter(({ name }) => !names.has(name));
  if (!opened.length || !others.length) return others.length ? kept : opened;
  return [...opened, ...others.map((set): RowSet => ({ ...set, hidden: true }))];
}

/** How wide the user made the table and its columns. */
export type Widths = Pick<View, "tableShare"> & Pick<Passing, "widths">;

/** Returns the view in which the user left an embedding; without rows if its vocabulary changed. */
export function openedView(saved: SavedView, vocabulary: string): Partial<View> {
  const view = decodeView(saved.entries);
  return saved.vocabulary === vocabulary ? view : { ...view, ...WITHOUT_ROWS };
}

export class BrowserStorage {
  constructor(private readonly store: KeyValueStore | null) {}

  views(): SavedViews {
    const found = this.read(VIEWS);
    if (!isRecord(found)) return {};
    const sound = Object.entries(found).filter(([, view]) => isSavedView(view));
    return Object.fromEntries(sound) as SavedViews;
  }

  /** Stores a view as the newest, and deletes the oldest views if there are too many. */
  remember(key: string, view: SavedView): SavedViews {
    const { [key]: _, ...others } = this.views();
    const kept = Object.entries({ ...others, [key]: view }).slice(-MOST_VIEWS);
    const views = Object.fromEntries(kept);
    this.write(VIEWS, views);
    return views;
  }

  /** Returns the saved selections of an embedding; none if its vocabulary is another one now. */
  sets(key: string, vocabulary: string): readonly RowSet[] {
    const found = this.read(SETS);
    const kept = isRecord(found) ? found[key] : null;
    if (!isRecord(kept) || kept.vocabulary !== vocabulary || !Array.isArray(kept.sets)) return [];
    return kept.sets.filter(isRowSet);
  }

  keepSets(key: string, vocabulary: string, sets: readonly RowSet[]): boolean {
    const found = this.read(SETS);
    const { [key]: _, ...others } = isRecord(found) ? found : {};
    return this.write(SETS, sets.length ? { ...others, [key]: { vocabulary, sets } } : others);
  }

  widths(): Widths {
    const found = this.read(WIDTHS);
    const { tableShare, widths } = isRecord(found) ? found : {};
    const sound = isRecord(widths) ? Object.entries(widths).filter(([, one]) => isWidth(one)) : [];
    return {
      tableShare: isShare(tableShare) ? tableShare : null,
      widths: Object.fromEntries(sound) as Widths["widths"],
    };
  }

  keepWidths({ tableShare, widths }: Widths): void {
    this.write(WIDTHS, { tableShare, widths });
  }

  bookmarks(): readonly Bookmark[] {
    const found = this.read(BOOKMARKS);
    return Array.isArray(found) ? found.filter(isBookmark) : [];
  }

  /** Stores the bookmarks; returns false where the browser stores nothing. */
  keepBookmarks(bookmarks: readonly Bookmark[]): boolean {
    return this.write(BOOKMARKS, bookmarks);
  }

  private read(key: string): unknown {
    try {
      return JSON.parse(this.store?.getItem(key) ?? "null");
    } catch {
      return null;
    }
  }

  private write(key: string, value: unknown): boolean {
    try {
      this.store?.setItem(key, JSON.stringify(value));
      return this.store !== null;
    } catch {
      return false;
    }
  }
}

export function bookmarksFile(bookmarks: readonly Bookmark[]): string {
  return `${JSON.stringify({ format: "wordembed-bookmarks", version: 1, bookmarks }, null, 2)}\n`;
}

/** Reads the text of such a file; null if it is another file. */
export function readBookmarks(file: string): readonly Bookmark[] | null {
  try {
    const found: unknown = JSON.parse(file);
    if (!isRecord(found) || found.format !== "wordembed-bookmarks") return null;
    return Array.isArray(found.bookmarks) ? found.bookmarks.filter(isBookmark) : null;
  } catch {
    return null;
  }
}

/** Joins lists of bookmarks; of several with one name, the last stays in the place of the first. */
export function joined(...all: (readonly Bookmark[])[]): readonly Bookmark[] {
  return [...new Map(all.flat().map((one) => [one.name, one])).values()];
}

function isBookmark(value: unknown): value is Bookmark {
  return (
    isRecord(value) &&
    typeof value.name === "string" &&
    typeof value.created === "number" &&
    isEntries(value.entries)
  );
}

function isWidth(value: unknown): value is number {
  return typeof value === "number" && value >= 20 && value < 10_000;
}

function isShare(value: unknown): value is number {
  return typeof value === "number" && value > 0 && value < 1;
}

function isRowSet(value: unknown): value is RowSet {
  return (
    isRecord(value) &&
    typeof value.name === "string" &&
    Number.isInteger(value.color) &&
    (value.hidden === undefined || value.hidden === true) &&
    Array.isArray(value.rows) &&
    value.rows.every((row) => Number.isInteger(row) && row >= 0)
  );
}

function isSavedView(value: unknown): value is SavedView {
  return isRecord(value) && typeof value.vocabulary === "string" && isEntries(value.entries);
}

function isEntries(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((entry) => typeof entry === "string");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
