"""The columns of a series, and the rows of its tables that belong to the same token."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.format import metadata
from tb_wordembed.format.images import MOST_COLUMN_BYTES
from tb_wordembed.read import vocabulary
from tb_wordembed.read.labels import Labels
from tb_wordembed.read.memory_cache import Cache
from tb_wordembed.snapshots.index_entries import ColumnRecord, SeriesIndex, Snapshot
from tb_wordembed.snapshots.record_texts import EncodedTexts
from tb_wordembed.snapshots.store import Store

Values = list[str] | npt.NDArray[np.float64]
"""Texts, or numbers, one per row."""


class Columns:
    """The columns of a series.

    Raises:
      DamagedSnapshotError: from each method that reads values, if their bytes are not
        those that were written.
    """

    def __init__(self, index: SeriesIndex, store: Store, cache: Cache) -> None:
        self._store = store
        self._cache = cache
        self._newest = index.snapshots[-1]
        self._vocabularies = vocabulary.Vocabularies(index)

    @property
    def in_force(self) -> list[ColumnRecord]:
        """The columns of texts and numbers of the newest table."""
        return [one for one in self._all if not one.has_images]

    @property
    def images(self) -> dict[str, ColumnRecord]:
        """The columns of images of the newest table, by name."""
        return {one.name: one for one in self._all if one.has_images}

    @property
    def _all(self) -> list[ColumnRecord]:
        return self._vocabularies.columns(self._newest)

    @property
    def id(self) -> str:
        """A text that changes when a value changes."""
        parts = []
        for one in self._all:
            parts.append(f"{one.name}:{one.values.checksum:08x}")
            if one.values.shape[0] != self._rows:
                then = self._vocabularies.labels_of(one, self._newest)
                parts.append(f"{self._rows}:{then.values.checksum if then else 0:08x}")
        return "|".join(parts)

    def fits(self, snapshot: Snapshot) -> bool:
        """Returns whether a snapshot can be compared with the newest."""
        return self._vocabularies.misfit(snapshot) is None

    def values(self) -> dict[str, Values]:
        """Reads the columns of the newest table: a row for which none was logged has
        the label ``#<row>``, NaN or the empty text."""
        return {one.name: self._values(one) for one in self.in_force}

    def column(self, name: str) -> Values | None:
        """Reads a column of texts or numbers; None if there is none of this name."""
        found = next((one for one in self.in_force if one.name == name), None)
        return None if found is None else self._values(found)

    def image(self, name: str, row: int) -> bytes:
        """Reads an image; no bytes where none was logged.

        Raises:
          ValueError: the images of the column take too many bytes.
        """
        record = self.images.get(name)
        if record is None:
            return b""
        size = sum(one.length for one in record.values.parts)
        if size > MOST_COLUMN_BYTES:
            raise ValueError(
                f"the images of column {name!r} take {size:,} bytes; expected "
                f"{MOST_COLUMN_BYTES:,} at most"
            )
        count = record.values.shape[0]
        if count != self._rows:
            then = self._vocabularies.labels_of(record, self._newest)
            rows = self._row_map(then, count)
            assert rows is not None, "tables of different lengths are never in place"
            row = int(rows[row])
        for part in self._texts(record) if row >= 0 else ():
            if row < len(part):
                return part.encoded(row)
            row -= len(part)
        return b""

    def labels(self) -> Labels:
        """Returns the label of each row, without reading all of them."""
        parts = [
            part
            for one in self.in_force
            if one.name == metadata.TOKEN_COLUMN and one.values.dtype == "text"
            for part in self._texts(one)
        ]
        return Labels(parts, self._rows)

    def texts(self, name: str) -> Labels | None:
        """Returns a column of texts without reading all of them; None if there is none
        of this name that has a text for each row of the newest table."""
        for one in self.in_force:
            is_text = one.values.dtype == "text"
            if one.name == name and is_text and one.values.shape[0] == self._rows:
                return Labels(self._texts(one), self._rows)
        return None

    def _texts(self, record: ColumnRecord) -> list[EncodedTexts]:
        return self._cache.get(
            ("texts", record.values), partial(self._store.texts, record)
        )

    def row_map(self, snapshot: Snapshot) -> vocabulary.RowMap | None:
        """Returns the row of each token in a snapshot, or None if every token has the
        same row as in the newest."""
        labels = self._vocabularies.labels(snapshot)
        return self._row_map(labels, snapshot.table.shape[0])

    def births_and_deaths(self, before: Snapshot, after: Snapshot) -> tuple[int, int]:
        """Returns how many tokens a snapshot has that another lacks, and how many it
        lacks that the other has."""
        count, others = after.table.shape[0], before.table.shape[0]
        rows = self._matched(
            self._vocabularies.labels(after),
            count,
            self._vocabularies.labels(before),
            others,
        )
        kept = count if rows is None else int((rows >= 0).sum())
        return count - kept, others - kept

    def row_map_id(self, snapshot: Snapshot) -> Hashable:
        """Returns a key that changes when ``row_map`` does."""
        ours = self._vocabularies.labels(self._newest)
        return ours, self._vocabularies.labels(snapshot), self._newest.table.shape

    def fixed_rows(self, snapshots: Iterable[Snapshot]) -> npt.NDArray[np.int64]:
        """Returns the rows that training must not change, ascending: those that the
        first of some snapshots names that says anything of them."""
        for one in snapshots:
            if one.fixed_rows is None:
                continue
            is_fixed = np.zeros(one.table.shape[0] + 1, np.bool_)
            for start, stop in one.fixed_rows:
                is_fixed[start : min(stop, len(is_fixed) - 1)] = True
            rows = self.row_map(one)
            # A token that this snapshot lacks has row -1, which is never fixed.
            return np.flatnonzero(is_fixed[:-1] if rows is None else is_fixed[rows])
        return np.empty(0, np.int64)

    @property
    def _rows(self) -> int:
        return self._newest.table.shape[0]

    def _row_map(
        self, theirs: ColumnRecord | None, others: int
    ) -> vocabulary.RowMap | None:
        """Returns the row of each token in a table of ``others`` rows."""
        ours = self._vocabularies.labels(self._newest)
        return self._matched(ours, self._rows, theirs, others)

    def _matched(
        self,
        ours: ColumnRecord | None,
        count: int,
        theirs: ColumnRecord | None,
        others: int,
    ) -> vocabulary.RowMap | None:
        if ours is None or theirs is None or ours.values == theirs.values:
            return vocabulary.match_rows(count, others)
        return self._cache.get(
            ("row_map", ours.values, count, theirs.values, others),
            lambda: self._match_labels(ours, count, theirs, others),
        )

    def _match_labels(
        self, ours: ColumnRecord, count: int, theirs: ColumnRecord, others: int
    ) -> vocabulary.RowMap | None:
        # Training that is resumed logs the same tokens again.
        if self._digest(ours) == self._digest(theirs):
            return vocabulary.match_rows(count, others)
        rows = vocabulary.match_steps(
            self._labels(ours, count), self._labels(theirs, others)
        )
        in_place = count == others and (rows == np.arange(count)).all()
        return None if in_place else rows

    def _labels(self, record: ColumnRecord, count: int) -> list[str]:
        return vocabulary.labels(list(map(str, self._logged(record))), count)

    def _values(self, record: ColumnRecord) -> Values:
        if record.values.shape[0] == self._rows:
            return self._logged(record)
        key = (
            "values",
            record.values,
            self._vocabularies.labels_of(record, self._newest),
            self.row_map_id(self._newest),
        )
        return self._cache.get(key, lambda: self._fitted(record))

    def _fitted(self, record: ColumnRecord) -> Values:
        """Reads the values that were logged with a table of more or fewer rows."""
        logged = self._logged(record)
        if record.name == metadata.TOKEN_COLUMN and isinstance(logged, list):
            return vocabulary.labels(logged, self._rows)
        then = self._vocabularies.labels_of(record, self._newest)
        rows = self._row_map(then, len(logged))
        assert rows is not None, "tables of different lengths are never in place"
        if isinstance(logged, list):
            return [logged[row] if row >= 0 else "" for row in rows.tolist()]
        return np.where(rows >= 0, logged[rows], np.nan)

    def _logged(self, record: ColumnRecord) -> Values:
        return self._cache.get(
            ("column", record.values), partial(self._store.column, record)
        )

    def _digest(self, record: ColumnRecord) -> bytes:
        return self._cache.get(
            ("digest", record.values), partial(self._store.digest, record)
        )
