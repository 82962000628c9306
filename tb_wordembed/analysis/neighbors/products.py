"""Bounds on the distances of points, from products of vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors.distinct import Distinct, Numbers
from tb_wordembed.analysis.neighbors.given_rows import rounding
from tb_wordembed.analysis.rows import Wide

Floats = npt.NDArray[Any]
"""float32 or float64."""


class Products:
    """Points as vectors ``(x, -h, 1)``, centered and scaled, h half their square.

    The product of one with another's ``(x, 1, -h)`` is minus half their squared
    distance: one matrix product compares all points of two tiles. With h a little too
    small, rounding can't bring it below the true value: it is an upper bound, and
    less the spreads of both points it is a lower one.

    Args:
      distinct: the points.
      order: those to take, in the order in which they are kept.
      dtype: float32, or float64 when float32 is too coarse.
    """

    def __init__(
        self, distinct: Distinct, order: Numbers, dtype: npt.DTypeLike
    ) -> None:
        dim = distinct.table.shape[1]
        slack = 2 * rounding(dim, dtype)
        center, scale = _frame(distinct, order)
        self.order = order
        self.vectors: Floats = np.ones((len(order), dim + 2), dtype)
        self.spreads: Floats = np.empty(len(order), dtype)
        for part, points in distinct.blocks(order):
            points = (points - center) * scale
            half = np.einsum("ij,ij->i", points, points) / 2
            self.vectors[part, :dim] = points
            self.vectors[part, dim] = (slack - 1) * half
            # Beside what is relative: the smallest numbers have fewer digits.
            self.spreads[part] = 2 * slack * half + 1e-30

    def left(self, part: slice | Numbers) -> Floats:
        """Returns vectors as the left side of a product."""
        vectors: Floats = self.vectors[part].copy()
        vectors[:, -2:] = vectors[:, :-3:-1].copy()
        return vectors

    def right(self, part: slice) -> Floats:
        """Returns vectors as the right side of a product."""
        vectors: Floats = self.vectors[part].T
        return vectors


def _frame(distinct: Distinct, order: Numbers) -> tuple[Wide, float]:
    """Returns the mean of the points, and a power of two that brings them within 1 of
    it."""
    total, reach = np.zeros(distinct.table.shape[1]), 0.0
    for _, points in distinct.blocks(order):
        total += points.sum(axis=0)
        reach = max(reach, float(np.einsum("ij,ij->i", points, points).max()))
    _, exponent = np.frexp(2 * np.sqrt(reach))
    return total / max(len(order), 1), float(np.ldexp(1.0, -int(exponent)))


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


def hits(upper: Floats, mask: npt.NDArray[np.bool_]) -> tuple[Numbers, Numbers, Floats]:
    """Returns where a mask is set: rows, columns and values."""
    flat = np.flatnonzero(mask)
    rows = flat // mask.shape[1]
    return rows, flat - rows * mask.shape[1], upper.ravel()[flat]
