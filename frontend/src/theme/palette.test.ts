/** Tests the colors of the page. */

import { describe, expect, it } from "vitest";
import { distance, marksUnlike } from "./color_distance";
import { PALETTES, type Palette } from "./palette";

type Role = Exclude<keyof Palette, "series" | "marks" | "categories">;

/** The color roles of text, each with the roles of its backgrounds. */
const TEXT: readonly [Role, readonly Role[]][] = [
  ["text", ["ground", "panel", "raised", "accentSoft", "warningSoft"]],
  ["muted", ["ground", "panel", "raised"]],
  ["accent", ["ground", "panel", "raised", "accentSoft"]],
  ["onAccent", ["accent"]],
  ["gained", ["ground", "panel", "raised"]],
  ["lost", ["ground", "panel", "raised"]],
  ["warning", ["ground", "panel", "warningSoft"]],
];

/** Returns the relative luminance of a color, 0..1, as WCAG 2 defines it. */
function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [
    number,
    number,
  ];
  return (light + 0.05) / (dark + 0.05);
}

describe.each(["light", "dark"] as const)("the %s palette", (theme) => {
  const palette = PALETTES[theme];

  it("has text that WCAG AA accepts", () => {
    for (const [role, grounds] of TEXT) {
      for (const ground of grounds) {
        const ratio = contrast(palette[role], palette[ground]);
        expect(ratio, `${role} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it("has controls whose borders can be told from what is around and within them", () => {
    for (const ground of ["ground", "panel", "raised", "accentSoft"] as const) {
      const ratio = contrast(palette.control, palette[ground]);
      expect(ratio, `control on ${ground}`).toBeGreaterThanOrEqual(3);
    }
  });

  it("has colors of categories that can be told from the map and from each other", () => {
    const { categories, ground, others } = palette;
    for (const color of [...categories, others]) {
      expect(contrast(color, ground), color).toBeGreaterThanOrEqual(2.5);
    }
    for (const color of categories.slice(0, 12)) {
      const near = categories.slice(0, 12).filter((other) => distance(color, other) < 0.09);
      expect(near, `like ${color}`).toEqual([color]);
    }
  });

  it("has a mark for a saved selection that is unlike the colors in use", () => {
    const { categories, marks } = palette;
    for (const color of categories.slice(0, 3)) {
      const [first = 0] = marksUnlike([color], theme);
      expect(distance(marks[first] ?? "", color)).toBeGreaterThan(0.1);
    }
    expect(marksUnlike([], theme)).toEqual([1, 2, 3, 4, 5, 0]);
  });

  it("has lines and marks that can be told from what is behind them", () => {
    for (const ground of ["ground", "panel"] as const) {
      for (const color of [...palette.series, ...palette.marks, palette.accent, palette.muted]) {
        expect(contrast(color, palette[ground]), `${color} on ${ground}`).toBeGreaterThanOrEqual(3);
      }
    }
  });
});

it("measures contrast as WCAG does", () => {
  expect(contrast("#000000", "#ffffff")).toBe(21);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});
