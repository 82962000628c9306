"""The basis of a series: the principal components that its map shows, and the axis of
change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tb_wordembed.analysis import projection
from tb_wordembed.analysis.block_sums import moments
from tb_wordembed.analysis.rows import Wide
from tb_wordembed.analysis.sampled_rows import sampled_rows
from tb_wordembed.analysis.table_moments import Moments, pool
from tb_wordembed.engine.local import LOCAL
from tb_wordembed.integers import positive_integer
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.series_outline import skips_damaged

MOST_BASIS_STEPS = 16
"""The largest number of steps that the basis pools: more hardly change it."""

MOST_BASIS_ROWS = 1 << 18
"""About the number of rows that all these steps together pool, evenly spread: more
hardly change the basis."""

MOST_COMPONENTS = 10
"""The number of principal components that can be shown."""

FIRST_THREE = (1, 2, 3)

CHANGE = 0
"""The number of the component of change. Along it, a token's coordinate is how far it
went since the first step, in a direction beside the first principal component."""

_MOST = 0.5
"""The share of the variance from which on the first component holds most of it."""

_LIKE_ANY = 1.5
"""A component with less variance than so many times the mean of all but the first is
like any direction."""

_STANDS_OUT = 2.0
"""How many times the variance of the next direction of change that along it is."""

_ROUNDING = 1e-8
"""The share of the variance of all change that may be rounding."""


def basis_steps(series: LoggedSeries) -> list[int]:
    """Returns the steps that are pooled for the basis, ``MOST_BASIS_STEPS`` at most:
    every step from the first on, or every second, fourth, eighth... The stride is a
    power of two so that most new steps of a training don't change the basis."""
    steps, stride = series.steps, 1
    while len(steps) > MOST_BASIS_STEPS * stride:
        stride *= 2
    return steps[::stride]


def basis(
    series: LoggedSeries, components: Sequence[int] = FIRST_THREE
) -> projection.Basis:
    """Returns principal components of the pooled steps.

    Args:
      components: the numbers of the components, from 1 to 10, by falling variance, or
        0 for the component of change; see ``shown_components``. Those beyond
        ``embedding_dim`` are zero.

    Raises:
      ValueError: there is no such component.
    """
    chosen, full = places(components), full_basis(series)
    directions, shares = full.components, full.shares
    if CHANGE in components:
        # The last, as ``places`` has it.
        directions = np.vstack([directions, _change_axis(series).direction])
        shares = np.append(shares, np.nan)
    return projection.Basis(full.mean, directions[chosen], shares[chosen])


def shown_components(series: LoggedSeries) -> list[int]:
    """Returns the three components that a map of the series shows, the third in depth,
    unless others are asked for: the first, second and third.

    The first component may hold most of the variance, and the others, the second too,
    no more than any direction has: then a map of the first two shows one direction
    and chance. If so, and if changes since the first step have a direction of their own
    beside the first component, the component of change takes the second place; unless
    tokens came later, which have no place along it.

    Most is half of the variance of the pooled steps; no more is less than 1.5 times the
    mean of all but the first; a direction of its own has twice the variance of the
    next.
    """
    alone = _first_is_alone(full_basis(series).shares, series.shape[1])
    # A token that came later has no place along the component of change.
    if not alone or series.absent(series.steps[0]).any():
        return list(FIRST_THREE)
    return [1, CHANGE, 2] if _change_axis(series).stands_out else list(FIRST_THREE)


def _first_is_alone(shares: Wide, dim: int) -> bool:
    """Returns whether the first principal component holds most of the variance, and the
    second no more than any direction."""
    if dim <= 3 or not shares[0] >= _MOST:
        return False
    mean = (1 - shares[0]) / (dim - 1)
    return bool(shares[1] < _LIKE_ANY * mean)


@dataclass(frozen=True)
class _ChangeAxis:
    """A unit vector, float64 ``[embedding_dim]``, and whether the change along it is at
    least twice, in variance, that along any direction orthogonal to it and to the first
    component."""

    direction: Wide
    stands_out: bool


@skips_damaged
def _change_axis(series: LoggedSeries) -> _ChangeAxis:
    """Returns the direction, orthogonal to the first principal component, along which
    the changes of tokens since the first step differ most: their first principal
    component there. It is taken from some evenly spaced rows, 4,096 at most."""
    steps, first = basis_steps(series), full_basis(series).components[0]

    def compute() -> _ChangeAxis:
        dim = series.shape[1]
        some = sampled_rows(*series.shape).tolist()
        # In float32, sums along the first component would round away those beside it.
        before = series.rows(steps[0], some).astype(np.float64)
        with np.errstate(all="ignore"):
            changes = (series.rows(step, some) - before for step in steps)
            found = pool(moments([(0, change)], dim) for change in changes)
        covariance = found.covariance()
        beside = np.eye(dim) - np.outer(first, first)
        values, vectors = np.linalg.eigh(beside @ covariance @ beside)
        direction = vectors[:, -1]
        if direction[np.abs(direction).argmax()] < 0:
            direction = -direction
        next_one = values[-2] if dim > 1 else 0.0
        least = max(_STANDS_OUT * next_one, _ROUNDING * float(np.trace(covariance)))
        return _ChangeAxis(direction, bool(values[-1] > least))

    return series.cache.get(
        ("change axis", series.content_id(*steps), first.tobytes()),
        compute,
        kinds=(_ChangeAxis,),
    )


@skips_damaged
def full_basis(series: LoggedSeries) -> projection.Basis:
    """Returns all principal components that can be shown."""
    steps = basis_steps(series)
    return series.cache.get(
        ("basis", MOST_COMPONENTS, series.content_id(*steps)),
        lambda: projection.principal_basis(_moments_of(series, steps), MOST_COMPONENTS),
        kinds=(projection.Basis,),
    )


@skips_damaged
def pooled_moments(series: LoggedSeries) -> Moments:
    """Returns the moments of the rows that the basis pools."""
    steps = basis_steps(series)
    return series.cache.get(
        ("pooled moments", series.content_id(*steps)),
        lambda: _moments_of(series, steps),
        kinds=(Moments,),
    )


def _moments_of(series: LoggedSeries, steps: Sequence[int]) -> Moments:
    most_rows = MOST_BASIS_ROWS // len(steps)

    def work(step: int) -> Moments:
        return moments(series.sample_blocks(step, most_rows), series.shape[1])

    return pool(LOCAL.map(work, steps))


def places(components: Sequence[int]) -> list[int]:
    """Returns the positions of components, from 0; -1 for that of change."""
    if len(components) > MOST_COMPONENTS:
        raise ValueError(
            f"{len(components)} components are asked for; expected {MOST_COMPONENTS} "
            "at most"
        )
    return [
        -1
        if number == CHANGE
        else positive_integer("component", number, MOST_COMPONENTS) - 1
        for number in components
    ]
