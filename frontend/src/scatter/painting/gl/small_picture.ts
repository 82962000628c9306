/** Draws into a picture of half the resolution, and draws that picture over the screen. */

import { Program, shapeTexture } from "./shader_program";

/** Its pixels along each side, as a share of those of the canvas. */
export const SCALE = 0.5;
const UNIT = 4;

const VERTEX = `
out vec2 v_place;

void main() {
  v_place = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  gl_Position = vec4(2.0 * v_place - 1.0, 0.0, 1.0);
}`;

const FRAGMENT = `
in vec2 v_place;
uniform sampler2D u_picture;
out vec4 color;

void main() {
  color = texture(u_picture, v_place);
  if (color.a <= 0.0) discard;
}`;

export class SmallPicture {
  private readonly program: Program;
  private readonly array: WebGLVertexArrayObject;
  private readonly framebuffer: WebGLFramebuffer;
  private readonly texture: WebGLTexture;
  private width = 0;
  private height = 0;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.program = new Program(gl, VERTEX, FRAGMENT);
    this.array = gl.createVertexArray();
    this.framebuffer = gl.createFramebuffer();
    this.texture = gl.createTexture();
    this.program.sample("u_picture", UNIT);
  }

  /** Directs drawing into the picture, and empties it. */
  open(): void {
    const { gl } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.framebuffer);
    this.resize(Math.ceil(gl.canvas.width * SCALE), Math.ceil(gl.canvas.height * SCALE));
    gl.viewport(0, 0, this.width, this.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }

  /** Lays the picture over the screen, where drawing goes on. */
  show(): void {
    const { gl } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, gl.canvas.width, gl.canvas.height);
    gl.activeTexture(gl.TEXTURE0 + UNIT);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.bindVertexArray(this.array);
    this.program.use();
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  private resize(width: number, height: number): void {
    if (width === this.width && height === this.height) return;
    const { gl } = this;
    [this.width, this.height] = [width, height];
    gl.activeTexture(gl.TEXTURE0 + UNIT);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
    shapeTexture(gl, gl.LINEAR);
    const { COLOR_ATTACHMENT0, FRAMEBUFFER, TEXTURE_2D } = gl;
    gl.framebufferTexture2D(FRAMEBUFFER, COLOR_ATTACHMENT0, TEXTURE_2D, this.texture, 0);
  }
}
