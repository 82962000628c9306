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

_TRUST_READINGS = 3
"""The same without continuity."""

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
    sample = _sampled(blocks, positions, k, metric, most, seed)
    count = len(sample.tokens)
    if sample.population <= 2 * k:
        return Quality(np.nan, np.nan, count, count)
    table, layout = sample.spaces(progress, _READINGS)
    trust = sample.faith(table.ranks(table.squares(layout.nearest(k))))
    near = table.nearest(k)
    continuity = sample.faith(layout.ranks(layout.squares(near)))
    mean = float(trust.mean()), float(continuity.mean())
    return Quality(*mean, count, sample.population)


@dataclass(frozen=True)
class TokenTrust:
    """How far the neighbors that a layout shows of each token can be trusted.

    Attributes:
      values: float32 ``[rows]``; the share of the trustworthiness that is the token's:
        their mean is the trustworthiness of the layout. NaN for tokens that were not
        drawn, or are left out.
      sampled: the number of tokens that were drawn.
      population: the number of tokens that are not left out.
    """

    values: npt.NDArray[np.float32]
    sampled: int
    population: int


def token_trust(
    blocks: Callable[[], _Blocks],
    positions: npt.NDArray[np.floating],
    k: int = 10,
    metric: Metric = "cosine",
    most: int = 5000,
    seed: int = 0,
    progress: Progress = silent,
) -> TokenTrust:
    """Trustworthiness of a layout token by token: in the terms of ``quality``, for the
    token i::

        1 - 2 / (k (2n - 3k - 1)) * sum over j of (r(i, j) - k)

    If there are more than ``most`` tokens, so many are drawn as for ``quality``; the
    neighbors and ranks of each are those among all tokens, and exact.

    Args:
      blocks: gives the table as row blocks each time it is called: four times.
      positions: the layout, ``[rows, n_components]``.
      most: the largest number of tokens with a value.

    Returns:
      NaN for all of fewer than ``2 k + 1`` tokens.

    Raises:
      ValueError: as ``quality``.
    """
    sample = _sampled(blocks, positions, k, metric, most, seed)
    values = np.full(len(positions), np.nan, np.float32)
    if sample.population > 2 * k:
        table, layout = sample.spaces(progress, _TRUST_READINGS)
        beside = layout.nearest(k)
        values[sample.tokens] = sample.faith(table.ranks(table.squares(beside)))
    return TokenTrust(values, len(sample.tokens), sample.population)


@dataclass(frozen=True)
class _Sample:
    """The tokens of a table and its layout that are judged.

    Attributes:
      tokens: their numbers, ascending.
      known: which rows may be neighbors, ``[rows]``.
    """

    blocks: Callable[[], _Blocks]
    positions: npt.NDArray[np.floating]
    k: int
    metric: Metric
    tokens: Numbers
    known: npt.NDArray[np.bool_]

    @property
    def population(self) -> int:
        return int(np.count_nonzero(self.known))

    def spaces(self, progress: Progress, readings: int) -> tuple[_Space, _Space]:
        """Returns table and layout, of which the table is to be read so many times."""
        counter = itertools.count()

        def read() -> _Blocks:
            reading = next(counter)
            for start, block in self.blocks():
                share = (reading + start / len(self.positions)) / readings
                progress(min(share, 1.0))
                yield start, block

        table = _Space(read, self.metric, self.tokens, self.known)
        shown = _Space(
            lambda: [(0, self.positions)], "euclidean", self.tokens, self.known
        )
        return table, shown

    def faith(self, ranks: Numbers) -> Wide:
        """Returns how little neighbors with such ranks, ``[tokens, k]``, are intruders,
        0..1."""
        scale = 2 / (self.k * (2 * self.population - 3 * self.k - 1))
        excess: Wide = np.maximum(ranks - self.k, 0).sum(axis=1)
        return 1 - scale * excess


def _sampled(
    blocks: Callable[[], _Blocks],
    positions: npt.NDArray[np.floating],
    k: int,
    metric: Metric,
    most: int,
    seed: int,
) -> _Sample:
    """Draws at most so many of the tokens that have a place in table and layout."""
    check(k, metric)
    parts = [usable(block, metric) for _, block in blocks()]
    known = np.concatenate([np.zeros(0, np.bool_), *parts])
    if len(known) != len(positions):
        raise ValueError(f"there are {len(positions)} positions for {len(known)} rows")
    known &= finite(positions)
    tokens = np.flatnonzero(known)
    if len(tokens) > max(most, 2 * k):
        rng = np.random.default_rng(seed)
        tokens = np.sort(rng.choice(tokens, most, replace=False))
    return _Sample(blocks, positions, k, metric, tokens, known)


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
