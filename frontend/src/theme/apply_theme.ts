/** Sets the page's colors to the light or the dark theme. */

import { PALETTES, type Palette, type Theme } from "./palette";

export function applyTheme(page: Document, theme: Theme): void {
  const root = page.documentElement;
  const palette = PALETTES[theme];
  for (const [role, color] of Object.entries(palette) as [keyof Palette, unknown][]) {
    const colors = Array.isArray(color) ? color : [];
    if (typeof color === "string") root.style.setProperty(`--${kebab(role)}`, color);
    colors.forEach((one: string, at) => {
      root.style.setProperty(`--${kebab(role)}-${at}`, one);
    });
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
