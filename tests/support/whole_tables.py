"""Moments of whole tables, taken block by block."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from strategies import blocks

from tb_wordembed.analysis.alignment import Cross, crosses
from tb_wordembed.analysis.block_sums import Other, Sums, moments
from tb_wordembed.analysis.drift import block_moved
from tb_wordembed.analysis.rows import norms
from tb_wordembed.analysis.table_moments import Moments, Pair


def moments_of(table: Any, rows: int = 5) -> Moments:
    return moments(blocks(table, rows), table.shape[1])


def pair(blocks: Iterable[tuple[Any, Any]], embedding_dim: int) -> Pair:
    """The moments of two tables of the same rows, from their blocks."""
    both = [Sums.empty(embedding_dim), Sums.empty(embedding_dim, 1)]
    with np.errstate(all="ignore"):
        for before, after in blocks:
            norm, norm_after, change = norms(before), norms(after), after - before
            moved, *_ = block_moved(before, after, change, norm, norm_after)
            other = Other(before, norm, change, moved.euclidean)
            both[0].add(Sums.of(before, norm))
            both[1].add(Sums.of(after, norm_after, [other]))
    return both[1].pair(0, both[0].moments())


def cross_of(before: Any, after: Any, rows: int = 5) -> Cross:
    parts = zip(blocks(before, rows), blocks(after, rows), strict=True)
    return crosses([(a, b) for (_, a), (_, b) in parts], before.shape[1])[0]


def pair_of(before: Any, after: Any, rows: int = 5) -> Pair:
    parts = zip(blocks(before, rows), blocks(after, rows), strict=True)
    return pair(((a, b) for (_, a), (_, b) in parts), before.shape[1])
