"""Bounds on the distances of points, from products of vectors."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors.distinct_points import Distinct
from tb_wordembed.analysis.neighbors.metrics import Numbers, rounding
from tb_wordembed.analysis.rows import Wide

Float32 = npt.NDArray[np.float32]


class Products:
    """Points as vectors ``(x, -h, 1)``, centered and scaled, h half their square.

    The product of one with another's ``(x, 1, -h)`` is minus half their squared
    distance: one matrix product compares all points of two tiles. With h a little too
    small, rounding can't bring it below the true value: it is an upper bound, and
    less the spreads of both points it is a lower one.

    Args:
      order: those to take, in the order in which they are kept.
    """

    def __init__(self, distinct: Distinct, order: Numbers) -> None:
        dim = distinct.table.shape[1]
        slack = 2 * rounding(dim, np.float32)
        center, scale = _frame(distinct, order)
        self.order = order
        self.vectors: Float32 = np.ones((len(order), dim + 2), np.float32)
        self.spreads: Float32 = np.empty(len(order), np.float32)
        for part, points in distinct.blocks(order):
            points = (points - center) * scale
            half = np.einsum("ij,ij->i", points, points) / 2
            self.vectors[part, :dim] = points
            self.vectors[part, dim] = (slack - 1) * half
            # Beside what is relative: the smallest numbers have fewer digits.
            self.spreads[part] = 2 * slack * half + 1e-30

    def left(self, part: slice | Numbers) -> Float32:
        """Returns vectors as the left side of a product; the right one is ``vectors``
        transposed."""
        vectors: Float32 = self.vectors[part].copy()
        vectors[:, -2:] = vectors[:, :-3:-1].copy()
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
