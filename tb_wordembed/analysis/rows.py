"""Rows of a table: their types, norms, products, finiteness and fingerprints."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt

from tb_wordembed.engine import large_arrays
from tb_wordembed.engine.segments import Divisible, Segment, divided

Rows = npt.NDArray[np.float32]
"""Some rows of a table, float32 ``[rows, embedding_dim]``."""

Blocks = Iterable[tuple[int, Rows]]
"""A table as consecutive row blocks: the number of the first row, and the rows. A
block is valid until the next one is asked for."""

Wide = npt.NDArray[np.float64]

Prints = npt.NDArray[np.uint64]
"""``fingerprints`` of rows, uint64 ``[rows]``."""


class Scratch(threading.local):
    """Arrays that each thread uses again and again, and that so stay in its cache."""

    def __init__(self) -> None:
        self._arrays: dict[tuple[int, np.dtype[Any]], npt.NDArray[Any]] = {}

    def array(
        self, shape: tuple[int, ...], dtype: npt.DTypeLike, number: int = 0
    ) -> npt.NDArray[Any]:
        """Returns an array with arbitrary content. The thread may use it until it asks
        for one of the same dtype and number again."""
        size, key = math.prod(shape), (number, np.dtype(dtype))
        if key not in self._arrays or self._arrays[key].size < size:
            self._arrays[key] = np.empty(size, dtype)
        return self._arrays[key][:size].reshape(shape)


_SCRATCH = Scratch()


class TableSegment(Segment[tuple[int, Rows]], Protocol):
    """Some consecutive row blocks of a table."""

    start: int
    stop: int


@dataclass(frozen=True)
class SideBySide:
    """The same row block of several tables, block by block: the number of its first
    row, and its rows in each table.

    Attributes:
      shape: ``(rows, embedding_dim)`` of each.
      start: the number of the first row.
    """

    tables: Sequence[Blocks]
    shape: tuple[int, int]
    start: int = 0

    def __iter__(self) -> Iterator[tuple[int, list[Rows]]]:
        """Yields the blocks. Raises ValueError if the tables do not hold as many rows,
        or come in different blocks."""
        sources = [iter(one) for one in self.tables]
        start, (count, embedding_dim) = self.start, self.shape
        stop, nothing = start + count, np.empty((0, embedding_dim), np.float32)
        while start < stop:
            blocks: list[Rows] = []
            for source in sources:
                at, rows = next(source, (start, nothing))
                expected = len(blocks[0] if blocks else rows), embedding_dim
                if at != start or rows.shape != expected or not len(rows):
                    raise ValueError(
                        f"from row {start} on, a table comes in a block of shape "
                        f"{rows.shape} at row {at}; expected {expected}, the same of "
                        f"each, and {stop} rows in all"
                    )
                blocks.append(rows)
            yield start, blocks
            start += len(blocks[0])
        # Readers close their files when they are asked once more.
        if any(next(source, None) is not None for source in sources):
            raise ValueError(f"a table holds more than the expected {stop} rows")

    def segments(self, size: int) -> Sequence[SideBySide] | None:
        """Returns the blocks in segments of ``size``; None if a table can't be
        divided."""
        found: list[Sequence[TableSegment]] = []
        for table in self.tables:
            segments = divided(table, size)
            if segments is None:
                return None
            found.append(cast(Sequence[TableSegment], segments))
        return [
            SideBySide(
                tables,
                (tables[0].stop - tables[0].start, self.shape[1]),
                tables[0].start,
            )
            for tables in zip(*found, strict=True)
        ]

    def receipt(self) -> list[object]:
        """Returns the receipt of each table."""
        return [cast(TableSegment, table).receipt() for table in self.tables]

    def accept(self, receipt: Sequence[object]) -> None:
        """Takes the receipts of the next segment."""
        for table, one in zip(self.tables, receipt, strict=True):
            cast(Divisible[object], table).accept(one)


def finite(rows: npt.NDArray[np.floating]) -> npt.NDArray[np.bool_]:
    """Returns which rows hold neither NaN nor infinity, bool ``[rows]``."""
    kept: npt.NDArray[np.bool_] = np.isfinite(rows).all(axis=1)
    return kept


def rotated_to_few_columns(rows: Rows) -> Rows:
    """Returns rows turned so that they use no more columns than there are rows, float32
    ``[rows, rows]``: their norms and their products with one another are the same. Rows
    that are not finite are NaN. There are not more rows than columns.
    """
    kept = finite(rows)
    turned = np.asarray(np.linalg.qr(rows[kept].astype(np.float64).T, mode="r")).T
    found = np.zeros((len(rows), len(rows)), np.float32)
    found[~kept] = np.nan
    found[kept, : len(turned)] = turned
    return found


def norms(rows: npt.NDArray[np.floating]) -> Wide:
    """Returns the Euclidean norm of each row, float64 ``[rows]``; not finite where the
    row isn't.

    Good to 1e-6 of itself for float32 rows of any magnitude.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        squares = dots(rows, rows)
        if rows.dtype != np.float64 and not within(squares, *EXACT):
            lost = np.flatnonzero(~((squares > EXACT[0]) & (squares < EXACT[1])))
            wide = rows[lost].astype(np.float64)
            squares[lost] = dots(wide, wide)
    return np.sqrt(squares, out=squares)


EXACT = (1e-26, 1e30)
"""The limits between which a sum of squares in float32 is exact but for rounding."""


def dots(left: npt.NDArray[np.floating], right: npt.NDArray[np.floating]) -> Wide:
    """Returns the dot product of each row with the row beside it, float64 ``[rows]``,
    summed in the dtype of the rows."""
    found = np.matmul(left[:, None, :], right[:, :, None])[:, 0, 0]
    wide: Wide = found.astype(np.float64)
    return wide


def narrow(values: npt.NDArray[np.floating]) -> Rows:
    """Returns values as float32; NaN for what is not finite, or too large for it."""
    with np.errstate(over="ignore"):
        found = values.astype(np.float32)
    found[~np.isfinite(found)] = np.nan
    return found


def narrow_norms(norm: npt.NDArray[np.floating]) -> Rows:
    """Returns norms as float32: NaN for what is not finite, and the largest number for
    what is too large for it, whose rows are finite."""
    found = narrow(norm)
    lost = np.flatnonzero(np.isnan(found))
    found[lost[np.isfinite(norm[lost])]] = np.finfo(np.float32).max
    return found


def mean_ranks(values: npt.NDArray[np.floating]) -> Wide:
    """Returns the rank of each value from 1, float64 ``[values]``; equal values share
    the mean of their ranks."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    found: Wide = (counts.cumsum() - (counts - 1) / 2)[places]
    return found


def within(values: Wide, low: float, high: float) -> bool:
    """Returns whether all values are numbers between ``low`` and ``high``; False when
    there are no values."""
    reach = (
        np.minimum.reduce(values, initial=high),
        np.maximum.reduce(values, initial=low),
    )
    return bool(reach[0] > low and reach[1] < high)


def fingerprints(rows: Rows) -> Prints:
    """Returns 64 bits of each row, uint64 ``[rows]``, the same for equal rows.

    Rows are equal when their numbers are: -0.0 is 0.0. Any two rows that differ get
    the same bits with a probability below 2**-57; that any two of a million do, with
    one of 1 in 100,000.
    """
    count, dim = rows.shape
    words = _SCRATCH.array((count, dim + dim % 2), np.float32)
    words[:, dim:] = 0
    np.add(rows, np.float32(0), out=words[:, :dim])
    whole = words.view(np.uint64)
    spread, keys = _keys(whole.shape[1])
    # A product moves differences to higher bits only. So the first one has them reach
    # the highest byte, and the second one sees the bytes in reverse.
    np.multiply(whole, spread | np.uint64(1), out=whole)
    found: Prints = np.einsum("ij,j->i", whole.byteswap(inplace=True), keys)
    return found


@lru_cache(maxsize=8)
def _keys(count: int) -> npt.NDArray[np.uint64]:
    rng = np.random.default_rng(20_220_107)
    return rng.integers(0, 2**64, size=(2, count), dtype=np.uint64)


def count_duplicates(prints: Prints) -> int:
    """Returns how many rows equal an earlier one, from the ``fingerprints`` of all."""
    order = np.sort(prints)
    return int(np.count_nonzero(order[1:] == order[:-1]))


def equals(prints: Prints, usable: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Returns the first row that each row is equal to by its ``fingerprints``, int64
    ``[rows]``: -1 where no other row is equal; its own number for the first of those
    that are."""
    found = large_arrays.full(len(prints), -1, np.int64)
    parts = (prints[one][usable[one]] for one in large_arrays.pieces(len(prints)))
    order = large_arrays.joined(parts, int(np.count_nonzero(usable)), np.uint64)
    order.sort()
    shared = np.unique(order[1:][order[1:] == order[:-1]])
    del order
    if not len(shared):
        return found
    at = np.minimum(np.searchsorted(shared, prints), len(shared) - 1)
    rows = np.flatnonzero((shared[at] == prints) & usable)
    group, first = at[rows], np.empty(len(shared), np.int64)
    # Of several rows, the last one that is put there stays.
    first[group[::-1]] = rows[::-1]
    found[rows] = first[group]
    return found
