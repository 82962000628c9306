"""The basis of a series, and the positions of its tokens in it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import projection
from tb_wordembed.analysis.moments import Moments, pool
from tb_wordembed.analysis.sums import moments
from tb_wordembed.engine.local import LOCAL
from tb_wordembed.integers import positive_integer
from tb_wordembed.read.change_axis import ChangeAxis, change_axis, first_is_alone
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.reference import (
    Reference,
    Tables,
    aligned_tables,
    alignment,
    as_reference,
    matched_tables,
)

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

_BLOCK_BYTES = 1 << 20
"""The size of a row block that is projected: it stays in the processor's cache."""


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
    chosen, full = _places(components), _full_basis(series)
    directions, shares = full.components, full.shares
    if CHANGE in components:
        # The last, as the places of _places are.
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
    alone = first_is_alone(_full_basis(series).shares, series.shape[1])
    # A token that came later has no place along the component of change.
    if not alone or series.absent(series.steps[0]).any():
        return list(FIRST_THREE)
    return [1, CHANGE, 2] if _change_axis(series).stands_out else list(FIRST_THREE)


def _change_axis(series: LoggedSeries) -> ChangeAxis:
    def compute() -> ChangeAxis:
        first = _full_basis(series).components[0]
        return change_axis(series, basis_steps(series), first)

    return series.skip_damaged(compute)


def _full_basis(series: LoggedSeries) -> projection.Basis:
    def compute() -> projection.Basis:
        steps = basis_steps(series)
        return series.cache.get(
            ("basis", MOST_COMPONENTS, series.content_id(*steps)),
            lambda: projection.principal_basis(
                _moments_of(series, steps), MOST_COMPONENTS
            ),
            kinds=(projection.Basis,),
        )

    return series.skip_damaged(compute)


def pooled_moments(series: LoggedSeries) -> Moments:
    """Returns the moments of the rows that the basis pools."""

    def compute() -> Moments:
        steps = basis_steps(series)
        return series.cache.get(
            ("pooled moments", series.content_id(*steps)),
            lambda: _moments_of(series, steps),
            kinds=(Moments,),
        )

    return series.skip_damaged(compute)


def _moments_of(series: LoggedSeries, steps: Sequence[int]) -> Moments:
    most_rows = MOST_BASIS_ROWS // len(steps)

    def work(step: int) -> Moments:
        return moments(series.sample_blocks(step, most_rows), series.shape[1])

    return pool(LOCAL.map(work, steps))


def positions(
    series: LoggedSeries, step: int, components: Sequence[int] = FIRST_THREE
) -> npt.NDArray[np.float32]:
    """Returns the table at a step in the shared basis, float32
    ``[vocab_size, len(components)]``; see ``basis``."""
    chosen = _places(components)
    if CHANGE in components:
        return _with_change(series, step, components)
    if max(chosen, default=0) < len(FIRST_THREE):
        first = _first_three(series, step).positions
        return first if chosen == [0, 1, 2] else first[:, chosen]
    return series.cache.get(
        ("positions", *_projection_id(series, step), *chosen),
        lambda: _others(series, step, chosen),
        kinds=(),
    )


def reference_positions(
    series: LoggedSeries,
    from_step: int,
    to_step: int,
    reference: Reference | LoggedSeries,
    components: Sequence[int] = FIRST_THREE,
) -> npt.NDArray[np.float32]:
    """Returns where the tokens of a series are in another one, in the basis of this
    one: float32 ``[vocab_size, len(components)]``, NaN for a token that the other
    lacks. They compare with ``positions`` of this one at ``to_step``. Along the
    component of change they say how far the tokens went since its own first step.

    Args:
      from_step: a step of the reference.
      to_step: the step of this series upon whose table that of the reference is laid;
        see ``tb_wordembed.read.reference.alignment``, also for errors.
    """
    shown = basis(series, components)
    tables = aligned_tables(series, from_step, to_step, reference)

    def compute() -> npt.NDArray[np.float32]:
        laid = alignment(series, from_step, to_step, reference)
        matched = matched_tables(series, reference)
        found = _projected(shown.before(laid), matched, from_step).positions
        if CHANGE in components:
            first = as_reference(reference).series.steps[0]
            there = _along_change(series, tables, first)
            found[:, np.equal(components, CHANGE)] -= there
        return found

    key = tables.content_id(from_step), _basis_id(shown), *components
    return series.cache.get(("positions", *key), compute)


def explained_variance_ratio(
    series: LoggedSeries, step: int, components: Sequence[int] = FIRST_THREE
) -> npt.NDArray[np.float64]:
    """Returns the share of the variance at a step that each component shows, float64
    ``[len(components)]``; NaN for the component of change."""
    chosen = _places(components)
    ratio = np.append(_first_three(series, step).explained_variance_ratio, np.nan)
    return ratio[chosen]


def trails(
    series: LoggedSeries,
    indices: Sequence[int],
    components: Sequence[int] = FIRST_THREE,
) -> npt.NDArray[np.float32]:
    """Returns the positions of some tokens at all steps in the shared basis, float32
    ``[len(indices), steps, len(components)]``. Only their rows are read."""
    rows, shown = series.rows_at_all_steps(indices), basis(series, components)
    found = np.stack([shown.project(table) for table in rows], axis=1)
    change = np.equal(components, CHANGE)
    found[:, :, change] -= found[:, :1, change]
    return found


def _with_change(
    series: LoggedSeries, step: int, components: Sequence[int]
) -> npt.NDArray[np.float32]:
    found = np.empty((series.shape[0], len(components)), np.float32)
    others = [one for one in components if one != CHANGE]
    found[:, np.not_equal(components, CHANGE)] = positions(series, step, others)
    shown = basis(series, [CHANGE])
    there, first = (
        series.cache.get(
            ("along change", series.content_id(one), _basis_id(shown)),
            partial(_along_change, series, series, one),
            kinds=(),
        )
        for one in (step, series.steps[0])
    )
    found[:, np.equal(components, CHANGE)] = there - first
    return found


def _along_change(
    series: LoggedSeries, tables: Tables, step: int
) -> npt.NDArray[np.float32]:
    """Returns the projection of a table on the component of change of a series,
    ``[rows, 1]``."""
    shown = basis(series, [CHANGE])
    return projection.project(shown, tables.row_blocks(step), series.shape).positions


def _projected(
    shown: projection.Basis, tables: Tables, step: int, most: int | None = None
) -> projection.Projection:
    rows = max(1, _BLOCK_BYTES // (4 * tables.shape[1]))
    engine = tables.engine
    blocks = tables.row_blocks(step, rows, engine.threads)
    return projection.project(shown, blocks, tables.shape, engine, most)


def _others(
    series: LoggedSeries, step: int, chosen: Sequence[int]
) -> npt.NDArray[np.float32]:
    """Returns the positions along some components, and keeps what ``_first_three``
    returns, too."""
    found = _projected(_full_basis(series), series, step)
    first = np.ascontiguousarray(found.positions[:, : len(FIRST_THREE)])
    kept = projection.Projection(first, found.explained_variance_ratio)
    series.cache.put(_first_three_key(series, step), kept)
    return found.positions[:, chosen]


def _first_three(series: LoggedSeries, step: int) -> projection.Projection:
    """Returns the positions along the first three components, and the shares of the
    variance along all."""
    return series.cache.get(
        _first_three_key(series, step),
        lambda: _projected(_full_basis(series), series, step, len(FIRST_THREE)),
        kinds=(projection.Projection,),
    )


def _first_three_key(series: LoggedSeries, step: int) -> tuple[Hashable, ...]:
    return "first three", *_projection_id(series, step)


def _projection_id(series: LoggedSeries, step: int) -> tuple[Hashable, ...]:
    return series.content_id(step), _basis_id(_full_basis(series))


def _basis_id(of: projection.Basis) -> Hashable:
    return of.mean.tobytes(), of.components.tobytes()


def _places(components: Sequence[int]) -> list[int]:
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
