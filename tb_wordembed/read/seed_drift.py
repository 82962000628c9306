"""Aligned drift between many series, such as seeds: of each pair of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.alignment import Alignment, Pairs, align, crosses
from tb_wordembed.analysis.drift import Measure, block_drift
from tb_wordembed.analysis.rows import Rows, Scratch, SideBySide, Wide, norms
from tb_wordembed.engine.local import LOCAL
from tb_wordembed.engine.progress import Progress, part
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.tables import OtherTables
from tb_wordembed.snapshots.store import block_rows

PRODUCT_BYTES = 1 << 26
"""The memory that the products of tables may take; pairs whose products need more are
compared in turn, for which tables are read again."""

BLOCKS = 4
"""The memory that the row blocks of all tables take together, as a number of blocks of
one table."""

_SCRATCH = Scratch()

Table = tuple[LoggedSeries, int]
"""A series and a step."""


def have_same_rows(tables: Sequence[Table]) -> bool:
    """Returns whether tables have the same tokens in the same order, and dimension."""
    (first, _), *others = tables
    return all(
        one.shape == first.shape and OtherTables(first, one).row_map is None
        for one, _ in others
    )


def pairwise_drift(
    tables: Sequence[Table],
    pairs: Pairs,
    measure: Measure,
    centered: bool,
    progress: Progress,
) -> npt.NDArray[np.float32] | None:
    """Returns the drift of every token between the tables of each pair, which
    ``have_same_rows``, the first of them rotated onto the second one, float32
    ``[vocab_size, pairs]``: what ``drift`` with a reference is for one pair. Each table
    is read twice, not twice for each pair.

    Returns None if a row is not finite: then each pair has rows of its own.
    """
    shape, dtype = tables[0][0].shape, np.dtype(np.float64)
    drift = np.empty((shape[0], len(pairs)), np.float32)
    most = max(1, PRODUCT_BYTES // (dtype.itemsize * shape[1] ** 2))
    for start in range(0, len(pairs), most):
        some = pairs[start : start + most]
        used = sorted({one for pair in some for one in pair})
        of_some = [(used.index(one), used.index(other)) for one, other in some]
        read = [tables[one] for one in used]
        report = part(progress, start / len(pairs), len(some) / len(pairs))
        sums = crosses(
            (rows for _, rows in _blocks(read, report, 0.0)),
            shape[1],
            of_some,
            LOCAL,
            with_moved=False,
        )
        if sums[0].count < shape[0]:
            return None
        turns = list(LOCAL.map(lambda one: align(one, centered), sums))
        found = drift[:, start : start + most]
        _measure(_blocks(read, report, 0.5), of_some, turns, measure, found)
    return drift


def _blocks(
    tables: Sequence[Table], progress: Progress, done: float
) -> Iterator[tuple[int, list[Rows]]]:
    """Yields the same rows of all tables, block by block."""
    shape = tables[0][0].shape
    size = max(256, BLOCKS * block_rows(shape[1]) // len(tables))
    read = [one.row_blocks(step, size, LOCAL.threads) for one, step in tables]
    for start, rows in SideBySide(read, shape):
        progress(done + 0.5 * start / shape[0], "")
        yield start, rows


def _measure(
    blocks: Iterator[tuple[int, list[Rows]]],
    pairs: Pairs,
    turns: Sequence[Alignment],
    measure: Measure,
    drift: npt.NDArray[np.float32],
) -> None:
    """Puts the drift of each pair in its column."""
    firsts = sorted({one for one, _ in pairs})
    places = [[at for at, pair in enumerate(pairs) if pair[0] == one] for one in firsts]
    # Side by side, so that a table is turned for all later ones at once.
    wide = [
        np.concatenate([turns[at].rotation for at in some], axis=1).astype(np.float32)
        for some in places
    ]

    @np.errstate(all="ignore")
    def work(block: tuple[int, list[Rows]]) -> None:
        start, tables = block
        here = drift[start : start + len(tables[0])]
        norm = [norms(rows) for rows in tables]
        for one, some, rotations in zip(firsts, places, wide, strict=True):
            # Its mean is the same in all pairs of a table.
            rows = _shifted(tables[one], -turns[some[0]].before_mean)
            shape = len(rows), rotations.shape[1]
            turned = np.matmul(rows, rotations, out=_SCRATCH.array(shape, np.float32))
            for at, old in zip(some, np.split(turned, len(some), axis=1), strict=True):
                other = pairs[at][1]
                laid = _shifted(old, turns[at].after_mean)
                norm_old = norm[one] if laid is old else norms(laid)
                change = tables[other] - laid
                moved = block_drift(laid, tables[other], change, norm_old, norm[other])
                here[:, at] = getattr(moved, measure)

    for _ in LOCAL.map(work, blocks):
        pass


def _shifted(rows: Rows, by: Wide) -> Rows:
    return rows + by.astype(np.float32) if by.any() else rows
