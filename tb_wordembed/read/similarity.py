"""How alike the tables at many steps are, each with every other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar, get_args

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.cka import Products, SimilarityMeasure, cka_matrix
from tb_wordembed.analysis.neighbors.given_rows import Neighbors, nearest
from tb_wordembed.analysis.neighbors.metrics import MOST_NEIGHBORS
from tb_wordembed.analysis.neighbors.turnover import turnover
from tb_wordembed.analysis.rows import finite
from tb_wordembed.engine.local import LOCAL
from tb_wordembed.engine.progress import Progress, counted, part, silent
from tb_wordembed.integers import positive_integer
from tb_wordembed.read.drift import norms
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.reference import Reference, as_reference, matched_tables
from tb_wordembed.read.tables import Tables

MOST_STEPS = 64
"""The largest number of steps of each side: each is compared with all others."""

SAMPLE = 1000
"""The number of tokens that are compared."""

MOST_SAMPLED = 2000
"""The largest number of them: each pair of them takes 4 bytes at every step."""

T = TypeVar("T")

_Side = list[tuple[Tables, int]]
"""The tables of one side: whose each is, and at which step."""


@dataclass(frozen=True)
class SimilarityMatrix:
    """How alike the tables of two sides are: of each step with each other.

    Attributes:
      from_steps: steps of the reference.
      to_steps: steps of the series.
      values: float64 ``[from_steps, to_steps]``; NaN where there is nothing to compare,
        such as a table that is nowhere finite.
      sampled: the number of tokens that were compared.
      population: the number of tokens that they were taken from: those that both sides
        have at the first of their steps.
    """

    from_steps: list[int]
    to_steps: list[int]
    values: npt.NDArray[np.float64]
    sampled: int
    population: int


def similarity_matrix(
    series: LoggedSeries,
    from_steps: Sequence[int] | None = None,
    to_steps: Sequence[int] | None = None,
    measure: SimilarityMeasure = "cka",
    k: int = 10,
    *,
    reference: Reference | LoggedSeries | None = None,
    sample: int = SAMPLE,
    progress: Progress = silent,
) -> SimilarityMatrix:
    """Returns how alike the tables at all steps are, each with every other: phases of a
    training stand out as blocks.

    Args:
      from_steps: steps of the reference, ``MOST_STEPS`` at most. None takes all of
        them; of more, every second, fourth, eighth... and the last. Without a
        reference, None takes ``to_steps``.
      to_steps: the same of this series.
      measure: see ``SimilarityMeasure``.
      k: the number of neighbors, for ``overlap``.
      reference: another series to compare with, whose rows are matched by their tokens.
        The tables may have different dimensions.
      sample: the number of tokens that are compared, spread evenly over the table. For
        ``overlap``, their neighbors are looked up among all tokens.
      progress: the share of the tables that are done.

    Raises:
      NotFoundError: there is no such step.
      ValueError: there are too many steps or tokens, or the series can't be compared.
    """
    if measure not in get_args(SimilarityMeasure):
        raise ValueError(
            f"measure={measure!r}: expected one of {get_args(SimilarityMeasure)}"
        )
    sample = positive_integer("sample", sample, MOST_SAMPLED)
    k = positive_integer("k", k, MOST_NEIGHBORS)
    other = series if reference is None else as_reference(reference).series

    def compute() -> SimilarityMatrix:
        first = second = _side(series, series, to_steps)
        if reference is not None or from_steps is not None:
            first = _side(other, matched_tables(series, reference), from_steps)
        sides = first, second
        ids = [
            tuple((step, tables.content_id(step)) for tables, step in side)
            for side in sides
        ]
        return series.cache.get(
            ("similarity_matrix", *ids, measure, k, sample),
            lambda: _compare(sides, measure, k, sample, progress),
            kinds=(SimilarityMatrix,),
        )

    return series.skip_damaged(lambda: other.skip_damaged(compute))


def some_steps(steps: Sequence[int]) -> list[int]:
    """Returns ``MOST_STEPS`` of the steps at most: all of them, or every second,
    fourth, eighth... and the last. Most new steps of a training don't change the
    others."""
    stride = 1
    while len(steps) > (MOST_STEPS - 1) * stride + 1:
        stride *= 2
    found = list(steps[::stride])
    return found if found[-1] == steps[-1] else [*found, steps[-1]]


def _side(owner: LoggedSeries, tables: Tables, asked: Sequence[int] | None) -> _Side:
    if asked is not None and not 1 <= len(asked) <= MOST_STEPS:
        raise ValueError(f"{len(asked)} steps; expected 1 to {MOST_STEPS}")
    for step in asked or ():
        owner.check_step(step)
    steps = some_steps(owner.steps) if asked is None else asked
    return [(tables, step) for step in steps]


def _compare(
    sides: tuple[_Side, _Side],
    measure: SimilarityMeasure,
    k: int,
    sample: int,
    progress: Progress,
) -> SimilarityMatrix:
    # The rows that are finite at the first step of both.
    sound = np.all([np.isfinite(norms(*side[0])) for side in sides], axis=0)
    population = np.flatnonzero(sound if sound.any() else np.ones_like(sound))
    places = np.linspace(0, len(population) - 1, min(sample, len(population)))
    rows = population[places.round().astype(np.int64)]
    if measure == "cka":
        values, sampled = _cka(sides, rows, progress)
    else:
        values, sampled = _overlap(sides, rows, k, progress), len(rows)
    from_steps, to_steps = ([step for _, step in side] for side in sides)
    count = int(np.count_nonzero(sound))
    return SimilarityMatrix(from_steps, to_steps, values, sampled, count)


def _cka(
    sides: tuple[_Side, _Side], rows: npt.NDArray[np.int64], progress: Progress
) -> tuple[npt.NDArray[np.float64], int]:
    """Returns the matrix, and over how many of the rows it is: those that are finite
    wherever enough of them are."""

    def finite_rows(tables: Tables, step: int) -> npt.NDArray[np.bool_]:
        return finite(tables.rows(step, rows.tolist()))

    masks = _of_both(sides, finite_rows, part(progress, 0, 0.3))
    both = [np.stack(one) for one in masks]
    enough = [one.sum(axis=1) >= _FEWEST_ROWS for one in both]
    kept = np.ones(len(rows), np.bool_)
    for mask, is_enough in zip(both, enough, strict=True):
        kept &= mask[is_enough].all(axis=0)
    shared = rows[kept].tolist()

    def products(tables: Tables, step: int) -> Products:
        return Products.of(tables.rows(step, shared))

    found = _of_both(sides, products, part(progress, 0.3, 0.6))
    values = cka_matrix(*found)
    values[~enough[0]], values[:, ~enough[1]] = np.nan, np.nan
    return values, len(shared)


_FEWEST_ROWS = 4
"""The number of rows that debiased CKA needs."""


def _overlap(
    sides: tuple[_Side, _Side],
    rows: npt.NDArray[np.int64],
    k: int,
    progress: Progress,
) -> npt.NDArray[np.float64]:
    def near(tables: Tables, step: int) -> Neighbors:
        return tables.cache.get(
            ("nearest to some", tables.content_id(step), rows.tobytes(), k),
            lambda: nearest(
                tables.row_blocks(step),
                tables.rows(step, rows.tolist()),
                k,
                "cosine",
                rows,
            ),
            kinds=(Neighbors,),
        )

    before, after = _of_both(sides, near, part(progress, 0, 0.9))
    values = np.empty((len(before), len(after)))
    for row, one in enumerate(counted(before, len(before), part(progress, 0.9, 0.1))):
        for column, other in enumerate(after):
            is_known = sides[0] is sides[1] and column < row
            values[row, column] = (
                values[column, row] if is_known else _mean_overlap(one, other)
            )
    return values


def _mean_overlap(before: Neighbors, after: Neighbors) -> float:
    """Returns the mean of the tokens that have neighbors at both steps."""
    overlap = turnover(before, after).overlap
    has_both = (before.indices[:, 0] >= 0) & (after.indices[:, 0] >= 0)
    return float(overlap[has_both].mean()) if has_both.any() else float("nan")


def _of_both(
    sides: tuple[_Side, _Side],
    work: Callable[[Tables, int], T],
    progress: Progress,
) -> tuple[list[T], list[T]]:
    """Returns the result of ``work`` for each step of both sides; for those of one if
    they are the same."""
    first, second = sides
    tables = first if first is second else [*first, *second]
    made = LOCAL.map(lambda one: work(*one), tables)
    found = list(counted(made, len(tables), progress))
    return found[: len(first)], found[-len(second) :]
