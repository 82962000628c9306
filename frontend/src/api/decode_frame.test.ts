/** Tests the decoding of binary answers. */

import { describe, expect, it } from "vitest";
import { decodeFrame, FrameError } from "./decode_frame";

/** A frame as tb_wordembed/server/frames.py lays it out. */
function frame(header: object, arrays: readonly ArrayBufferView[]): ArrayBuffer {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(json.length / 8) * 8;
  const data = arrays.reduce((sum, array) => sum + array.byteLength, 0);
  const bytes = new Uint8Array(8 + length + data).fill(0x20, 8, 8 + length);
  new DataView(bytes.buffer).setUint32(0, length, true);
  bytes.set(json, 8);
  let at = 8 + length;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  return bytes.buffer;
}

const values = new Float32Array([0.5, Number.NaN, -1]);
const entry = { dtype: "F32", shape: [3], data_offsets: [0, 12] };
const metadata = { response: JSON.stringify({ to_step: 4, measure: "cosine" }) };

describe("decodeFrame", () => {
  it("gives the arrays beside the other fields", () => {
    const decoded = decodeFrame(frame({ __metadata__: metadata, values: entry }, [values]));
    expect(decoded).toEqual({ to_step: 4, measure: "cosine", values });
  });

  it("views the bytes instead of copying them", () => {
    const buffer = frame({ values: entry }, [values]);
    expect((decodeFrame(buffer).values as Float32Array).buffer).toBe(buffer);
  });

  it("reads an empty array", () => {
    const header = { values: { dtype: "F32", shape: [0, 3], data_offsets: [0, 0] } };
    expect(decodeFrame(frame(header, [])).values).toEqual(new Float32Array(0));
  });

  it.each([
    ["too short for a header", new ArrayBuffer(4)],
    ["a header beyond the end", new Uint8Array([200, 0, 0, 0, 0, 0, 0, 0, 1]).buffer],
    ["a header that is not JSON", new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0, 0x7b]).buffer],
    ["an unknown dtype", frame({ values: { ...entry, dtype: "BF16" } }, [values])],
    ["a shape that its bytes don't fill", frame({ values: { ...entry, shape: [4] } }, [values])],
    ["bytes that are missing", frame({ values: entry }, [values.subarray(0, 2)])],
  ])("refuses %s", (_, buffer) => {
    expect(() => decodeFrame(buffer)).toThrow(FrameError);
  });
});
