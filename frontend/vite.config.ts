/** Builds the page, serves it to who works on it, and runs its tests. */

import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { InlineConfig, Plugin } from "vite";
import { build } from "vite";
import { defineConfig } from "vitest/config";
import { billOfMaterials } from "./bill_of_materials";

const RECORDED = new URL("../tests/golden/responses/", import.meta.url);

/** Serves the recorded responses of the Python tests to the page under development. */
function recordedResponses(): Plugin {
  return {
    name: "recorded-responses",
    configureServer(server) {
      server.middlewares.use("/recorded", (request, response) => {
        const name = basename(new URL(request.url ?? "", "file:").pathname);
        readFile(new URL(name, RECORDED)).then(
          (bytes) => response.end(bytes),
          () => response.writeHead(404).end(),
        );
      });
    },
  };
}

/** The oldest browsers that docs/trust/compatibility.md names. */
const TARGET = ["chrome117", "edge117", "firefox125", "safari17"];

const STATIC = "../tb_wordembed/static";

/** Builds the script of a page in a file of its own, all in one, after the page itself. */
function webPage(): Plugin {
  const whole: InlineConfig = {
    configFile: false,
    logLevel: "warn",
    build: {
      target: TARGET,
      outDir: STATIC,
      emptyOutDir: false,
      modulePreload: false,
      rolldownOptions: {
        input: "src/web_page.ts",
        // A script in the page has no address.
        transform: { define: { "import.meta": "{}" } },
        output: { format: "iife", entryFileNames: "web_page.js", codeSplitting: false },
      },
    },
  };
  return {
    name: "web-page",
    apply: "build",
    closeBundle: async () => {
      await build(whole);
    },
  };
}

/**
 * One entry, `index.js`, which TensorBoard imports and whose `render()` it calls;
 * the other files carry a content hash so that they can be cached for good.
 */
export default defineConfig({
  base: "./",
  plugins: [recordedResponses(), billOfMaterials(), webPage()],
  server: { proxy: { "/data": "http://localhost:6006" } },
  build: {
    target: TARGET,
    outDir: STATIC,
    emptyOutDir: true,
    modulePreload: false,
    rolldownOptions: {
      input: "src/index.ts",
      preserveEntrySignatures: "exports-only",
      output: {
        entryFileNames: "index.js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
        // All that the page begins with in one file: each that only another one names
        // would take a turn of its own to come.
        codeSplitting: {
          groups: [
            {
              name: "start",
              test: /src\/(start|api\/http_source|search\/searcher|statistics\/statistics_source)\.ts$|rolldown.runtime/,
            },
          ],
        },
      },
    },
  },
  test: {
    environment: "happy-dom",
    // One window for the files of a process takes a quarter of the time. A test undoes what it
    // changes outside of its own elements.
    isolate: false,
    setupFiles: ["test/setup.ts"],
    testTimeout: 30_000,
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
  },
});
