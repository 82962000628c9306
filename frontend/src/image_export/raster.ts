/** Turns SVG documents and canvases into images. */

/** Pixels to a CSS pixel in images, and the longest side that browsers draw. */
export const PNG_RATIO = 2;
export const LONGEST = 8192;

/** An image of an SVG document, which may use no fonts or images of others. */
export async function imageOf(svg: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  return image;
}

/** A canvas as a file. */
export function blobOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error("The browser could not make a picture of this size."));
    }, "image/png");
  });
}
