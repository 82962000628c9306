/** Keeps a picture of all points off screen, which is drawn part by part. */

import { LEAST_POINTS } from "../frame_budget";
import type { Drawing } from "../map_drawing";

export class PointsPicture {
  drawn = 0;
  /** All that the picture depends on. */
  private key: readonly unknown[] = [];
  private readonly framebuffer: WebGLFramebuffer;
  private readonly color: WebGLRenderbuffer;
  private readonly depth: WebGLRenderbuffer;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.framebuffer = gl.createFramebuffer();
    this.color = gl.createRenderbuffer();
    this.depth = gl.createRenderbuffer();
  }

  /** Returns whether the picture, as far as it is drawn, shows the points as they are now. */
  isOf(drawing: Drawing): boolean {
    const key = keyOf(drawing, this.gl.canvas);
    return key.length === this.key.length && key.every((one, at) => Object.is(one, this.key[at]));
  }

  /** Directs drawing into the picture; empties it first if it shows other points. */
  open(drawing: Drawing): void {
    const { gl } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.framebuffer);
    if (this.isOf(drawing)) return;
    this.key = keyOf(drawing, gl.canvas);
    this.drawn = 0;
    for (const [buffer, format, place] of [
      [this.color, gl.RGBA8, gl.COLOR_ATTACHMENT0],
      [this.depth, gl.DEPTH_COMPONENT24, gl.DEPTH_ATTACHMENT],
    ] as const) {
      gl.bindRenderbuffer(gl.RENDERBUFFER, buffer);
      gl.renderbufferStorage(gl.RENDERBUFFER, format, gl.canvas.width, gl.canvas.height);
      gl.framebufferRenderbuffer(gl.FRAMEBUFFER, place, gl.RENDERBUFFER, buffer);
    }
  }

  /** Directs drawing to the screen again. */
  close(): void {
    this.gl.bindFramebuffer(this.gl.FRAMEBUFFER, null);
  }

  show(): void {
    const { gl } = this;
    const { width, height } = gl.canvas;
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, this.framebuffer);
    const whole = [0, 0, width, height] as const;
    gl.blitFramebuffer(...whole, ...whole, gl.COLOR_BUFFER_BIT, gl.NEAREST);
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, null);
  }
}

/** Returns all that decides how the points and the shading below them look. */
function keyOf({ density, scene, view }: Drawing, canvas: { width: number; height: number }) {
  const { motion, recolor, styles, theme } = scene;
  const { camera, projection, size, zoom } = view;
  return [
    ...[canvas.width, canvas.height, size.width, size.height],
    ...[...projection.matrix, ...projection.center, zoom, camera.perspective],
    ...[motion.from, motion.to, motion.share, scene.order(LEAST_POINTS)],
    ...[styles.bytes, styles.version, styles.palette, recolor.share, theme],
    ...[density.from, density.to, density.before, density.share],
  ];
}
