/** Draws the texts of labels with WebGL2. */

import { PALETTES, type Palette } from "../../../theme/palette";
import { brushOf } from "../../canvas_brush";
import type { Label } from "../../layers/label_layer";
import { colorOf } from "../../points/scene";
import { styleLabels } from "../canvas_painter";
import type { Drawing } from "../map_drawing";
import { Quads } from "./quads";
import { shapeTexture } from "./shader_program";

/** Where a text lies in the atlas, device pixels. */
interface Cell {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels of the atlas along each side. */
const SIDE = 2048;
/** Room around a text for its outline, CSS pixels. */
const PADDING = 2;
const UNIT = 1;

const VERTEX = `
layout(location = 0) in vec4 a_box;
layout(location = 1) in vec4 a_cell;
layout(location = 2) in float a_opacity;
out vec2 v_texel;
flat out float v_opacity;

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  v_texel = (a_cell.xy + corner * a_cell.zw) / u_size.z;
  v_opacity = a_opacity;
  gl_Position = clipOf(a_box.xy + corner * a_box.zw);
}`;

const FRAGMENT = `
in vec2 v_texel;
flat in float v_opacity;
uniform sampler2D u_atlas;
out vec4 color;

void main() {
  color = texture(u_atlas, v_texel) * v_opacity;
}`;

/**
 * Each text is painted once, by a 2-D canvas, into a texture (the atlas) that holds as many as
 * fit: painting text anew in every frame would cost more than all points.
 */
export class LabelPainter {
  private readonly quads: Quads;
  private readonly brush = brushOf(undefined, { willReadFrequently: true });
  private readonly cells = new Map<string, Cell>();
  private next = { x: 0, y: 0 };
  private ratio = 1;
  private theme: Palette = PALETTES.light;
  private isFull = false;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.quads = new Quads(gl, VERTEX, FRAGMENT, [4, 4, 1]);
    gl.activeTexture(gl.TEXTURE0 + UNIT);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, SIDE, SIDE);
    shapeTexture(gl, gl.LINEAR);
    this.quads.program.sample("u_atlas", UNIT);
  }

  /** @param ratio device pixels per CSS pixel */
  draw(drawing: Drawing, now: number, ratio: number): void {
    const { labels, scene, view } = drawing;
    if (ratio !== this.ratio || scene.theme !== this.theme) this.clear();
    this.ratio = ratio;
    this.theme = scene.theme;
    this.gl.activeTexture(this.gl.TEXTURE0 + UNIT);
    // Places between pixels are smoother on the move, and less crisp at rest.
    const snapped = (place: number) => (scene.isMoving ? place : Math.round(place * ratio) / ratio);
    const numbersOf = (label: Label): number[] => {
      const { x, y, width, height } =
        this.cells.get(keyOf(label)) ?? this.paint(label, labels.lineHeight);
      const [left, top] = [snapped(label.left - PADDING), snapped(label.top - PADDING)];
      return [left, top, width / ratio, height / ratio, x, y, width, height, label.opacity];
    };
    const shown = drawing.texts(now);
    this.isFull = false;
    let numbers = shown.flatMap(numbersOf);
    // Texts that were placed before the atlas was full are lost: place them again.
    if (this.isFull) numbers = shown.flatMap(numbersOf);
    this.quads.draw(Float32Array.from(numbers), view.size, SIDE);
  }

  private paint(label: Label, lineHeight: number): Cell {
    const { gl, brush, ratio, theme } = this;
    const { font, role, text, width } = label;
    const cell = this.allocate(width, lineHeight);
    const { canvas } = brush;
    // Assigning a size also clears the canvas and its state.
    canvas.width = cell.width;
    canvas.height = cell.height;
    brush.scale(ratio, ratio);
    brush.font = font;
    styleLabels(brush, theme);
    brush.fillStyle = colorOf(theme, role);
    const middle = PADDING + lineHeight / 2;
    brush.strokeText(text, PADDING, middle);
    brush.fillText(text, PADDING, middle);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, cell.x, cell.y, gl.RGBA, gl.UNSIGNED_BYTE, canvas);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
    this.cells.set(keyOf(label), cell);
    return cell;
  }

  /** Finds room for a text, left to right in rows. If there is none, all others are forgotten. */
  private allocate(textWidth: number, lineHeight: number): Cell {
    const width = Math.min(Math.ceil((textWidth + 2 * PADDING) * this.ratio), SIDE);
    const height = Math.ceil((lineHeight + 2 * PADDING) * this.ratio);
    if (this.next.x + width > SIDE) this.next = { x: 0, y: this.next.y + height };
    if (this.next.y + height > SIDE) this.clear();
    const cell = { ...this.next, width, height };
    this.next = { x: cell.x + width, y: cell.y };
    return cell;
  }

  private clear(): void {
    this.isFull = true;
    this.cells.clear();
    this.next = { x: 0, y: 0 };
  }
}

function keyOf({ font, role, text }: Label): string {
  return `${role} ${font} ${text}`;
}
