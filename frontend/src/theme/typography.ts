/** Defines the font family and the font sizes. */

/** The font family of all text. */
export const FAMILY = "system-ui, sans-serif";

/** The font sizes in CSS pixels. */
export const TYPE = { regular: 12, small: 11, tiny: 10 } as const;
