"""Tables at steps: those of a series, or of another one in the rows of a series."""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.rows import Rows
from tb_wordembed.errors import listed
from tb_wordembed.read import vocabulary
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.snapshots.tensors import Float32Table

Turn = Callable[[Rows], Rows]
"""Lays rows of one table upon those of another."""


class OtherTables:
    """The tables of another series in the rows of a series: NaN in the rows of tokens
    that it lacks. ``LoggedSeries`` says more of the methods.

    Attributes:
      row_map: the row of each token in the other series, -1 for a token that it lacks;
        None if every token has the same row.

    Raises:
      ValueError: they have no token in common.
    """

    def __init__(self, series: LoggedSeries, other: LoggedSeries) -> None:
        self.cache, self.engine = series.cache, series.engine
        self.shape = series.shape[0], other.shape[1]
        rows_id = series.columns_id, other.columns_id, series.shape[0]
        self.row_map: vocabulary.RowMap | None = series.cache.get(
            ("row_map", *rows_id, other.shape[0]), lambda: _match(series, other)
        )
        self._other = other
        self._turn: Turn | None = None
        # Tables in the same rows are those of the other series itself.
        self._id = () if self.row_map is None else ("matched", rows_id)

    def turned(self, turn: Turn, upon: Hashable) -> OtherTables:
        """Returns the tables with all rows turned. ``upon`` is a key that names the
        table that they are aligned with, and the alignment."""
        found = copy.copy(self)
        found._turn, found._id = turn, ("aligned", upon, *self._id)
        return found

    def content_id(self, *steps: int) -> tuple[Hashable, ...]:
        """Returns a key that changes when the numbers of these steps change."""
        return *self._id, *self._other.content_id(*steps)

    def table(self, step: int) -> Float32Table:
        """Returns the table at a step."""
        return self._turned(vocabulary.take(self._other.table(step), self.row_map))

    def row_blocks(
        self, step: int, most_rows: int | None = None, buffers: int = 1
    ) -> Iterable[tuple[int, Float32Table]]:
        """Returns the table at a step in blocks of consecutive rows."""
        if self.row_map is None:
            blocks = self._other.row_blocks(step, most_rows, buffers)
        else:
            table = self._other.table(step)
            blocks = vocabulary.take_blocks(table, self.row_map, most_rows)
        if self._turn is None:
            return blocks
        return ((start, self._turned(block)) for start, block in blocks)

    def rows(self, step: int, indices: Sequence[int]) -> Float32Table:
        """Returns some rows of the table at a step."""
        read = partial(self._other.rows, step)
        return self._turned(vocabulary.take_read(read, self.row_map, indices))

    def absent(self, step: int) -> npt.NDArray[np.bool_]:
        """Returns the tokens that have no row at a step, bool ``[vocab_size]``."""
        absent = self._other.absent(step)
        if self.row_map is None:
            return absent
        return (self.row_map < 0) | absent[self.row_map]

    def _turned(self, rows: Float32Table) -> Float32Table:
        return rows if self._turn is None else self._turn(rows)


Tables: TypeAlias = LoggedSeries | OtherTables
"""Tables at steps, whose rows are those of one vocabulary."""


def drift_key(contents: Hashable, measure: Measure) -> tuple[object, ...]:
    """Returns the key of drift in the cache, by the contents of both tables."""
    return "drift", contents, measure


def norms_key(series: Tables, step: int) -> tuple[object, ...]:
    """Returns the key of the norms at a step in the cache."""
    return "norms", series.content_id(step)


def _match(series: LoggedSeries, other: LoggedSeries) -> vocabulary.RowMap | None:
    count, others = series.shape[0], other.shape[0]
    if not (series.has_tokens and other.has_tokens):
        return vocabulary.match_rows(count, others)
    rows = vocabulary.match_tokens(series.tokens, other.tokens)
    if not (rows >= 0).any():
        raise ValueError(
            f"{series!r} and {other!r} have no token in common: the first begins with "
            f"{listed(series.tokens[:3])}, the other with {listed(other.tokens[:3])}"
        )
    return None if count == others and (rows == np.arange(count)).all() else rows
