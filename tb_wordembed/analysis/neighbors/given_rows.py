"""Exact nearest neighbors of one row of a table that is read in row blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.rows import Blocks, Rows, Wide

Metric = Literal["cosine", "euclidean"]
"""A metric that ranks neighbors: cosine distance ``1 - cos``, or Euclidean distance."""
METRICS: tuple[Metric, ...] = get_args(Metric)

MOST_NEIGHBORS = 1000
"""The largest number of neighbors of one row that users may ask for. Time and memory
grow with it, for all rows of a table by several times its size."""


@dataclass(frozen=True)
class Nearest:
    """The nearest rows of one row, nearest first."""

    indices: npt.NDArray[np.int64]
    distances: Wide


def nearest(
    blocks: Blocks, index: int, row: Rows, k: int, metric: Metric = "cosine"
) -> Nearest:
    """Finds the k rows of a table that are nearest to one of its rows.

    Args:
      blocks: the table as row blocks.
      index: the row's number. It is left out by this number, so that a duplicate of
        it is found.
      row: the row itself, float32 ``[embedding_dim]``.
      k: how many; fewer come back when the table has fewer other rows.
      metric: ``cosine`` (distance ``1 - cos``, 0..2) or ``euclidean``.

    Returns:
      Indices and distances; of rows equally far the lower index comes first. Rows
      that are not finite, and zero rows under ``cosine``, are nobody's neighbors and
      have none.

    Raises:
      ValueError: k is below 1, or the metric is not one of ``METRICS``.
    """
    check(k, metric)
    best = Nearest(np.empty(0, np.int64), np.empty(0))
    if not usable(row[None], metric)[0]:
        return best
    point = points(row[None], metric)
    for start, block in blocks:
        bound = best.distances[-1] if len(best.distances) == k else np.inf
        found = _within(block, point[0], index - start, k, metric, bound)
        found = found[usable(block[found], metric)]
        best = first(
            np.concatenate([best.indices, found + start]),
            np.concatenate(
                [best.distances, distances(points(block[found], metric), point, metric)]
            ),
            k,
        )
    return best


def check(k: int, metric: str) -> None:
    """Checks how many neighbors are asked for, and by which metric.

    Raises:
      ValueError: k is below 1, or the metric is not one of ``METRICS``.
    """
    if k < 1:
        raise ValueError(f"k is {k}; expected 1 or more")
    if metric not in METRICS:
        raise ValueError(f"metric is {metric!r}; expected one of {METRICS}")


def usable(rows: npt.NDArray[np.floating], metric: Metric) -> npt.NDArray[np.bool_]:
    """Returns which rows can be neighbors and have some, bool ``[rows]``: finite ones,
    and under ``cosine`` those with a direction."""
    squares = np.einsum("ij,ij->i", rows, rows, dtype=np.float64)
    found: npt.NDArray[np.bool_] = np.isfinite(squares)
    return found & (squares > 0) if metric == "cosine" else found


def points(rows: npt.NDArray[np.floating], metric: Metric) -> Wide:
    """Returns usable rows as the points whose distances count, float64 ``[rows,
    embedding_dim]``: under ``cosine`` their directions."""
    wide = rows.astype(np.float64)
    if metric == "cosine":
        wide /= np.sqrt(np.einsum("ij,ij->i", wide, wide))[:, None]
    return wide


def comparable(rows: npt.NDArray[np.floating], metric: Metric) -> Wide:
    """Returns ``points`` of the usable rows, float64 ``[rows, embedding_dim]``; NaN for
    the others."""
    found = np.full(rows.shape, np.nan)
    kept = usable(rows, metric)
    found[kept] = points(rows[kept], metric)
    return found


def distances(a: Wide, b: Wide, metric: Metric) -> Wide:
    """Returns the distance of each point to the one beside it, float64 ``[rows]``.

    It depends on the two points only, not on what else is compared: equal pairs are
    equally far, wherever they are met.
    """
    difference = a - b
    squares: Wide = np.einsum("ij,ij->i", difference, difference)
    # Half the squared chord is 1 - cos, without its rounding near 0.
    return np.minimum(squares / 2, 2) if metric == "cosine" else np.sqrt(squares)


def rounding(embedding_dim: int, dtype: npt.DTypeLike) -> float:
    """Returns how far rounding can move a sum of this many products, relative to the
    sum of their sizes, whatever the order of summation (Higham 2002, "Accuracy and
    Stability of Numerical Algorithms", section 3.1); the factors may be rounded as
    well."""
    return (embedding_dim + 16) * float(np.finfo(dtype).eps) / 2


def _within(
    block: Rows, point: Wide, own: int, k: int, metric: Metric, bound: float
) -> npt.NDArray[np.int64]:
    """Returns the rows of a block that can be among the k nearest and no farther than
    ``bound``, as far as float32 can tell."""
    narrow = point.astype(np.float32)
    slack = 2 * rounding(block.shape[1], np.float32)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore", under="ignore"):
        if metric == "cosine":
            squares = np.einsum("ij,ij->i", block, block)
            about = 1 - (block @ narrow) / np.sqrt(squares)
            margin: Any = slack
        else:
            difference = block - narrow
            squares = np.einsum("ij,ij->i", difference, difference)
            about = np.sqrt(squares)
            margin = slack * about
        nearer, farther = about - margin, about + margin
    # Squares that left the range of float32 give no bounds.
    unknown = ~((squares > 1e-30) & (squares < 1e38))
    nearer[unknown], farther[unknown] = -np.inf, np.inf
    if 0 <= own < len(block):
        nearer[own] = farther[own] = np.inf
    if len(block) > k:
        bound = min(bound, np.partition(farther, k - 1)[k - 1])
    return np.flatnonzero((nearer <= bound) & (nearer < np.inf))


def first(indices: npt.NDArray[np.int64], distances: Wide, k: int) -> Nearest:
    """Returns the k nearest of some rows, the lower index first among equally far
    ones."""
    order = np.lexsort((indices, distances))[:k]
    return Nearest(indices[order], distances[order])


@dataclass(frozen=True)
class Change:
    """The change of a token's neighbors between two steps."""

    gained: list[int]
    kept: list[int]
    lost: list[int]
    overlap: float
    """overlap@k, the share of the neighbors kept, 0..1 (Wendlandt et al. 2018,
    "Factors Influencing the Surprising Instability of Word Embeddings")."""
    jaccard: float
    """Kept over gained, kept and lost together, 0..1 (Antoniak & Mimno 2018,
    "Evaluating the Stability of Embedding-based Word Similarities")."""


def change(before: npt.NDArray[np.int64], after: npt.NDArray[np.int64]) -> Change:
    """Neighbors gained, kept and lost, each in its order of nearness.

    Args:
      before: neighbors at the reference step, nearest first.
      after: neighbors at the step, nearest first.
    """
    was, now = before.tolist(), after.tolist()
    old, new = set(was), set(now)
    kept = [index for index in now if index in old]
    gained = [index for index in now if index not in old]
    lost = [index for index in was if index not in new]
    most, union = max(len(was), len(now)), len(was) + len(gained)
    return Change(
        gained,
        kept,
        lost,
        overlap=len(kept) / most if most else float("nan"),
        jaccard=len(kept) / union if union else float("nan"),
    )
