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

it("takes the keys where nobody is using them", () => {
  const focus = vi.spyOn(window, "focus").mockReturnValue();
  const opened = (hasFocus: boolean, isInUse: boolean) => {
    const activeElement = { matches: () => isInUse };
    const page = { body: document.body, activeElement, hasFocus: () => hasFocus };
    const outer = Object.assign(new EventTarget(), { document: page });
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
  const outer = Object.assign(new EventTarget(), { document, postMessage: () => undefined });
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
