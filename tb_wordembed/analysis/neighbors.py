"""Nearest neighbors, and how they change. Exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.rows import Blocks, Rows, norms

Metric = Literal["cosine", "euclidean"]
"""How neighbors are ranked: cosine distance ``1 - cos``, or Euclidean distance."""
METRICS: tuple[Metric, ...] = get_args(Metric)


@dataclass(frozen=True)
class Nearest:
    """The nearest rows of one row, nearest first."""

    indices: npt.NDArray[np.int64]
    distances: npt.NDArray[np.float64]


def nearest(
    blocks: Blocks, index: int, row: Rows, k: int, metric: Metric = "cosine"
) -> Nearest:
    """The k rows of a table nearest to one of its rows.

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
    if k < 1:
        raise ValueError(f"k is {k}; expected 1 or more")
    if metric not in METRICS:
        raise ValueError(f"metric is {metric!r}; expected one of {METRICS}")
    measure = _cosine if metric == "cosine" else _euclidean
    wide = row.astype(np.float64)
    best = Nearest(np.empty(0, np.int64), np.empty(0, np.float64))
    for start, block in blocks:
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            distances = measure(block.astype(np.float64), wide)
        found = np.flatnonzero(np.isfinite(distances))
        found = found[found + start != index]
        best = _first(
            np.concatenate([best.indices, found + start]),
            np.concatenate([best.distances, distances[found]]),
            k,
        )
    return best


def _cosine(
    block: npt.NDArray[np.float64], row: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    cosines = (block @ row) / (norms(block) * norms(row[None])[0])
    distances: npt.NDArray[np.float64] = np.clip(1 - cosines, 0, 2)
    return distances


def _euclidean(
    block: npt.NDArray[np.float64], row: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    return norms(block - row)


def _first(
    indices: npt.NDArray[np.int64], distances: npt.NDArray[np.float64], k: int
) -> Nearest:
    if len(indices) > k:
        bound = np.partition(distances, k - 1)[k - 1]
        near = distances <= bound
        indices, distances = indices[near], distances[near]
    order = np.lexsort((indices, distances))[:k]
    return Nearest(indices[order], distances[order])


@dataclass(frozen=True)
class Change:
    """How the neighbors of a token changed between two steps."""

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
    kept = [index for index in now if index in set(was)]
    gained = [index for index in now if index not in set(was)]
    lost = [index for index in was if index not in set(now)]
    most, union = max(len(was), len(now)), len(was) + len(gained)
    return Change(
        gained,
        kept,
        lost,
        overlap=len(kept) / most if most else float("nan"),
        jaccard=len(kept) / union if union else float("nan"),
    )
