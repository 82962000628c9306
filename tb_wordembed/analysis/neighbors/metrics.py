"""The metrics that rank neighbors, and the exact distances of pairs of rows by them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.rows import Wide, norms

Metric = Literal["cosine", "euclidean"]
"""A metric that ranks neighbors: cosine distance ``1 - cos``, or Euclidean distance."""
METRICS: tuple[Metric, ...] = get_args(Metric)

MOST_NEIGHBORS = 1000
"""The largest number of neighbors of one row that users may ask for. Time and memory
grow with it, for all rows of a table by several times its size."""

BLOCK_BYTES = 2**19
"""The bytes of points held in double precision at a time: they stay in the cache."""

Numbers = npt.NDArray[np.int64]

Floats = npt.NDArray[Any]
"""float32 or float64."""


def check(k: int, metric: str) -> None:
    """Raises ValueError if k is below 1, or the metric is not one of ``METRICS``."""
    if k < 1:
        raise ValueError(f"k is {k}; expected 1 or more")
    if metric not in METRICS:
        raise ValueError(f"metric is {metric!r}; expected one of {METRICS}")


def usable(rows: npt.NDArray[np.floating], metric: Metric) -> npt.NDArray[np.bool_]:
    """Returns which rows can be neighbors and have some, bool ``[rows]``: finite ones,
    and under ``cosine`` those with a direction."""
    length = norms(rows)
    found: npt.NDArray[np.bool_] = np.isfinite(length)
    return found & (length > 0) if metric == "cosine" else found


def points(rows: npt.NDArray[np.floating], metric: Metric) -> Wide:
    """Returns usable rows as the points whose distances count, float64 ``[rows,
    embedding_dim]``: under ``cosine`` their directions."""
    wide = rows.astype(np.float64)
    if metric == "cosine":
        wide /= np.sqrt(np.einsum("ij,ij->i", wide, wide))[:, None]
    return wide


def pair_distances(
    near: Wide,
    pairs: tuple[Numbers, Numbers],
    others: Callable[[Numbers], Wide],
    metric: Metric,
) -> Wide:
    """Returns the distances of pairs of points, float64 ``[pairs]``; works on a few at
    a time.

    A distance depends on the two points only, not on what else is compared: equal pairs
    are equally far, wherever they are met.

    Args:
      near: points, float64 ``[points, embedding_dim]``.
      pairs: positions in ``near``, and the numbers of the points to compare these with.
      others: returns the points with some of these numbers.
    """
    found = np.empty(len(pairs[0]))
    for part in parts(len(found), near.shape[1]):
        difference = near[pairs[0][part]] - others(pairs[1][part])
        squares = np.einsum("ij,ij->i", difference, difference)
        # Half the squared chord is 1 - cos, without its rounding near 0.
        found[part] = (
            np.minimum(squares / 2, 2) if metric == "cosine" else np.sqrt(squares)
        )
    return found


def parts(count: int, embedding_dim: int) -> Iterator[slice]:
    """Yields so many points in parts of ``BLOCK_BYTES``."""
    step = max(1, BLOCK_BYTES // (8 * max(embedding_dim, 1)))
    for start in range(0, count, step):
        yield slice(start, min(start + step, count))


def rounding(embedding_dim: int, dtype: npt.DTypeLike) -> float:
    """Returns how far rounding can move a sum of this many products, relative to the
    sum of their sizes, whatever the order of summation (Higham 2002, "Accuracy and
    Stability of Numerical Algorithms", section 3.1); the factors may be rounded as
    well."""
    return (embedding_dim + 16) * float(np.finfo(dtype).eps) / 2
