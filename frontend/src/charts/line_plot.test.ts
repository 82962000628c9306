/** Tests the drawing of plots. */

import { expect, it } from "vitest";
import { PALETTES } from "../theme/palette";
import { type Line, marksSvg, type PlotData, plotSvg, scaleOf } from "./line_plot";

const SIZE = { width: 354, height: 100, type: 10 };

function data(...lines: Partial<Line>[]): PlotData {
  const full = lines.map((line) => ({ label: "", values: [], color: 0 as const, ...line }));
  return { steps: [0, 1, 2, 10], lines: full, fromZero: true, reach: null };
}

function drawn(plot: PlotData): Element {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg">${plotSvg(plot, SIZE, PALETTES.light)}</svg>`;
  return new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
}

const lines = (svg: Element) => [...svg.querySelectorAll("path[fill=none]")];
const parts = (svg: Element) => lines(svg).flatMap((line) => line.getAttribute("d")?.match(/M/g));

it("places steps at their true places, and values upwards", () => {
  const { x, y } = scaleOf(data({ values: [0, 1, 2, 4] }), SIZE);
  expect([0, 1, 10].map(x)).toEqual([40, 70, 340]);
  expect(y(0)).toBe(100);
  expect(y(4)).toBeGreaterThan(0);
});

it("breaks a line at a gap, and shows a value between two gaps as a dot", () => {
  const svg = drawn(data({ values: [1, 2, null, 3] }));
  expect(parts(svg)).toHaveLength(2);
  expect(svg.querySelectorAll("circle")).toHaveLength(3);
  const steps = Array.from({ length: 300 }, (_, step) => step);
  const values = steps.map((step) => (step % 3 === 1 ? step : null));
  const crowded = drawn({ ...data({ values }), steps });
  expect(crowded.querySelectorAll("circle")).toHaveLength(100);
  const full = drawn({ ...data({ values: steps }), steps });
  expect(full.querySelectorAll("circle")).toHaveLength(0);
});

it("fills the area between two edges, which are not drawn themselves", () => {
  const edge = (values: number[]): Partial<Line> => ({ values, kind: "edge" });
  const svg = drawn(data(edge([0, 0, 1, 1]), edge([1, 2, 3, 3])));
  expect(lines(svg)).toEqual([]);
  expect(svg.querySelectorAll(`path[fill="${PALETTES.light.band}"]`)).toHaveLength(1);
});

it("marks steps, but none that are not there", () => {
  const plot = data({ values: [0, 1, 2, 4] });
  const marks = [
    { step: 1, color: "red", dash: "6 3" },
    { step: 5, color: "red" },
  ];
  const svg = marksSvg([...marks, { step: null, color: "red" }], plot.steps, scaleOf(plot, SIZE));
  expect(svg.match(/<path/g)).toHaveLength(1);
  expect(svg).toContain('d="M70 0V100" stroke="red" stroke-dasharray="6 3"');
});
