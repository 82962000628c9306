/** Makes names of files from texts that may hold anything. */

import { safeName } from "./download";

const LONGEST_PART = 60;

export function fileName(parts: readonly string[], extension: string): string {
  const named = parts.filter((part) => /[\p{L}\p{N}]/u.test(part));
  const safe = named.map((part) => safeName(part).slice(0, LONGEST_PART));
  return `${safe.join("_") || "map"}.${extension}`;
}
