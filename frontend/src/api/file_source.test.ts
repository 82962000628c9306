/** Tests the answers of a page in a file, against those of the server to the same questions. */

import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { recorded } from "../../test/page";
import { RecordedSource } from "../../test/recorded_source";
import { NOT_IN_FILE } from "./data_source";
import type { Nearest } from "./derived_answers";
import { FileSource } from "./file_source";

const OF = { run: "embeddings", tag: "words" };
const STEPS = [0, 1, 2, 5];
const TOKENS = 8;

type Arrays = Readonly<Record<string, { readonly dtype: string; readonly data: ArrayBufferView }>>;

/** A frame as tb_wordembed/server/frames.py lays it out; arrays of wide numbers come first. */
function frame(fields: object, arrays: Arrays): Uint8Array {
  let end = 0;
  const header: Record<string, unknown> = { __metadata__: { response: JSON.stringify(fields) } };
  for (const [name, { dtype, data }] of Object.entries(arrays)) {
    const length = (data as Uint8Array).length;
    header[name] = { dtype, shape: [length], data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(start + end).fill(0x20, 8, start);
  new DataView(bytes.buffer).setUint32(0, start - 8, true);
  bytes.set(json, 8);
  let at = start;
  for (const { data } of Object.values(arrays)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

const server = new RecordedSource(recorded);
let file: FileSource;

/** The bytes of a recorded answer. */
async function answer(route: string, asked: object): Promise<Uint8Array> {
  const all = JSON.parse(new TextDecoder().decode(await recorded(`${route}.json`))) as {
    request: object;
    response?: unknown;
    frame?: string;
  }[];
  const found = all.find(({ request }) =>
    Object.entries(asked).every(([name, value]) => request[name as never] === value),
  );
  if (found?.frame) return new Uint8Array(await recorded(found.frame));
  return new TextEncoder().encode(JSON.stringify(found?.response));
}

/** The neighbors at a step of the one token that has some in the recorded answers. */
async function nearest(step: 0 | 5): Promise<Uint8Array> {
  const change = await server.get("neighbor_change", { ...OF, index: 0, from_step: 0, to_step: 5 });
  const found = step === 0 ? change.before : change.after;
  return frame({ step, tokens: [] } satisfies Partial<Nearest>, {
    rows: { dtype: "I32", data: new Int32Array([0]) },
    distances: { dtype: "F32", data: Float32Array.from(found, ({ distance }) => distance) },
    neighbors: { dtype: "U16", data: Uint16Array.from(found, ({ index }) => index) },
    counts: { dtype: "U8", data: new Uint8Array([found.length]) },
  });
}

beforeAll(async () => {
  const drift = (to_step: number) => ({ from_step: 0, to_step });
  const asked: [string, object, Uint8Array][] = [
    ["index", {}, await answer("index", {})],
    ["tokens", OF, await answer("tokens", {})],
    ["nearest", { step: 0 }, await nearest(0)],
    ["nearest", { step: 5 }, await nearest(5)],
  ];
  for (const step of STEPS) {
    const places = { step, components: "3d", layout: "pca" };
    asked.push(["positions", { ...OF, ...places }, await answer("positions", places)]);
    asked.push(["norms", { ...OF, step }, await answer("norms", { step })]);
    asked.push(["drift", { ...OF, ...drift(step) }, await answer("drift", drift(step))]);
  }
  const questions = asked.map(([route, ask]) => ({ route, ask }));
  const pieces = asked.map(([, , body], at): [string, Arrays[string]] => [
    String(at),
    { dtype: "U8", data: Uint8Array.from(gzipSync(body)) },
  ]);
  const fields = { logged_steps: 9, questions };
  const data = frame(fields, Object.fromEntries(pieces));
  file = new FileSource(data.buffer as ArrayBuffer, "not held");
});

describe("a page in a file", () => {
  it("knows how much was logged, and what it holds", () => {
    expect(file.savedPage).toMatchObject({ loggedSteps: 9 });
    expect(file.savedPage.has("drift", { from_step: 0, to_step: 5 })).toBe(true);
    expect(file.savedPage.has("drift", { from_step: 1, to_step: 5 })).toBe(false);
  });

  it("answers as it was recorded", async () => {
    const ask = { ...OF, from_step: 0, to_step: 5, measure: "cosine" as const };
    expect(await file.get("drift", ask)).toEqual(await server.get("drift", ask));
  });

  it.each([...STEPS])("takes two components of three, at step %i", async (step) => {
    const ask = { ...OF, step, components: "2d", layout: "pca" as const };
    expect(await file.get("positions", ask)).toEqual(await server.get("positions", ask));
  });

  it("takes components that are named", async () => {
    const ask = { ...OF, step: 5, components: "2.1", layout: "pca" as const };
    const { components, positions } = await server.get("positions", { ...ask, components: "3d" });
    const found = await file.get("positions", ask);
    expect([components, found.components]).toEqual([
      [1, 2, 3],
      [2, 1],
    ]);
    expect([...found.positions.slice(0, 2)]).toEqual([positions[1], positions[0]]);
  });

  it.each(Array.from({ length: TOKENS }, (_, row) => row))(
    "puts the trail of row %i together",
    async (row) => {
      const ask = { ...OF, indices: `${row}`, layout: "pca" as const, components: "2d" };
      const [made, asked] = [await file.get("trails", ask), await server.get("trails", ask)];
      // The server finds single rows and whole tables by products in another order.
      const rounded = (all: Float32Array) => Array.from(all, (one) => one.toFixed(5));
      expect({ ...made, trails: rounded(made.trails) }).toEqual({
        ...asked,
        trails: rounded(asked.trails),
      });
    },
  );

  it("puts trajectories together", async () => {
    const ask = { ...OF, indices: "3", reference_step: 0 };
    const [made, asked] = [
      await file.get("trajectories", ask),
      await server.get("trajectories", ask),
    ];
    expect(made).toEqual(asked);
  });

  it("compares the neighbors of two steps", async () => {
    const ask = { ...OF, index: 0, from_step: 0, to_step: 5 };
    const asked = await server.get("neighbor_change", ask);
    const made = await file.get("neighbor_change", ask);
    const single = (all: readonly { distance: number }[]) =>
      all.map((one) => ({ ...one, distance: Math.fround(one.distance) }));
    expect(made).toEqual({
      ...asked,
      before: single(asked.before),
      after: single(asked.after),
      second_order_drift: null,
    });
  });

  it.each([
    ["drift", { from_step: 1, to_step: 5 }],
    ["positions", { step: 5, layout: "tsne" }],
    ["positions", { step: 5, components: "2.4" }],
    ["neighbor_change", { index: 1, from_step: 0, to_step: 5 }],
    ["neighbor_change", { index: 0, from_step: 0, to_step: 5, k: 20 }],
    ["neighbor_change", { index: 0, from_step: 0, to_step: 5, metric: "euclidean" }],
    ["analogy", { expression: "good", step: 5 }],
  ] as const)("says that it has no answer: %s %j", async (route, ask) => {
    const asked = file.get(route, { ...OF, ...ask } as never);
    await expect(asked).rejects.toMatchObject({ status: NOT_IN_FILE, message: "not held" });
  });
});
