/** Reads and writes our entries in the hash of TensorBoard's URL. */

// The hash is the plugin's name, then entries `p.<plugin>.<key>=<value>`.

import { decoded, encoded } from "../util/uri_text";

const PREFIX = "p.wordembed.";

/** Returns our entries in a hash. */
export function readHash(hash: string): Record<string, string> {
  const entries: Record<string, string> = {};
  for (const part of partsOf(hash)) {
    if (!part.startsWith(PREFIX)) continue;
    const split = part.indexOf("=");
    if (split < 0) continue;
    const value = decoded(part.slice(split + 1));
    if (value !== null) entries[part.slice(PREFIX.length, split)] = value;
  }
  return entries;
}

/** Replaces our entries in a hash and keeps all others. */
export function mergeHash(hash: string, entries: Readonly<Record<string, string>>): string {
  const others = partsOf(hash).filter((part) => !part.startsWith(PREFIX));
  const ours = Object.entries(entries).map(([key, value]) => `${PREFIX}${key}=${encoded(value)}`);
  return `#${[...others, ...ours].join("&")}`;
}

/** Returns the plugin that the hash opens, or null. */
export function pluginOf(hash: string): string | null {
  const [first] = partsOf(hash);
  return first && !first.includes("=") ? decoded(first) : null;
}

function partsOf(hash: string): string[] {
  return hash.replace(/^#/, "").split("&").filter(Boolean);
}
