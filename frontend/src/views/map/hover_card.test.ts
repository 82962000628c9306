/** Tests the position of the hover card. */

import { expect, it } from "vitest";
import { cardPlace } from "./hover_card";

const view = { width: 800, height: 600 };
const card = { width: 120, height: 60 };

it("goes right of the point and below, off the label beside it", () => {
  expect(cardPlace({ x: 100, y: 100 }, card, view)).toEqual({ left: 112, top: 112 });
});

it("flips to the left and above at the edges", () => {
  expect(cardPlace({ x: 700, y: 100 }, card, view)).toEqual({ left: 568, top: 112 });
  expect(cardPlace({ x: 100, y: 590 }, card, view)).toEqual({ left: 112, top: 518 });
});

it("stays in a view that is hardly larger, and goes with its point", () => {
  expect(cardPlace({ x: 60, y: 30 }, card, { width: 130, height: 64 })).toEqual({
    left: 0,
    top: 0,
  });
  expect(cardPlace({ x: 801, y: 30 }, card, view)).toBeNull();
});
