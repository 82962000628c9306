/** Writes texts into addresses, and reads them back. */

/** Encodes a text for an address; half of a character, which no address can hold, becomes U+FFFD. */
export function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, "\ufffd"));
}

/** Reads an encoded text; null for what is none. */
export function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
