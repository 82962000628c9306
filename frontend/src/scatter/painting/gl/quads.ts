/** Draws many rectangles with WebGL2, each from a few numbers. */

import type { Size } from "../../geometry";
import { Program } from "./shader_program";

const HEAD = `
uniform vec3 u_size;

vec4 clipOf(vec2 place) {
  return vec4(2.0 * place.x / u_size.x - 1.0, 1.0 - 2.0 * place.y / u_size.y, 0.0, 1.0);
}
`;

/** Rectangles with a shader of their own: each is one instance of a four-cornered strip. */
export class Quads {
  readonly program: Program;
  private readonly array: WebGLVertexArrayObject;
  private readonly buffer: WebGLBuffer;
  /** How many numbers a rectangle has. */
  private readonly numbers: number;

  /**
   * @param vertex may call `clipOf` with a place in CSS pixels
   * @param sizes how many numbers each attribute of the vertex shader has, by its location
   */
  constructor(
    private readonly gl: WebGL2RenderingContext,
    vertex: string,
    fragment: string,
    sizes: readonly number[],
  ) {
    this.program = new Program(gl, HEAD + vertex, fragment);
    this.array = gl.createVertexArray();
    this.buffer = gl.createBuffer();
    this.numbers = sizes.reduce((sum, size) => sum + size);
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    let offset = 0;
    sizes.forEach((size, location) => {
      gl.enableVertexAttribArray(location);
      gl.vertexAttribPointer(location, size, gl.FLOAT, false, this.numbers * 4, offset * 4);
      gl.vertexAttribDivisor(location, 1);
      offset += size;
    });
  }

  /**
   * @param numbers those of all rectangles, one after the other
   * @param size of the view in CSS pixels: x and y of the uniform `u_size`
   * @param more z of that uniform
   */
  draw(numbers: Float32Array, { width, height }: Size, more: number): void {
    const { gl, program } = this;
    if (numbers.length === 0) return;
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    gl.bufferData(gl.ARRAY_BUFFER, numbers, gl.DYNAMIC_DRAW);
    program.use({ u_size: [width, height, more] });
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, numbers.length / this.numbers);
  }
}
