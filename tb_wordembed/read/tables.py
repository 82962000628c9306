"""Tables at steps: those of a series, or of another one in the rows of a series."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.alignment import Alignment
from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.rows import Rows
from tb_wordembed.engine.segments import Engine
from tb_wordembed.errors import listed
from tb_wordembed.read import vocabulary
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.memory_cache import Cache
from tb_wordembed.snapshots.tensors import Float32Table


class Tables(Protocol):
    """Tables at steps, whose rows are those of one vocabulary. See ``LoggedSeries``,
    which is one, for the methods."""

    @property
    def cache(self) -> Cache:
        """The results that were computed before."""

    @property
    def engine(self) -> Engine:
        """What works on the row blocks of the tables."""

    @property
    def shape(self) -> tuple[int, int]:
        """``(vocab_size, embedding_dim)``."""

    def content_id(self, *steps: int) -> tuple[Hashable, ...]:
        """Returns a key that changes when the numbers of these steps change."""

    def table(self, step: int) -> Float32Table:
        """Returns the table at a step."""

    def row_blocks(
        self, step: int, most_rows: int | None = None, buffers: int = 1
    ) -> Iterable[tuple[int, Float32Table]]:
        """Returns the table at a step in blocks of consecutive rows."""

    def rows(self, step: int, indices: Sequence[int]) -> Float32Table:
        """Returns some rows of the table at a step."""

    def absent(self, step: int) -> npt.NDArray[np.bool_]:
        """Returns the tokens that have no row at a step, bool ``[vocab_size]``."""


def matched(series: LoggedSeries, other: LoggedSeries) -> Tables:
    """Returns the tables of another series in the rows of a series.

    Raises:
      ValueError: they have no token in common.
    """
    return _Matched(series, other)


def rows_in(series: LoggedSeries, other: LoggedSeries) -> vocabulary.RowMap:
    """Returns the row of each token of a series in another one, -1 for a token that it
    lacks, int64 ``[vocab_size]``.

    Raises:
      ValueError: they have no token in common.
    """
    rows = _Matched(series, other).row_map
    return np.arange(series.shape[0]) if rows is None else rows


def turned(tables: Tables, alignment: Alignment, upon: Hashable) -> Tables:
    """Returns tables that are turned by an alignment.

    Args:
      upon: a key of the table that they are laid upon, and of how.
    """
    return _Aligned(tables, alignment, upon)


class _Matched:
    """The tables of another series in the rows of this one: NaN in the rows of tokens
    that it lacks."""

    def __init__(self, series: LoggedSeries, other: LoggedSeries) -> None:
        self.cache, self.engine = series.cache, series.engine
        self.shape = series.shape[0], other.shape[1]
        self._other = other
        self._rows_id = series.columns_id, other.columns_id, series.shape[0]
        self.row_map: vocabulary.RowMap | None = series.cache.get(
            ("row_map", *self._rows_id, other.shape[0]), lambda: _match(series, other)
        )

    def content_id(self, *steps: int) -> tuple[Hashable, ...]:
        found = self._other.content_id(*steps)
        return found if self.row_map is None else ("matched", self._rows_id, found)

    def table(self, step: int) -> Float32Table:
        table = self._other.table(step)
        return table if self.row_map is None else vocabulary.take(table, self.row_map)

    def row_blocks(
        self, step: int, most_rows: int | None = None, buffers: int = 1
    ) -> Iterable[tuple[int, Float32Table]]:
        if self.row_map is None:
            return self._other.row_blocks(step, most_rows, buffers)
        return vocabulary.take_blocks(self._other.table(step), self.row_map, most_rows)

    def rows(self, step: int, indices: Sequence[int]) -> Float32Table:
        if self.row_map is None:
            return self._other.rows(step, indices)
        return vocabulary.take_read(
            lambda rows: self._other.rows(step, rows), self.row_map[list(indices)]
        )

    def absent(self, step: int) -> npt.NDArray[np.bool_]:
        absent = self._other.absent(step)
        if self.row_map is None:
            return absent
        return (self.row_map < 0) | absent[self.row_map]


class _Aligned:
    """Tables that are turned by an alignment."""

    def __init__(self, unturned: Tables, alignment: Alignment, upon: Hashable) -> None:
        self.cache, self.engine = unturned.cache, unturned.engine
        self.shape = unturned.shape
        self.unturned, self.turn = unturned, alignment.apply
        self._upon = upon

    def content_id(self, *steps: int) -> tuple[Hashable, ...]:
        return ("aligned", self._upon, *self.unturned.content_id(*steps))

    def table(self, step: int) -> Float32Table:
        return self.turn(self.unturned.table(step))

    def row_blocks(
        self, step: int, most_rows: int | None = None, buffers: int = 1
    ) -> Iterator[tuple[int, Float32Table]]:
        for start, block in self.unturned.row_blocks(step, most_rows, buffers):
            yield start, self.turn(block)

    def rows(self, step: int, indices: Sequence[int]) -> Float32Table:
        return self.turn(self.unturned.rows(step, indices))

    def absent(self, step: int) -> npt.NDArray[np.bool_]:
        return self.unturned.absent(step)


def unturned(tables: Tables) -> tuple[Tables, Callable[[Rows], Rows]]:
    """Returns tables before they are aligned, and what aligns their rows, so that
    threads share that work."""
    if isinstance(tables, _Aligned):
        return tables.unturned, tables.turn
    return tables, _as_they_are


def _as_they_are(rows: Rows) -> Rows:
    return rows


def drift_key(
    series: Tables,
    from_step: int,
    to_step: int,
    measure: Measure,
    tables: Tables | None = None,
) -> tuple[object, ...]:
    """Returns the key of drift in the cache, from a step of ``tables``, which are those
    of the series by default."""
    before = (series if tables is None else tables).content_id(from_step)
    return "drift", (*before, *series.content_id(to_step)), measure


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
