/** Draws the texts of labels with WebGL2. */

import type { Size } from "../geometry";
import { Program } from "./program";

/** A line of text to draw at a place, CSS pixels. */
export interface Sprite {
  /** The same for the same text in the same style. */
  readonly key: number;
  readonly text: string;
  readonly font: string;
  readonly width: number;
  readonly left: number;
  readonly top: number;
  readonly opacity: number;
}

export interface SpriteStyle {
  /** CSS colors. */
  readonly color: string;
  readonly halo: string;
  /** Height of a line, CSS pixels. */
  readonly lineHeight: number;
  /** Whether places may lie between pixels: smoother on the move, less crisp at rest. */
  readonly smooth: boolean;
}

/** Where a text lies in the atlas, device pixels. */
interface Cell {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const SIDE = 2048;
const HALO = 3;
const PADDING = 2;
const UNIT = 1;
const NUMBERS = 9;

const VERTEX = `#version 300 es
precision highp float;
layout(location = 0) in vec4 a_box;
layout(location = 1) in vec4 a_cell;
layout(location = 2) in float a_opacity;
uniform vec3 u_size;
out vec2 v_texel;
flat out float v_opacity;

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 place = a_box.xy + corner * a_box.zw;
  v_texel = (a_cell.xy + corner * a_cell.zw) / u_size.z;
  v_opacity = a_opacity;
  gl_Position = vec4(2.0 * place.x / u_size.x - 1.0, 1.0 - 2.0 * place.y / u_size.y, 0.0, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision highp float;
in vec2 v_texel;
flat in float v_opacity;
uniform sampler2D u_atlas;
out vec4 color;

void main() {
  color = texture(u_atlas, v_texel) * v_opacity;
}`;

/**
 * Each text is painted once, by a 2-D canvas, into a texture that holds as many as fit: drawing
 * text anew in every frame would cost more than all points.
 */
export class SpritePainter {
  private readonly program: Program;
  private readonly array: WebGLVertexArrayObject;
  private readonly buffer: WebGLBuffer;
  private readonly brush: CanvasRenderingContext2D;
  private readonly cells = new Map<number, Cell>();
  private next = { x: 0, y: 0 };
  private ratio = 1;
  private generation = 0;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.program = new Program(gl, VERTEX, FRAGMENT);
    this.array = gl.createVertexArray();
    this.buffer = gl.createBuffer();
    this.brush = newBrush();
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    for (const [location, size, offset] of [
      [0, 4, 0],
      [1, 4, 4],
      [2, 1, 8],
    ] as const) {
      gl.enableVertexAttribArray(location);
      gl.vertexAttribPointer(location, size, gl.FLOAT, false, NUMBERS * 4, offset * 4);
      gl.vertexAttribDivisor(location, 1);
    }
    gl.activeTexture(gl.TEXTURE0 + UNIT);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, SIDE, SIDE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
  }

  /** Forgets all texts: their keys mean others now, or their colors changed. */
  clear(): void {
    this.generation++;
    this.cells.clear();
    this.next = { x: 0, y: 0 };
  }

  /** @param ratio device pixels per CSS pixel */
  draw(sprites: readonly Sprite[], style: SpriteStyle, size: Size, ratio: number): void {
    if (sprites.length === 0) return;
    if (ratio !== this.ratio) this.clear();
    this.ratio = ratio;
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0 + UNIT);
    const { generation } = this;
    let numbers = this.instances(sprites, style);
    // The atlas was full on the way, and texts placed earlier were lost: place them again.
    if (this.generation !== generation) numbers = this.instances(sprites, style);
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    gl.bufferData(gl.ARRAY_BUFFER, numbers, gl.DYNAMIC_DRAW);
    this.program.use();
    this.program.unit("u_atlas", UNIT);
    this.program.vector("u_size", [size.width, size.height, SIDE]);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, sprites.length);
  }

  private instances(sprites: readonly Sprite[], style: SpriteStyle): Float32Array {
    return Float32Array.from(sprites.flatMap((sprite) => this.instance(sprite, style)));
  }

  private instance(sprite: Sprite, style: SpriteStyle): number[] {
    const { ratio } = this;
    const cell = this.cells.get(sprite.key) ?? this.paint(sprite, style);
    const snapped = (place: number) => (style.smooth ? place : Math.round(place * ratio) / ratio);
    const left = snapped(sprite.left - PADDING);
    const top = snapped(sprite.top - PADDING);
    const { x, y, width, height } = cell;
    return [left, top, width / ratio, height / ratio, x, y, width, height, sprite.opacity];
  }

  private paint(sprite: Sprite, style: SpriteStyle): Cell {
    const { gl, brush, ratio } = this;
    const cell = this.allocate(sprite, style);
    const { canvas } = brush;
    // Assigning a size also clears the canvas and its state.
    canvas.width = cell.width;
    canvas.height = cell.height;
    brush.scale(ratio, ratio);
    brush.font = sprite.font;
    brush.textBaseline = "middle";
    brush.direction = "ltr";
    brush.lineJoin = "round";
    brush.lineWidth = HALO;
    brush.strokeStyle = style.halo;
    brush.fillStyle = style.color;
    const middle = PADDING + style.lineHeight / 2;
    brush.strokeText(sprite.text, PADDING, middle);
    brush.fillText(sprite.text, PADDING, middle);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, cell.x, cell.y, gl.RGBA, gl.UNSIGNED_BYTE, canvas);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
    this.cells.set(sprite.key, cell);
    return cell;
  }

  /** Room for a text, left to right in rows; all others are forgotten when there is none. */
  private allocate(sprite: Sprite, style: SpriteStyle): Cell {
    const width = Math.min(Math.ceil((sprite.width + 2 * PADDING) * this.ratio), SIDE);
    const height = Math.ceil((style.lineHeight + 2 * PADDING) * this.ratio);
    if (this.next.x + width > SIDE) this.next = { x: 0, y: this.next.y + height };
    if (this.next.y + height > SIDE) this.clear();
    const cell = { ...this.next, width, height };
    this.next = { x: cell.x + width, y: cell.y };
    return cell;
  }
}

function newBrush(): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  if (brush === null) throw new Error("This browser offers no 2-D canvas.");
  return brush;
}
