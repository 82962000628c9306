/** Provides what tests of the whole page need: data, a host, and what is on the page. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import type { Answer, Ask, DataSource, RouteName } from "../src/api/data_source";
import type { Host } from "../src/host/host";
import { servedWorker } from "../src/search/searcher";
import { start } from "../src/start";
import type { Store } from "../src/state/store";
import { RecordedSource } from "./recorded_source";

const GOLDEN = join(import.meta.dirname, "../../tests/golden/responses");

export async function recorded(name: string): Promise<ArrayBuffer> {
  return new Uint8Array(await readFile(join(GOLDEN, name))).buffer;
}

/** Recorded answers, but for the routes that a test puts another answer to. */
export class PageSource implements DataSource {
  readonly others = new Map<RouteName, (ask: object) => unknown>();
  private readonly recorded = new RecordedSource(recorded);

  async get<K extends RouteName>(route: K, ask: Ask<K>): Promise<Answer<K>> {
    const other = this.others.get(route);
    return other ? (other(ask) as Answer<K>) : this.recorded.get(route, ask);
  }
}

export class PageHost implements Host {
  readonly storage: Storage | null = null;
  entries: Record<string, string> = {};
  reload = (): void => undefined;
  theme = () => "light" as const;
  link = () => this.entries;
  setLink = (entries: Readonly<Record<string, string>>): void => {
    this.entries = { ...entries };
  };
  address = (): string => `http://host/#${JSON.stringify(this.entries)}`;
  onTheme = (): void => undefined;
  onReload = (callback: () => void): void => {
    this.reload = callback;
  };
  onLink = (): void => undefined;
  enlarge = (): void => undefined;
  takeKeys = (): void => undefined;
}

/** Everything that a part of the page says, through shadow roots. */
export function said(name: string): string {
  return textOf(document.querySelector("wordembed-app")?.shadowRoot?.querySelector(name) ?? null);
}

export function textOf(element: Element | null): string {
  const texts: string[] = [];
  const visit = (node: Node) => {
    if (node instanceof Element && node.shadowRoot) visit(node.shadowRoot);
    if (node.nodeType === Node.TEXT_NODE) texts.push(node.textContent ?? "");
    if (!(node instanceof HTMLStyleElement)) node.childNodes.forEach(visit);
  };
  if (element) visit(element);
  return texts.join("").replace(/\s+/g, " ");
}

export function within(name: string): ShadowRoot {
  const root = document.querySelector("wordembed-app")?.shadowRoot?.querySelector(name)?.shadowRoot;
  if (!root) throw new Error(`${name} is not on the page`);
  return root;
}

/** A page anew for each test: what it is built on, and its state once it is open. */
export class TestPage {
  source = new PageSource();
  host = new PageHost();
  store!: Store;

  constructor() {
    beforeEach(() => {
      vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
      vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(300);
      this.source = new PageSource();
      this.host = new PageHost();
    });
    afterEach(() => {
      document.body.replaceChildren();
      vi.restoreAllMocks();
    });
  }

  open(): void {
    this.store = start(document.body, this.source, servedWorker, this.host);
  }
}

/** Waits until subscribers were told of the changes made so far. */
export function nextRound(): Promise<void> {
  return Promise.resolve();
}
