/** Searches in one go, for tests. */

import type { Found, Vocabulary } from "../src/search/vocabulary_search";

export function foundIn(vocabulary: Vocabulary, text: string): Found {
  const steps = vocabulary.searching(text);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
