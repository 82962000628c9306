"""Which rows of two snapshots are the same token, when the vocabulary changed."""

from __future__ import annotations

import bisect
import difflib
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from operator import eq

import numpy as np
import numpy.typing as npt

from tb_wordembed.errors import quoted
from tb_wordembed.format import metadata
from tb_wordembed.snapshots.index_entries import (
    ColumnRecord,
    Problem,
    SeriesIndex,
    Snapshot,
    Tensor,
)
from tb_wordembed.snapshots.store import block_rows

RowMap = npt.NDArray[np.int64]
"""For each row of one table the row of the same token in another, or -1, ``[rows]``."""


class Vocabularies:
    """The columns of a series, by the snapshots that they belong to."""

    def __init__(self, series: SeriesIndex) -> None:
        self._series = series
        self._records = defaultdict[str, list[ColumnRecord]](list)
        for one in series.columns:
            self._records[one.name].append(one)
        replaced = set(series.superseded)
        shapes = (one.shape for one in series.written if one not in replaced)
        self._lengths = defaultdict[int, set[int]](set)
        for rows, dims in shapes:
            self._lengths[dims].add(rows)
        self._of_dims: dict[tuple[str, int], list[ColumnRecord]] = {}
        self._labels_of: dict[tuple[int, tuple[int, ...]], ColumnRecord | None] = {}

    @property
    def lengths(self) -> set[int]:
        """The numbers of rows of all tables that were not replaced."""
        return set().union(*self._lengths.values())

    def columns(self, snapshot: Snapshot) -> list[ColumnRecord]:
        """Returns the columns of a snapshot. Of several with one name, that is the last
        one logged at or before its step, or else the first one after it that has a
        value for each of its rows.

        A column may have fewer values than the snapshot has rows, or more: it was
        logged with a smaller or larger table of this series, and not again.
        """
        found, lost = self._sound_columns(snapshot), self.lost_columns(snapshot)
        return [one for one in found if one not in lost]

    def lost_columns(self, snapshot: Snapshot) -> list[ColumnRecord]:
        """Returns the columns whose values can't be brought to the rows of a snapshot:
        they were logged with another table, and tokens of either are damaged."""
        ours = self.labels(snapshot)
        return [
            one
            for one in self._sound_columns(snapshot)
            if one.name != metadata.TOKEN_COLUMN
            and one.values.shape[0] != snapshot.table.shape[0]
            and self._are_lost(ours, self.labels_of(one, snapshot))
        ]

    def _sound_columns(self, snapshot: Snapshot) -> list[ColumnRecord]:
        rows_dims = snapshot.table.shape
        found = (self._column(one, snapshot.step, rows_dims) for one in self._records)
        damaged = self._series.damaged
        return [one for one in found if one and damaged.isdisjoint(one.values.parts)]

    def _are_lost(self, ours: ColumnRecord | None, theirs: ColumnRecord | None) -> bool:
        """Returns whether tokens of two tables differ, and some are damaged."""
        if not ours or not theirs or ours.values == theirs.values:
            return False
        both = {*ours.values.parts, *theirs.values.parts}
        return not both.isdisjoint(self._series.damaged)

    def labels(self, snapshot: Snapshot) -> ColumnRecord | None:
        """Returns the tokens of a snapshot."""
        key = snapshot.step, snapshot.table.shape
        if key not in self._labels_of:
            self._labels_of[key] = self._labels(*key)
        return self._labels_of[key]

    def labels_of(
        self, column: ColumnRecord, snapshot: Snapshot
    ) -> ColumnRecord | None:
        """Returns the tokens of a snapshot when one of its columns was logged."""
        dims = snapshot.table.shape[1]
        return self._labels(column.step, (column.values.shape[0], dims))

    def _labels(self, step: int, shape: tuple[int, ...]) -> ColumnRecord | None:
        found = self._column(metadata.TOKEN_COLUMN, step, shape)
        return found if found and found.values.dtype == "text" else None

    def _column(
        self, name: str, step: int, shape: tuple[int, ...]
    ) -> ColumnRecord | None:
        rows, dims = shape
        before = self._logged_with(name, dims)
        count = bisect.bisect_right(before, step, key=lambda one: one.step)
        if count:
            return before[count - 1]
        named = self._records.get(name, ())
        return next((one for one in named if one.values.shape[0] == rows), None)

    def _logged_with(self, name: str, dims: int) -> list[ColumnRecord]:
        """Returns the columns of a name that fit tables of some dimensions, by step."""
        if (name, dims) not in self._of_dims:
            named, lengths = self._records.get(name, ()), self._lengths.get(dims, ())
            found = [one for one in named if one.values.shape[0] in lengths]
            self._of_dims[name, dims] = sorted(found, key=lambda one: one.step)
        return self._of_dims[name, dims]

    def misfit(self, snapshot: Snapshot) -> str | None:
        """Says why a snapshot can't be compared with the newest one; None if it can."""
        newest = self._series.snapshots[-1]
        ours, theirs = self.labels(newest), self.labels(snapshot)
        fits = snapshot.table.shape[1] == newest.table.shape[1]
        if not fits or (ours and not theirs):
            shapes = (
                f"has shape {list(snapshot.table.shape)} and the newest step "
                f"{list(newest.table.shape)}"
            )
            without = ", and there are no tokens to tell its rows by"
            return shapes + without if fits else shapes
        if self._are_lost(ours, theirs):
            return "has other tokens than the newest step, and some are damaged"
        return None


def misfits(series: SeriesIndex) -> Iterator[Problem]:
    """Yields a problem for each snapshot and column that doesn't fit the newest table,
    and is left out."""
    where = f"of {quoted(series.run)} {quoted(series.tag)}"
    vocabularies = Vocabularies(series)
    for one in series.snapshots:
        reason = vocabularies.misfit(one)
        if reason is not None:
            yield _left_out(one.table, f"step {one.step} {where} {reason}")
    for column in series.columns:
        count = column.values.shape[0]
        if count not in vocabularies.lengths:
            rows = series.snapshots[-1].table.shape[0]
            what = f"column {quoted(column.name)} {where} has {count} values"
            yield _left_out(column.values, f"{what} and the newest table {rows} rows")
    for column in vocabularies.lost_columns(series.snapshots[-1]):
        why = "was logged with other tokens than the newest step, and some are damaged"
        yield _left_out(column.values, f"column {quoted(column.name)} {where} {why}")


def _left_out(tensor: Tensor, why: str) -> Problem:
    return tensor.parts[0].problem(f"{why}; left out")


def match_tokens(tokens: Sequence[str], others: Sequence[str]) -> RowMap:
    """Returns the row of each token among the others, -1 for one that is not there.

    If a token labels several rows, the first of them is matched with the first, the
    second with the second.
    """
    if len(tokens) == len(others) and all(map(eq, tokens, others)):
        return np.arange(len(tokens))
    rows = {one: row for row, one in enumerate(_numbered(others))}
    return np.array([rows.get(one, -1) for one in _numbered(tokens)], np.int64)


def match_rows(count: int, others: int) -> RowMap | None:
    """Matches rows without labels by their numbers; see ``match_tokens``. Returns None
    if there are as many, so that each has the same row."""
    if count == others:
        return None
    rows = np.arange(count)
    return np.where(rows < others, rows, -1)


def match_steps(tokens: Sequence[str], others: Sequence[str]) -> RowMap:
    """Matches the tokens of two steps of one table; see ``match_tokens``. A row that
    had no token at one of the steps, and so has the label ``#<row>``, is matched by its
    number, unless another token has that row."""
    rows = match_tokens(tokens, others)
    free = np.ones(len(others), np.bool_)
    free[rows[rows >= 0]] = False
    for row in np.flatnonzero(rows[: len(others)] < 0).tolist():
        if free[row] and f"#{row}" in (tokens[row], others[row]):
            rows[row] = row
    return rows


def labels(logged: Sequence[str], count: int) -> list[str]:
    """Returns the labels of a table with ``count`` rows, from those that were logged
    with a table of more or fewer rows."""
    return [*logged[:count], *[f"#{row}" for row in range(len(logged), count)]]


def _numbered(tokens: Sequence[str]) -> list[tuple[str, int]]:
    """Returns each token with the number of times that it came before."""
    seen: dict[str, int] = {}
    numbered = []
    for token in tokens:
        count = seen.get(token, 0)
        numbered.append((token, count))
        seen[token] = count + 1
    return numbered


def take(
    table: npt.NDArray[np.float32], rows: RowMap | None
) -> npt.NDArray[np.float32]:
    """Returns rows of a table, NaN for row -1, float32 ``[len(rows), dim]``; the table
    itself for None."""
    if rows is None:
        return table
    taken = np.full((len(rows), table.shape[1]), np.nan, np.float32)
    there = rows >= 0
    taken[there] = table[rows[there]]
    return taken


def take_blocks(
    table: npt.NDArray[np.float32], rows: RowMap, most_rows: int | None
) -> Iterator[tuple[int, npt.NDArray[np.float32]]]:
    """Yields ``take`` in blocks of rows, each with the number of its first one."""
    size = most_rows or block_rows(table.shape[1])
    for start in range(0, len(rows), size):
        yield start, take(table, rows[start : start + size])


def take_read(
    read: Callable[[Sequence[int]], npt.NDArray[np.float32]],
    rows: RowMap | None,
    indices: Sequence[int],
) -> npt.NDArray[np.float32]:
    """Returns some rows of ``take``, of a table of which ``read`` reads some rows."""
    if rows is None:
        return read(indices)
    some = rows[list(indices)]
    there = some >= 0
    return take(read(some[there].tolist()), np.where(there, there.cumsum() - 1, -1))


def close_to(token: str, tokens: Sequence[str]) -> list[str]:
    """Returns up to three tokens that a user may have meant by a token that is not
    there: they differ in case, width or spaces around them, or in a few letters."""
    plain = _plain(token)
    same = [one for one in tokens if _plain(one) == plain]
    if same:
        return list(dict.fromkeys(same))[:3]
    # More would take noticeably long.
    alike = [one for one in tokens if one[:1].casefold() == token[:1].casefold()]
    return difflib.get_close_matches(token, alike[:5000], 3)


def _plain(token: str) -> str:
    if token.isascii():
        return token.lower().strip()
    return unicodedata.normalize("NFKC", token).casefold().strip()
