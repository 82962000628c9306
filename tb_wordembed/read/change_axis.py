"""The component of change: where tables of a series go beside their first component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tb_wordembed.analysis.block_sums import moments
from tb_wordembed.analysis.rows import Wide
from tb_wordembed.analysis.sampled_rows import sampled_rows
from tb_wordembed.analysis.table_moments import pool
from tb_wordembed.read.logged_series import LoggedSeries

_MOST = 0.5
"""The share of the variance from which on the first component holds most of it."""

_LIKE_ANY = 1.5
"""A component with less variance than so many times the mean of all but the first is
like any direction."""

_STANDS_OUT = 2.0
"""How many times the variance of the next direction of change that along it is."""

_ROUNDING = 1e-8
"""The share of the variance of all change that may be rounding."""


def first_is_alone(shares: Wide, dim: int) -> bool:
    """Returns whether the first principal component holds most of the variance, and the
    second no more than any direction.

    Args:
      shares: of the variance, along each component.
      dim: the number of directions.
    """
    if dim <= 3 or not shares[0] >= _MOST:
        return False
    mean = (1 - shares[0]) / (dim - 1)
    return bool(shares[1] < _LIKE_ANY * mean)


@dataclass(frozen=True)
class ChangeAxis:
    """A direction.

    Attributes:
      direction: a unit vector, float64 ``[embedding_dim]``.
      stands_out: whether the change along it is at least twice, in variance, that
        along any direction orthogonal to it and to the first component.
    """

    direction: Wide
    stands_out: bool


def change_axis(
    series: LoggedSeries, steps: Sequence[int], first_component: Wide
) -> ChangeAxis:
    """Returns the direction, orthogonal to the first principal component, along which
    the changes of tokens since the first step differ most: their first principal
    component there. It is taken from some evenly spaced rows, 4,096 at most.

    Args:
      steps: those whose changes are pooled; the first is the first of the series.
      first_component: a unit vector, float64 ``[embedding_dim]``.
    """

    def compute() -> ChangeAxis:
        dim = series.shape[1]
        some = sampled_rows(*series.shape).tolist()
        before = series.rows(steps[0], some)
        with np.errstate(all="ignore"):
            changes = (series.rows(step, some) - before for step in steps)
            found = pool(moments([(0, change)], dim) for change in changes)
        covariance = found.covariance()
        beside = np.eye(dim) - np.outer(first_component, first_component)
        values, vectors = np.linalg.eigh(beside @ covariance @ beside)
        direction = vectors[:, -1]
        if direction[np.abs(direction).argmax()] < 0:
            direction = -direction
        next_one = values[-2] if dim > 1 else 0.0
        least = max(_STANDS_OUT * next_one, _ROUNDING * float(np.trace(covariance)))
        return ChangeAxis(direction, bool(values[-1] > least))

    return series.cache.get(
        ("change axis", series.content_id(*steps), first_component.tobytes()),
        compute,
        kinds=(ChangeAxis,),
    )
