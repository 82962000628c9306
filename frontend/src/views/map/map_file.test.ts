/** Tests the sizes and the steps of files of the map. */

import { describe, expect, it } from "vitest";
import { type MapFile, QUICK, stepsOf } from "../shared/export_map_event";
import { sheetOf } from "./map_file";

const screen = { width: 700, height: 500 };

/** The pixels of a file. */
function pixels(file: Partial<MapFile>, on = screen): [number, number] {
  const { width, height, ratio } = sheetOf({ ...QUICK, ...file }, on);
  return [Math.round(width * ratio), Math.round(height * ratio)];
}

describe("a file of the map", () => {
  it.each<[Partial<MapFile>, [number, number]]>([
    [{}, [1400, 1000]],
    [{ size: "1080p" }, [1920, 1080]],
    [{ size: "4k" }, [3840, 2160]],
    [{ format: "gif" }, [800, 571]],
    [{ format: "gif", size: "1080p" }, [1920, 1080]],
  ])("%j has its pixels", (file, size) => {
    expect(pixels(file)).toEqual(size);
  });

  it("is no larger than browsers draw", () => {
    expect(pixels({}, { width: 8000, height: 100 })).toEqual([8192, 102]);
  });

  it.each<[Partial<MapFile>, number[]]>([
    [{}, [0, 5, 10]],
    [{ from: 5 }, [5, 10]],
    [{ to: 5 }, [0, 5]],
    [{ from: 5, to: 5 }, [5]],
  ])("%j shows its steps", (file, steps) => {
    expect(stepsOf({ ...QUICK, ...file }, [0, 5, 10])).toEqual(steps);
  });
});
