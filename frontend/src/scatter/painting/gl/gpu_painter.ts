/** Draws the map with WebGL2. */

import { cssToUnit } from "../../points/css_colors";
import { colorOf, type Ring, type Scene } from "../../points/scene";
import { SMALLEST_SHAPED } from "../../points/shapes";
import { LEAST_POINTS } from "../frame_budget";
import type { Drawing } from "../map_drawing";
import type { Painter } from "../painter";
import { MARKED_DIAMETER, rimOf } from "../vector_picture";
import { DensityPainter } from "./density_painter";
import { type Data, GpuArray } from "./gpu_array";
import { LabelPainter } from "./label_painter";
import { PointsPicture } from "./points_picture";
import { Program, shapeTexture } from "./shader_program";
import { DISK, RING, SHAPED, SMALL_DISK, SMALL_VERTEX, VERTEX } from "./shaders";
import { strokePainter } from "./stroke_painter";

const FROM = 0;
const TO = 1;
const STYLE = 2;
/** The rim of a labeled point, and the least diameter, CSS pixels. */
const LABELED_RIM = 1.25;
const LABELED_DIAMETER = 4;
/** The diameter in device pixels above which the edge of a disk is darkened. */
const SMALL_DIAMETER = 5;
/** Fewer bytes than these fit into what is sent ahead to a busy GPU. */
const MUCH = 2 ** 20;
const INDEX_BYTES = 4;
/** Below this opacity overlapping points add up instead of hiding each other in 3-D. */
const OPAQUE = 0.6;

/** An array to be handed to the GPU. */
type Upload = readonly [array: GpuArray, data: Data, version: number];

/** Reads the scene when it draws, and hands to the GPU only what it does not hold yet. */
export class GpuPainter implements Painter {
  readonly mostPoints = Number.POSITIVE_INFINITY;
  private readonly disks: Program;
  private readonly smallDisks: Program;
  private readonly shapes: Program;
  private readonly rings: Program;
  private readonly attributes: WebGLVertexArrayObject;
  private from: GpuArray;
  private to: GpuArray;
  private readonly styles: GpuArray;
  private readonly order: GpuArray;
  /** The points with a ring, by the role of its color. */
  private readonly ringed = new Map<Ring["role"], GpuArray>();
  private readonly labeled: GpuArray;
  private readonly drawStrokes: ReturnType<typeof strokePainter>;
  private readonly labels: LabelPainter;
  private readonly density: DensityPainter;
  private readonly picture: PointsPicture;
  private palette: Uint8Array | null = null;
  private lastFrame: WebGLSync | null = null;

  /** @throws Error if the context is lost */
  constructor(private readonly gl: WebGL2RenderingContext) {
    this.disks = new Program(gl, VERTEX, DISK);
    this.smallDisks = new Program(gl, SMALL_VERTEX, SMALL_DISK);
    this.shapes = new Program(gl, VERTEX, SHAPED);
    this.rings = new Program(gl, VERTEX, RING);
    this.attributes = gl.createVertexArray();
    gl.bindVertexArray(this.attributes);
    for (const location of [FROM, TO, STYLE]) gl.enableVertexAttribArray(location);
    this.from = new GpuArray(gl, gl.ARRAY_BUFFER);
    this.to = new GpuArray(gl, gl.ARRAY_BUFFER);
    this.styles = new GpuArray(gl, gl.ARRAY_BUFFER);
    this.order = new GpuArray(gl, gl.ELEMENT_ARRAY_BUFFER);
    this.labeled = new GpuArray(gl, gl.ELEMENT_ARRAY_BUFFER);
    this.drawStrokes = strokePainter(gl);
    this.labels = new LabelPainter(gl);
    this.density = new DensityPainter(gl);
    this.picture = new PointsPicture(gl);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    shapeTexture(gl, gl.NEAREST);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.enable(gl.BLEND);
  }

  /** Returns whether a frame would make the page wait: the GPU draws one, and would be sent much. */
  isBusy(scene: Scene): boolean {
    const bytes = this.uploads(scene).reduce((sum, [, data]) => sum + data.byteLength, 0);
    return bytes > MUCH && this.isDrawing;
  }

  hasAll(drawing: Drawing): boolean {
    const { length } = drawing.scene.order(LEAST_POINTS);
    return length <= LEAST_POINTS || (this.picture.drawn === length && this.picture.isOf(drawing));
  }

  draw(drawing: Drawing, now: number): void {
    const { gl } = this;
    const { scene, view } = drawing;
    const ratio = gl.canvas.width / view.size.width;
    this.clear(drawing);
    if (scene.motion.count === 0) return;
    this.update(scene);
    if (this.picture.isOf(drawing) && !drawing.isPartial) this.picture.show();
    else {
      if (!drawing.isMoving) this.density.draw(drawing, "shading", ratio);
      const { length } = scene.order(LEAST_POINTS);
      // The last ones are the most important, and then a fair sample of the others.
      const count = Math.min(drawing.mostPoints, length);
      this.drawPoints(drawing, ratio, length - count, count);
    }
    this.drawLabeled(drawing, ratio);
    if (drawing.isMoving) this.density.drawSoftly(drawing, ratio);
    else this.density.draw(drawing, "lines", ratio);
    this.drawStrokes(drawing.strokes(), view.size, ratio);
    this.drawRings(drawing, ratio);
    this.labels.draw(drawing, now, ratio);
    this.endFrame();
  }

  drawMore(drawing: Drawing, most: number): boolean {
    const { gl, picture } = this;
    const { scene, view } = drawing;
    if (this.hasAll(drawing)) return true;
    // Draws one part at a time, so that the page can do something else in between.
    if (this.isDrawing) return false;
    const ratio = gl.canvas.width / view.size.width;
    const { length } = scene.order(LEAST_POINTS);
    picture.open(drawing);
    if (picture.drawn === 0) {
      this.clear(drawing);
      this.density.draw(drawing, "shading", ratio);
    }
    this.update(scene);
    const count = Math.min(most, length - picture.drawn);
    this.drawPoints(drawing, ratio, picture.drawn, count);
    picture.drawn += count;
    picture.close();
    this.endFrame();
    return picture.drawn === length;
  }

  private get isDrawing(): boolean {
    const { gl, lastFrame } = this;
    if (lastFrame === null || gl.isContextLost()) return false;
    return gl.getSyncParameter(lastFrame, gl.SYNC_STATUS) !== gl.SIGNALED;
  }

  private endFrame(): void {
    const { gl } = this;
    gl.deleteSync(this.lastFrame);
    this.lastFrame = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  }

  private clear({ scene }: Drawing): void {
    const { gl } = this;
    gl.viewport(0, 0, gl.canvas.width, gl.canvas.height);
    gl.clearColor(...cssToUnit(scene.theme.ground), 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
  }

  dispose(): void {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  /** Returns what the GPU lacks of a scene. */
  private uploads(scene: Scene): Upload[] {
    const { motion, rings, styles } = scene;
    // Points mostly start where their last motion ended, which the GPU has already.
    if (this.to.holds(motion.from)) [this.from, this.to] = [this.to, this.from];
    const all: Upload[] = [
      [this.to, motion.to, 0],
      [this.styles, styles.bytes, styles.version],
      [this.order, scene.order(LEAST_POINTS), 0],
      ...rings.map(({ role, points }): Upload => [this.arrayOf(role), points, 0]),
    ];
    if (motion.share < 1) all.push([this.from, motion.from, 0]);
    return all.filter(([array, data, version]) => !array.holds(data, version));
  }

  private update(scene: Scene): void {
    const { gl } = this;
    const { motion, styles } = scene;
    gl.bindVertexArray(this.attributes);
    for (const [array, data, version] of this.uploads(scene)) array.set(data, version);
    gl.bindBuffer(gl.ARRAY_BUFFER, (motion.share < 1 ? this.from : this.to).buffer);
    gl.vertexAttribPointer(FROM, 3, gl.FLOAT, false, 0, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.to.buffer);
    gl.vertexAttribPointer(TO, 3, gl.FLOAT, false, 0, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.styles.buffer);
    gl.vertexAttribIPointer(STYLE, 4, gl.UNSIGNED_BYTE, 0, 0);
    gl.activeTexture(gl.TEXTURE0);
    if (styles.palette === this.palette) return;
    this.palette = styles.palette;
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, this.palette);
  }

  /** Draws so many points, from the first one on in their order. */
  private drawPoints(drawing: Drawing, ratio: number, first: number, count: number): void {
    const { appearanceOfSome, scene, view } = drawing;
    const { diameter, opacity } = appearanceOfSome;
    const { perspective } = view.camera;
    const { accent } = scene.theme;
    const isSmall = diameter * ratio <= SMALL_DIAMETER;
    const isPlain = scene.styles.areAlike && isSmall && perspective === 0;
    const isShaped = scene.styles.areShaped && diameter >= SMALLEST_SHAPED;
    const program = isShaped ? this.shapes : isPlain ? this.smallDisks : this.disks;
    this.use(program, drawing, ratio, diameter, 0, accent);
    if (perspective > 0 && opacity >= OPAQUE) this.gl.enable(this.gl.DEPTH_TEST);
    this.drawElements(this.order, count, first);
    this.gl.disable(this.gl.DEPTH_TEST);
  }

  /** Draws small points with a label once more, large enough to be seen. */
  private drawLabeled(drawing: Drawing, ratio: number): void {
    if (drawing.appearance.diameter >= LABELED_DIAMETER) return;
    const { labeled } = drawing.labels;
    const { ground } = drawing.scene.theme;
    this.labeled.set(labeled);
    this.use(this.rings, drawing, ratio, LABELED_DIAMETER, LABELED_RIM, ground);
    this.drawElements(this.labeled, labeled.length);
  }

  private drawRings(drawing: Drawing, ratio: number): void {
    const { rings, theme } = drawing.scene;
    const diameter = Math.max(drawing.appearance.diameter, MARKED_DIAMETER);
    for (const { role, points } of rings) {
      if (!points.length) continue;
      const color = colorOf(theme, role);
      this.use(this.rings, drawing, ratio, diameter, rimOf(points.length), color);
      this.drawElements(this.arrayOf(role), points.length);
    }
  }

  private arrayOf(role: Ring["role"]): GpuArray {
    const array = this.ringed.get(role) ?? new GpuArray(this.gl, this.gl.ELEMENT_ARRAY_BUFFER);
    this.ringed.set(role, array);
    return array;
  }

  /** @param ratio device pixels per CSS pixel; `diameter` and `rim` are in CSS pixels */
  private use(
    program: Program,
    { appearanceOfSome, scene, view }: Drawing,
    ratio: number,
    diameter: number,
    rim: number,
    ring: string,
  ): void {
    const { projection } = view;
    program.use({
      u_matrix: projection.matrix,
      u_center: projection.center,
      u_background: cssToUnit(scene.theme.ground),
      u_accent: cssToUnit(ring),
      u_motion: scene.motion.share,
      u_recolor: scene.recolor.share,
      u_diameter: diameter * ratio,
      u_opacity: appearanceOfSome.opacity,
      u_depth: view.camera.perspective,
      u_rim: rim * ratio,
    });
  }

  private drawElements(indices: GpuArray, count: number, first = 0): void {
    const { gl } = this;
    if (count === 0) return;
    gl.bindVertexArray(this.attributes);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, indices.buffer);
    gl.drawElements(gl.POINTS, count, gl.UNSIGNED_INT, first * INDEX_BYTES);
  }
}
