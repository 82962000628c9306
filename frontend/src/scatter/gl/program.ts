/** Compiles and links a WebGL shader program. */

const HEAD = `#version 300 es
precision highp float;
`;

/** The uniforms of a program by name; a uniform that it lacks is ignored. */
export class Program {
  private readonly program: WebGLProgram;
  private readonly locations = new Map<string, WebGLUniformLocation | null>();

  /** @throws Error with the compiler's words. */
  constructor(
    private readonly gl: WebGL2RenderingContext,
    vertex: string,
    fragment: string,
  ) {
    this.program = gl.createProgram();
    gl.attachShader(this.program, this.compile(gl.VERTEX_SHADER, vertex));
    gl.attachShader(this.program, this.compile(gl.FRAGMENT_SHADER, fragment));
    gl.linkProgram(this.program);
    if (!gl.getProgramParameter(this.program, gl.LINK_STATUS) && !gl.isContextLost()) {
      throw new Error(`Shader program: ${gl.getProgramInfoLog(this.program)}`);
    }
  }

  use(): void {
    this.gl.useProgram(this.program);
  }

  number(name: string, value: number): void {
    this.gl.uniform1f(this.location(name), value);
  }

  unit(name: string, value: number): void {
    this.gl.uniform1i(this.location(name), value);
  }

  vector(name: string, [x, y, z]: readonly [number, number, number]): void {
    this.gl.uniform3f(this.location(name), x, y, z);
  }

  matrix(name: string, value: Float32Array): void {
    this.gl.uniformMatrix4fv(this.location(name), false, value);
  }

  private location(name: string): WebGLUniformLocation | null {
    let location = this.locations.get(name);
    if (location === undefined) {
      location = this.gl.getUniformLocation(this.program, name);
      this.locations.set(name, location);
    }
    return location;
  }

  private compile(kind: number, source: string): WebGLShader {
    const { gl } = this;
    const shader = gl.createShader(kind);
    if (shader === null) throw new Error("The WebGL context is lost.");
    gl.shaderSource(shader, HEAD + source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
      throw new Error(`Shader: ${gl.getShaderInfoLog(shader)}`);
    }
    return shader;
  }
}
