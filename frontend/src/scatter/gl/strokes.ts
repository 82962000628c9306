/** Draws lines and dots with WebGL2: trails, arrows and the lasso. */

import type { Size } from "../geometry";
import { Program } from "./program";

/** Round-ended lines in CSS pixels; one whose ends are the same is a dot. */
export class Strokes {
  readonly numbers: number[] = [];

  get count(): number {
    return this.numbers.length / NUMBERS;
  }

  /** @param color red, green, blue and opacity, 0..1 each */
  line(ax: number, ay: number, bx: number, by: number, radius: number, color: Rgba): void {
    this.numbers.push(ax, ay, bx, by, radius, ...color);
  }

  dot(x: number, y: number, radius: number, color: Rgba): void {
    this.line(x, y, x, y, radius, color);
  }
}

export type Rgba = readonly [number, number, number, number];

const NUMBERS = 9;
const CORNERS = 4;

const VERTEX = `#version 300 es
precision highp float;
layout(location = 0) in vec4 a_ends;
layout(location = 1) in float a_radius;
layout(location = 2) in vec4 a_color;
uniform vec3 u_size;
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
  gl_Position = vec4(2.0 * v_place.x / u_size.x - 1.0, 1.0 - 2.0 * v_place.y / u_size.y, 0.0, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision highp float;
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

/** Draws strokes, each one instance of a four-cornered strip. */
export class StrokePainter {
  private readonly program: Program;
  private readonly array: WebGLVertexArrayObject;
  private readonly buffer: WebGLBuffer;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.program = new Program(gl, VERTEX, FRAGMENT);
    this.array = gl.createVertexArray();
    this.buffer = gl.createBuffer();
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    for (const [location, size, offset] of [
      [0, 4, 0],
      [1, 1, 4],
      [2, 4, 5],
    ] as const) {
      gl.enableVertexAttribArray(location);
      gl.vertexAttribPointer(location, size, gl.FLOAT, false, NUMBERS * 4, offset * 4);
      gl.vertexAttribDivisor(location, 1);
    }
  }

  /** @param ratio device pixels per CSS pixel */
  draw(strokes: Strokes, size: Size, ratio: number): void {
    if (strokes.count === 0) return;
    const { gl } = this;
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    gl.bufferData(gl.ARRAY_BUFFER, Float32Array.from(strokes.numbers), gl.DYNAMIC_DRAW);
    this.program.use();
    this.program.vector("u_size", [size.width, size.height, ratio]);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, CORNERS, strokes.count);
  }
}
