/** Loads every logged column of the series once a token is inspected. */

import type { CachedSource } from "../api/cached_source";
import { isAbort } from "../api/data_source";
import { columnsKey, inspectedRow, seriesOf } from "../state/current";
import type { Store } from "../state/store";

/** The token panel shows all columns, not only those of the table. */
export class LoggedColumnsLoader {
  private asked = "";
  /** The row that was looked at when loading failed: the next one tries again. */
  private failedAt: number | null = null;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly store: Store,
    private readonly source: CachedSource,
  ) {
    this.unsubscribe = store.subscribe(() => this.fill());
    this.fill();
  }

  dispose(): void {
    this.unsubscribe();
  }

  private fill(): void {
    const { state } = this.store;
    const key = columnsKey(state);
    const row = inspectedRow(state);
    if (row !== this.failedAt) this.failedAt = null;
    if (key === this.asked || row === null || row === this.failedAt) return;
    this.asked = key;
    this.load(key).catch((error: unknown) => {
      if (isAbort(error) || this.asked !== key) return;
      this.asked = "";
      this.failedAt = row;
    });
  }

  private async load(key: string): Promise<void> {
    const series = seriesOf(this.store.state);
    if (!series) return;
    const { run, tag, columns } = series;
    const values = await Promise.all(
      columns.map(({ name }) => this.source.get("column", { run, tag, column: name })),
    );
    if (this.asked === key) {
      this.store.update((state) => ({ ...state, columns: { of: key, values } }));
    }
  }
}
