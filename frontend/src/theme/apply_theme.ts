/** Sets the page's colors to the light or the dark theme. */

import { PALETTES, type Theme } from "./palette";

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
