/** Keeps an array on the GPU. */

export type Data = Float32Array | Uint8Array | Uint32Array;

export class GpuArray {
  readonly buffer: WebGLBuffer;
  private data: Data | null = null;
  private version = 0;

  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly target: GLenum,
  ) {
    this.buffer = gl.createBuffer();
  }

  /** @param version of `data`, if its contents change */
  holds(data: Data, version = 0): boolean {
    return data === this.data && version === this.version;
  }

  set(data: Data, version = 0): void {
    if (this.holds(data, version)) return;
    this.gl.bindBuffer(this.target, this.buffer);
    this.gl.bufferData(this.target, data, this.gl.DYNAMIC_DRAW);
    this.data = data;
    this.version = version;
  }
}
