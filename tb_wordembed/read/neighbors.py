"""The neighbors of tokens in a series, their turnover, and second-order drift.

Where a function takes a ``reference``, the first of its two steps is a step of that
series. Its rows are matched by their tokens; of a token that it lacks, no change is
known. The two tables may have different dimensions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors import second_order
from tb_wordembed.analysis.neighbors import turnover as turnovers
from tb_wordembed.analysis.neighbors.all_rows import (
    all_nearest,
    all_nearest_by_segments,
)
from tb_wordembed.analysis.neighbors.given_rows import (
    Neighbors,
    nearest_by_segments,
)
from tb_wordembed.analysis.neighbors.metrics import MOST_NEIGHBORS, Metric, usable
from tb_wordembed.analysis.neighbors.turnover import (
    Change,
    Sampled,
    Turnover,
    TurnoverEstimate,
)
from tb_wordembed.analysis.rows import Rows
from tb_wordembed.engine.local import TREE_WIDTH
from tb_wordembed.engine.progress import Progress, part, silent
from tb_wordembed.engine.segments import Counted, SegmentEngine, divided
from tb_wordembed.integers import positive_integer
from tb_wordembed.read.labels import labeled
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.reference import Reference, content_of_both, matched_tables
from tb_wordembed.read.tables import Tables


@dataclass(frozen=True)
class Neighbor:
    """A row near another one."""

    index: int
    token: str
    distance: float


@dataclass(frozen=True)
class NeighborChange:
    """The neighbors of a token at two steps, and their comparison."""

    before: list[Neighbor]
    after: list[Neighbor]
    change: Change


def neighbors(
    series: LoggedSeries,
    token_or_index: str | int,
    step: int,
    k: int = 10,
    metric: Metric = "cosine",
) -> list[Neighbor]:
    """Returns the k tokens nearest to a token at a step, nearest first; exact, without
    the token itself. See ``tb_wordembed.analysis.neighbors.given_rows``.

    Raises:
      NotFoundError: there is no such token or step.
    """
    index = series.index_of(token_or_index)
    return _labeled(series, nearest_rows(series, index, step, k, metric))


def neighbor_change(
    series: LoggedSeries,
    token_or_index: str | int,
    from_step: int,
    to_step: int,
    k: int = 10,
    metric: Metric = "cosine",
    *,
    reference: Reference | LoggedSeries | None = None,
) -> NeighborChange:
    """Compares the neighbors of a token at two steps: gained, kept and lost. Its
    overlap is NaN if it is at one of the steps only."""
    index = series.index_of(token_or_index)
    tables = matched_tables(series, reference)
    before = nearest_rows(tables, index, from_step, k, metric)
    after = nearest_rows(series, index, to_step, k, metric)
    change = turnovers.change(before.of(0)[0], after.of(0)[0])
    if tables.absent(from_step)[index] != series.absent(to_step)[index]:
        change = replace(change, overlap=float("nan"), jaccard=float("nan"))
    return NeighborChange(_labeled(series, before), _labeled(series, after), change)


def all_neighbors(
    series: Tables,
    step: int,
    k: int = 10,
    metric: Metric = "cosine",
    progress: Progress = silent,
) -> Neighbors:
    """Returns the k nearest tokens of every token at a step, exact, as ``neighbors``
    does for one. See ``tb_wordembed.analysis.neighbors.all_rows``."""
    k = positive_integer("k", k, MOST_NEIGHBORS)

    def find() -> Neighbors:
        # All blocks are one segment.
        table = divided(series.row_blocks(step), series.shape[0])
        if table is None or not isinstance(series.engine, SegmentEngine):
            return all_nearest(series.table(step), k, metric, progress)
        rows = max(1, _ROWS_AT_ONCE // TREE_WIDTH)
        given = Counted(
            series.row_blocks(step, rows), math.ceil(series.shape[0] / rows), progress
        )
        return all_nearest_by_segments(series.engine, given, table[0], k, metric)

    key = _all_key(series, step, k, metric)
    return series.cache.get(key, find, kinds=(Neighbors,))


_ROWS_AT_ONCE = 8192
"""About the number of rows whose neighbors a process elsewhere finds at a time, each
time with a pass through the table."""


def turnover(
    series: LoggedSeries,
    from_step: int,
    to_step: int,
    k: int = 10,
    metric: Metric = "cosine",
    progress: Progress = silent,
    *,
    reference: Reference | LoggedSeries | None = None,
) -> Turnover:
    """Returns how many of its k neighbors every token kept between two steps; exact.
    See ``tb_wordembed.analysis.neighbors.turnover``."""
    tables = matched_tables(series, reference)
    before = all_neighbors(tables, from_step, k, metric, part(progress, 0, 0.5))
    after = all_neighbors(series, to_step, k, metric, part(progress, 0.5, 0.5))
    missing = tables.absent(from_step) ^ series.absent(to_step)
    return turnovers.turnover(before, after, missing)


def known_neighbors(
    series: Tables, step: int, k: int, metric: Metric = "cosine"
) -> Neighbors | None:
    """Returns ``all_neighbors`` if they are in memory, else None."""
    found: Neighbors | None = series.cache.kept(_all_key(series, step, k, metric))
    return found


def _all_key(series: Tables, step: int, k: int, metric: Metric) -> tuple[object, ...]:
    return "all_neighbors", series.content_id(step), k, metric


def turnover_estimate(
    series: LoggedSeries,
    from_step: int,
    to_step: int,
    k: int = 10,
    metric: Metric = "cosine",
    sample: int = 1000,
    *,
    reference: Reference | LoggedSeries | None = None,
) -> TurnoverEstimate:
    """Estimates the mean overlap@k of all tokens, with its standard error, from
    ``sample`` tokens."""
    tables = matched_tables(series, reference)
    k = positive_integer("k", k, MOST_NEIGHBORS)
    sample = positive_integer("sample", sample)
    ids = content_of_both(series, from_step, to_step, reference)
    return series.cache.get(
        ("turnover_estimate", ids, k, metric, sample),
        lambda: turnovers.estimated_turnover(
            _sampled(tables, from_step, k, metric),
            _sampled(series, to_step, k, metric),
            sample,
            missing=tables.absent(from_step) ^ series.absent(to_step),
        ),
        kinds=(TurnoverEstimate,),
    )


def _sampled(series: Tables, step: int, k: int, metric: Metric) -> Sampled:
    engine = series.engine
    blocks = series.row_blocks(step, buffers=engine.threads)
    found = np.concatenate([*engine.map(partial(_usable, metric), blocks)])

    def find(drawn: npt.NDArray[np.int64]) -> Neighbors:
        rows = series.rows(step, drawn.tolist())
        blocks = series.row_blocks(step)
        return nearest_by_segments(engine, blocks, rows, k, metric, drawn)

    return Sampled(found, find)


def _usable(metric: Metric, block: tuple[int, Rows]) -> npt.NDArray[np.bool_]:
    return usable(block[1], metric)


def second_order_drift(
    series: LoggedSeries,
    token_or_index: str | int,
    from_step: int,
    to_step: int,
    k: int = 10,
    *,
    reference: Reference | LoggedSeries | None = None,
) -> float:
    """Returns how much the similarity of a token to its neighbors changed between two
    steps; see ``tb_wordembed.analysis.neighbors.second_order``."""
    index = series.index_of(token_or_index)
    both = (matched_tables(series, reference), from_step), (series, to_step)
    near = {
        other
        for tables, step in both
        for other in nearest_rows(tables, index, step, k).of(0)[0].tolist()
    }
    before, after = (tables.rows(step, [index, *sorted(near)]) for tables, step in both)
    return second_order.second_order_drift(before[0], after[0], before[1:], after[1:])


def all_second_order_drift(
    series: LoggedSeries,
    from_step: int,
    to_step: int,
    k: int = 10,
    progress: Progress = silent,
    *,
    reference: Reference | LoggedSeries | None = None,
) -> npt.NDArray[np.float32]:
    """Returns ``second_order_drift`` of every token, float32 ``[vocab_size]``."""
    tables = matched_tables(series, reference)
    before = all_neighbors(tables, from_step, k, "cosine", part(progress, 0, 0.45))
    after = all_neighbors(series, to_step, k, "cosine", part(progress, 0.45, 0.45))
    return second_order.all_second_order_drift(
        tables.table(from_step),
        series.table(to_step),
        before.indices,
        after.indices,
        part(progress, 0.9, 0.1),
    )


def nearest_rows(
    series: Tables, index: int, step: int, k: int, metric: Metric = "cosine"
) -> Neighbors:
    """Returns the k rows nearest to a row at a step, without their tokens."""
    k = positive_integer("k", k, MOST_NEIGHBORS)

    def find() -> Neighbors:
        rows = series.rows(step, [index])
        own = np.array([index])
        blocks = series.row_blocks(step)
        return nearest_by_segments(series.engine, blocks, rows, k, metric, own)

    return series.cache.get(
        ("nearest", series.content_id(step), index, k, metric), find
    )


def _labeled(series: LoggedSeries, near: Neighbors) -> list[Neighbor]:
    return [Neighbor(*one) for one in labeled(series.labels, *near.of(0))]
