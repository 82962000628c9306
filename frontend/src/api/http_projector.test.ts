/** Tests the fetching for the standard Projector's page. */

import { afterEach, expect, it, vi } from "vitest";
import { HttpProjector } from "./http_projector";

const BASE = new URL("http://host/data/plugin/wordembed/");

/** A server of tables; the names of what it was asked, and which requests were given up. */
function serve() {
  const asked: string[] = [];
  const aborted: string[] = [];
  const state = { asked, aborted, fails: false };
  const answer = async (url: URL, { signal }: RequestInit = {}) => {
    const name = url.pathname.split("/projector/")[1] ?? "";
    asked.push(name);
    signal?.addEventListener("abort", () => aborted.push(name));
    if (state.fails) return new Response("gone", { status: 404 });
    return new Response(name.endsWith("tensor") ? new Float32Array([1, 2]).buffer : "token\nx\n");
  };
  vi.stubGlobal("fetch", vi.fn(answer));
  return state;
}

const { signal } = new AbortController();
const settle = () => new Promise((done) => setTimeout(done));

afterEach(() => vi.unstubAllGlobals());

it("fetches the numbers and the columns of a table together", async () => {
  const { asked } = serve();
  const table = await new HttpProjector(BASE).table("k", signal);
  expect(table).toEqual({ numbers: new Float32Array([1, 2]), columns: "token\nx\n" });
  expect(asked).toEqual(["k/tensor", "k/metadata"]);
});

it("has what was fetched ahead at once, and only once", async () => {
  const { asked } = serve();
  const projector = new HttpProjector(BASE);
  projector.prefetch("k");
  projector.prefetch("k");
  await settle();
  expect(asked).toHaveLength(2);
  expect((await projector.table("k", signal)).columns).toBe("token\nx\n");
  expect(asked).toHaveLength(2);
  await projector.table("k", signal);
  expect(asked).toHaveLength(4);
});

it("gives up what is no longer beside, and asks again for what failed", async () => {
  const server = serve();
  const projector = new HttpProjector(BASE);
  server.fails = true;
  for (const key of ["a", "b", "c"]) projector.prefetch(key);
  expect(server.aborted).toEqual(["a/tensor", "a/metadata"]);
  await settle();
  server.fails = false;
  expect((await projector.table("b", signal)).columns).toBe("token\nx\n");
  server.fails = true;
  await expect(projector.table("c", signal)).rejects.toThrow("gone");
});
