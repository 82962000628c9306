"""The rows with the largest values."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt


def first_rows(
    blocks: Iterable[tuple[int, npt.NDArray[np.floating]]], most: int
) -> npt.NDArray[np.int64]:
    """Returns the rows with the largest values, largest first, rows with equal values
    by row; those that are not finite are left out.

    Args:
      blocks: the number of a first row, and the values from there on, row after row. A
        caller with small blocks needs little memory.
      most: how many rows.
    """
    rows, kept = np.empty(0, np.int64), np.empty(0, np.float64)
    for start, block in blocks:
        there = np.flatnonzero(np.isfinite(block))
        if len(kept) == most and most:
            there = there[block[there] > kept[-1]]
        rows = np.concatenate([rows, there + start])
        kept = np.concatenate([kept, block[there]])
        order = np.argsort(-kept, kind="stable")[:most]
        rows, kept = rows[order], kept[order]
    return rows
