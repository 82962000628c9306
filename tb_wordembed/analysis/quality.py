"""Trustworthiness and continuity: how well a layout keeps the neighbors of a table."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors.given_rows import nearest
from tb_wordembed.analysis.neighbors.metrics import (
    Metric,
    Numbers,
    check,
    pair_distances,
    points,
    rounding,
    usable,
)
from tb_wordembed.analysis.rows import Wide, finite, norms
from tb_wordembed.engine.progress import Progress, silent

_HELD = 1 << 20
"""The number of distances that are held at a time."""

_READINGS = 4
"""The number of readings of the table, after it is known which rows are usable."""

_Rows = npt.NDArray[np.floating]
_Blocks = Iterable[tuple[int, _Rows]]


@dataclass(frozen=True)
class Quality:
    """The quality of a layout of a table.

    Attributes:
      trustworthiness: 0..1; 1 when all neighbors in the layout are neighbors in the
        table.
      continuity: 0..1; 1 when all neighbors in the table are neighbors in the layout.
      sampled: the number of tokens that both are means over.
      population: the number of tokens that are not left out.
    """

    trustworthiness: float
    continuity: float
    sampled: int
    population: int


def quality(
    blocks: Callable[[], _Blocks],
    positions: npt.NDArray[np.floating],
    k: int = 10,
    metric: Metric = "cosine",
    most: int = 1000,
    seed: int = 0,
    progress: Progress = silent,
) -> Quality:
    """Trustworthiness and continuity of a layout (Venna & Kaski 2001, "Neighborhood
    Preservation in Nonlinear Projection Methods: An Experimental Study").

    With ``r(i, j)`` the rank of j among the neighbors of i in the table, and the sum
    over those j that are among the k nearest of i in the layout and not in the table::

        trustworthiness = 1 - 2 / (n k (2n - 3k - 1)) * sum over i, j of (r(i, j) - k)

    Continuity is the same with table and layout exchanged.

    Both are means over tokens. If there are more than ``most`` tokens, so many are
    drawn with a seed and without replacement, and the means are taken over them. Their
    neighbors and ranks are still those among all tokens; only the means are estimates.

    Args:
      blocks: gives the table as row blocks each time it is called: five times.
      positions: the layout, ``[rows, n_components]``.
      metric: how neighbors are ranked in the table; in the layout it is Euclidean.
      most: the largest number of tokens that the means are taken over.

    Returns:
      NaN for fewer than ``2 k + 1`` tokens, for which neither is defined. Tokens that
      are not finite in the table or the layout, or zero in the table under ``cosine``,
      are left out.

    Raises:
      ValueError: k is below 1, the metric is not one of ``METRICS``, or there are not
        as many positions as rows.
    """
    check(k, metric)
    parts = [usable(block, metric) for _, block in blocks()]
    known = np.concatenate([np.zeros(0, np.bool_), *parts])
    if len(known) != len(positions):
        raise ValueError(f"there are {len(positions)} positions for {len(known)} rows")
    known &= finite(positions)
    tokens = np.flatnonzero(known)
    count = len(tokens)
    if count <= 2 * k:
        return Quality(np.nan, np.nan, count, count)
    if count > most:
        rng = np.random.default_rng(seed)
        tokens = np.sort(rng.choice(tokens, most, replace=False))
    readings = itertools.count()

    def read() -> _Blocks:
        reading = next(readings)
        for start, block in blocks():
            progress(min((reading + start / len(positions)) / _READINGS, 1.0))
            yield start, block

    table = _Space(read, metric, tokens, known)
    layout = _Space(lambda: [(0, positions)], "euclidean", tokens, known)
    scale = 2 / (len(tokens) * k * (2 * count - 3 * k - 1))

    def faith(ranks: Numbers) -> float:
        return 1 - scale * float(np.maximum(ranks - k, 0).sum())

    beside, near = layout.nearest(k), table.nearest(k)
    trustworthiness = faith(table.ranks(table.squares(beside)))
    continuity = faith(layout.ranks(layout.squares(near)))
    return Quality(trustworthiness, continuity, len(tokens), count)


class _Space:
    """Some tokens and all rows that may be their neighbors, in table or layout.

    Args:
      blocks: gives all rows as row blocks each time it is called.
      tokens: the numbers of the tokens, ascending.
      known: which rows may be neighbors, ``[rows]``.
    """

    def __init__(
        self,
        blocks: Callable[[], _Blocks],
        metric: Metric,
        tokens: Numbers,
        known: npt.NDArray[np.bool_],
    ) -> None:
        self._blocks, self._metric = blocks, metric
        self._tokens, self._known = tokens, known
        parts = []
        for start, block in blocks():
            low, high = np.searchsorted(tokens, [start, start + len(block)])
            parts.append(block[tokens[low:high] - start])
        self._rows = np.concatenate(parts)
        self._points = points(self._rows, metric)

    def nearest(self, k: int) -> Numbers:
        """Returns the k nearest rows of each token, ``[tokens, k]``."""

        def known() -> _Blocks:
            for start, block in self._blocks():
                kept = self._known[start : start + len(block), None]
                yield start, np.where(kept, block, np.float32(np.nan))

        found = nearest(known(), self._rows, k, self._metric, self._tokens)
        return found.indices.astype(np.int64)

    def squares(self, others: Numbers) -> Wide:
        """Returns the squared distances of each token to rows, of which ``others`` has
        the numbers, ``[tokens, k]``."""
        squares = np.empty(others.shape)
        for start, block in self._blocks():
            here = (others >= start) & (others < start + len(block))
            squares[here] = pair_distances(
                self._points,
                (np.nonzero(here)[0], others[here] - start),
                partial(self._points_of, block),
                "euclidean",
            )
        return squares**2

    def _points_of(self, block: _Rows, some: Numbers) -> Wide:
        return points(block[some], self._metric)

    def ranks(self, squares: Wide) -> Numbers:
        """Returns the ranks among the neighbors of each token, from 1, of rows so far
        away, ``[tokens, k]``: one more than the number of rows that are nearer by more
        than rounding."""
        ranks = np.ones(squares.shape, np.int64)
        slack = 4 * rounding(self._points.shape[1], np.float64)
        own = norms(self._points)[:, None] ** 2
        bounds = squares - (1 + slack) * own
        width = max(1, _HELD // len(self._tokens))
        for start, block in self._blocks():
            kept = np.flatnonzero(self._known[start : start + len(block)])
            for low in range(0, len(kept), width):
                part = kept[low : low + width]
                others = self._points_of(block, part)
                # |a - b|^2 but for |a|^2, which is the same for all b.
                found = self._points @ (-2 * others.T)
                found += (1 + slack) * norms(others) ** 2
                token, column = np.nonzero(self._tokens[:, None] == start + part)
                found[token, column] = np.inf
                for at in range(squares.shape[1]):
                    closer = found < bounds[:, at, None]
                    ranks[:, at] += np.count_nonzero(closer, axis=1)
        return ranks
