/** Makes the colormaps that color the points: sequential, diverging and categorical. */

import { PALETTES, type Theme } from "../../theme/palette";

/** 256 RGBA colors, as `Scene.setValues` and legends take them: `[256, 4]` bytes. */
export type Colormap = Uint8Array;

/** A color in OKLCH (Ottosson 2020): lightness 0..1, chroma, hue in degrees. */
type Lch = readonly [lightness: number, chroma: number, hue: number];

/**
 * The ramps change lightness steadily from end to end, so that they read in gray and with
 * any color vision; little is always nearer to the background, but seen; much is far from it.
 */
const RAMPS: Readonly<Record<"sequential" | "diverging", Readonly<Record<Theme, readonly Lch[]>>>> =
  {
    sequential: {
      light: [
        [0.7, 0.075, 255],
        [0.61, 0.14, 290],
        [0.5, 0.2, 335],
        [0.37, 0.15, 372],
      ],
      dark: [
        [0.5, 0.08, 280],
        [0.59, 0.17, 320],
        [0.73, 0.17, 385],
        [0.93, 0.13, 455],
      ],
    },
    // Blue to orange: told apart with any color vision. The middle is near the background.
    diverging: {
      light: [
        [0.42, 0.14, 255],
        [0.57, 0.13, 245],
        [0.7, 0.012, 245],
        [0.7, 0.012, 60],
        [0.58, 0.14, 55],
        [0.44, 0.13, 40],
      ],
      dark: [
        [0.86, 0.1, 220],
        [0.66, 0.13, 245],
        [0.49, 0.015, 250],
        [0.49, 0.015, 60],
        [0.69, 0.15, 55],
        [0.9, 0.12, 85],
      ],
    },
  };

/**
 * Sequential for magnitudes, such as drift, norm and frequency; diverging for signed values, with a
 * domain symmetric about zero. `reversed` makes little stand out instead of much.
 */
export function ramp(kind: keyof typeof RAMPS, theme: Theme, reversed = false): Colormap {
  const stops = reversed ? [...RAMPS[kind][theme]].reverse() : RAMPS[kind][theme];
  return colormapOf((entry) => srgb(alongStops(stops, entry / 255)));
}

/** Returns the colormap of categories: 0..255 have the colors of the palette, or that of others. */
export function categoricalColormap(theme: Theme): Colormap {
  const { categories, others } = PALETTES[theme];
  return colormapOf((entry) => {
    const hex = categories[entry] ?? others;
    const rgb = Number.parseInt(hex.slice(1), 16);
    return [rgb >> 16, (rgb >> 8) & 255, rgb & 255];
  });
}

/** Returns CSS colors of a colormap from end to end, for a legend. */
export function stopsOf(colormap: Colormap): string[] {
  return Array.from({ length: 9 }, (_, i) => cssColor(colormap, i / 8));
}

/** Returns the CSS color at a share 0..1 of a colormap. */
export function cssColor(colormap: Colormap, share: number): string {
  const i = Math.round(Math.min(Math.max(share, 0), 1) * 255) * 4;
  return `rgb(${colormap[i]}, ${colormap[i + 1]}, ${colormap[i + 2]})`;
}

function colormapOf(color: (entry: number) => readonly [number, number, number]): Colormap {
  return Uint8Array.from(Array.from({ length: 256 }, (_, entry) => [...color(entry), 255]).flat());
}

function alongStops(stops: readonly Lch[], share: number): Lch {
  const place = share * (stops.length - 1);
  const first = Math.min(Math.floor(place), stops.length - 2);
  const [l0, c0, h0] = stops[first] ?? [0, 0, 0];
  const [l1, c1, h1] = stops[first + 1] ?? [0, 0, 0];
  const t = place - first;
  return [l0 + (l1 - l0) * t, c0 + (c1 - c0) * t, h0 + (h1 - h0) * t];
}

/** Returns sRGB bytes; lowers the chroma of colors that sRGB does not have. */
function srgb([lightness, chroma, hue]: Lch): [number, number, number] {
  let rgb = linearRgb(lightness, chroma, hue);
  for (let c = chroma; c > 0 && rgb.some((v) => v < -1e-4 || v > 1.0001); c -= 0.004) {
    rgb = linearRgb(lightness, c, hue);
  }
  const [r, g, b] = rgb;
  return [encoded(r), encoded(g), encoded(b)];
}

function linearRgb(lightness: number, chroma: number, hue: number): [number, number, number] {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function encoded(linear: number): number {
  const v = Math.min(Math.max(linear, 0), 1);
  return Math.round(255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055));
}
