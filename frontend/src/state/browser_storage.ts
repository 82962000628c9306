/** Keeps views, saved selections, widths and bookmarks in the storage of the browser. */

import { decodeView, parsed } from "./link/link_entries";
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
    return soundEntries(this.read(VIEWS), isSavedView);
  }

  /** Stores a view as the newest, and deletes the oldest views if there are too many. */
  remember(key: string, view: SavedView): SavedViews {
    const { [key]: _, ...others } = this.views();
    const views = Object.fromEntries(Object.entries({ ...others, [key]: view }).slice(-MOST_VIEWS));
    this.write(VIEWS, views);
    return views;
  }

  /** Returns the saved selections of an embedding; none if its vocabulary is another one now. */
  sets(key: string, vocabulary: string): readonly RowSet[] {
    const kept = recordIn(recordIn(this.read(SETS))[key]);
    if (kept.vocabulary !== vocabulary || !Array.isArray(kept.sets)) return [];
    return kept.sets.filter(isRowSet);
  }

  keepSets(key: string, vocabulary: string, sets: readonly RowSet[]): boolean {
    const { [key]: _, ...others } = recordIn(this.read(SETS));
    return this.write(SETS, sets.length ? { ...others, [key]: { vocabulary, sets } } : others);
  }

  widths(): Widths {
    const { tableShare, widths } = recordIn(this.read(WIDTHS));
    return {
      tableShare: isShare(tableShare) ? tableShare : null,
      widths: soundEntries(widths, isWidth),
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
  const { format, bookmarks } = recordIn(parsed(file));
  const isOurs = format === "wordembed-bookmarks" && Array.isArray(bookmarks);
  return isOurs ? bookmarks.filter(isBookmark) : null;
}

/** Joins lists of bookmarks; of several with one name, the last stays in the place of the first. */
export function joined(...all: (readonly Bookmark[])[]): readonly Bookmark[] {
  return [...new Map(all.flat().map((one) => [one.name, one])).values()];
}

const isText = (value: unknown) => typeof value === "string";
const areTexts = (value: unknown) => isRecord(value) && Object.values(value).every(isText);

const isWidth = (value: unknown): value is number =>
  typeof value === "number" && value >= 20 && value < 10_000;
const isShare = (value: unknown): value is number =>
  typeof value === "number" && value > 0 && value < 1;

const isSavedView = isRecordOf<SavedView>({ vocabulary: isText, entries: areTexts });
const isBookmark = isRecordOf<Bookmark>({
  name: isText,
  entries: areTexts,
  created: (value) => typeof value === "number",
});
const isRowSet = isRecordOf<RowSet>({
  name: isText,
  color: Number.isInteger,
  rows: (rows) => Array.isArray(rows) && rows.every((row) => Number.isInteger(row) && row >= 0),
  hidden: (hidden) => hidden === undefined || hidden === true,
});

/** Returns a test for records whose fields are sound. */
function isRecordOf<T>(fields: { readonly [F in keyof T]-?: (value: unknown) => boolean }) {
  const tests = Object.entries<(value: unknown) => boolean>(fields);
  return (value: unknown): value is T =>
    isRecord(value) && tests.every(([name, isSound]) => isSound(value[name]));
}

/** Returns the entries of a record that are sound; none of what is no record. */
function soundEntries<T>(found: unknown, isSound: (value: unknown) => value is T) {
  const sound = Object.entries(recordIn(found)).filter(([, value]) => isSound(value));
  return Object.fromEntries(sound) as Record<string, T>;
}

function recordIn(found: unknown): Record<string, unknown> {
  return isRecord(found) ? found : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
