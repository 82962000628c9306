import { afterEach, expect, it, vi } from "vitest";
import { findHost } from "./host";

afterEach(() => {
  vi.restoreAllMocks();
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
