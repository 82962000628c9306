/** Tests when a search looks for words that are spelled alike. */

import { expect, it } from "vitest";
import { seriesWith, stateOf } from "../../test/series";
import { serve, type WorkerScope } from "../search/search_service";
import type { ToWorker } from "../search/worker_messages";
import { patchView } from "../state/actions";
import { EMPTY, type Slot } from "../state/slots";
import type { State } from "../state/state";
import { Store } from "../state/store";
import { SearchLoader } from "./search_loader";

/** Searches as the worker does, in this thread; notes which searches guess. */
function workerNoting(guesses: boolean[]): Worker {
  const scope: WorkerScope = { onmessage: null, postMessage: () => undefined };
  serve(scope);
  const worker = {
    onmessage: null as ((event: unknown) => void) | null,
    postMessage(data: ToWorker) {
      if (data.kind === "search") guesses.push(data.guesses);
      scope.onmessage?.({ data } as MessageEvent<ToWorker>);
    },
    terminate: () => undefined,
  };
  scope.postMessage = (data) => worker.onmessage?.({ data });
  return worker as unknown as Worker;
}

const withFound =
  (found: Partial<Slot<never>>) =>
  (state: State): State => ({
    ...state,
    slots: { ...state.slots, found: { ...EMPTY, ...found } },
  });

const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

it("guesses what was meant once the server has found nothing", async () => {
  const series = seriesWith({ has_tokens: false, vocab_size: 100, shown_rows: 100 });
  const store = new Store(stateOf([series]));
  const guesses: boolean[] = [];
  new SearchLoader(store, () => workerNoting(guesses));
  store.update((state) => withFound({ pending: "asked" })(patchView({ query: "#1O" })(state)));
  await settle();
  expect(guesses).toEqual([false]);
  expect(store.state.search.nearest).toEqual([]);
  store.update(withFound({ key: "asked" }));
  await settle();
  expect(guesses).toEqual([false, true]);
  expect(store.state.search.nearest).not.toEqual([]);
});

it("guesses at once where no server searches", async () => {
  const store = new Store(stateOf([seriesWith({ has_tokens: false, shown_rows: 100 })]));
  const guesses: boolean[] = [];
  new SearchLoader(store, () => workerNoting(guesses));
  store.update(patchView({ query: "#1O" }));
  await settle();
  expect(guesses).toEqual([true]);
});
