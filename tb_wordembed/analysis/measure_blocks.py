"""Measures a row block of tables that are read side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tb_wordembed.analysis import health
from tb_wordembed.analysis.block_sums import Other, Sums
from tb_wordembed.analysis.drift import Moved, block_moved
from tb_wordembed.analysis.rows import (
    Prints,
    Rows,
    Scratch,
    Wide,
    fingerprints,
    narrow_norms,
    norms,
)

_SCRATCH = Scratch()


@dataclass
class Part:
    """Sums over some row blocks of a table."""

    sums: Sums
    directions: Wide


@dataclass(frozen=True)
class BlockMeasures:
    """The measures of the rows of one block: ``norm`` and ``prints`` of ``Step``, and
    the drift from other tables, by their numbers. ``start`` is the first row."""

    start: int
    norm: Rows
    prints: Prints
    drifts: list[tuple[int, Moved]]


@dataclass(frozen=True)
class MeasureBlocks:
    """Measures a row block of tables that are read side by side: first the references,
    which were measured before, then the others. It needs nothing but the rows.
    """

    references: int
    _no_spread: defaultdict[int, set[int]] = field(
        default_factory=lambda: defaultdict(set), compare=False, repr=False
    )

    def __reduce__(self) -> tuple[type[MeasureBlocks], tuple[int]]:
        # What was seen of other blocks saves time, and changes no result.
        return MeasureBlocks, (self.references,)

    @np.errstate(all="ignore")
    def __call__(
        self, block: tuple[int, Sequence[Rows]]
    ) -> tuple[list[Part], list[BlockMeasures]]:
        """Returns sums over a row block of each table but the references, and the
        measures of its rows."""
        start, tables = block
        norm = [norms(rows) for rows in tables]
        for one in norm:
            one[~np.isfinite(one)] = np.nan
        parts, measured = [], []
        for table in range(self.references, len(tables)):
            rows = tables[table]
            drifts: list[tuple[int, Moved]] = []
            beside: list[Other] = []
            for index in compared_with(table):
                before, norm_before = tables[index], norm[index]
                change = _SCRATCH.array(rows.shape, np.float32, len(beside))
                np.subtract(rows, before, out=change)
                moved, *_ = block_moved(before, rows, change, norm_before, norm[table])
                drifts.append((index, moved))
                beside.append(Other(before, norm_before, change, moved.euclidean))
            sums = Sums.of(rows, norm[table], beside, self._no_spread[table])
            directions = health.sums_of_directions(rows, norm[table])
            parts.append(Part(sums, directions))
            prints = fingerprints(rows)
            measured.append(
                BlockMeasures(start, narrow_norms(norm[table]), prints, drifts)
            )
        return parts, measured


def compared_with(table: int) -> list[int]:
    """Returns the numbers of the tables that a table is compared with, each once: the
    one before it, and the first."""
    return list(dict.fromkeys([table - 1, 0])) if table else []
