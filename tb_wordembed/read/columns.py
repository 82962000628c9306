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

_Labeled = tuple[ColumnRecord | None, int]
"""The tokens of a table, if there are any, and the number of its rows."""


class Columns:
    """The columns of a series. Methods that read values raise DamagedSnapshotError if
    their bytes are not those that were written."""

    def __init__(self, index: SeriesIndex, store: Store, cache: Cache) -> None:
        self._store = store
        self._cache = cache
        self._newest = index.snapshots[-1]
        self._rows = self._newest.table.shape[0]
        self._vocabularies = vocabulary.Vocabularies(index)
        self._all = self._vocabularies.columns(self._newest)
        self.in_force = {one.name: one for one in self._all if not one.has_images}
        """The columns of texts and numbers of the newest table, by name."""
        self.images = {one.name: one for one in self._all if one.has_images}
        """The columns of images of the newest table, by name."""
        self.tokens = self._of_texts(metadata.TOKEN_COLUMN)
        """The column of tokens of the newest table; None if they were not logged."""

    def _of_texts(self, name: str) -> ColumnRecord | None:
        found = self.in_force.get(name)
        return found if found and found.values.dtype == "text" else None

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
        return {name: self._values(one) for name, one in self.in_force.items()}

    def column(self, name: str) -> Values | None:
        """Reads a column of texts or numbers; None if there is none of this name."""
        return self._values(self.in_force[name]) if name in self.in_force else None

    def image(self, name: str, row: int) -> bytes:
        """Reads an image; no bytes where none was logged."""
        record = self.images.get(name)
        if record is None:
            return b""
        size = sum(one.length for one in record.values.parts)
        if size > MOST_COLUMN_BYTES:
            raise ValueError(
                f"the images of column {name!r} take {size:,} bytes; expected "
                f"{MOST_COLUMN_BYTES:,} at most"
            )
        if record.values.shape[0] != self._rows:
            row = int(self._rows_then(record)[row])
        for part in self._texts(record) if row >= 0 else ():
            if row < len(part):
                return part.encoded(row)
            row -= len(part)
        return b""

    def labels(self) -> Labels:
        """Returns the label of each row, without reading all of them."""
        parts = [] if self.tokens is None else self._texts(self.tokens)
        return Labels(parts, self._rows)

    def texts(self, name: str) -> Labels | None:
        """Returns a column of texts without reading all of them; None if there is none
        of this name that has a text for each row of the newest table."""
        found = self._of_texts(name)
        if found is None or found.values.shape[0] != self._rows:
            return None
        return Labels(self._texts(found), self._rows)

    def _texts(self, record: ColumnRecord) -> list[EncodedTexts]:
        return self._cache.get(
            ("texts", record.values), partial(self._store.texts, record)
        )

    def row_map(self, snapshot: Snapshot) -> vocabulary.RowMap | None:
        """Returns the row of each token in a snapshot, or None if every token has the
        same row as in the newest."""
        return self._matched(self._labeled(self._newest), self._labeled(snapshot))

    def births_and_deaths(self, before: Snapshot, after: Snapshot) -> tuple[int, int]:
        """Returns how many tokens a snapshot has that another lacks, and how many it
        lacks that the other has."""
        count, others = after.table.shape[0], before.table.shape[0]
        rows = self._matched(self._labeled(after), self._labeled(before))
        kept = count if rows is None else int((rows >= 0).sum())
        return count - kept, others - kept

    def content_id(self, snapshot: Snapshot) -> Hashable:
        """Returns a key that changes when a snapshot or its ``row_map`` does."""
        content = snapshot.table.content_id
        in_place = self.row_map(snapshot) is None
        return content if in_place else (content, self._row_map_id(snapshot))

    def _row_map_id(self, snapshot: Snapshot) -> Hashable:
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

    def _labeled(self, snapshot: Snapshot) -> _Labeled:
        return self._vocabularies.labels(snapshot), snapshot.table.shape[0]

    def _rows_then(self, record: ColumnRecord) -> vocabulary.RowMap:
        """Returns the row of each token in the table of another length that a column
        was logged with."""
        then = self._vocabularies.labels_of(record, self._newest)
        labeled = then, record.values.shape[0]
        rows = self._matched(self._labeled(self._newest), labeled)
        assert rows is not None, "tables of different lengths are never in place"
        return rows

    def _matched(self, ours: _Labeled, theirs: _Labeled) -> vocabulary.RowMap | None:
        """Returns the row of each token in another table; None if it is the same."""
        (labels, count), (others_labels, others) = ours, theirs
        if (
            labels is None
            or others_labels is None
            or labels.values == others_labels.values
        ):
            return vocabulary.match_rows(count, others)

        def match() -> vocabulary.RowMap | None:
            # Training that is resumed logs the same tokens again.
            if self._digest(labels) == self._digest(others_labels):
                return vocabulary.match_rows(count, others)
            rows = vocabulary.match_steps(
                self._labels(labels, count), self._labels(others_labels, others)
            )
            in_place = count == others and (rows == np.arange(count)).all()
            return None if in_place else rows

        key = "row_map", labels.values, count, others_labels.values, others
        return self._cache.get(key, match)

    def _labels(self, record: ColumnRecord, count: int) -> list[str]:
        return vocabulary.labels(list(map(str, self._logged(record))), count)

    def _values(self, record: ColumnRecord) -> Values:
        if record.values.shape[0] == self._rows:
            return self._logged(record)
        key = (
            "values",
            record.values,
            self._vocabularies.labels_of(record, self._newest),
            self._row_map_id(self._newest),
        )
        return self._cache.get(key, lambda: self._fitted(record))

    def _fitted(self, record: ColumnRecord) -> Values:
        """Reads the values that were logged with a table of more or fewer rows."""
        logged = self._logged(record)
        if record.name == metadata.TOKEN_COLUMN and isinstance(logged, list):
            return vocabulary.labels(logged, self._rows)
        rows = self._rows_then(record)
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
