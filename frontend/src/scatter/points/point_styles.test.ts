/** Tests the styles of the points. */

import { describe, expect, it } from "vitest";
import { ramp } from "./colormaps";
import { PointStyles } from "./point_styles";

const COLOR_FROM = 0;
const COLOR_TO = 1;
const SIZE = 2;
const DIMMED = 3;

function column(styles: PointStyles, which: number): number[] {
  return Array.from({ length: styles.count }, (_, i) => styles.bytes[i * 4 + which] ?? -1);
}

function ofSize(count: number): PointStyles {
  const styles = new PointStyles();
  styles.resize(count);
  return styles;
}

describe("Styles", () => {
  it("maps the domain to palette entries 1..255, no value to 0", () => {
    const styles = ofSize(6);
    styles.setValues(Float32Array.of(0, 1, 2, -9, 9, Number.NaN), [0, 2], 1);
    expect(column(styles, COLOR_TO)).toEqual([1, 128, 255, 1, 255, 0]);
    styles.setValues(null, [0, 1], 1);
    expect(column(styles, COLOR_TO)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(column(styles, COLOR_FROM)).toEqual([1, 128, 255, 1, 255, 0]);
  });

  it("survives a domain of one value", () => {
    const styles = ofSize(1);
    styles.setValues(Float32Array.of(3), [3, 3], 1);
    expect(column(styles, COLOR_TO)).toEqual([1]);
  });

  it("starts a change of colors from what is seen", () => {
    const styles = ofSize(1);
    styles.setValues(Float32Array.of(0), [0, 1], 1);
    styles.setValues(Float32Array.of(1), [0, 1], 1);
    styles.setValues(Float32Array.of(0), [0, 1], 0.5);
    expect(column(styles, COLOR_FROM)).toEqual([128]);
  });

  it("keeps sizes within what a byte holds", () => {
    const styles = ofSize(5);
    styles.setSizes(Float32Array.of(1, 2, 100, 0, Number.NaN));
    expect(column(styles, SIZE)).toEqual([64, 128, 255, 16, 64]);
    styles.setSizes(null);
    expect(column(styles, SIZE)).toEqual([64, 64, 64, 64, 64]);
  });

  it("dims what the mask leaves out", () => {
    const styles = ofSize(3);
    styles.setVisible(Uint8Array.of(1, 0, 1));
    expect(column(styles, DIMMED)).toEqual([0, 1, 0]);
    styles.setShapes(Uint8Array.of(0, 2, 5));
    expect([0, 1, 2].map((index) => styles.isDimmed(index))).toEqual([false, true, false]);
    styles.setVisible(null);
    expect([0, 1, 2].map((index) => styles.shape(index))).toEqual([0, 2, 5]);
    styles.setShapes(null);
    expect(column(styles, DIMMED)).toEqual([0, 0, 0]);
  });

  it("knows whether points differ in more than their color", () => {
    const styles = ofSize(2);
    expect(styles.areAlike).toBe(true);
    styles.setVisible(Uint8Array.of(1, 0));
    expect(styles.areAlike).toBe(false);
    styles.setVisible(null);
    styles.setSizes(Float32Array.of(1, 2));
    expect(styles.areAlike).toBe(false);
    styles.setSizes(null);
    expect(styles.areAlike).toBe(true);
  });

  it("holds both ends of the colormap and the muted color", () => {
    const styles = ofSize(0);
    const colormap = ramp("sequential", "dark");
    styles.setPalette(colormap, [1, 2, 3, 255]);
    expect([...styles.palette.slice(0, 4)]).toEqual([1, 2, 3, 255]);
    expect(styles.palette.slice(4, 8)).toEqual(colormap.slice(0, 4));
    expect(styles.palette.slice(-4)).toEqual(colormap.slice(-4));
  });

  it("fades points, whatever their shape, and dims some of them", () => {
    const styles = ofSize(4);
    styles.setShapes(Uint8Array.of(0, 3, 5, 2));
    styles.setFaded(Float32Array.of(0, 0.5, 1, Number.NaN));
    styles.setVisible(Uint8Array.of(1, 0, 1, 1));
    expect(styles.areAlike).toBe(false);
    expect([0, 1, 2, 3].map((at) => styles.shape(at))).toEqual([0, 3, 5, 2]);
    expect([0, 1, 2, 3].map((at) => styles.isDimmed(at))).toEqual([false, true, false, false]);
    const strengths = [0, 1, 2, 3].map((at) => styles.strength(at));
    expect(strengths[0]).toBe(1);
    expect(strengths[1]).toBeCloseTo(0.57, 1);
    expect(strengths[2]).toBeCloseTo(0.15);
    expect(strengths[3]).toBe(1);
    styles.setFaded(null);
    styles.setShapes(null);
    styles.setVisible(null);
    expect(styles.areAlike).toBe(true);
    expect([0, 1, 2, 3].map((at) => styles.strength(at))).toEqual([1, 1, 1, 1]);
  });
});
