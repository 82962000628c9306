"""Indicators of under-trained tokens, from the table of a single step.

Rows that were hardly trained stay near those that were never trained (Land & Bartolo
2024, "Fishing for Magikarp: Automatically Detecting Under-trained Tokens in Large
Language Models"). Each indicator is low for the least trained rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from tb_wordembed.analysis.rows import Rows, Wide, dots, narrow, norms

Indicator = Literal[
    "norm", "euclidean", "cosine", "euclidean_without_first", "cosine_without_first"
]
"""``norm`` is the norm of a row. The others are its distance from the mean of rows that
are known to be unused: Euclidean, or cosine (``1 - cos``, 0..2); those that end in
``_without_first`` after the first principal component of the table was taken out of
both."""

INDICATORS: tuple[Indicator, ...] = get_args(Indicator)


@dataclass(frozen=True)
class Unused:
    """What rows are compared with, float64 ``[embedding_dim]`` each: the mean of the
    rows that are known to be unused, and the first principal component of the table, a
    unit vector; zero takes nothing out."""

    mean: Wide
    first: Wide

    @staticmethod
    def of(rows: Rows, first: Wide | None = None) -> Unused:
        """Returns the mean of unused rows, without those that are not finite. Raises
        ValueError if none is left."""
        kept = rows[np.isfinite(norms(rows))].astype(np.float64)
        if not len(kept):
            raise ValueError(
                f"none of the {len(rows)} known unused rows is finite; expected at "
                "least one to compare with"
            )
        mean = kept.mean(axis=0)
        return Unused(mean, np.zeros_like(mean) if first is None else first)


def values(block: Rows, indicator: Indicator, unused: Unused) -> Rows:
    """Returns an indicator of each row, float32 ``[rows]``; NaN where the row is not
    finite, and under ``cosine`` where it is zero.

    Args:
      block: float32 ``[rows, embedding_dim]``.
      unused: what rows are compared with; ``norm`` does not use it.
    """
    if indicator == "norm":
        return narrow(norms(block))
    rows = _without(block.astype(np.float64), unused.first)
    (mean,) = _without(unused.mean[None], unused.first)
    with np.errstate(all="ignore"):
        if indicator.startswith("euclidean"):
            return narrow(norms(rows - mean))
        lengths = np.sqrt(dots(rows, rows) * float(mean @ mean))
        found: Wide = 1 - rows @ mean / lengths
    return narrow(found.clip(0, 2))


def _without(rows: Wide, direction: Wide) -> Wide:
    with np.errstate(invalid="ignore"):
        found: Wide = rows - np.outer(rows @ direction, direction)
    return found
