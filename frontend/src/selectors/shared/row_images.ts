/** Says where the images of a row are served. */

import { tableRow } from "../../api/row_numbering";
import { seriesOf } from "../../state/current";
import type { State } from "../../state/state";
import { memo } from "../../util/memo";

/** The most columns of images that are shown. */
const MOST_COLUMNS = 4;

/** The columns of images of the series on screen. */
export interface ImageColumns {
  readonly run: string;
  readonly tag: string;
  readonly columns_id: string;
  readonly names: readonly string[];
}

export interface RowImage {
  readonly name: string;
  /** Relative to the address of the page. */
  readonly address: string;
}

/** Returns the columns of images; null where there are none. */
export function imageColumns(state: State): ImageColumns | null {
  const series = seriesOf(state);
  if (!series?.image_columns.length) return null;
  const { run, tag, columns_id, image_columns } = series;
  const names = image_columns.slice(0, MOST_COLUMNS);
  return sameColumns(JSON.stringify({ run, tag, columns_id, names }));
}

const sameColumns = memo((columns: string): ImageColumns => JSON.parse(columns));

/** Returns where the images of a row are; the server has none for some rows. */
export function imagesOf(columns: ImageColumns | null, number: number): readonly RowImage[] {
  if (!columns) return [];
  const { names, ...series } = columns;
  const row = String(tableRow(series, number));
  return names.map((name) => ({
    name,
    address: `image?${new URLSearchParams({ ...series, column: name, row })}`,
  }));
}
