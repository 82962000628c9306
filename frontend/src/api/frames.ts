/** Decodes binary answers: named arrays in one buffer, as docs/http_api.md describes them. */

const ARRAYS = {
  F64: Float64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  U8: Uint8Array,
} as const;

type Dtype = keyof typeof ARRAYS;
export type FrameArray = InstanceType<(typeof ARRAYS)[Dtype]>;

/** The bytes are not a frame as docs/http_api.md describes it. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/**
 * The fields of a response that came as a frame. The arrays are views of the
 * buffer, not copies; their lengths are checked against their shapes.
 */
export function decodeFrame(buffer: ArrayBuffer): Record<string, unknown> {
  if (buffer.byteLength < 8) throw new FrameError(`a frame of ${buffer.byteLength} bytes`);
  const view = new DataView(buffer);
  const headerLength = view.getUint32(0, true);
  const start = 8 + headerLength;
  if (view.getUint32(4, true) !== 0 || start > buffer.byteLength) {
    throw new FrameError(`the header ends beyond the ${buffer.byteLength} bytes of the frame`);
  }
  const { __metadata__: metadata, ...entries } = parseHeader(buffer, headerLength);
  const fields: Record<string, unknown> = metadata?.response ? JSON.parse(metadata.response) : {};
  for (const [name, entry] of Object.entries(entries)) {
    fields[name] = arrayAt(buffer, start, name, entry as Entry);
  }
  return fields;
}

type Header = { __metadata__?: { response?: string } } & Record<string, unknown>;

function parseHeader(buffer: ArrayBuffer, length: number): Header {
  const text = new TextDecoder().decode(new Uint8Array(buffer, 8, length));
  try {
    return JSON.parse(text) as Header;
  } catch {
    throw new FrameError(`the header is not JSON: ${text.slice(0, 80)}`);
  }
}

function arrayAt(buffer: ArrayBuffer, start: number, name: string, entry: Entry): FrameArray {
  if (!(entry.dtype in ARRAYS)) throw new FrameError(`${name} has dtype ${entry.dtype}`);
  const type = ARRAYS[entry.dtype as Dtype];
  const [from, to] = entry.data_offsets;
  const length = entry.shape.reduce((product, axis) => product * axis, 1);
  if (to - from !== length * type.BYTES_PER_ELEMENT || start + to > buffer.byteLength) {
    throw new FrameError(`${name} [${entry.shape}] does not fill bytes ${from} to ${to}`);
  }
  return new type(buffer, start + from, length);
}
