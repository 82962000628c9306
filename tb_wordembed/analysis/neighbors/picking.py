"""Picks some of many: what a mask has, the largest, the nearest of each point."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors.metrics import Floats, Numbers
from tb_wordembed.analysis.rows import Wide

_Number = TypeVar("_Number", bound=np.integer)


def hits(mask: npt.NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """Returns where a mask is set: rows and columns. ``np.nonzero`` is slower."""
    flat = np.flatnonzero(mask)
    rows = flat // mask.shape[1]
    return rows, flat - rows * mask.shape[1]


def kth_largest(values: Floats, k: int) -> Floats:
    """Returns a number that k values of each row reach; the lowest float where there
    are fewer. It is the k-th largest among the maxima of groups, which is quick to find
    and near the k-th largest value."""
    lowest = np.finfo(values.dtype).min
    count = values.shape[1]
    if count < k:
        return np.full(len(values), lowest, values.dtype)
    width = max(1, count // (8 * k))
    groups = count // width
    largest = values[:, : groups * width].reshape(-1, width, groups).max(axis=1)
    found: Floats = np.partition(largest, groups - k, axis=1)[:, groups - k]
    np.maximum(found, lowest, out=found)
    return found


def nearest_of_each(
    count: int, positions: Numbers, others: Numbers, far: Wide, k: int
) -> tuple[Numbers, Wide]:
    """Returns the k nearest others of each of ``count`` positions, padded with -1 and
    NaN. Others come in order of positions; of equally far ones the first goes first."""
    sizes = np.bincount(positions, minlength=count)
    shape = count, max(k, int(sizes.max(initial=0)))
    numbers, measured = np.full(shape, -1, np.int64), np.full(shape, np.nan)
    at = positions, counted(sizes)
    numbers[at], measured[at] = others, far
    return first_of_each(numbers, measured, k)


def first_of_each(
    numbers: npt.NDArray[_Number], far: Wide, k: int
) -> tuple[npt.NDArray[_Number], Wide]:
    """Returns the k nearest in each row, and how far they are; NaN goes last, and of
    equally far ones the first goes first."""
    order = np.argsort(far, axis=1, kind="stable")[:, :k]
    nearest = np.take_along_axis(numbers, order, axis=1)
    return nearest, np.take_along_axis(far, order, axis=1)


def counted(sizes: npt.NDArray[np.integer]) -> Numbers:
    """Returns 0, 1, 2, ... for each group of these sizes, one group after the other."""
    starts = np.cumsum(sizes) - sizes
    found: Numbers = np.arange(sizes.sum()) - np.repeat(starts, sizes)
    return found
