/** Tests colormaps. */

import { describe, expect, it } from "vitest";
import { PALETTES } from "../../theme/palette";
import { type Colormap, categoricalColormap, cssColor, ramp, stopsOf } from "./colormaps";

/** Relative luminance, WCAG 2. */
function luminance(red: number, green: number, blue: number): number {
  const [r = 0, g = 0, b = 0] = [red, green, blue].map((byte) => {
    const v = byte / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function luminances(colormap: Colormap): number[] {
  return Array.from({ length: 256 }, (_, i) => {
    const [r = 0, g = 0, b = 0] = colormap.subarray(i * 4, i * 4 + 3);
    return luminance(r, g, b);
  });
}

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function ofHex(hex: string): number {
  const rgb = Number.parseInt(hex.slice(1), 16);
  return luminance(rgb >> 16, (rgb >> 8) & 255, rgb & 255);
}

describe.each(["light", "dark"] as const)("colormaps, %s", (name) => {
  const theme = PALETTES[name];
  const background = ofHex(theme.ground);

  it("has a sequential ramp that gets steadily away from the background", () => {
    const contrasts = luminances(ramp("sequential", name)).map((l) => contrast(l, background));
    for (let i = 8; i < 256; i++) {
      expect(contrasts[i]).toBeGreaterThan(contrasts[i - 8] ?? 0);
    }
    expect(contrasts[0]).toBeGreaterThan(2.5);
    expect(contrasts[255]).toBeGreaterThan(7);
  });

  it("has a diverging ramp that is nearest to the background in the middle", () => {
    const contrasts = luminances(ramp("diverging", name)).map((l) => contrast(l, background));
    expect(contrasts.indexOf(Math.min(...contrasts))).toBeGreaterThan(100);
    expect(contrasts.indexOf(Math.min(...contrasts))).toBeLessThan(156);
    expect(Math.min(contrasts[0] ?? 0, contrasts[255] ?? 0)).toBeGreaterThan(5);
    expect(Math.min(...contrasts)).toBeGreaterThan(2.5);
  });

  it("has labels that can be read, and an accent that can be seen", () => {
    expect(contrast(ofHex(theme.text), background)).toBeGreaterThan(7);
    expect(contrast(ofHex(theme.accent), background)).toBeGreaterThan(3);
  });
});

it("has the colors of the palette for categories, and one for all others", () => {
  const colormap = categoricalColormap("light");
  expect([...colormap.slice(0, 4)]).toEqual([0x44, 0x77, 0xaa, 255]);
  const [others, last] = [PALETTES.light.categories.length * 4, 255 * 4];
  expect(colormap.slice(others, others + 4)).toEqual(colormap.slice(last, last + 4));
});

it("gives CSS for legends", () => {
  const colormap = ramp("sequential", "light");
  expect(cssColor(colormap, 2)).toBe(cssColor(colormap, 1));
  expect(stopsOf(colormap)).toHaveLength(9);
  expect(stopsOf(colormap).at(-1)).toBe(cssColor(colormap, 1));
  expect(cssColor(colormap, 0)).toMatch(/^rgb\(\d+, \d+, \d+\)$/);
});
