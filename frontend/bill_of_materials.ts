/** Writes the list of the packages whose code is in the page. */

import { readdirSync, readFileSync } from "node:fs";
import type { Plugin } from "vite";

export const FILE = "sbom.cdx.json";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/**
 * Writes a list of the packages whose code is in the page, with their licenses, in the form of
 * CycloneDX. The licenses ask for that: their texts have to go where the code goes.
 */
export function billOfMaterials(): Plugin {
  return {
    name: "bill-of-materials",
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((file) =>
        file.type === "chunk" ? Object.keys(file.modules) : [],
      );
      const folders = new Set(modules.flatMap((path) => packageFolder(path) ?? []));
      const components = [...folders].sort().map(component);
      const list = { bomFormat: "CycloneDX", specVersion: "1.6", version: 1, components };
      this.emitFile({
        type: "asset",
        fileName: FILE,
        source: `${JSON.stringify(list, null, 1)}\n`,
      });
    },
  };
}

/** Returns the folder of the package that a module belongs to, or nothing for our own. */
function packageFolder(module: string): string | undefined {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(module.replaceAll("\\", "/"))?.[0];
}

function component(folder: string) {
  const { name, version, license } = JSON.parse(
    readFileSync(`${folder}/package.json`, "utf8"),
  ) as Manifest;
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (file === undefined) {
    throw new Error(`${name} ${version} has no file of its license in ${folder}`);
  }
  const content = readFileSync(`${folder}/${file}`, "utf8");
  return {
    type: "library",
    name,
    version,
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
    licenses: [{ license: { id: license, text: { content } } }],
  };
}
