/** Draws the points of the map with WebGL2. */

import type { Frame, Painter, Rgb } from "../painter";
import { Program } from "./program";
import { DISK, RING, SMALL_DISK, SMALL_VERTEX, VERTEX } from "./shaders";
import { StrokePainter } from "./strokes";
import { SpritePainter } from "./text_sprites";

const FROM = 0;
const TO = 1;
const STYLE = 2;
/** Width of the gap and the ring around a selected point, CSS pixels. */
const RIM = 3;
/** Rings of more marked points than these are thin, or they would hide each other. */
const MANY_MARKED = 60;
const THIN_RIM = 1.5;
const LABELED_RIM = 1.25;
/** Selected and labeled points are at least this large, to be found among a million. */
const MARKED_DIAMETER = 5;
const LABELED_DIAMETER = 4;
/** In device pixels: the edge of a larger disk is darkened. */
const SMALL_DIAMETER = 5;
/** Fewer bytes than these fit into what is sent ahead to a busy GPU. */
const MUCH = 2 ** 20;
/** Below this opacity overlapping points add up instead of hiding each other in 3-D. */
const OPAQUE = 0.6;

/** Bytes that a buffer is to hold from the next frame on. */
interface Waiting {
  readonly target: GLenum;
  readonly data: Float32Array | Uint8Array | Uint32Array;
}

/** Knows no DOM but its canvas; keeps no state but the GPU's. */
export class Renderer implements Painter {
  readonly mostPoints = Number.POSITIVE_INFINITY;
  private readonly gl: WebGL2RenderingContext;
  private readonly disks: Program;
  private readonly smallDisks: Program;
  private readonly rings: Program;
  private readonly array: WebGLVertexArrayObject;
  private readonly style: WebGLBuffer;
  private readonly order: WebGLBuffer;
  private readonly marked: WebGLBuffer;
  private readonly labeled: WebGLBuffer;
  private readonly strokes: StrokePainter;
  private readonly sprites: SpritePainter;
  /**
   * What a frame needs goes to the GPU when it is drawn: before that only the newest counts.
   * While the GPU is at the frame before, handing over much makes the page wait: see isBusy.
   */
  private readonly waiting = new Map<WebGLBuffer, Waiting>();
  private lastFrame: WebGLSync | null = null;
  private from: WebGLBuffer;
  private to: WebGLBuffer;
  private count = 0;
  private areAlike = false;
  private drawnCount = 0;
  private markedCount = 0;

  /** @throws Error without WebGL2, or when the context is lost. */
  constructor(private readonly canvas: HTMLCanvasElement) {
    const gl = canvas.getContext("webgl2", { alpha: false, antialias: false });
    if (gl === null) throw new Error("This browser offers no WebGL2.");
    this.gl = gl;
    this.disks = new Program(gl, VERTEX, DISK);
    this.smallDisks = new Program(gl, SMALL_VERTEX, SMALL_DISK);
    this.rings = new Program(gl, VERTEX, RING);
    this.array = gl.createVertexArray();
    this.style = gl.createBuffer();
    this.order = gl.createBuffer();
    this.marked = gl.createBuffer();
    this.labeled = gl.createBuffer();
    this.strokes = new StrokePainter(gl);
    this.sprites = new SpritePainter(gl);
    this.from = gl.createBuffer();
    this.to = gl.createBuffer();
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.enable(gl.BLEND);
  }

  get isBusy(): boolean {
    const { gl, lastFrame } = this;
    if (lastFrame === null || gl.isContextLost()) return false;
    let bytes = 0;
    for (const { data } of this.waiting.values()) bytes += data.byteLength;
    return bytes > MUCH && gl.getSyncParameter(lastFrame, gl.SYNC_STATUS) !== gl.SIGNALED;
  }

  /** Shows these positions, `[n, 3]`, whatever `motion` is. */
  setPositions(positions: Float32Array): void {
    this.count = positions.length / 3;
    this.hold(this.to, positions);
    this.attach(this.to, this.to);
  }

  /** New places to go to; the points come from where they went before, or from `from`. */
  setTarget(to: Float32Array, from: Float32Array | null): void {
    this.count = to.length / 3;
    [this.from, this.to] = [this.to, this.from];
    if (from !== null) this.hold(this.from, from);
    this.hold(this.to, to);
    this.attach(this.from, this.to);
  }

  setStyles(bytes: Uint8Array, areAlike: boolean): void {
    this.areAlike = areAlike;
    this.hold(this.style, bytes);
  }

  /** 256 RGBA colors. */
  setPalette(palette: Uint8Array): void {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, palette);
  }

  /** The points to draw, each once: the last is drawn on top. */
  setOrder(order: Uint32Array): void {
    this.drawnCount = order.length;
    this.holdIndices(this.order, order);
  }

  /** Points drawn once more, above the others, with a ring. */
  setMarked(indices: Uint32Array): void {
    this.markedCount = indices.length;
    this.holdIndices(this.marked, indices);
  }

  draw(frame: Frame): void {
    const { gl, canvas } = this;
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(...frame.background, 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    if (this.count === 0) return;
    this.upload();
    gl.bindVertexArray(this.array);
    this.toggle(gl.DEPTH_TEST, frame.depth > 0 && frame.opacity >= OPAQUE);
    this.drawPoints(frame);
    this.toggle(gl.DEPTH_TEST, false);
    if (frame.diameter < LABELED_DIAMETER) this.drawLabeled(frame);
    this.strokes.draw(frame.strokes, frame.projection.size, this.ratio(frame));
    this.drawMarked(frame);
    this.sprites.draw(frame.sprites, frame.spriteStyle, frame.projection.size, this.ratio(frame));
    gl.deleteSync(this.lastFrame);
    this.lastFrame = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  }

  /** Paints all labels anew: tokens or colors changed. */
  clearSprites(): void {
    this.sprites.clear();
  }

  /** Frees the GPU's memory. */
  dispose(): void {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  private drawPoints(frame: Frame): void {
    const isSmall = frame.diameter * this.ratio(frame) <= SMALL_DIAMETER;
    const plain = this.areAlike && isSmall && frame.depth === 0;
    this.useWith(plain ? this.smallDisks : this.disks, frame, frame.diameter, 0, frame.accent);
    // An order of another table, for a moment, may name points that there are none of.
    this.drawElements(this.order, Math.min(this.drawnCount, this.count));
  }

  private drawLabeled(frame: Frame): void {
    this.holdIndices(this.labeled, frame.labeled);
    this.upload();
    this.useWith(this.rings, frame, LABELED_DIAMETER, LABELED_RIM, frame.background);
    this.drawElements(this.labeled, frame.labeled.length);
  }

  private drawMarked(frame: Frame): void {
    const diameter = Math.max(frame.diameter, MARKED_DIAMETER);
    const rim = this.markedCount > MANY_MARKED ? THIN_RIM : RIM;
    this.useWith(this.rings, frame, diameter, rim, frame.accent);
    this.drawElements(this.marked, this.markedCount);
  }

  private useWith(
    program: Program,
    frame: Frame,
    diameter: number,
    rim: number,
    accent: Rgb,
  ): void {
    const ratio = this.ratio(frame);
    program.use();
    program.matrix("u_matrix", frame.projection.matrix);
    program.vector("u_center", frame.projection.center);
    program.vector("u_background", frame.background);
    program.vector("u_accent", accent);
    program.number("u_motion", frame.motion);
    program.number("u_recolor", frame.recolor);
    program.number("u_diameter", diameter * ratio);
    program.number("u_opacity", frame.opacity);
    program.number("u_depth", frame.depth);
    program.number("u_rim", rim * ratio);
  }

  private drawElements(order: WebGLBuffer, count: number): void {
    const { gl } = this;
    if (count === 0) return;
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, order);
    gl.drawElements(gl.POINTS, count, gl.UNSIGNED_INT, 0);
  }

  /** Device pixels per CSS pixel. */
  private ratio(frame: Frame): number {
    return this.canvas.width / frame.projection.size.width;
  }

  private toggle(capability: number, on: boolean): void {
    if (on) this.gl.enable(capability);
    else this.gl.disable(capability);
  }

  private hold(buffer: WebGLBuffer, data: Float32Array | Uint8Array): void {
    this.waiting.set(buffer, { target: this.gl.ARRAY_BUFFER, data });
  }

  private holdIndices(buffer: WebGLBuffer, data: Uint32Array): void {
    this.waiting.set(buffer, { target: this.gl.ELEMENT_ARRAY_BUFFER, data });
  }

  private upload(): void {
    const { gl } = this;
    gl.bindVertexArray(this.array);
    for (const [buffer, { target, data }] of this.waiting) {
      gl.bindBuffer(target, buffer);
      gl.bufferData(target, data, gl.DYNAMIC_DRAW);
    }
    this.waiting.clear();
  }

  private attach(from: WebGLBuffer, to: WebGLBuffer): void {
    const { gl } = this;
    gl.bindVertexArray(this.array);
    for (const location of [FROM, TO, STYLE]) gl.enableVertexAttribArray(location);
    gl.bindBuffer(gl.ARRAY_BUFFER, from);
    gl.vertexAttribPointer(FROM, 3, gl.FLOAT, false, 0, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, to);
    gl.vertexAttribPointer(TO, 3, gl.FLOAT, false, 0, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.style);
    gl.vertexAttribIPointer(STYLE, 4, gl.UNSIGNED_BYTE, 0, 0);
  }
}
