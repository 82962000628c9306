/** Answers the searches that the page sends; a newer one ends the one under way. */

import { Vocabulary } from "./vocabulary_search";
import { type FromWorker, type ToWorker, unpacked } from "./worker_messages";

export interface WorkerScope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker, transfer: Transferable[]): void;
}

export function serve(scope: WorkerScope): void {
  let vocabulary = new Vocabulary();
  let newest = 0;

  scope.onmessage = ({ data }) => {
    if (data.kind === "tokens") {
      if (data.first) vocabulary = new Vocabulary();
      vocabulary.add(unpacked(data));
    } else {
      newest = data.id;
      void search(data.id, data.query, data.guesses);
    }
  };

  async function search(id: number, query: string, guesses: boolean): Promise<void> {
    const steps = vocabulary.searching(query, guesses);
    for (;;) {
      const { done, value } = steps.next();
      if (done) {
        const masks = [value.mask, value.starts].filter((mask) => mask !== null);
        scope.postMessage(
          { id, found: value },
          masks.map(({ buffer }) => buffer),
        );
        return;
      }
      scope.postMessage({ id, found: null }, []);
      // Messages are heard between two slices only.
      await new Promise((resolve) => setTimeout(resolve));
      if (newest !== id) return;
    }
  }
}
