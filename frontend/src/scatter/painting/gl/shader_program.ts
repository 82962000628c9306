/** Compiles and links a WebGL shader program. */

const HEAD = `#version 300 es
precision highp float;
`;

/** Sets what the bound texture is between its pixels; beyond them, it is as at its edge. */
export function shapeTexture(gl: WebGL2RenderingContext, filter: GLenum): void {
  for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
    gl.texParameteri(gl.TEXTURE_2D, name, filter);
  }
  for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) {
    gl.texParameteri(gl.TEXTURE_2D, name, gl.CLAMP_TO_EDGE);
  }
}

/** A number, a vector, or the elements of a 4 x 4 matrix. */
type Uniform = number | readonly [number, number, number] | Float32Array;

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

  /** Draws with this program and these uniforms from now on. */
  use(uniforms: Readonly<Record<string, Uniform>> = {}): void {
    const { gl } = this;
    gl.useProgram(this.program);
    for (const [name, value] of Object.entries(uniforms)) {
      const location = this.location(name);
      if (typeof value === "number") gl.uniform1f(location, value);
      else if (value instanceof Float32Array) gl.uniformMatrix4fv(location, false, value);
      else gl.uniform3f(location, ...value);
    }
  }

  /** Has a sampler of the program read the texture of a unit. */
  sample(name: string, unit: number): void {
    this.use();
    this.gl.uniform1i(this.location(name), unit);
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
