/** Builds the page: state, controllers and views, on any source of data. */

import { CachedSource } from "./api/cached_source";
import type { DataSource, SavedPage } from "./api/data_source";
import { HeldSource } from "./api/held_source";
import { Loader } from "./controllers/loader";
import { Player } from "./controllers/player";
import { Prefetcher } from "./controllers/prefetcher";
import { Previewer } from "./controllers/previewer";
import { RowKeeper } from "./controllers/row_keeper";
import { SearchLoader } from "./controllers/search_loader";
import { lastVisit, ViewSaver } from "./controllers/view_saver";
import { findHost, type Host } from "./host/host";
import { patchPassing, wholeView } from "./state/actions";
import { BrowserStorage } from "./state/browser_storage";
import { inHeldRows, inTableRows } from "./state/held_rows";
import { decodeView, encodeView } from "./state/link/link_entries";
import { initialState, type Panel } from "./state/state";
import { Store } from "./state/store";
import type { View } from "./state/view";
import { text } from "./strings";
import { applyTheme } from "./theme/palette";
import { AppElement } from "./views/shell/app";

/**
 * Builds the page in an element.
 *
 * @param startSearch starts the worker that searches
 */
export function start(
  root: HTMLElement,
  source: DataSource,
  startSearch: () => Worker,
  host: Host = findHost(),
): Store {
  const storage = new BrowserStorage(host.storage);
  const savedPage = source.savedPage ?? null;
  const linked = opened(host, storage, savedPage);
  const panel: Panel = linked.view.selection?.length ? "token" : "table";
  const { tableShare, widths } = storage.widths();
  const passing = { theme: host.theme(), panel, widths };
  const first = initialState({ tableShare, ...linked.view }, passing);
  const { onScreen } = linked;
  const store = new Store({ ...first, onScreen, savedPage, savedViews: storage.views() });
  document.title = text.title;
  document.documentElement.lang = "en";
  applyTheme(document, host.theme());
  host.onTheme((theme) => {
    applyTheme(document, theme);
    store.update(patchPassing({ theme }));
  });
  const cached = new HeldSource(new CachedSource(source));
  // Comes before those who ask, so that they ask about rows that are held.
  new RowKeeper(store);
  const loader = new Loader(store, cached);
  host.onReload(() => loader.reload());
  new Prefetcher(store, cached, source.projector);
  new SearchLoader(store, startSearch);
  new Player(store);
  new Previewer(store);
  new ViewSaver(store, storage);
  const enlarge = () => host.enlarge(store.state.view.presenting ? PRESENTED_TIMES : 1);
  store.subscribe(enlarge);
  enlarge();
  const link = keepLink(store, host);
  const app = new AppElement();
  app.store = store;
  app.storage = storage;
  app.actions = { reload: () => loader.reload(), link };
  app.source = source.projector;
  app.files = source.files;
  root.replaceChildren(app);
  host.takeKeys();
  return store;
}

/** Returns what a link says to show; without one, what was on screen last. */
function opened(
  host: Host,
  storage: BrowserStorage,
  savedPage: SavedPage | null,
): ReturnType<typeof lastVisit> {
  const link = host.link();
  if (!Object.keys(link).length) return lastVisit(storage);
  return { view: viewIn(link, savedPage), onScreen: null };
}

/** Returns the view of a link. Without a server, there is no Projector. */
function viewIn(
  link: Readonly<Record<string, string>>,
  savedPage: SavedPage | null,
): Partial<View> {
  const view = decodeView(link);
  return savedPage ? { ...view, pane: "map" } : view;
}

/** How much larger everything is for a projector. */
const PRESENTED_TIMES = 1.5;
const LINK_DELAY_MS = 150;

/** Has the link follow the view, and the view a link that is opened. Returns what gives the link as of
 * now, or one with other fields. */
function keepLink(store: Store, host: Host): (fields?: Partial<View>) => string {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let { view: written } = store.state;
  const write = (fields: Partial<View> = {}) =>
    host.setLink(encodeView(inTableRows({ ...store.state.view, ...fields }, store.state)));
  store.subscribe(({ view }) => {
    if (view === written) return;
    written = view;
    clearTimeout(timer);
    timer = setTimeout(write, LINK_DELAY_MS);
  });
  host.onLink(() => {
    const link = host.link();
    // TensorBoard's own link to the tab says nothing of a view: the one on screen stays.
    if (!Object.keys(link).length) {
      write();
      return;
    }
    const { state } = store;
    const opened = wholeView(inHeldRows(viewIn(link, state.savedPage), state))(state);
    if (JSON.stringify(opened.view) === JSON.stringify(store.state.view)) return;
    store.update(() => opened);
  });
  return (fields) => {
    write(fields);
    const address = host.address();
    write();
    return address;
  };
}
