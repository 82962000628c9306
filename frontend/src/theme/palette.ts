/** Defines every color of the page, in light and dark. */

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
    band: "rgba(179, 166, 255, 0.2)",
    halo: "rgba(27, 29, 35, 0.9)",
    bar: "#7467c9",
  },
};

export type Theme = "light" | "dark";
