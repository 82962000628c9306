/** Tests the page around ours. */

import { afterEach, expect, it, vi } from "vitest";
import { findHost } from "./host";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it("hears of links to this tab, not of those to others", () => {
  const location = { hash: "" };
  const outer = Object.assign(new EventTarget(), { location, document });
  vi.spyOn(window, "parent", "get").mockReturnValue(outer as unknown as typeof window.parent);
  const heard = vi.fn();
  findHost().onLink(heard);
  const go = (hash: string) => {
    location.hash = hash;
    outer.dispatchEvent(new Event("hashchange"));
  };
  go("#scalars");
  expect(heard).not.toHaveBeenCalled();
  go("#wordembed&p.wordembed.step=1");
  expect(heard).toHaveBeenCalledOnce();
});

it("follows a link that was opened before the page wrote its own, though no event has come", () => {
  const location = { hash: "#wordembed" };
  const history = {
    state: null,
    replaceState: (_state: unknown, _title: string, hash: string) => {
      location.hash = hash;
    },
  };
  const outer = Object.assign(new EventTarget(), { location, history, document });
  vi.spyOn(window, "parent", "get").mockReturnValue(outer as unknown as typeof window.parent);
  const host = findHost();
  const opened: object[] = [];
  host.onLink(() => opened.push(host.link()));
  host.setLink({ step: "1" });
  location.hash = "#wordembed&p.wordembed.step=7";
  host.setLink({ step: "2" });
  outer.dispatchEvent(new Event("hashchange"));
  expect(location.hash).toBe("#wordembed&p.wordembed.step=7");
  expect(opened).toEqual([{ step: "7" }]);
  // What TensorBoard writes about itself is no link to another view.
  location.hash = "#wordembed&p.wordembed.step=7&theirs=1";
  outer.dispatchEvent(new Event("hashchange"));
  host.setLink({ step: "3" });
  expect(location.hash).toBe("#wordembed&theirs=1&p.wordembed.step=3");
  expect(opened).toHaveLength(1);
});

it("takes the keys where nobody is using them", () => {
  const focus = vi.spyOn(window, "focus").mockReturnValue();
  const opened = (hasFocus: boolean, isInUse: boolean) => {
    const activeElement = { matches: () => isInUse };
    const page = { body: document.body, activeElement, hasFocus: () => hasFocus };
    const outer = Object.assign(new EventTarget(), { location, document: page });
    vi.spyOn(window, "parent", "get").mockReturnValue(outer as unknown as typeof window.parent);
    findHost().takeKeys();
  };
  opened(true, true);
  opened(false, false);
  expect(focus).not.toHaveBeenCalled();
  opened(true, false);
  expect(focus).toHaveBeenCalledOnce();
});

it("notices that TensorBoard is gone, and that it is back", async () => {
  vi.useFakeTimers();
  const postMessage = () => undefined;
  const outer = Object.assign(new EventTarget(), { location, document, postMessage });
  vi.spyOn(window, "parent", "get").mockReturnValue(outer as unknown as typeof window.parent);
  const reload = vi.fn();
  findHost().onReload(reload);
  const beats = async (answer: () => Promise<object>) => {
    vi.stubGlobal("fetch", answer);
    await vi.advanceTimersByTimeAsync(15_000);
    return reload.mock.calls.length;
  };
  expect(await beats(async () => ({ status: 200 }))).toBe(0);
  expect(await beats(() => Promise.reject(new Error("refused")))).toBe(1);
  expect(await beats(async () => ({ status: 405 }))).toBe(2);
  expect(await beats(async () => ({ status: 502 }))).toBe(3);
});
