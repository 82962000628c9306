/** Tests the storage of the browser. */

import { describe, expect, it } from "vitest";
import { lastVisit } from "../controllers/view_saver";
import {
  type Bookmark,
  BrowserStorage,
  bookmarksFile,
  embeddingKey,
  joined,
  type KeyValueStore,
  openedView,
  readBookmarks,
} from "./browser_storage";

class Drawer implements KeyValueStore {
  readonly items = new Map<string, string>();
  getItem = (key: string) => this.items.get(key) ?? null;
  setItem = (key: string, value: string): void => {
    this.items.set(key, value);
  };
}

const bookmark = (name: string, step = "1"): Bookmark => ({ name, entries: { step }, created: 1 });

describe("what the browser keeps", () => {
  it("is the last view of each embedding, the last one looked at last", () => {
    const storage = new BrowserStorage(new Drawer());
    const [a, b] = [embeddingKey("a", "words"), embeddingKey("b", "words")];
    storage.remember(a, { entries: { run: "a", step: "3" }, vocabulary: "1" });
    storage.remember(b, { entries: { run: "b" }, vocabulary: "1" });
    storage.remember(a, { entries: { run: "a", step: "4" }, vocabulary: "1" });
    expect(Object.keys(storage.views())).toEqual([b, a]);
    expect(lastVisit(storage).view).toEqual({ run: "a", step: 4 });
  });

  it("forgets the first of too many", () => {
    const storage = new BrowserStorage(new Drawer());
    for (let run = 0; run < 60; run++) {
      storage.remember(embeddingKey(String(run), ""), { entries: {}, vocabulary: "" });
    }
    expect(Object.keys(storage.views()).length).toBe(50);
  });

  it("is nothing where there is no place, or something else is in it", () => {
    expect(new BrowserStorage(null).bookmarks()).toEqual([]);
    expect(new BrowserStorage(null).keepBookmarks([bookmark("x")])).toBe(false);
    const drawer = new Drawer();
    drawer.setItem("wordembed.views", '{"x": 3, "y": {"entries": {"a": 1}, "vocabulary": ""}}');
    drawer.setItem("wordembed.bookmarks", "{broken");
    expect(new BrowserStorage(drawer).views()).toEqual({});
    expect(new BrowserStorage(drawer).bookmarks()).toEqual([]);
    const full = new Drawer();
    full.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
    expect(new BrowserStorage(full).keepBookmarks([bookmark("x")])).toBe(false);
  });

  it("is how wide the table and its columns were made", () => {
    const drawer = new Drawer();
    const storage = new BrowserStorage(drawer);
    expect(storage.widths()).toEqual({ tableShare: null, widths: {} });
    storage.keepWidths({ tableShare: 0.25, widths: { drift: 120 } });
    expect(storage.widths()).toEqual({ tableShare: 0.25, widths: { drift: 120 } });
    drawer.setItem("wordembed.widths", '{"tableShare": 480, "widths": {"drift": -3, "norm": 90}}');
    expect(storage.widths()).toEqual({ tableShare: null, widths: { norm: 90 } });
  });

  it("says nothing of rows once the vocabulary is another", () => {
    const entries = { step: "2", selection: "1.5" };
    expect(openedView({ entries, vocabulary: "1" }, "1")).toMatchObject({ selection: [1, 5] });
    expect(openedView({ entries, vocabulary: "1" }, "2")).toMatchObject({ step: 2, selection: [] });
  });
});

describe("bookmarks", () => {
  it("go into a file and come back", () => {
    const all = [bookmark("one"), bookmark("<b>two</b>")];
    expect(readBookmarks(bookmarksFile(all))).toEqual(all);
  });

  it.each(["", "[]", "{}", '{"format": "other", "bookmarks": []}', "null"])(
    "are not in %s",
    (file) => {
      expect(readBookmarks(file)).toBeNull();
    },
  );

  it("leave out what is none of them", () => {
    const file = JSON.stringify({
      format: "wordembed-bookmarks",
      bookmarks: [bookmark("one"), { name: 3 }, { ...bookmark("x"), entries: { a: {} } }],
    });
    expect(readBookmarks(file)).toEqual([bookmark("one")]);
  });

  it("have one of each name", () => {
    const all = joined([bookmark("a", "1"), bookmark("b")], [bookmark("a", "2")]);
    expect(all).toEqual([bookmark("a", "2"), bookmark("b")]);
  });
});
