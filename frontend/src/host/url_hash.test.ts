/** Tests the entries in the hash of the URL. */

import { describe, expect, it } from "vitest";
import { mergeHash, pluginOf, readHash } from "./url_hash";

describe("TensorBoard's hash", () => {
  it("gives back what was written, whatever the text", () => {
    const entries = { run: "a&b=c#d", query: "é %" };
    expect(readHash(mergeHash("#wordembed", entries))).toEqual(entries);
  });

  it("keeps the plugin and the entries of others", () => {
    const hash = "#wordembed&p.wordembed.step=1&p.other.step=2&tagFilter=x";
    expect(mergeHash(hash, { step: "3" })).toBe(
      "#wordembed&p.other.step=2&tagFilter=x&p.wordembed.step=3",
    );
  });

  it("knows the plugin", () => {
    expect(pluginOf("#wordembed&p.wordembed.step=1")).toBe("wordembed");
    expect(pluginOf("#p.wordembed.step=1")).toBeNull();
    expect(pluginOf("")).toBeNull();
  });

  it("ignores what is not decodable", () => {
    expect(readHash("#wordembed&p.wordembed.run=%E0%A4%A")).toEqual({});
  });
});
