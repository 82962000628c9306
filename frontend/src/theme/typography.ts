/** Defines the font family and the font sizes. */

/** The font family of all text. */
export const FAMILY = "system-ui, sans-serif";

/** The font sizes in CSS pixels; `shared` in shared_styles.ts enlarges them on large screens. */
export const TYPE = { regular: 12, small: 11, tiny: 10 } as const;

/** Returns a font size in CSS pixels as it applies to an element, for text drawn on a canvas. */
export function typeSize(element: Element, name: keyof typeof TYPE): number {
  const size = Number.parseFloat(getComputedStyle(element).getPropertyValue(`--${name}`));
  return Number.isFinite(size) ? size : TYPE[name];
}
