"""Ranks of rows among the neighbors of some tokens, in a table or a layout of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors.given_rows import nearest
from tb_wordembed.analysis.neighbors.metrics import (
    Metric,
    Numbers,
    pair_distances,
    points,
    rounding,
)
from tb_wordembed.analysis.rows import Wide, norms

MOST_COMPARED = 1 << 20
"""The largest number of rows with which tokens are compared for ranks."""

_HELD = 1 << 20
"""The number of distances that are held at a time."""

AnyRows = npt.NDArray[np.floating]
AnyBlocks = Iterable[tuple[int, AnyRows]]


class Space:
    """Some tokens and all rows that may be their neighbors, in table or layout.

    Args:
      blocks: gives all rows as row blocks each time it is called.
      tokens: the numbers of the tokens, ascending.
      known: which rows may be neighbors, ``[rows]``.
    """

    def __init__(
        self,
        blocks: Callable[[], AnyBlocks],
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

        def known() -> AnyBlocks:
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

    def _points_of(self, block: AnyRows, some: Numbers) -> Wide:
        return points(block[some], self._metric)

    def ranks(self, squares: Wide) -> Numbers:
        """Returns the ranks among the neighbors of each token, from 1, of rows so far
        away, ``[tokens, k]``: one more than the number of rows that are nearer by more
        than rounding.

        Among more than ``MOST_COMPARED`` rows, only every second, third... row is
        compared, and counts for those up to the next one: the standard error of a rank
        is then at most 0.0007 times the number of rows.
        """
        nearer = np.zeros(squares.shape, np.int64)
        slack = 4 * rounding(self._points.shape[1], np.float64)
        own = norms(self._points)[:, None] ** 2
        bounds = squares - (1 + slack) * own
        width = max(1, _HELD // len(self._tokens))
        stride = math.ceil(np.count_nonzero(self._known) / MOST_COMPARED)
        skipped = 0
        for start, block in self._blocks():
            kept = np.flatnonzero(self._known[start : start + len(block)])
            some = kept[skipped::stride]
            skipped = (skipped - len(kept)) % stride
            tokens = self._tokens - start
            for low in range(0, len(some), width):
                part = some[low : low + width]
                others = self._points_of(block, part)
                # |a - b|^2 but for |a|^2, which is the same for all b.
                found = self._points @ (-2 * others.T)
                found += (1 + slack) * norms(others) ** 2
                column = np.minimum(np.searchsorted(part, tokens), len(part) - 1)
                itself = np.flatnonzero(part[column] == tokens)
                found[itself, column[itself]] = np.inf
                for at in range(squares.shape[1]):
                    closer = found < bounds[:, at, None]
                    nearer[:, at] += closer.sum(axis=1, dtype=np.uint32)
        return 1 + stride * nearer
