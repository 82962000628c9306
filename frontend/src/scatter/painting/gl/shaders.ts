/** Holds the shaders that draw the points. */

import { DIMMED, DIMMED_SIZE, HAZE, MOST_FADED } from "../../points/point_styles";
import { REACH } from "../../points/shapes";

/** gpu_painter.ts sets the uniforms and the attributes. */
const HEAD = `
layout(location = 0) in vec3 a_from;
layout(location = 1) in vec3 a_to;
layout(location = 2) in uvec4 a_style;
uniform mat4 u_matrix;
uniform vec3 u_center;
uniform float u_motion;
uniform float u_recolor;
uniform float u_diameter;
uniform float u_opacity;
uniform sampler2D u_palette;

const float MISSING = 1e38;
const float NEAREST = 0.1;

/** Returns the place in clip space; presence is 0 where nothing is drawn, less than 1 on the way there. */
vec4 place(out float presence) {
  vec3 position = mix(a_from, a_to, u_motion);
  presence = 1.0;
  if (a_from.x > MISSING) {
    position = a_to;
    presence = u_motion;
  }
  if (a_to.x > MISSING) {
    position = a_from;
    presence = position.x > MISSING ? 0.0 : 1.0 - u_motion;
  }
  return u_matrix * vec4(position - u_center, 0.0) + vec4(0.0, 0.0, 0.0, 1.0);
}

vec3 colorNow() {
  vec4 before = texelFetch(u_palette, ivec2(int(a_style.x), 0), 0);
  vec4 after = texelFetch(u_palette, ivec2(int(a_style.y), 0), 0);
  return mix(before.rgb, after.rgb, u_recolor);
}
`;

export const VERTEX = `${HEAD}
uniform float u_depth;
uniform float u_rim;
uniform vec3 u_background;
flat out vec4 v_color;
flat out float v_side;
flat out float v_radius;
flat out uint v_shape;

void main() {
  gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = 0.0;
  float presence;
  vec4 clip = place(presence);
  if (presence <= 0.0 || clip.w <= NEAREST) return;
  float haze = u_depth * ${HAZE} * smoothstep(0.85, 1.35, clip.w);
  float factor = float(a_style.z) / 64.0;
  float faded = float(a_style.w >> 4u) / 15.0;
  float opacity = u_opacity * presence * (1.0 - ${MOST_FADED} * faded);
  if ((a_style.w & 1u) == 1u) {
    opacity *= ${DIMMED};
    factor *= ${DIMMED_SIZE};
  }
  float diameter = u_diameter * factor / clip.w;
  v_radius = 0.5 * diameter;
  v_shape = (a_style.w >> 1u) & 7u;
  v_side = diameter * (v_shape == 0u ? 1.0 : ${REACH}) + 2.0 * u_rim + 1.0;
  v_color = vec4(mix(colorNow(), u_background, haze), opacity);
  gl_Position = clip;
  gl_PointSize = v_side;
}`;

/**
 * The same for small points that are alike but for their color, in a flat view. Where there is
 * no GPU, each number handed on to the other shader costs as much as a part of its arithmetic.
 */
export const SMALL_VERTEX = `${HEAD}
flat out vec4 v_premultiplied;

void main() {
  float presence;
  vec4 clip = place(presence);
  float opacity = u_opacity * presence;
  v_premultiplied = vec4(colorNow() * opacity, opacity);
  gl_Position = presence > 0.0 ? clip : vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = u_diameter + 1.0;
}`;

export const SMALL_DISK = `
flat in vec4 v_premultiplied;
uniform float u_diameter;
out vec4 color;

void main() {
  float distance = length(gl_PointCoord - 0.5) * (u_diameter + 1.0);
  color = v_premultiplied * clamp(0.5 * u_diameter - distance + 0.5, 0.0, 1.0);
}`;

/** What VERTEX hands on. */
const DRAWN = `
flat in vec4 v_color;
flat in float v_side;
flat in float v_radius;
uniform vec3 u_background;
out vec4 color;
`;

/** A disk with a soft edge; large ones darken a little towards it, so that neighbors can be told apart. */
export const DISK = `${DRAWN}
void main() {
  float distance = length(gl_PointCoord - 0.5) * v_side;
  float alpha = v_color.a * clamp(v_radius - distance + 0.5, 0.0, 1.0);
  float edge = smoothstep(v_radius - 1.6, v_radius, distance) * smoothstep(2.5, 5.0, v_radius);
  vec3 rgb = mix(v_color.rgb, u_background, 0.45 * edge);
  color = vec4(rgb * alpha, alpha);
}`;

/** One of SHAPES with a soft edge. */
export const SHAPED = `${DRAWN}
flat in uint v_shape;

/** How far from the middle, where 1 is the edge. */
float distanceIn(vec2 p) {
  vec2 a = abs(p);
  if (v_shape == 1u) return max(a.x, a.y) / 0.884;
  if (v_shape == 2u || v_shape == 5u) {
    float down = v_shape == 2u ? p.y : -p.y;
    return max(down, 0.866 * a.x - 0.5 * down) / 0.675;
  }
  if (v_shape == 3u) return (a.x + a.y) / 1.3;
  if (v_shape == 4u) return min(max(a.x / 1.25, a.y / 0.42), max(a.y / 1.25, a.x / 0.42));
  return length(p);
}

void main() {
  float distance = distanceIn((gl_PointCoord - 0.5) * v_side / v_radius) * v_radius;
  float alpha = v_color.a * clamp(v_radius - distance + 0.5, 0.0, 1.0);
  color = vec4(v_color.rgb * alpha, alpha);
}`;

/** A disk, a gap and a ring around it: a selected point. */
export const RING = `${DRAWN}
uniform vec3 u_accent;
uniform float u_rim;

void main() {
  float distance = length(gl_PointCoord - 0.5) * v_side;
  float outer = v_radius + u_rim;
  float alpha = clamp(outer - distance + 0.5, 0.0, 1.0);
  float ring = clamp(distance - (outer - 0.5 * u_rim) + 0.5, 0.0, 1.0);
  float gap = clamp(distance - v_radius + 0.5, 0.0, 1.0);
  vec3 rgb = mix(mix(v_color.rgb, u_background, gap), u_accent, ring);
  color = vec4(rgb * alpha, alpha);
}`;
