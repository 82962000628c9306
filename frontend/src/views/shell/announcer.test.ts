/** Tests the words for screen readers. */

import { expect, it } from "vitest";
import { type AnnouncedState, announcement } from "./announcer";

const told: AnnouncedState = {
  step: 10,
  at: 11,
  steps: 11,
  reference: 0,
  against: null,
  playing: false,
  selected: 0,
  token: null,
  measure: "Cosine drift",
  drift: null,
  isolated: null,
  listed: 5000,
};

function said(change: Partial<AnnouncedState>, before: Partial<AnnouncedState> = {}): string {
  return announcement({ ...told, ...before }, { ...told, ...before, ...change });
}

it("tells the step and what it is measured from", () => {
  expect(said({ step: 9, at: 10 })).toBe("Step 9, 10 of 11.");
  expect(said({ reference: 3 })).toBe("Measured from step 3.");
  expect(said({ steps: 12 })).toBe("Step 10, 11 of 12.");
  expect(said({})).toBe("");
});

it("leaves the step to the slider that says it, but not that there are more", () => {
  const next = { ...told, step: 9, at: 10 };
  expect(announcement(told, next, true)).toBe("");
  expect(announcement(told, { ...told, reference: 3 }, true)).toBe("");
  expect(announcement(told, { ...next, steps: 12 }, true)).toBe("Step 9, 10 of 12.");
  expect(announcement(told, { ...next, selected: 1, token: "boring" }, true)).toBe(
    "boring selected.",
  );
});

it("tells that it plays and where it stopped, not the steps between", () => {
  expect(said({ playing: true })).toBe("Playing.");
  expect(said({ step: 5, at: 6 }, { playing: true })).toBe("");
  expect(said({ playing: false, step: 7, at: 8 }, { playing: true })).toBe("Step 7, 8 of 11.");
});

it("tells the token that was picked with how far it moved, or how many there are", () => {
  expect(said({ selected: 1, token: "boring", drift: "1.12" })).toBe(
    "boring selected, Cosine drift 1.12.",
  );
  expect(said({ selected: 1, token: "boring" })).toBe("boring selected.");
  expect(said({ selected: 3, token: "great" })).toBe("3 tokens selected, great the last of them.");
  expect(said({ selected: 0, token: null }, { selected: 1, token: "boring" })).toBe(
    "Nothing selected.",
  );
});

it("tells how many tokens are on the map and in the table", () => {
  expect(said({ isolated: 54 })).toBe("The map shows 54 tokens only.");
  expect(said({ isolated: null }, { isolated: 54 })).toBe("The map shows all tokens.");
  expect(said({ listed: 838 })).toBe("838 tokens in the table.");
  expect(said({ listed: null })).toBe("");
});
