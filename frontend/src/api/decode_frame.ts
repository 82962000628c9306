/** Decodes binary answers: named arrays in one buffer, as docs/http_api.md describes them. */

import { filled } from "../util/fill_array";
import { memo } from "../util/memo";

const ARRAYS = {
  F64: Float64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
  /** Read as single precision: not all browsers know half precision. */
  F16: Uint16Array,
} as const;

type Dtype = keyof typeof ARRAYS;
type FrameArray = InstanceType<(typeof ARRAYS)[Dtype]>;

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
 * buffer, not copies, unless they are in half precision; their lengths are checked
 * against their shapes.
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
  const found = new type(buffer, start + from, length);
  return entry.dtype === "F16" ? widened(found as Uint16Array) : found;
}

/** Returns numbers of half precision, given as their bits, in single precision. */
function widened(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const singles = allSingles();
  return filled(new Float32Array(halves.length), (at) => singles[halves[at] as number] as number);
}

/** Returns the single of each half, by its bits. */
const allSingles = memo(() =>
  filled(new Float32Array(2 ** 16), (bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return sign * (1024 + fraction) * 2 ** (exponent - 25);
  }),
);
