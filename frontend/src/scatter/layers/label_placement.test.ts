/** Tests the places of the labels. */

import { describe, expect, it } from "vitest";
import { randomNumbers } from "../../../test/random_numbers";
import {
  type LabelAnchor,
  type LabelRequest,
  type PlacedLabel,
  placeLabels,
  SIDES,
} from "./label_placement";

const base: LabelRequest = {
  forced: [],
  kept: [],
  fresh: [],
  size: { width: 800, height: 600 },
  reserved: [],
  gap: 6,
  height: 15,
  limit: 1000,
  moving: false,
  width: (index) => 20 + (index % 7) * 12,
};

function scattered(count: number, seed = 3): LabelAnchor[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, (_, index) => ({
    index,
    rank: index,
    since: 0,
    x: random() * 800,
    y: random() * 600,
  }));
}

function overlaps(a: PlacedLabel, b: PlacedLabel): boolean {
  return (
    a.left < b.left + b.width &&
    b.left < a.left + a.width &&
    a.top < b.top + b.height &&
    b.top < a.top + a.height
  );
}

function expectApart(labels: readonly PlacedLabel[]): void {
  labels.forEach((label, i) => {
    for (const other of labels.slice(0, i)) expect(overlaps(label, other)).toBe(false);
  });
}

/** The next frame's request: all placed labels moved a little, all others fresh. */
function next(
  placed: readonly PlacedLabel[],
  anchors: readonly LabelAnchor[],
  move: (a: LabelAnchor) => LabelAnchor,
) {
  const slots = new Map(placed.map(({ index, slot }) => [index, slot]));
  const moved = anchors.map(move);
  return {
    kept: moved.flatMap((a) => {
      const slot = slots.get(a.index);
      return slot === undefined ? [] : [{ ...a, slot }];
    }),
    fresh: moved.filter(({ index }) => !slots.has(index)),
  };
}

describe("placeLabels", () => {
  it("never lets labels overlap or leave the view", () => {
    const labels = placeLabels({ ...base, fresh: scattered(3000) });
    expect(labels.length).toBeGreaterThan(60);
    expectApart(labels);
    for (const { left, top, width, height } of labels) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(top).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(800);
      expect(top + height).toBeLessThanOrEqual(600);
    }
  });

  it("keeps out of reserved places, also with forced labels", () => {
    const legend = { left: 10, top: 500, width: 180, height: 90 };
    const forced = [{ index: 3000, since: 0, rank: 0, x: 100, y: 540 }];
    const labels = placeLabels({ ...base, forced, reserved: [legend], fresh: scattered(3000) });
    expect(labels.some(({ index }) => index === 3000)).toBe(true);
    const clear = labels.filter((label) => !overlaps(label, { ...label, ...legend }));
    expect(clear.length).toBe(labels.length);
  });

  it("prefers the important ones and keeps to the limit", () => {
    const labels = placeLabels({ ...base, fresh: scattered(3000), limit: 10 });
    expect(labels.length).toBe(10);
    expect(labels[0]?.index).toBe(0);
    expect(Math.max(...labels.map(({ rank }) => rank))).toBeLessThan(40);
  });

  it("stays as it is when nothing moves", () => {
    const anchors = scattered(3000);
    const first = placeLabels({ ...base, fresh: anchors, limit: 60 });
    const again = placeLabels({ ...base, ...next(first, anchors, (a) => a), limit: 60 });
    const places = (labels: PlacedLabel[]) =>
      new Map(labels.map(({ index, left, top }) => [index, [left, top]]));
    expect(places(again)).toEqual(places(first));
  });

  it("keeps most labels, on their sides, while points move", () => {
    const anchors = scattered(3000);
    let labels = placeLabels({ ...base, fresh: anchors, limit: 60 });
    const start = new Map(labels.map(({ index, slot }) => [index, slot]));
    for (let frame = 1; frame <= 20; frame++) {
      const drift = (a: LabelAnchor) => ({
        ...a,
        x: a.x + frame * Math.sin(a.index),
        y: a.y + frame * Math.cos(a.index),
      });
      const request = { ...base, ...next(labels, anchors, drift), limit: 60, moving: true };
      labels = placeLabels(request);
      expectApart(labels);
    }
    const stayed = labels.filter(({ index, slot }) => start.get(index) === slot);
    expect(stayed.length).toBeGreaterThan(30);
  });

  it("gives a place up to a much more important label only", () => {
    const here = { since: 0, x: 400, y: 300 };
    const placed = (rank: number) =>
      placeLabels({
        ...base,
        kept: [{ index: 1, rank: 8, slot: 0, ...here }],
        fresh: [{ index: 2, rank, ...here }],
        limit: 1,
      })[0]?.index;
    expect(placed(3)).toBe(1);
    expect(placed(1)).toBe(2);
  });

  it("always shows forced labels, first of all and apart from each other", () => {
    const forced = Array.from({ length: 12 }, (_, i) => ({
      index: i,
      rank: 0,
      since: 0,
      x: 400 + i,
      y: 300,
    }));
    const labels = placeLabels({ ...base, forced, fresh: scattered(500), limit: 5 });
    expect(labels.slice(0, 12).map(({ index }) => index)).toEqual(forced.map(({ index }) => index));
    expect(labels.length).toBe(17);
    expectApart(labels);
    expect(labels.some(({ slot }) => slot >= SIDES)).toBe(true);
  });

  it("keeps a forced label in view in a corner, even where none fits", () => {
    const corner = { index: 6, since: 0, rank: 0, x: 799, y: 1 };
    const [label] = placeLabels({ ...base, forced: [corner] });
    expect(label && label.left + label.width).toBeLessThanOrEqual(800);
    const tiny = { ...base, size: { width: 10, height: 10 }, forced: [{ ...corner, x: 5 }] };
    expect(placeLabels(tiny)).toHaveLength(1);
  });

  it("asks for the widths of labels that may have room only", () => {
    const crowd = Array.from({ length: 500 }, (_, index) => ({
      index,
      rank: index,
      since: 0,
      x: 400,
      y: 300,
    }));
    let asked = 0;
    const width = () => {
      asked++;
      return 90;
    };
    expect(placeLabels({ ...base, fresh: crowd, width }).length).toBeLessThan(4);
    expect(asked).toBeLessThan(1500);
  });
});
