/** Tests the viewpoint of the map. */

import { expect, it } from "vitest";
import { Viewpoint } from "./viewpoint";

const bounds = { center: [0, 0, 0], half: [4, 2, 1] } as const;

function sizedView(): Viewpoint {
  const view = new Viewpoint();
  view.resize({ width: 800, height: 600 });
  view.setBounds(bounds);
  return view;
}

/** Lets a flight come to its end. */
function land(view: Viewpoint): void {
  view.advance(0);
  view.advance(10_000);
}

it("zooms on the way to another mode without staying between the two", () => {
  const view = sizedView();
  view.setMode("3d");
  land(view);
  view.setMode("2d");
  view.advance(0);
  view.advance(100);
  view.zoomBy(2, { x: 400, y: 300 });
  view.advance(10_000);
  expect(view.camera).toMatchObject({ perspective: 0, yaw: 0, pitch: 0 });
  expect(view.zoom).toBeCloseTo(2);
});

it("goes to a position out of view, and stays for one in view", () => {
  const view = sizedView();
  const fitted = view.camera;
  view.reveal([3, 1, 0]);
  land(view);
  expect(view.camera).toBe(fitted);
  view.reveal([9, 0, 0]);
  land(view);
  const place = new Float64Array(3);
  view.projection.project(Float64Array.of(9, 0, 0), 0, place);
  // It lies far from the others: they are shown with it.
  expect(place[0]).toBeCloseTo(800 - 36);
  view.projection.project(Float64Array.of(-4, 0, 0), 0, place);
  expect(place[0]).toBeGreaterThan(0);
  view.setBounds(bounds);
  expect(view.camera.center).not.toEqual(fitted.center);
});

it("reveals nothing before it has a size", () => {
  const view = new Viewpoint();
  view.reveal([9, 0, 0]);
  view.resize({ width: 800, height: 600 });
  view.setBounds(bounds);
  expect(view.camera.center).toEqual([0, 0, 0]);
});

it("is looked at from the same place in another host, with other units", () => {
  const view = sizedView();
  expect(view.eye).toBeNull();
  view.setMode("3d");
  view.zoomBy(3, { x: 500, y: 200 });
  view.orbitBy(40, -20);
  land(view);
  const { eye } = view;
  expect(eye?.zoom).toBeCloseTo(3);
  const other = new Viewpoint();
  other.setMode("3d");
  other.setBounds({ center: [1, 1, 1], half: [8, 4, 2] });
  other.lookFrom(eye, 0);
  other.resize({ width: 400, height: 900 });
  expect(other.eye).toEqual(eye);
  other.lookFrom(null, 0);
  expect(other.eye).toBeNull();
});
