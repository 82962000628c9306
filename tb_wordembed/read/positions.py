"""The positions of tokens in the basis of a series: where its map shows them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import projection
from tb_wordembed.read.basis import CHANGE, FIRST_THREE, basis, full_basis, places
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.reference import (
    Reference,
    aligned_tables,
    alignment,
    as_reference,
    content_of_both,
    matched_tables,
)
from tb_wordembed.read.tables import Tables

_BLOCK_BYTES = 1 << 20
"""The size of a row block that is projected: it stays in the processor's cache."""


def positions(
    series: LoggedSeries, step: int, components: Sequence[int] = FIRST_THREE
) -> npt.NDArray[np.float32]:
    """Returns the table at a step in the shared basis, float32
    ``[vocab_size, len(components)]``; see ``basis``."""
    chosen = places(components)
    if CHANGE in components:
        return _with_change(series, step, components)
    if max(chosen, default=0) < len(FIRST_THREE):
        first = _first_three(series, step).positions
        # A view of the first ones takes no memory.
        count = len(chosen)
        return first[:, :count] if chosen == [*range(count)] else first[:, chosen]
    return series.cache.get(
        _key("positions", series, step, *chosen),
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
    laid = alignment(series, from_step, to_step, reference)

    def compute() -> npt.NDArray[np.float32]:
        matched = matched_tables(series, reference)
        found = _projected(shown.before(laid), matched, from_step).positions
        if CHANGE in components:
            first = as_reference(reference).series.steps[0]
            tables = aligned_tables(series, from_step, to_step, reference)
            there = _projected(basis(series, [CHANGE]), tables, first).positions
            found[:, np.equal(components, CHANGE)] -= there
        return found

    both = content_of_both(series, from_step, to_step, reference)
    key = both, _basis_id(shown), *components
    return series.cache.get(("positions", *key), compute)


def explained_variance_ratio(
    series: LoggedSeries, step: int, components: Sequence[int] = FIRST_THREE
) -> npt.NDArray[np.float64]:
    """Returns the share of the variance at a step that each component shows, float64
    ``[len(components)]``; NaN for the component of change."""
    chosen = places(components)
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
            partial(_projected, shown, series, one),
            kinds=(projection.Projection,),
        ).positions
        for one in (step, series.steps[0])
    )
    found[:, np.equal(components, CHANGE)] = there - first
    return found


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
    found = _projected(full_basis(series), series, step)
    first = np.ascontiguousarray(found.positions[:, : len(FIRST_THREE)])
    kept = projection.Projection(first, found.explained_variance_ratio)
    series.cache.put(_key("first three", series, step), kept)
    return found.positions[:, chosen]


def _first_three(series: LoggedSeries, step: int) -> projection.Projection:
    """Returns the positions along the first three components, and the shares of the
    variance along all."""
    return series.cache.get(
        _key("first three", series, step),
        lambda: _projected(full_basis(series), series, step, len(FIRST_THREE)),
        kinds=(projection.Projection,),
    )


def _key(what: str, series: LoggedSeries, step: int, *more: int) -> Hashable:
    return what, series.content_id(step), _basis_id(full_basis(series)), *more


def _basis_id(of: projection.Basis) -> Hashable:
    return of.mean.tobytes(), of.components.tobytes()
