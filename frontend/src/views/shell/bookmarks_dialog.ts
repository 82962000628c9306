/** Shows the bookmarks: named views that the browser stores and that can be exported. */

import { css, html, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { wholeView } from "../../state/actions";
import {
  type Bookmark,
  type BrowserStorage,
  bookmarksFile,
  joined,
  readBookmarks,
} from "../../state/browser_storage";
import { inHeldRows, inTableRows } from "../../state/held_rows";
import { decodeView, encodeView, leftOutOfLink } from "../../state/link/link_entries";
import type { Store } from "../../state/store";
import { text } from "../../strings";
import { download } from "../../util/download";
import { cleanLabel } from "../../util/label_text";
import { wallTime } from "../../util/number_format";
import { signButton } from "../shared/controls";
import { DialogElement } from "../shared/dialog";

@customElement("wordembed-bookmarks-dialog")
export class BookmarksDialog extends DialogElement {
  static override styles = css`
    ul {
      margin: 12px 0;
    }
    .open {
      text-align: left;
    }
    .said {
      overflow-wrap: anywhere;
    }
  `;

  @property({ attribute: false }) store!: Store;
  @property({ attribute: false }) storage!: BrowserStorage;
  @state() private bookmarks: readonly Bookmark[] = [];
  @state() private said = "";
  @query("form input") private naming!: HTMLInputElement;
  @query("input[type=file]") private chooser!: HTMLInputElement;

  protected override readonly heading = text.bookmarks;

  override connectedCallback(): void {
    super.connectedCallback();
    this.bookmarks = this.storage.bookmarks();
  }

  protected override content(): TemplateResult {
    return html`
      <form class="row" @submit=${this.onSave}>
        <input
          class="grow"
          type="text"
          autofocus
          required
          maxlength="120"
          aria-label=${text.bookmarkName}
          placeholder=${text.bookmarkName}
          autocomplete="off"
        />
        <button type="submit">${text.bookmarkSave}</button>
      </form>
      ${
        this.bookmarks.length
          ? html`<ul aria-label=${text.bookmarks}>
              ${this.bookmarks.map((one) => this.bookmark(one))}
            </ul>`
          : html`<p class="muted" style="margin: 12px 0">${text.bookmarksNone}</p>`
      }
      <div class="row">
        <button ?disabled=${!this.bookmarks.length} @click=${this.onExport}>${text.bookmarksExport}</button>
        <button @click=${() => this.chooser.click()}>${text.bookmarksImport}</button>
        <input
          type="file"
          hidden
          accept="application/json,.json"
          aria-label=${text.bookmarksImport}
          @change=${this.onImport}
        />
        <p class="said grow muted" role="status">${this.said}</p>
      </div>
    `;
  }

  private bookmark(one: Bookmark): TemplateResult {
    const name = cleanLabel(one.name);
    const { run, tag } = one.entries;
    const where = [run, tag].filter(Boolean).map((part) => cleanLabel(part ?? ""));
    const others = this.bookmarks.filter((other) => other !== one);
    return html`<li class="row">
      <button class="quiet open grow ellipsis token" title=${name} @click=${() => this.show(one)}>
        ${name} <span class="muted">${where.join(" · ")}</span>
      </button>
      <span class="muted">${wallTime(one.created / 1000)}</span>
      ${signButton("×", `${text.remove} ${name}`, () => this.keep(others, ""))}
    </li>`;
  }

  private show({ entries }: Bookmark): void {
    this.store.update((state) => wholeView(inHeldRows(decodeView(entries), state))(state));
    this.close();
  }

  private onSave(event: Event): void {
    event.preventDefault();
    const name = this.naming.value.trim();
    if (!name) return;
    const { state } = this.store;
    const view = inTableRows(state.view, state);
    const one = { name, entries: encodeView(view), created: Date.now() };
    const missing = leftOutOfLink(view).map((part) => text.linkParts[part] ?? part);
    this.naming.value = "";
    const said = missing.length
      ? text.bookmarkSavedWithout(name, missing)
      : text.bookmarkSaved(name);
    this.keep(joined(this.bookmarks, [one]), said);
  }

  private keep(bookmarks: readonly Bookmark[], said: string): void {
    this.bookmarks = bookmarks;
    const isKept = this.storage.keepBookmarks(bookmarks);
    this.said = isKept ? said : text.bookmarksNotKept;
  }

  private onExport(): void {
    const file = new Blob([bookmarksFile(this.bookmarks)], { type: "application/json" });
    download(file, "wordembed-bookmarks.json");
  }

  private async onImport(): Promise<void> {
    const [file] = this.chooser.files ?? [];
    if (!file) return;
    const found = readBookmarks(await file.text());
    this.chooser.value = "";
    if (found) this.keep(joined(this.bookmarks, found), text.bookmarksImported(found.length));
    else this.said = text.bookmarksNotRead(file.name);
  }
}
