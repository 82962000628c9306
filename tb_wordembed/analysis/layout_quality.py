"""Trustworthiness and continuity: how well a layout keeps the neighbors of a table."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbor_ranks import AnyBlocks, Space
from tb_wordembed.analysis.neighbors.metrics import (
    Metric,
    Numbers,
    check,
    usable,
)
from tb_wordembed.analysis.rows import Wide, finite
from tb_wordembed.engine.large_arrays import pieces
from tb_wordembed.engine.progress import Progress, silent

_READINGS = 4
"""The number of readings of the table, after it is known which rows are usable."""

_TRUST_READINGS = 3
"""The same without continuity."""


@dataclass(frozen=True)
class Quality:
    """The quality of a layout of a table, as means over ``sampled`` tokens of
    ``population`` that are not left out.

    Attributes:
      trustworthiness: 0..1; 1 when all neighbors in the layout are neighbors in the
        table.
      continuity: 0..1; 1 when all neighbors in the table are neighbors in the layout.
    """

    trustworthiness: float
    continuity: float
    sampled: int
    population: int


def quality(
    blocks: Callable[[], AnyBlocks],
    positions: npt.NDArray[np.floating],
    k: int = 10,
    metric: Metric = "cosine",
    most: int = 1000,
    seed: int = 0,
    progress: Progress = silent,
) -> Quality:
    """Measures trustworthiness and continuity (Venna & Kaski 2001, "Neighborhood
    Preservation in Nonlinear Projection Methods: An Experimental Study").

    With ``r(i, j)`` the rank of j among the neighbors of i in the table, and the sum
    over those j that are among the k nearest of i in the layout and not in the table::

        trustworthiness = 1 - 2 / (n k (2n - 3k - 1)) * sum over i, j of (r(i, j) - k)

    Continuity is the same with table and layout exchanged. Both are means over tokens:
    if there are more than ``most``, over so many, drawn with a seed and without
    replacement, whose neighbors and ranks are still those among all tokens. The ranks
    in a table of more than a million are estimates: see ``Space.ranks``.

    Args:
      blocks: gives the table as row blocks each time it is called: five times.
      positions: the layout, ``[rows, n_components]``.
      metric: how neighbors are ranked in the table; in the layout it is Euclidean.

    Returns:
      NaN for fewer than ``2 k + 1`` tokens, for which neither is defined. Tokens that
      are not finite in the table or the layout, or zero in the table under ``cosine``,
      are left out.

    Raises:
      ValueError: k is below 1, the metric is not one of ``METRICS``, or there are not
        as many positions as rows.
    """
    sample = _Sample(blocks, positions, k, metric, most, seed)
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
      values: float32 ``[rows]``; their mean is the trustworthiness of the layout. NaN
        for tokens that were not drawn, or are left out.
      sampled, population: as in ``Quality``.
    """

    values: npt.NDArray[np.float32]
    sampled: int
    population: int


def token_trust(
    blocks: Callable[[], AnyBlocks],
    positions: npt.NDArray[np.floating],
    k: int = 10,
    metric: Metric = "cosine",
    most: int = 5000,
    seed: int = 0,
    progress: Progress = silent,
) -> TokenTrust:
    """Measures trustworthiness token by token: in the terms of ``quality``, for the
    token i::

        1 - 2 / (k (2n - 3k - 1)) * sum over j of (r(i, j) - k)

    Arguments and errors are those of ``quality``; ``blocks`` is called four times. All
    are NaN of fewer than ``2 k + 1`` tokens."""
    sample = _Sample(blocks, positions, k, metric, most, seed)
    values = np.full(len(positions), np.nan, np.float32)
    if sample.population > 2 * k:
        table, layout = sample.spaces(progress, _TRUST_READINGS)
        beside = layout.nearest(k)
        values[sample.tokens] = sample.faith(table.ranks(table.squares(beside)))
    return TokenTrust(values, len(sample.tokens), sample.population)


class _Sample:
    """At most so many of the tokens that have a place in table and layout.

    Attributes:
      tokens: their numbers, ascending.
      known: which rows may be neighbors, ``[rows]``.
      population: how many.
    """

    def __init__(
        self,
        blocks: Callable[[], AnyBlocks],
        positions: npt.NDArray[np.floating],
        k: int,
        metric: Metric,
        most: int,
        seed: int,
    ) -> None:
        check(k, metric)
        self._blocks, self._positions = blocks, positions
        self._k, self._metric = k, metric
        parts = [usable(block, metric) for _, block in blocks()]
        known = np.concatenate([np.zeros(0, np.bool_), *parts])
        if len(known) != len(positions):
            raise ValueError(
                f"there are {len(positions)} positions for {len(known)} rows"
            )
        self.known = known & finite(positions)
        self.population = int(np.count_nonzero(self.known))
        places = np.arange(min(self.population, max(most, 2 * k)))
        if self.population > len(places):
            rng = np.random.default_rng(seed)
            places = np.sort(rng.choice(self.population, most, replace=False))
        self.tokens = _at_places(self.known, places)

    def spaces(self, progress: Progress, readings: int) -> tuple[Space, Space]:
        """Returns table and layout, of which the table is to be read so many times."""
        counter = itertools.count()

        def read() -> AnyBlocks:
            reading = next(counter)
            for start, block in self._blocks():
                share = (reading + start / len(self._positions)) / readings
                progress(min(share, 1.0))
                yield start, block

        table = Space(read, self._metric, self.tokens, self.known)
        shown = [(0, self._positions)]
        return table, Space(lambda: shown, "euclidean", self.tokens, self.known)

    def faith(self, ranks: Numbers) -> Wide:
        """Returns how little neighbors with such ranks, ``[tokens, k]``, are intruders,
        0..1."""
        scale = 2 / (self._k * (2 * self.population - 3 * self._k - 1))
        excess: Wide = np.maximum(ranks - self._k, 0).sum(axis=1)
        return 1 - scale * excess


def _at_places(known: npt.NDArray[np.bool_], places: Numbers) -> Numbers:
    """Returns the rows at some places, ascending, in the list of the known rows. That
    list is made piece by piece: it may take more memory than the table."""
    found, before = [], 0
    for piece in pieces(len(known)):
        rows = np.flatnonzero(known[piece]) + piece.start
        low, high = np.searchsorted(places, [before, before + len(rows)])
        found.append(rows[places[low:high] - before])
        before += len(rows)
    return np.concatenate([np.empty(0, np.int64), *found])
