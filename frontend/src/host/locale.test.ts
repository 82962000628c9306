/** Tests the mending of the language. */

import { expect, it } from "vitest";
import { mendLocale } from "./locale";

it.each(["c", "C", "en_US.UTF-8", ""])("puts English in the place of %j", (language) => {
  const navigator = Object.create({ language }) as Navigator;
  mendLocale(navigator);
  expect(navigator.language).toBe("en");
  expect(() => new Intl.NumberFormat(navigator.language)).not.toThrow();
});

it.each(["de", "en-US", "zh-Hant-TW"])("leaves %j alone", (language) => {
  const navigator = Object.create({ language }) as Navigator;
  mendLocale(navigator);
  expect(Object.keys(navigator)).toEqual([]);
  expect(navigator.language).toBe(language);
});
