"""Measures of groups of rows: quantiles of a value, centroid and spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.rows import Rows, Wide, finite

QUANTILES = (0.1, 0.5, 0.9)
MOST_BINS = 10
"""The largest number of bins that numbers are put into."""
_MOST_VALUES = 20
"""The largest number of different whole numbers that are a group each."""

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Members:
    """The rows of each of ``count`` groups, as pairs of a row and the number of a
    group, by ascending row, int64 ``[pairs]``. A row may be in several groups, or in
    none."""

    rows: Indices
    groups: Indices
    count: int

    @staticmethod
    def of(groups: Mapping[str, Indices]) -> Members:
        """Returns the members of groups, from the rows of each."""
        numbers = [np.full(len(rows), i) for i, rows in enumerate(groups.values())]
        rows = np.concatenate([*groups.values(), np.empty(0, np.int64)])
        order = np.argsort(rows, kind="stable")
        joined = np.concatenate([*numbers, np.empty(0, np.int64)])
        return Members(rows[order].astype(np.int64), joined[order], len(groups))

    def between(self, start: int, stop: int) -> Members:
        """Returns the pairs of the rows from ``start`` on and before ``stop``, with
        rows counted from ``start``."""
        first, last = np.searchsorted(self.rows, (start, stop))
        return Members(
            self.rows[first:last] - start, self.groups[first:last], self.count
        )


@dataclass(frozen=True)
class GroupSums:
    """Sums over the finite rows of each group; those of row blocks can be added.

    Attributes:
      counts: the number of finite rows, int64 ``[groups]``.
      sums: the sum of the rows, float64 ``[groups, embedding_dim]``.
      squares: the sum of their squared norms, float64 ``[groups]``.
    """

    counts: Indices
    sums: Wide
    squares: Wide

    def __add__(self, other: GroupSums) -> GroupSums:
        return GroupSums(
            self.counts + other.counts,
            self.sums + other.sums,
            self.squares + other.squares,
        )

    def centroids(self) -> Wide:
        """Returns the mean of each group, float64 ``[groups, embedding_dim]``; NaN for
        none."""
        with np.errstate(invalid="ignore", divide="ignore"):
            means: Wide = self.sums / self.counts[:, None]
        return means

    def spreads(self) -> Wide:
        """Returns the root mean square distance of the rows from the mean of their
        group, float64 ``[groups]``."""
        centroids = self.centroids()
        with np.errstate(invalid="ignore", divide="ignore"):
            squared = self.squares / self.counts - (centroids**2).sum(axis=1)
        spreads: Wide = np.sqrt(np.maximum(squared, 0))
        return spreads


def group_sums(block: Rows, members: Members) -> GroupSums:
    """Returns the sums of a row block."""
    is_finite = finite(block)[members.rows]
    rows, groups = members.rows[is_finite], members.groups[is_finite]
    # Usually each row is in one group. Then nothing is copied.
    is_whole = np.array_equal(rows, np.arange(len(block)))
    chosen = block if is_whole else block[rows]

    def add_up(values: npt.NDArray[np.floating]) -> Wide:
        return np.bincount(groups, values, members.count).astype(np.float64)

    sums = np.stack([add_up(column) for column in chosen.T], axis=1)
    squares = add_up(np.einsum("ij,ij->i", chosen, chosen, dtype=np.float64))
    return GroupSums(np.bincount(groups, minlength=members.count), sums, squares)


def share_inside(neighbors: npt.NDArray[np.integer], rows: Indices) -> float:
    """Returns the share of the neighbors of its rows that are in a group, too; NaN if
    they have none.

    Args:
      neighbors: the rows nearest to each row, ``[vocab_size, k]``; a negative number
        stands for no neighbor.
    """
    is_member = np.zeros(len(neighbors), np.bool_)
    is_member[rows] = True
    near = neighbors[rows]
    near = near[near >= 0]
    return float(is_member[near].mean()) if len(near) else np.nan


def by_value(values: npt.NDArray[np.floating]) -> dict[str, Indices]:
    """Returns the rows of each group by a number, by ascending value: a group for each
    value if there are few, all whole, or else up to 10 bins of about as many rows. A
    bin is called after its least and its largest value, such as "12 to 57".

    Args:
      values: ``[vocab_size]`` numbers; rows whose number is not finite are in no group.
    """
    known = np.flatnonzero(np.isfinite(values))
    # -0.0 is 0.0.
    chosen = values[known] + 0.0
    distinct = np.unique(chosen)
    whole = bool((distinct == np.floor(distinct)).all())
    if len(distinct) <= _MOST_VALUES and whole:
        bins = np.searchsorted(distinct, chosen)
    else:
        edges = np.quantile(chosen, np.linspace(0, 1, MOST_BINS + 1)[1:-1])
        bins = np.searchsorted(np.unique(edges), chosen, side="right")
    members = [bins == number for number in np.unique(bins)]
    ends = [(chosen[one].min(), chosen[one].max()) for one in members]
    # Close numbers, such as times, may need more digits to be told apart.
    for digits in (15, 17) if whole else (6, 12, 17):
        names = [_between(low, high, digits) for low, high in ends]
        if len(set(names)) == len(names):
            break
    return dict(zip(names, (known[one] for one in members), strict=True))


def _between(low: float, high: float, digits: int) -> str:
    first, last = f"{low:.{digits}g}", f"{high:.{digits}g}"
    return first if first == last else f"{first} to {last}"


def by_text(values: Sequence[str]) -> dict[str, Indices]:
    """Returns the rows of each text that is not empty, in the order of the texts."""
    numbers: dict[str, int] = {}
    codes = np.array([numbers.setdefault(text, len(numbers)) for text in values])
    order = np.argsort(codes, kind="stable")
    rows = np.split(order, np.cumsum(np.bincount(codes))[:-1])
    return {text: rows[numbers[text]] for text in sorted(numbers) if text}
