/** Uniform and attribute names are explained in renderer.ts, which sets them. */
export const VERTEX = `#version 300 es
precision highp float;
layout(location = 0) in vec3 a_from;
layout(location = 1) in vec3 a_to;
layout(location = 2) in uvec4 a_style;
uniform mat4 u_matrix;
uniform vec3 u_center;
uniform float u_motion;
uniform float u_recolor;
uniform float u_diameter;
uniform float u_opacity;
uniform float u_depth;
uniform float u_rim;
uniform vec3 u_background;
uniform sampler2D u_palette;
flat out vec4 v_color;
flat out float v_side;
flat out float v_radius;

const float MISSING = 1e38;
const float NEAREST = 0.1;

void main() {
  gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = 0.0;
  vec3 position = mix(a_from, a_to, u_motion);
  float presence = 1.0;
  if (a_from.x > MISSING) {
    position = a_to;
    presence = u_motion;
  }
  if (a_to.x > MISSING) {
    position = a_from;
    presence = 1.0 - u_motion;
  }
  if (presence <= 0.0 || position.x > MISSING) return;
  vec4 clip = u_matrix * vec4(position - u_center, 0.0) + vec4(0.0, 0.0, 0.0, 1.0);
  if (clip.w <= NEAREST) return;

  vec4 before = texelFetch(u_palette, ivec2(int(a_style.x), 0), 0);
  vec4 after = texelFetch(u_palette, ivec2(int(a_style.y), 0), 0);
  vec3 color = mix(before.rgb, after.rgb, u_recolor);
  float haze = u_depth * 0.75 * smoothstep(0.85, 1.35, clip.w);
  float factor = float(a_style.z) / 64.0;
  float opacity = u_opacity * presence;
  if (a_style.w > 0u) {
    opacity *= 0.12;
    factor *= 0.8;
  }
  float diameter = u_diameter * factor / clip.w;
  v_radius = 0.5 * diameter;
  v_side = diameter + 2.0 * u_rim + 1.0;
  v_color = vec4(mix(color, u_background, haze), opacity);
  gl_Position = clip;
  gl_PointSize = v_side;
}`;

/** A disk with a soft edge; large ones darken a little towards it, so that they part. */
export const DISK = `#version 300 es
precision highp float;
flat in vec4 v_color;
flat in float v_side;
flat in float v_radius;
uniform vec3 u_background;
out vec4 color;

void main() {
  float distance = length(gl_PointCoord - 0.5) * v_side;
  float alpha = v_color.a * clamp(v_radius - distance + 0.5, 0.0, 1.0);
  float edge = smoothstep(v_radius - 1.6, v_radius, distance) * smoothstep(2.5, 5.0, v_radius);
  vec3 rgb = mix(v_color.rgb, u_background, 0.45 * edge);
  color = vec4(rgb * alpha, alpha);
}`;

/** A disk, a gap and a ring around it: a selected point. */
export const RING = `#version 300 es
precision highp float;
flat in vec4 v_color;
flat in float v_side;
flat in float v_radius;
uniform vec3 u_background;
uniform vec3 u_accent;
uniform float u_rim;
out vec4 color;

void main() {
  float distance = length(gl_PointCoord - 0.5) * v_side;
  float outer = v_radius + u_rim;
  float alpha = clamp(outer - distance + 0.5, 0.0, 1.0);
  float ring = clamp(distance - (outer - 0.5 * u_rim) + 0.5, 0.0, 1.0);
  float gap = clamp(distance - v_radius + 0.5, 0.0, 1.0);
  vec3 rgb = mix(mix(v_color.rgb, u_background, gap), u_accent, ring);
  color = vec4(rgb * alpha, alpha);
}`;
