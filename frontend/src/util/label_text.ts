/** Makes tokens safe and short enough to be shown. */

/** Longest label, in characters as people count them. */
const MAX_LENGTH = 28;
const SIMPLE = /^[\x21-\x7e]+$/;
const SPACES = /[\s\u2028\u2029]+/gu;
/** Control characters, marks that reorder or hide what follows them, halves of characters. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}]/gu;
const STACKED_MARKS = /(\p{M}{3})\p{M}+/gu;
/** Invisible, but words of several scripts and many emoji need them. */
const JOINERS = "\u200c\u200d";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * Returns a token as it can be shown on one line: control and direction characters as numbers, so
 * that the 32 of a byte-level vocabulary differ, no line breaks, no towers of combining marks, and
 * a name for what cannot be seen. A space at the start stays visible. Tokens are untrusted.
 */
export function cleanLabel(token: string): string {
  if (SIMPLE.test(token)) return token;
  const clean = token
    .replace(SPACES, " ")
    .replace(UNSAFE, (mark) => (JOINERS.includes(mark) ? mark : escaped(mark)))
    .replace(STACKED_MARKS, "$1")
    .trimEnd();
  if (clean === "") return token === "" ? "(empty)" : "(blank)";
  // Subword vocabularies have " cat" beside "cat": pages would leave out a space of another kind.
  return clean.replace(/^ /, "\u00a0");
}

/** Returns a character as `tb-wordembed` prints it: `\x17`, `\u202e`. */
function escaped(mark: string): string {
  const code = mark.codePointAt(0) ?? 0;
  const [letter, digits] = code < 0x100 ? ["x", 2] : code < 0x10000 ? ["u", 4] : ["U", 8];
  return `\\${letter}${code.toString(16).padStart(digits, "0")}`;
}

/** Returns a token as the map labels it: cleaned, and shortened with an ellipsis. */
export function labelText(token: string): string {
  const head = token.slice(0, MAX_LENGTH * 16);
  return shortened(cleanLabel(head), MAX_LENGTH, token.length > head.length);
}

/** Shortens a text to its first characters and an ellipsis, if it is too long. */
export function shortened(text: string, length: number, more = false): string {
  // A text has at most as many characters as code units: most tokens need not be taken apart.
  if (!more && text.length <= length) return text;
  const kept: string[] = [];
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length === length) return `${kept.slice(0, length - 1).join("")}…`;
    kept.push(segment);
  }
  return more ? `${text}…` : text;
}
