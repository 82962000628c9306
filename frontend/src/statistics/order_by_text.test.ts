/** Tests the sorting by text. */

import { expect, it } from "vitest";
import { orderByText } from "./order_by_text";

it("orders by text", () => {
  expect([...orderByText(["b", "a", "c", "a"], false)]).toEqual([1, 3, 0, 2]);
  expect([...orderByText(["b", "a", "c", "a"], true)]).toEqual([2, 0, 1, 3]);
});

it("orders texts as a sort of them does, whatever their letters", () => {
  const letters = ["a", "b", "Z", "\0", "é", "日", "\ud83d\ude00"];
  const texts = Array.from({ length: 3000 }, (_, at) =>
    Array.from({ length: (at * 7) % 9 }, (_, place) => letters[(at * (place + 3)) % 7]).join(""),
  );
  const russian = texts.map((text) => text.replace(/[aZ]/g, "б").replace(/[bé]/g, "а"));
  const places = texts.map((text, at) => `https://${at % 3}.example.com/${text}`);
  for (const words of [texts, russian, places, texts.map(() => "same"), [], ["one"]]) {
    for (const sign of [1, -1]) {
      const rows = [...words.keys()].sort((a, b) => {
        const [left = "", right = ""] = [words[a], words[b]];
        return left < right ? -sign : left > right ? sign : a - b;
      });
      expect([...orderByText(words, sign < 0)]).toEqual(rows);
    }
  }
});
