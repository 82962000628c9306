/**
 * Reads the contract's JSON Schema on stdin, writes TypeScript types to stdout.
 * Called by scripts/generate.
 */
import { text } from "node:stream/consumers";
import { compile } from "json-schema-to-typescript";

const LONGEST = 100;

const schema = JSON.parse(await text(process.stdin));
// A $ref that has siblings (a description, a default) would be emitted as a type of its own.
for (const definition of Object.values(schema.$defs)) {
  for (const [name, { $ref, description }] of Object.entries(definition.properties ?? {})) {
    if ($ref) definition.properties[name] = { tsType: $ref.split("/").at(-1), description };
  }
}
const types = await compile(schema, "Routes", {
  additionalProperties: false,
  bannerComment: "",
  strictIndexSignatures: true,
  unreachableDefinitions: true,
  style: { printWidth: LONGEST },
});
const backReference =
  /\n \*(?:\n \*)? This interface was referenced by `Routes`'s JSON-Schema\n \* via the `definition` "\w+"\./g;
const written = types
  .replaceAll(backReference, "")
  .replaceAll("/**\n */\n", "")
  // As the rest of the page is written: what fits is on one line.
  .replaceAll(/^( *)\/\*\*\n *\* (.*)\n *\*\//gm, (comment, indent, words) =>
    indent.length + words.length > LONGEST - 7 ? comment : `${indent}/** ${words} */`,
  )
  .replaceAll(/\{\s+(request: \w+);\s+(response: \w+);\s+\}/g, "{ $1; $2 }");
process.stdout.write(written);
