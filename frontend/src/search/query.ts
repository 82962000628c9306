/** Parses the text of a search: plain words, `^start`, or `/regular expression/`. */

/** What a search asks for: `good` contains, `^un` starts with, `/ing$/` is a regular expression. */
export type Query =
  | { kind: "all" }
  | { kind: "contains" | "prefix"; wanted: string }
  | { kind: "regex"; regex: RegExp }
  | { kind: "invalid"; reason: string };

/** Letter case counts only in regular expressions without the flag i. */
export function parseQuery(text: string): Query {
  const trimmed = text.trim();
  if (!trimmed) return { kind: "all" };
  const [, source, flags] = /^\/(.+)\/([imsu]*)$/s.exec(trimmed) ?? [];
  if (source !== undefined) return regexOf(source, flags ?? "");
  if (trimmed.startsWith("^") && trimmed.length > 1) {
    return { kind: "prefix", wanted: trimmed.slice(1).toLowerCase() };
  }
  return { kind: "contains", wanted: trimmed.toLowerCase() };
}

function regexOf(source: string, flags: string): Query {
  for (const tried of new Set([flags.includes("u") ? flags : `${flags}u`, flags])) {
    try {
      return { kind: "regex", regex: new RegExp(source, tried) };
    } catch (error) {
      // Read by code points if it can be; what only the older rules accept is accepted.
      if (tried === flags) return { kind: "invalid", reason: reasonOf(error) };
    }
  }
  return { kind: "all" };
}

/** The engine's words, without the expression, which the reader sees anyway. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.slice(message.lastIndexOf(": ") + 1).trim();
}
