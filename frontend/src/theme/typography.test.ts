/** Tests the font sizes. */

import { expect, it } from "vitest";
import { TYPE, typeSize } from "./typography";

it("goes by the style where an element is, else by the usual size", () => {
  const element = document.createElement("p");
  document.body.append(element);
  expect(typeSize(element, "regular")).toBe(TYPE.regular);
  element.style.setProperty("--regular", " 15px");
  expect(typeSize(element, "regular")).toBe(15);
});
