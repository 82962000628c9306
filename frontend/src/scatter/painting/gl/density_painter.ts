/** Draws the density under the points with WebGL2. */

import type { DensityField } from "../../../density_and_regions/density";
import { densityColors, LINE, LINE_BEFORE, SHADE, SHARES } from "../../layers/density_layer";
import { cssToUnit } from "../../points/css_colors";
import type { Drawing } from "../map_drawing";
import { Program, shapeTexture } from "./shader_program";
import { SCALE, SmallPicture } from "./small_picture";

const VERTEX = `
uniform mat4 u_matrix;
uniform vec3 u_center;
/** Coordinates of the first corner and of the last one, of the window to draw and of the other. */
uniform vec3 u_first;
uniform vec3 u_last;
uniform vec3 u_otherFirst;
uniform vec3 u_otherLast;
out vec2 v_place;
out vec2 v_other;

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 place = mix(u_first.xy, u_last.xy, corner);
  v_place = corner;
  v_other = (place - u_otherFirst.xy) / (u_otherLast.xy - u_otherFirst.xy);
  gl_Position = u_matrix * vec4(vec3(place, u_center.z) - u_center, 0.0) + vec4(0.0, 0.0, 0.0, 1.0);
}`;

const FRAGMENT = `
in vec2 v_place;
in vec2 v_other;
uniform sampler2D u_field;
uniform sampler2D u_otherField;
uniform float u_share;
uniform float u_shade;
uniform float u_line;
uniform float u_width;
uniform vec3 u_color;
out vec4 color;

void main() {
  float covered = texture(u_field, v_place).r;
  if (u_share < 1.0) covered = mix(texture(u_otherField, v_other).r, covered, u_share);
  float slope = max(fwidth(covered), 1e-5);
  // Most pixels lie outside of all lines. Skipping them saves much time where WebGL is in software.
  if (covered - float(${SHARES.at(-1)}) > (0.5 * u_width + 0.5) * slope) discard;
  float fill = 0.0;
  float line = 0.0;
  ${SHARES.map(
    (share) => `{
    float beyond = (covered - float(${share})) / slope;
    fill += clamp(0.5 - beyond, 0.0, 1.0);
    line = max(line, clamp(0.5 * u_width + 0.5 - abs(beyond), 0.0, 1.0));
  }`,
  ).join("\n  ")}
  float alpha = max(1.0 - pow(1.0 - u_shade, fill), u_line * line);
  if (alpha <= 0.0) discard;
  color = vec4(u_color * alpha, alpha);
}`;

const UNITS = [2, 3] as const;

/** Keeps the fields on the GPU for as long as they are drawn. */
export class DensityPainter {
  private readonly program: Program;
  private readonly array: WebGLVertexArrayObject;
  private readonly soft: SmallPicture;
  private readonly textures = new Map<DensityField, WebGLTexture>();

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.program = new Program(gl, VERTEX, FRAGMENT);
    this.array = gl.createVertexArray();
    this.soft = new SmallPicture(gl);
    this.program.sample("u_field", UNITS[0]);
    this.program.sample("u_otherField", UNITS[1]);
  }

  /**
   * Draws the shading, which points are drawn upon, or the lines, which are drawn upon the points;
   * or both at once.
   *
   * @param ratio device pixels per CSS pixel
   */
  draw({ density, scene, view }: Drawing, part: "shading" | "lines" | "both", ratio: number): void {
    const { before, from, share, to } = density;
    this.forgetAllBut([before, from, to]);
    if (to === null) return;
    const { gl, program } = this;
    const [now, then] = densityColors(scene.theme);
    const { center, matrix } = view.projection;
    gl.bindVertexArray(this.array);
    program.use({ u_matrix: matrix, u_center: center, u_width: ratio });
    const draw = (field: DensityField, other: DensityField, uniforms: Record<string, number>) => {
      this.bind(UNITS[0], field);
      this.bind(UNITS[1], other);
      const [first, last] = cornersOf(field);
      const [otherFirst, otherLast] = cornersOf(other);
      program.use({
        ...{ u_first: first, u_last: last, u_otherFirst: otherFirst, u_otherLast: otherLast },
        ...uniforms,
        u_color: cssToUnit(field === before ? then : now),
      });
      gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    };
    const hasLines = part !== "shading";
    const look = { u_shade: part === "lines" ? 0 : SHADE, u_line: hasLines ? LINE : 0 };
    draw(to, from ?? to, { u_share: share, ...look });
    if (before && hasLines) draw(before, before, { u_share: 1, u_shade: 0, u_line: LINE_BEFORE });
  }

  /**
   * Draws both at once upon the points, in half the resolution: while all is on its way, that is
   * not seen, and costs a fraction.
   */
  drawSoftly(drawing: Drawing, ratio: number): void {
    if (drawing.density.to === null) return;
    this.soft.open();
    this.draw(drawing, "both", ratio * SCALE);
    this.soft.show();
  }

  private bind(unit: number, field: DensityField): void {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, this.textures.get(field) ?? this.upload(field));
  }

  private upload(field: DensityField): WebGLTexture {
    const { gl } = this;
    const texture = gl.createTexture();
    const { columns, rows } = field.window;
    gl.bindTexture(gl.TEXTURE_2D, texture);
    // Half floats: they can be blended between cells, and lines do not show their steps.
    const { coverage } = field;
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R16F, columns, rows, 0, gl.RED, gl.FLOAT, coverage);
    shapeTexture(gl, gl.LINEAR);
    this.textures.set(field, texture);
    return texture;
  }

  private forgetAllBut(kept: readonly (DensityField | null)[]): void {
    for (const [field, texture] of this.textures) {
      if (kept.includes(field)) continue;
      this.gl.deleteTexture(texture);
      this.textures.delete(field);
    }
  }
}

type Corner = readonly [number, number, number];

/** Returns the coordinates of the first and of the last corner of a window. */
function cornersOf({ window }: DensityField): readonly [Corner, Corner] {
  const { left, top, unitX, unitY, columns, rows } = window;
  return [
    [left, top, 0],
    [left + columns * unitX, top - rows * unitY, 0],
  ];
}
