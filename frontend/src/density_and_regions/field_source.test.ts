/** Tests what has density and regions computed. */

import { afterEach, expect, it, vi } from "vitest";
import { NO_FIELDS } from "./compute_fields";
import { FieldWorker } from "./field_source";
import { windowOf } from "./field_window";

const GROUND = { points: new Float32Array(3), before: null, drawn: null, frequency: null };
const ASK = {
  window: windowOf({ x: 0, y: 0, perX: 100, perY: 100, width: 600, height: 400 }),
  density: false,
  densityBefore: false,
  flow: false,
  regions: false,
};

const listeners = process.listeners("unhandledRejection");
afterEach(() => {
  for (const one of listeners) process.on("unhandledRejection", one);
});

it("goes on after fields that could not be drawn", async () => {
  const source = new FieldWorker();
  const reported = vi.fn();
  process.removeAllListeners("unhandledRejection");
  process.once("unhandledRejection", reported);
  source.ask(GROUND, ASK, () => {
    throw new Error("the map is gone");
  });
  await vi.waitFor(() => expect(reported).toHaveBeenCalled());
  const drawn = await new Promise((resolve) => source.ask(GROUND, ASK, resolve));
  expect(drawn).toEqual(NO_FIELDS);
});
