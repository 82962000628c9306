"""What drift is measured from: a step of the same series, or of another one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.alignment import Alignment, align
from tb_wordembed.analysis.crosses import Cross, crosses
from tb_wordembed.analysis.rows import Rows
from tb_wordembed.engine.local import LOCAL
from tb_wordembed.engine.runs import Engine
from tb_wordembed.errors import listed
from tb_wordembed.read import vocabulary
from tb_wordembed.read.cache import Cache
from tb_wordembed.read.logged_series import LoggedSeries
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


@dataclass(frozen=True)
class Reference:
    """Another series that drift is measured from, such as another run or seed.

    Between two trainings, raw displacement would mostly be the rotation between their
    tables. So the table of the reference is turned first, by the rotation that
    brings it nearest to the other; see ``tb_wordembed.analysis.alignment``. Neighbors
    don't depend on a rotation, so measures of neighbors turn nothing, and the
    tables may have different dimensions.

    Attributes:
      series: the other series. Rows are matched by their tokens, or by their numbers
        if one of the two has no tokens.
      centered: whether the mean of each table is taken off first, so that a shift of a
        whole table is no drift.
      anchors: the tokens or row numbers that the rotation is found over, such as words
        whose meaning is known to be the same; None takes all tokens that both have.
    """

    series: LoggedSeries
    centered: bool = False
    anchors: Sequence[str | int] | None = None


def as_reference(reference: Reference | LoggedSeries) -> Reference:
    """Returns a series as a reference with the default alignment."""
    if isinstance(reference, Reference):
        return reference
    if isinstance(reference, LoggedSeries):
        return Reference(reference)
    raise TypeError(
        f"reference={reference!r}: expected a series, such as log.series('other run'), "
        "or a Reference of one"
    )


def alignment(
    series: LoggedSeries,
    from_step: int,
    to_step: int,
    reference: Reference | LoggedSeries,
) -> Alignment:
    """Returns the rotation that best lays the table of the reference at ``from_step``
    upon that of this series at ``to_step``; see ``tb_wordembed.analysis.alignment``.

    Raises:
      NotFoundError: there is no such step, or an anchor is not a token of this series.
      ValueError: the two have different dimensions, or no token in common, or there are
        fewer anchors that both have than dimensions.
    """
    reference = as_reference(reference)
    other = reference.series
    if other.shape[1] != series.shape[1]:
        raise ValueError(
            f"{other!r} has {other.shape[1]} dimensions and {series!r} "
            f"{series.shape[1]}: only tables of as many dimensions can be aligned. "
            "Measures of neighbors, such as overlap, need no alignment"
        )
    anchors = reference.anchors
    rows = None if anchors is None else [series.index_of(one) for one in anchors]
    matched = matched_tables(series, other)
    ids = matched.content_id(from_step), series.content_id(to_step)
    of = *ids, None if rows is None else tuple(rows)
    cross = series.cache.get(
        ("cross", *of), lambda: _cross(series, from_step, to_step, matched, rows)
    )
    least = 1 if rows is None else series.shape[1]
    if cross.count < least:
        what = "tokens" if rows is None else "of the anchors"
        raise ValueError(
            f"{series!r} and {other!r} have {cross.count} {what} in common; "
            f"expected {least} or more to align them"
        )
    return series.cache.get(
        ("alignment", *of, reference.centered), lambda: align(cross, reference.centered)
    )


def _cross(
    series: LoggedSeries,
    from_step: int,
    to_step: int,
    matched: Tables,
    rows: list[int] | None,
) -> Cross:
    if rows is not None:
        some = [(matched.rows(from_step, rows), series.rows(to_step, rows))]
        return crosses(some, series.shape[1])[0]
    before = matched.row_blocks(from_step, buffers=LOCAL.threads)
    after = series.row_blocks(to_step, buffers=LOCAL.threads)
    blocks = ((old, new) for (_, old), (_, new) in zip(before, after, strict=True))
    return crosses(blocks, series.shape[1], engine=LOCAL)[0]


def matched_tables(
    series: LoggedSeries, reference: Reference | LoggedSeries | None
) -> Tables:
    """Returns the tables that the first of two steps belongs to, in the rows of a
    series: its own without a reference."""
    if reference is None:
        return series
    return _Matched(series, as_reference(reference).series)


def content_of_both(
    series: LoggedSeries,
    from_step: int,
    to_step: int,
    reference: Reference | LoggedSeries | None,
) -> tuple[Hashable, ...]:
    """Returns a key that changes when the numbers of the reference at ``from_step``, or
    those of the series at ``to_step``, change, the rows of either, or the alignment."""
    after = series.content_id(to_step)
    if reference is None:
        return *series.content_id(from_step), *after
    reference = as_reference(reference)
    before = matched_tables(series, reference).content_id(from_step)
    anchors = reference.anchors and tuple(reference.anchors)
    return *before, *after, reference.centered, anchors


def aligned_tables(
    series: LoggedSeries,
    from_step: int,
    to_step: int,
    reference: Reference | LoggedSeries | None,
) -> Tables:
    """Returns ``matched_tables``, turned so that those of a reference at ``from_step``
    lie best upon those of the series at ``to_step``."""
    if reference is None:
        return series
    reference = as_reference(reference)
    found = alignment(series, from_step, to_step, reference)
    anchors = reference.anchors and tuple(reference.anchors)
    upon = series.content_id(to_step), reference.centered, anchors
    return _Aligned(matched_tables(series, reference), found, upon)


def rows_in_reference(
    series: LoggedSeries, reference: Reference | LoggedSeries
) -> vocabulary.RowMap:
    """Returns the row of each token of a series in a reference, or -1 for a token that
    only the series has, int64 ``[vocab_size]``."""
    rows = _Matched(series, as_reference(reference).series).row_map
    return np.arange(series.shape[0]) if rows is None else rows


def only_in_reference(
    series: LoggedSeries, reference: Reference | LoggedSeries
) -> list[str]:
    """Returns the tokens that only the reference has, in the order of its rows."""
    other = as_reference(reference).series
    is_common = np.zeros(other.shape[0], np.bool_)
    rows = rows_in_reference(series, reference)
    is_common[rows[rows >= 0]] = True
    tokens = other.tokens
    return [tokens[row] for row in np.flatnonzero(~is_common).tolist()]


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
    """The same, turned."""

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


def _match(series: LoggedSeries, other: LoggedSeries) -> vocabulary.RowMap | None:
    count, others = series.shape[0], other.shape[0]
    if series.has_tokens and other.has_tokens:
        rows = vocabulary.match_tokens(series.tokens, other.tokens)
    else:
        rows = vocabulary.match_rows(count, others)
    if not (rows >= 0).any():
        raise ValueError(
            f"{series!r} and {other!r} have no token in common: the first begins with "
            f"{listed(series.tokens[:3])}, the other with {listed(other.tokens[:3])}"
        )
    return None if count == others and (rows == np.arange(count)).all() else rows
