/** Defines the typeface and the sizes of type. */

/** What all text is set in. */
export const FAMILY = "system-ui, sans-serif";

/** Sizes of type, CSS pixels; `shared` in shared_styles.ts makes them larger on large screens. */
export const TYPE = { regular: 12, small: 11, tiny: 10 } as const;

/** A size of type as it is where an element is, for what is drawn and not laid out. */
export function typeSize(element: Element, name: keyof typeof TYPE): number {
  const size = Number.parseFloat(getComputedStyle(element).getPropertyValue(`--${name}`));
  return Number.isFinite(size) ? size : TYPE[name];
}
