/** Tests the map as an SVG document. */

import { describe, expect, it } from "vitest";
import { escaped } from "../charts/svg_text";
import type { VectorPicture } from "../scatter/painting/vector_picture";
import { PALETTES } from "../theme/palette";
import { fileName } from "../util/download";
import { type MapAnnotations, partsOf } from "./map_annotations";
import { mapSvg, overlaySvg } from "./map_svg";

const hostile = '<img src=x onerror="alert(1)">\u0000\ud800';

const map: VectorPicture = {
  size: { width: 300, height: 200 },
  theme: PALETTES.light,
  fontSize: 15,
  lineHeight: 19,
  areas: [
    { lines: [Float64Array.of(0, 0, 9, 0, 9, 9)], color: "rgb(7, 8, 9)", fill: 0.05, stroke: 0.4 },
  ],
  points: [{ x: 10.123, y: 20, radius: 2, color: "rgb(1, 2, 3)", opacity: 0.5 }],
  strokes: [
    { ax: 1, ay: 2, bx: 30, by: 40, radius: 0.9, color: "rgb(255, 0, 0)", opacity: 0.25 },
    { ax: 5, ay: 5, bx: 5, by: 5, radius: 3, color: "rgb(0, 0, 255)", opacity: 1 },
  ],
  marks: [{ x: 50, y: 60, radius: 3, color: "rgb(4, 5, 6)", opacity: 1 }],
  labels: [
    {
      text: hostile,
      left: 12,
      top: 14,
      width: 40,
      strong: true,
      role: "text",
      font: "600 15px x",
      opacity: 1,
    },
  ],
};

const annotations: MapAnnotations = {
  title: "run · words · step 5",
  lines: ["88 % of variance", "trustworthiness 0.77"],
  names: [],
  legend: {
    title: "Cosine drift",
    ramp: { stops: ["rgb(0, 0, 0)", "rgb(9, 9, 9)"], ends: ["0", "≥ 1"] },
    items: [{ name: hostile, color: "#4477aa" }],
    sizes: "Size: Frequency 4 – 402",
  },
  palette: PALETTES.light,
};

function parsed(svg: string): Document {
  const found = new DOMParser().parseFromString(svg, "image/svg+xml");
  expect(found.querySelector("parsererror")).toBeNull();
  return found;
}

describe("a drawing of the map", () => {
  it("has its points, trails, rings and labels as elements", () => {
    const svg = parsed(mapSvg([map], annotations, map.size));
    expect(svg.querySelector('circle[cx="10.12"][fill-opacity="0.5"]')).not.toBeNull();
    expect(svg.querySelector("g[stroke-linecap] path")?.getAttribute("d")).toBe("M1 2L30 40");
    const area = svg.querySelector("g[fill-rule] path");
    expect(area?.getAttribute("d")).toBe("M0 0L9 0L9 9Z");
    expect(area?.getAttribute("fill-opacity")).toBe("0.05");
    expect(svg.querySelector('circle[cx="5"][r="3"]')).not.toBeNull();
    expect(svg.querySelectorAll('circle[cx="50"]').length).toBe(1);
    const texts = [...svg.querySelectorAll("text")].map((text) => text.textContent);
    expect(texts).toContain("trustworthiness 0.77");
    expect(texts).toContain("≥ 1");
  });

  it("has labels as large as they are on the map", () => {
    const svg = parsed(mapSvg([map], annotations, map.size));
    const label = [...svg.querySelectorAll("text[textLength]")].find(
      (text) => text.getAttribute("x") === "12",
    );
    expect(label?.parentElement?.getAttribute("font-size")).toBe("15");
    // Its letters stand below its top by most of their size.
    expect(Number(label?.getAttribute("y"))).toBeCloseTo(14 + 15 * 0.96, 1);
  });

  it("holds tokens as text and nothing else", () => {
    const written = mapSvg([map], annotations, map.size);
    expect(parsed(written).querySelector("img")).toBeNull();
    expect(written).not.toContain("<img");
    expect(written).not.toContain("\u0000");
    expect(escaped("a\ud83d\ude00b")).toBe("a\ud83d\ude00b");
  });

  it("has two maps beside each other, each with its name", () => {
    const names = ["seed1, step 9", "swapped, step 10"];
    const wide = { width: 600, height: 200 };
    const svg = parsed(mapSvg([map, map], { ...annotations, names }, wide));
    const parts = [...svg.querySelectorAll("svg > svg")];
    expect(parts.map((part) => part.getAttribute("x"))).toEqual(["0", "300"]);
    expect(parts.map((part) => part.querySelectorAll(".points circle").length)).toEqual([1, 1]);
    const named = [...svg.querySelectorAll("text")].filter((text) =>
      names.includes(text.textContent),
    );
    expect(named.map((text) => text.getAttribute("x"))).toEqual(["12", "312"]);
  });

  it("has them above each other where it is narrow, as on screen", () => {
    expect(partsOf({ width: 390, height: 200 }, 2)).toEqual([
      { left: 0, top: 0, width: 390, height: 100 },
      { left: 0, top: 100, width: 390, height: 100 },
    ]);
  });

  it("keeps the legend within the image", () => {
    const svg = parsed(overlaySvg(annotations, map.size));
    const box = svg.querySelector("rect[rx='4']");
    const [top, height] = ["y", "height"].map((name) => Number(box?.getAttribute(name)));
    expect((top ?? 0) + (height ?? 0)).toBeLessThan(200);
    expect(top).toBeGreaterThan(0);
  });
});

it("names files by what they hold, whatever that is called", () => {
  expect(fileName(["train/2 & more", "words#1", "map", "step-5"], "png")).toBe(
    "train-2-more_words-1_map_step-5.png",
  );
  expect(fileName(["../../etc", "日本"], "svg")).toBe("etc_日本.svg");
  expect(fileName(["..", "///"], "svg")).toBe("map.svg");
  expect(fileName(["x".repeat(500)], "png").length).toBeLessThan(70);
});
