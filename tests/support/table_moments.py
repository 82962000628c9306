"""Moments of whole tables, taken block by block."""

from __future__ import annotations

from typing import Any

from strategies import blocks

from tb_wordembed.analysis.moments import Moments, Pair
from tb_wordembed.analysis.sums import moments, pair


def moments_of(table: Any, rows: int = 5) -> Moments:
    return moments(blocks(table, rows), table.shape[1])


def pair_of(before: Any, after: Any, rows: int = 5) -> Pair:
    parts = zip(blocks(before, rows), blocks(after, rows), strict=True)
    return pair(((a, b) for (_, a), (_, b) in parts), before.shape[1])
