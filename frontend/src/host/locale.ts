/** Replaces a language of the browser that does not exist, before anything formats numbers. */

/**
 * A browser may name a language that is none, such as "c" where the system was told `LANG=C`:
 * what formats numbers then throws as it is loaded, and the page stays empty.
 */
export function mendLocale(navigator: Navigator = window.navigator): void {
  if (isLocale(navigator.language)) return;
  Object.defineProperty(navigator, "language", { value: "en", configurable: true });
}

function isLocale(language: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(language) !== null;
  } catch {
    return false;
  }
}

// As it is loaded, before whatever is imported after it.
if (typeof window !== "undefined") mendLocale();
