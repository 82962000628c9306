/** Defines the colors of the map beside those of the points. */

/** Colors of everything that is not a point's value; any CSS color. */
export interface ScatterTheme {
  readonly background: string;
  readonly label: string;
  readonly labelHalo: string;
  /** Rings of selected points, and trails without a color of their own. */
  readonly accent: string;
  /** Points without a value. */
  readonly muted: string;
}

export const LIGHT_THEME: ScatterTheme = {
  background: "#ffffff",
  label: "#1f2430",
  labelHalo: "rgba(255, 255, 255, 0.9)",
  accent: "#d4550a",
  muted: "#b9bec9",
};

export const DARK_THEME: ScatterTheme = {
  background: "#1b1d23",
  label: "#eceef3",
  labelHalo: "rgba(27, 29, 35, 0.9)",
  accent: "#ff9d4d",
  muted: "#5d6270",
};

export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

const known = new Map<string, Rgba>();

/** The bytes of any color that the browser knows; a color it doesn't know is black. */
export function cssToRgba(color: string): Rgba {
  const found = known.get(color) ?? readColor(color);
  known.set(color, found);
  return found;
}

function readColor(color: string): Rgba {
  const canvas = document.createElement("canvas");
  canvas.width = 1;
  canvas.height = 1;
  // Reading back from the graphics card would wait for all that it still has to draw.
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return [0, 0, 0, 255];
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha];
}

/** Red, green and blue 0..1, as shaders take them. */
export function cssToUnit(color: string): readonly [number, number, number] {
  const [red, green, blue] = cssToRgba(color);
  return [red / 255, green / 255, blue / 255];
}
