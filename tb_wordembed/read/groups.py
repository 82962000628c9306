"""Groups of tokens between two steps, such as genres or bands of frequency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import drift as drifts
from tb_wordembed.analysis.drift import MEASURES, Measure, block_drift
from tb_wordembed.analysis.groups import (
    GroupSums,
    Indices,
    Members,
    by_text,
    by_value,
    group_sums,
    quantiles,
    share_inside,
)
from tb_wordembed.analysis.rows import Rows, Wide, narrow, norms, side_by_side
from tb_wordembed.engine.local import LOCAL
from tb_wordembed.engine.progress import Progress, part, silent
from tb_wordembed.errors import NotFoundError, quoted
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.neighbors import all_neighbors

MOST_GROUPS = 10_000
"""The largest number of groups: each takes some numbers per dimension."""

Quantiles = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Group:
    """A group of tokens, and how it changed between two steps.

    Attributes:
      name: its name, such as a value of the column.
      rows: its rows, ascending, int64 ``[count]``.
      drift: the 10, 50 and 90 % quantiles of the drift of its tokens, float32 ``[3]``.
      norm: the same quantiles of their norms at the second step.
      unchanged: the share of its tokens whose vectors are the same at both steps.
      centroid_drift: the drift of the mean of its vectors, by the same measure.
      spread_before: the root mean square distance of its vectors from their mean, at
        the first step.
      spread_after: the same at the second step.
      inside_before: the share of the ``k`` neighbors of its tokens that are in the
        group, at the first step; NaN if ``k`` was not given.
      inside_after: the same at the second step.
    """

    name: str
    rows: Indices
    drift: Quantiles
    norm: Quantiles
    unchanged: float
    centroid_drift: float
    spread_before: float
    spread_after: float
    inside_before: float
    inside_after: float

    @property
    def count(self) -> int:
        """The number of its tokens."""
        return len(self.rows)


def groups(
    series: LoggedSeries,
    by: str | Mapping[str, Iterable[str | int]],
    from_step: int,
    to_step: int,
    measure: Measure = "cosine",
    *,
    k: int | None = None,
    progress: Progress = silent,
) -> list[Group]:
    """Returns how groups of tokens changed between two steps, in the order of ``by``.

    Each table is read once, block by block.

    Args:
      series: the series.
      by: the name of a logged column, or a dict from the name of each group to its
        tokens or rows. Each text of a column is a group. Numbers are groups, too, if
        they are up to 20 different whole numbers; others are put into up to 10 bins of
        about as many tokens. Tokens without a value are in no group.
      from_step: the step that drift is measured from.
      to_step: the step that it is measured to.
      measure: the measure of drift.
      k: the number of nearest neighbors of each token to look for in its group; None
        looks for none. This takes long in large tables.
      progress: the progress of the search for neighbors.

    Raises:
      NotFoundError: there is no such column, token or step.
      ValueError: there are more than 10,000 groups, or ``measure`` or ``k`` is not
        valid.
    """
    if measure not in MEASURES:
        raise ValueError(f"measure is {measure!r}; expected one of {MEASURES}")
    named = _rows_by_name(series, by)
    if len(named) > MOST_GROUPS:
        raise ValueError(
            f"{by if isinstance(by, str) else 'by'!r} makes {len(named):,} groups; "
            f"expected at most {MOST_GROUPS:,}, such as the values of a class"
        )
    found = _measure(series, from_step, to_step, measure, Members.of(named))
    centroids = drifts.drift(
        narrow(found.before.centroids()), narrow(found.after.centroids()), measure
    )
    spreads = found.before.spreads(), found.after.spreads()
    near = [
        all_neighbors(series, step, k, progress=part(progress, at / 2, 0.5)).indices
        for at, step in enumerate((from_step, to_step))
        if k is not None
    ]
    return [
        Group(
            name,
            rows,
            quantiles(found.drift[rows]),
            quantiles(found.norm[rows]),
            float(found.unchanged[rows].mean()) if len(rows) else np.nan,
            float(centroids[at]),
            *(float(spread[at]) for spread in spreads),
            *([share_inside(each, rows) for each in near] or (np.nan, np.nan)),
        )
        for at, (name, rows) in enumerate(named.items())
    ]


class _Measured(NamedTuple):
    """The measures of all tokens between two steps, and the sums of each group."""

    drift: Rows
    norm: Wide
    unchanged: npt.NDArray[np.bool_]
    before: GroupSums
    after: GroupSums


def _measure(
    series: LoggedSeries,
    from_step: int,
    to_step: int,
    measure: Measure,
    members: Members,
) -> _Measured:
    """Measures two tables in one pass, side by side."""

    def of_blocks(blocks: tuple[int, Sequence[Rows]]) -> _Measured:
        start, (old, new) = blocks
        inside_block = members.between(start, start + len(new))
        with np.errstate(all="ignore"):
            norm = norms(new)
            moved = block_drift(old, new, new - old, norms(old), norm)
        sums = group_sums(old, inside_block), group_sums(new, inside_block)
        return _Measured(getattr(moved, measure), norm, moved.unchanged, *sums)

    nothing = np.empty((0, series.shape[1]), np.float32)
    tables = [
        series.row_blocks(step, buffers=LOCAL.threads) for step in (from_step, to_step)
    ]
    parts = LOCAL.map(of_blocks, side_by_side(tables, series.shape))
    sums = of_blocks((0, [nothing, nothing]))
    before, after, rows = sums.before, sums.after, []
    for one in parts:
        before, after = before + one.before, after + one.after
        rows.append(one[:3])
    drift, norm, unchanged = (np.concatenate(each) for each in zip(*rows, strict=True))
    return _Measured(drift, norm, unchanged, before, after)


def _rows_by_name(
    series: LoggedSeries, by: str | Mapping[str, Iterable[str | int]]
) -> dict[str, Indices]:
    if not isinstance(by, str):
        return {
            name: np.unique(np.fromiter(map(series.index_of, tokens), np.int64))
            for name, tokens in by.items()
        }
    column = series.metadata.get(by)
    if column is None:
        raise NotFoundError(
            f"there is no column {quoted(by)}; the logged columns are "
            f"{', '.join(map(quoted, series.metadata)) or 'none'}"
        )

    def compute() -> dict[str, Indices]:
        return by_value(column) if isinstance(column, np.ndarray) else by_text(column)

    return series.cache.get(("groups", series.columns_id, by), compute)
