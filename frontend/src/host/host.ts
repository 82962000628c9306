/** Connects the page to TensorBoard around it, if any: theme, link, keys and reloads. */

import type { Theme } from "../theme/palette";
import { mergeHash, pluginOf, readHash } from "./url_hash";

export type Host = Pick<WindowHost, keyof WindowHost>;

/** Returns TensorBoard when the page is in its frame, else the page's own window. */
export function findHost(): Host {
  try {
    const isFramed = window.parent !== window && Boolean(window.parent.document.body);
    return isFramed ? new TensorBoardHost(window.parent) : new WindowHost(window);
  } catch {
    // The page around ours is of another origin.
    return new WindowHost(window);
  }
}

class WindowHost implements Host {
  /** What the browser keeps for pages of this address; null where it keeps nothing. */
  readonly storage: Storage | null;
  /** The entries that the page has written or read last. */
  private known: string;
  private readonly listeners: (() => void)[] = [];

  constructor(protected readonly window: Window) {
    this.storage = storageOf(window);
    this.known = JSON.stringify(this.link());
  }

  theme(): Theme {
    return this.prefersDark().matches ? "dark" : "light";
  }

  /** Returns entries of the link, without TensorBoard's own. */
  link(): Record<string, string> {
    return readHash(this.window.location.hash);
  }

  /**
   * Replaces the entries of the link, adding nothing to the history. A link that the user has just
   * opened, of which the browser has not told yet, wins: the page follows that one instead.
   */
  setLink(entries: Readonly<Record<string, string>>): void {
    if (this.hearLink()) return;
    const { location } = this.window;
    const hash = mergeHash(location.hash, entries);
    if (hash !== location.hash) this.replaceHash(hash);
    this.known = JSON.stringify(this.link());
  }

  protected replaceHash(hash: string): void {
    const { history } = this.window;
    history.replaceState(history.state, "", hash);
  }

  /** Returns the whole link, to be opened elsewhere. */
  address(): string {
    return this.window.location.href;
  }

  onTheme(callback: (theme: Theme) => void): void {
    this.prefersDark().addEventListener("change", () => callback(this.theme()));
  }

  onReload(_callback: () => void): void {
    // Nothing announces new data outside TensorBoard.
  }

  onLink(callback: () => void): void {
    if (!this.listeners.length) this.window.addEventListener("hashchange", () => this.hearLink());
    this.listeners.push(callback);
  }

  /** Tells of a link that was opened; returns whether there is one. */
  protected hearLink(): boolean {
    const link = JSON.stringify(this.link());
    if (link === this.known) return false;
    this.known = link;
    for (const listener of this.listeners) listener();
    return true;
  }

  /** Draws the whole page so many times as large. */
  enlarge(_times: number): void {
    // Outside TensorBoard, the browser's own zoom enlarges the page.
  }

  /** Takes the keyboard, unless the user is using it elsewhere. */
  takeKeys(): void {
    // A page in a window of its own has the keyboard already.
  }

  private prefersDark(): MediaQueryList {
    return this.window.matchMedia("(prefers-color-scheme: dark)");
  }

  /** Asks whether the user's system chooses the colors, so that its ground is dark or light. */
  protected forcesColors(): MediaQueryList {
    return this.window.matchMedia("(forced-colors: active)");
  }
}

/** Users sit farther away from a screen that is wider, in CSS pixels. */
const WIDE_PX = 1920;

class TensorBoardHost extends WindowHost {
  private times = 1;

  /** Zooms our frame, so that every size in it, and the pixel ratio, grow alike. */
  override enlarge(times: number): void {
    this.times = times;
    this.zoomFrame();
    this.window.addEventListener("resize", this.zoomFrame);
  }

  private readonly zoomFrame = (): void => {
    const zoom = this.times * Math.max(1, this.window.innerWidth / WIDE_PX);
    (window.frameElement as HTMLElement | null)?.style.setProperty("zoom", zoom.toFixed(2));
  };

  override theme(): Theme {
    if (this.forcesColors().matches) return super.theme();
    return this.window.document.body.classList.contains("dark-mode") ? "dark" : "light";
  }

  /** Changes the link only while it is that of our tab. */
  override setLink(entries: Readonly<Record<string, string>>): void {
    if (pluginOf(this.window.location.hash) === "wordembed") super.setLink(entries);
  }

  /** Returns whether a changed link is that of our tab, and should be followed. */
  protected override hearLink(): boolean {
    return pluginOf(this.window.location.hash) === "wordembed" && super.hearLink();
  }

  /** Takes the keyboard, unless the user is using it in TensorBoard's page or in a notebook. */
  override takeKeys(): void {
    const { document } = this.window;
    const isInUse = document.activeElement?.matches("input, select, textarea, :focus-visible");
    if (document.hasFocus() && !isInUse) window.focus();
  }

  override onTheme(callback: (theme: Theme) => void): void {
    super.onTheme(callback);
    this.forcesColors().addEventListener("change", () => callback(this.theme()));
    const observer = new MutationObserver(() => callback(this.theme()));
    observer.observe(this.window.document.body, { attributes: true, attributeFilter: ["class"] });
  }

  /** A reload that fails is not announced, so the page also asks when TensorBoard went and came back. */
  override onReload(callback: () => void): void {
    onDataReloaded(this.window, callback);
    onGoneOrBack(callback);
  }
}

/** The time between two questions whether TensorBoard still answers. */
const BEAT_MS = 5000;

function onGoneOrBack(callback: () => void): void {
  let isGone = false;
  setInterval(async () => {
    if (document.hidden) return;
    const wasGone = isGone;
    // Where the server is gone, a proxy in front of it may answer with such a status.
    isGone = await fetch(location.href, { cache: "no-store" }).then(
      ({ status }) => status >= 502,
      () => true,
    );
    if (isGone !== wasGone) callback();
  }, BEAT_MS);
}

/** Returns the storage of the browser; null where the user has forbidden it. */
function storageOf(window: Window): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

// The frame hands the host one end of a channel; each message is JSON, and the host waits for a
// reply to each of its own.

interface Message {
  type: string;
  id: number;
  payload: unknown;
  error: string | null;
  isReply: boolean;
}

/** Calls back whenever TensorBoard has reloaded its data. */
function onDataReloaded(host: Window, callback: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = (event: MessageEvent<string>) => {
    const message = JSON.parse(event.data) as Message;
    if (message.isReply) return;
    if (message.type === "experimental.DataReloaded") callback();
    const reply: Message = { ...message, payload: null, error: null, isReply: true };
    port1.postMessage(JSON.stringify(reply));
  };
  host.postMessage("experimental.bootstrap", location.origin, [port2]);
}

export class FileHost extends WindowHost {
  /** All files on a disk would share what the browser keeps. */
  override readonly storage = null;

  protected override replaceHash(hash: string): void {
    try {
      // The whole address: in a frame of a notebook, a hash alone is one of the notebook's.
      super.replaceHash(this.window.location.href.replace(/#.*/s, "") + hash);
    } catch {
      // Some browsers give a page in such a frame no address of its own.
    }
  }
}
