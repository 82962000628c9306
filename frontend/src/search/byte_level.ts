/** Reads tokens of byte-level BPE, as of GPT-2, whose letters stand for bytes: `Ġ` is a space. */

/** The byte of each letter: printable bytes stand for themselves, the others have letters from U+0100 on. */
const BYTES = new Map<string, number>();
let other = 0x100;
for (let byte = 0; byte < 0x100; byte++) {
  const isPrintable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
  BYTES.set(String.fromCharCode(isPrintable ? byte : other++), byte);
}

/**
 * Returns the tokens that a text in that alphabet may mean: `ĠcafÃ©` is ` café`, and so is `Ġcafé`,
 * which mixes it with text. Bytes that are no UTF-8 are labeled by number: `ã` is `0xE3`.
 */
export function readableForms(text: string): string[] {
  const bytes = [...text].map((letter) => BYTES.get(letter));
  const mixed = [...text].map((letter, i) => {
    const byte = bytes[i];
    return letter >= "\u0100" && byte !== undefined ? String.fromCharCode(byte) : letter;
  });
  const known = bytes.filter((byte) => byte !== undefined);
  const whole = known.length === bytes.length ? decoded(Uint8Array.from(known)) : text;
  return [...new Set([whole, mixed.join("")])].filter((form) => form !== text);
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return [...bytes]
      .map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : numbered(byte)))
      .join("");
  }
}

function numbered(byte: number): string {
  return `0x${byte.toString(16).toUpperCase()}`;
}
