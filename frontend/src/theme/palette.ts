/** Defines every color of the page, in light and dark, and the font, and gives the page the colors of a theme. */

/**
 * The colors of the page by role. Text roles meet WCAG AA on `ground` and `panel`. Gained and lost
 * neighbors also have a sign and drift also has a number, so that nothing is shown by color alone.
 */
export interface Palette {
  ground: string;
  panel: string;
  raised: string;
  hairline: string;
  line: string;
  /** The border of controls; it has the contrast that WCAG 1.4.11 demands. */
  control: string;
  text: string;
  muted: string;
  accent: string;
  accentSoft: string;
  onAccent: string;
  gained: string;
  lost: string;
  warning: string;
  warningSoft: string;
  /** The colors of the lines in charts, in order of use. */
  series: readonly [string, string, string, string];
  /** The colors of compared tokens, which differ with any color vision. */
  marks: readonly [string, string, string, string, string, string];
  /** The colors of the values of a text column, the most frequent first. */
  categories: readonly string[];
  /** The color of all other values. */
  others: string;
  band: string;
  /** The color around the letters of labels on the map. */
  halo: string;
  /** The color of the bars behind numbers in the table. */
  bar: string;
}

export const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: {
    ground: "#ffffff",
    panel: "#f8f9fa",
    raised: "#ffffff",
    hairline: "#e4e7eb",
    line: "#c3c9d1",
    control: "#828b98",
    text: "#1c2127",
    muted: "#5a636e",
    accent: "#b84800",
    accentSoft: "#fdeee3",
    onAccent: "#ffffff",
    gained: "#14713d",
    lost: "#b3261e",
    warning: "#8a4b00",
    warningSoft: "#fff4e0",
    series: ["#5747c4", "#0b7268", "#6b7684", "#a8326e"],
    marks: ["#b84800", "#0063a6", "#007a56", "#9a3f7f", "#7a5a00", "#4b5563"],
    categories: [
      ...["#4477aa", "#e0566b", "#228833", "#a98a10", "#149bb8", "#aa3377"],
      ...["#d95f00", "#6f55cf", "#7f4f24", "#6aa62c", "#1b3a6b", "#cc62c6"],
      ...["#8c1d2c", "#0b7a75", "#5b6b1f", "#c05a86", "#9469f0", "#a8775a", "#3f8f6b", "#5c3566"],
    ],
    others: "#929aa5",
    band: "rgba(87, 71, 196, 0.15)",
    halo: "rgba(255, 255, 255, 0.9)",
    bar: "#a79ee6",
  },
  dark: {
    ground: "#1b1d23",
    panel: "#22252b",
    raised: "#2b2f37",
    hairline: "#343842",
    line: "#4f5563",
    control: "#7a8290",
    text: "#eceef3",
    muted: "#a6adbb",
    accent: "#ff9d4d",
    accentSoft: "#40301f",
    onAccent: "#14181d",
    gained: "#6fce95",
    lost: "#f59a92",
    warning: "#fdd08a",
    warningSoft: "#3b3120",
    series: ["#b3a6ff", "#5ec9bb", "#98a2ae", "#f08cb8"],
    marks: ["#ff9d4d", "#6cb4ff", "#5fd0a5", "#f08cb8", "#e6c84f", "#c3c9d4"],
    categories: [
      ...["#6ca6e8", "#ff7b8a", "#3fae62", "#ecd15a", "#5fd9ee", "#d667ab"],
      ...["#ff9f45", "#a08cff", "#b98a5e", "#9bdb3f", "#4f7be0", "#f3b0f0"],
      ...["#d8566a", "#2fb3a3", "#9aa64a", "#c77f9f", "#c7b6ff", "#ecc9a0", "#8fd6b4", "#a877bd"],
    ],
    others: "#78808e",
    band: "rgba(179, 166, 255, 0.2)",
    halo: "rgba(27, 29, 35, 0.9)",
    bar: "#7467c9",
  },
};

export type Theme = "light" | "dark";

export const FAMILY = "system-ui, sans-serif";

/** The font sizes in CSS pixels. */
export const TYPE = { regular: 12, small: 11, tiny: 10 } as const;

export function applyTheme(page: Document, theme: Theme): void {
  const root = page.documentElement;
  const palette = PALETTES[theme];
  for (const [role, color] of Object.entries<string | readonly string[]>({ ...palette })) {
    const name = `--${kebab(role)}`;
    if (typeof color === "string") root.style.setProperty(name, color);
    else color.forEach((one, at) => void root.style.setProperty(`${name}-${at}`, one));
  }
  root.style.colorScheme = theme;
  root.style.background = palette.ground;
  root.style.height = "100%";
  page.body.style.margin = "0";
  page.body.style.height = "100%";
}

function kebab(role: string): string {
  return role.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
