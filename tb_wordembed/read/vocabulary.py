"""Which rows of two snapshots are the same token, when the vocabulary changed."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from tb_wordembed.errors import quoted
from tb_wordembed.format import metadata
from tb_wordembed.snapshots.entries import (
    ColumnRecord,
    Location,
    Problem,
    SeriesIndex,
    Snapshot,
)

RowMap = npt.NDArray[np.int64]
"""For each row of one table the row of the same token in another, or -1, ``[rows]``."""


class Vocabularies:
    """The columns of a series, by the snapshots that they belong to."""

    def __init__(self, series: SeriesIndex) -> None:
        self._series = series
        self._records: dict[str, dict[int, list[ColumnRecord]]] = {}
        for one in series.columns:
            by_length = self._records.setdefault(one.name, {})
            by_length.setdefault(one.values.shape[0], []).append(one)

    def columns(self, snapshot: Snapshot) -> list[ColumnRecord]:
        """The columns of a snapshot: of those of a name that have a value for each of
        its rows the last one logged at or before its step, or else the first one
        after it."""
        found = (self._column(name, snapshot) for name in self._records)
        damaged = self._series.damaged
        return [one for one in found if one and one.values not in damaged]

    def labels(self, snapshot: Snapshot) -> ColumnRecord | None:
        """The tokens of a snapshot."""
        found = self._column(metadata.TOKEN_COLUMN, snapshot)
        return found if found and found.values.dtype == "text" else None

    def _column(self, name: str, snapshot: Snapshot) -> ColumnRecord | None:
        records = self._records.get(name, {}).get(snapshot.table.shape[0])
        if not records:
            return None
        after = bisect.bisect_right(records, snapshot.step, key=lambda one: one.step)
        return records[max(after - 1, 0)]

    def misfit(self, snapshot: Snapshot) -> str | None:
        """Why a snapshot can't be compared with the newest one; None if it can."""
        newest = self._series.snapshots[-1]
        shapes = (
            f"has shape {list(snapshot.table.shape)} and the newest step "
            f"{list(newest.table.shape)}"
        )
        if snapshot.table.shape[1] != newest.table.shape[1]:
            return shapes
        ours, theirs = self.labels(newest), self.labels(snapshot)
        if ours and not theirs:
            return f"{shapes}, and there are no tokens to tell its rows by"
        if ours and theirs and ours.values != theirs.values:
            both = {ours.values, theirs.values}
            if both & self._series.damaged:
                return "has other tokens than the newest step, and some are damaged"
        return None


def misfits(series: SeriesIndex) -> Iterator[Problem]:
    """Returns the snapshots that a series leaves out: they don't fit its newest one."""
    where = f"of {quoted(series.run)} {quoted(series.tag)}"
    vocabularies = Vocabularies(series)
    for one in series.snapshots:
        reason = vocabularies.misfit(one)
        if reason is not None:
            yield _left_out(one.table, f"step {one.step} {where} {reason}")
    sizes = {one.table.shape[0] for one in series.snapshots}
    for column in series.columns:
        count = column.values.shape[0]
        if count not in sizes:
            rows = series.snapshots[-1].table.shape[0]
            what = f"column {quoted(column.name)} {where} has {count} values"
            yield _left_out(column.values, f"{what} and the newest table {rows} rows")


def _left_out(location: Location, why: str) -> Problem:
    return Problem(location.file.path, location.record_offset, f"{why}; left out")


def match_tokens(tokens: Sequence[str], others: Sequence[str]) -> RowMap:
    """For each token its row among the others, -1 for one that is not there.

    Of a token that labels several rows, the first is matched with the first, the
    second with the second.
    """
    rows = {one: row for row, one in enumerate(_numbered(others))}
    return np.array([rows.get(one, -1) for one in _numbered(tokens)], np.int64)


def match_rows(count: int, others: int) -> RowMap:
    """Matches rows without labels by their numbers; see ``match_tokens``."""
    rows = np.arange(count)
    return np.where(rows < others, rows, -1)


def _numbered(tokens: Sequence[str]) -> list[tuple[str, int]]:
    """Each token with how often it has come before."""
    seen: dict[str, int] = {}
    numbered = []
    for token in tokens:
        count = seen.get(token, 0)
        numbered.append((token, count))
        seen[token] = count + 1
    return numbered


def take(table: npt.NDArray[np.float32], rows: RowMap) -> npt.NDArray[np.float32]:
    """The rows of a table, NaN where there is none, float32 ``[len(rows), dim]``."""
    taken = np.full((len(rows), table.shape[1]), np.nan, np.float32)
    there = rows >= 0
    taken[there] = table[rows[there]]
    return taken
