/** Turns CSS colors into numbers. */

export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

const known = new Map<string, Rgba>();

/** Returns the bytes of a color; one that the browser doesn't know is black. */
export function cssToRgba(color: string): Rgba {
  const found = known.get(color) ?? readColor(color);
  known.set(color, found);
  return found;
}

function readColor(color: string): Rgba {
  const canvas = document.createElement("canvas");
  canvas.width = 1;
  canvas.height = 1;
  // A canvas on the GPU could be read only after the GPU has drawn all that it has to.
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return [0, 0, 0, 255];
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha];
}

/** Returns red, green and blue, 0..1 each, as shaders take them. */
export function cssToUnit(color: string): readonly [number, number, number] {
  const [red, green, blue] = cssToRgba(color);
  return [red / 255, green / 255, blue / 255];
}
