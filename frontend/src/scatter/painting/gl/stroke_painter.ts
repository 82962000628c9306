/** Draws lines and dots with WebGL2. */

import { memoOfEach } from "../../../util/memo";
import type { Size } from "../../geometry";
import type { Stroke } from "../../layers/strokes";
import { cssToUnit } from "../../points/css_colors";
import { Quads } from "./quads";

const VERTEX = `
layout(location = 0) in vec4 a_ends;
layout(location = 1) in float a_radius;
layout(location = 2) in vec4 a_color;
out vec2 v_place;
flat out vec4 v_ends;
flat out float v_radius;
flat out vec4 v_color;

void main() {
  vec2 along = a_ends.zw - a_ends.xy;
  float distance = length(along);
  vec2 forward = distance > 0.0 ? along / distance : vec2(1.0, 0.0);
  vec2 aside = vec2(-forward.y, forward.x);
  float reach = a_radius + 1.0;
  vec2 end = (gl_VertexID & 1) == 0 ? a_ends.xy - forward * reach : a_ends.zw + forward * reach;
  v_place = end + aside * ((gl_VertexID & 2) == 0 ? -reach : reach);
  v_ends = a_ends;
  v_radius = a_radius;
  v_color = a_color;
  gl_Position = clipOf(v_place);
}`;

const FRAGMENT = `
in vec2 v_place;
flat in vec4 v_ends;
flat in float v_radius;
flat in vec4 v_color;
uniform vec3 u_size;
out vec4 color;

void main() {
  vec2 from = v_place - v_ends.xy;
  vec2 along = v_ends.zw - v_ends.xy;
  float share = clamp(dot(from, along) / max(dot(along, along), 1e-6), 0.0, 1.0);
  float distance = length(from - along * share);
  float alpha = v_color.a * clamp((v_radius - distance) * u_size.z + 0.5, 0.0, 1.0);
  color = vec4(v_color.rgb * alpha, alpha);
}`;

/** Returns what draws groups of strokes; `ratio` is that of device pixels to CSS pixels. */
export function strokePainter(gl: WebGL2RenderingContext) {
  const quads = new Quads(gl, VERTEX, FRAGMENT, [4, 1, 4]);
  return (groups: readonly (readonly Stroke[])[], size: Size, ratio: number): void => {
    for (const strokes of groups) quads.draw(numbersOf(strokes), size, ratio);
  };
}

/** A group that is drawn again and again, such as a flow, has many strokes. */
const numbersOf = memoOfEach((strokes: readonly Stroke[]): Float32Array => {
  const all = strokes.flatMap(({ ax, ay, bx, by, radius, color, opacity }) => [
    ...[ax, ay, bx, by, radius],
    ...cssToUnit(color),
    opacity,
  ]);
  return Float32Array.from(all);
});
