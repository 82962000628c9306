/** Names files, and hands them to the browser to save. */

const LONGEST_PART = 60;

/** Hands a file to the browser to save; returns its name. */
export function download(file: Blob, name: string): string {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = safeName(name);
  link.click();
  // The browser has read it by then, or never will.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return name;
}

/** Returns a name that every file system takes. */
export function safeName(name: string): string {
  const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "");
  return cut(safe, 120) || "embeddings";
}

function cut(name: string, length: number): string {
  // Drops half of a surrogate pair, which the cut may leave.
  return name.slice(0, length).replace(/\p{Cs}/gu, "");
}

/** Makes the name of a file from texts that may hold anything. */
export function fileName(parts: readonly string[], extension: string): string {
  const named = parts.filter((part) => /[\p{L}\p{N}]/u.test(part));
  const safe = named.map((part) => cut(safeName(part), LONGEST_PART));
  return `${safe.join("_") || "map"}.${extension}`;
}

/** Makes a file of pieces without holding up the page; null once the signal is aborted. */
export async function blobOf(
  pieces: Iterable<string>,
  type: string,
  signal?: AbortSignal,
): Promise<Blob | null> {
  const parts: string[] = [];
  let since = performance.now();
  for (const piece of pieces) {
    parts.push(piece);
    if (performance.now() - since < 30) continue;
    await new Promise((resolve) => setTimeout(resolve));
    if (signal?.aborted) return null;
    since = performance.now();
  }
  return new Blob(parts, { type });
}
