/** Tests the values named along an axis. */

import { describe, expect, it } from "vitest";
import { valueTicks } from "./value_axis";

describe("valueTicks", () => {
  it("gives few round numbers", () => {
    expect(valueTicks(0, 1.06)).toEqual([0, 1]);
    expect(valueTicks(0, 0.94)).toEqual([0, 0.5]);
    expect(valueTicks(121.9, 127.1)).toEqual([122.5, 125]);
    expect(valueTicks(-0.31, 0.31)).toEqual([-0.25, 0, 0.25]);
    expect(valueTicks(0, 0.00042)).toEqual([0, 0.00025]);
  });

  it("gives at least two and not too many, whatever the range", () => {
    for (let at = 1; at < 3000; at++) {
      const low = Math.sin(at) * 10 ** ((at % 13) - 6);
      const high = low + Math.abs(Math.cos(at * at)) * 10 ** ((at % 11) - 5);
      const ticks = valueTicks(low, high);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.every((tick) => tick >= low - 1e-6 * (high - low))).toBe(true);
      expect(new Set(ticks).size).toBe(ticks.length);
    }
  });

  it("gives the value itself where there is no range", () => {
    expect(valueTicks(3, 3)).toEqual([3]);
  });
});
