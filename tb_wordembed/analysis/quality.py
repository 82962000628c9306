"""Trustworthiness and continuity: how well a layout keeps the neighbors of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors.given_rows import (
    METRICS,
    Metric,
    comparable,
    usable,
)
from tb_wordembed.analysis.rows import finite, norms
from tb_wordembed.engine.progress import Progress, silent

_HELD = 1 << 20
"""The number of distances that are held at a time."""

_READINGS = 3
"""The number of readings of the table, after it is known which rows are usable."""

_Array = npt.NDArray[np.float64]
_Indices = npt.NDArray[np.int64]
_Blocks = Iterable[tuple[int, npt.NDArray[np.floating]]]


@dataclass(frozen=True)
class Quality:
    """The quality of a layout of a table.

    Attributes:
      trustworthiness: 0..1; 1 when all neighbors in the layout are neighbors in the
        table.
      continuity: 0..1; 1 when all neighbors in the table are neighbors in the layout.
      sampled: how many tokens both are the mean over.
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

    Both are means over tokens. Of more than ``most`` tokens that many are drawn, with a
    seed and without replacement, and the means are taken over them. Their neighbors and
    ranks are still those among all tokens; only the means are estimates.

    Args:
      blocks: gives the table as row blocks each time it is called: four times.
      positions: the layout, ``[rows, n_components]``.
      k: how many neighbors.
      metric: how neighbors are ranked in the table; in the layout it is Euclidean.
      most: how many tokens the means are taken over.
      seed: of the drawing.
      progress: reports the share of the work that is done.

    Returns:
      NaN for fewer than ``2 k + 1`` tokens, for which neither is defined. Left out are
      tokens that are not finite in the table or the layout, or zero in the table under
      ``cosine``.

    Raises:
      ValueError: k or ``most`` is below 1, the metric is not one of ``METRICS``, or
        there are not as many positions as rows.
    """
    for name, value in (("k", k), ("most", most)):
        if value < 1:
            raise ValueError(f"{name} is {value}; expected 1 or more")
    if metric not in METRICS:
        raise ValueError(f"metric is {metric!r}; expected one of {METRICS}")
    known = _usable(blocks(), metric, len(positions)) & finite(positions)
    tokens = np.flatnonzero(known)
    count = len(tokens)
    read = _reader(blocks, len(positions), progress)
    if count <= 2 * k:
        return Quality(np.nan, np.nan, count, count)
    if count > most:
        rng = np.random.default_rng(seed)
        tokens = np.sort(rng.choice(tokens, most, replace=False))
    table = _space(read, metric, tokens, known)
    layout = _space(lambda: [(0, positions)], "euclidean", tokens, known)
    scale = 2 / (len(tokens) * k * (2 * count - 3 * k - 1))

    def faith(ranks: _Indices) -> float:
        return 1 - scale * float(np.maximum(ranks - k, 0).sum())

    beside, _ = _survey(layout, k, np.empty((len(tokens), 0), np.int64))
    near, squares = _survey(table, k, beside)
    trustworthiness = faith(_ranks(table, squares))
    _, squares = _survey(layout, 0, near)
    continuity = faith(_ranks(layout, squares))
    return Quality(trustworthiness, continuity, len(tokens), count)


def _reader(
    blocks: Callable[[], _Blocks], rows: int, progress: Progress
) -> Callable[[], _Blocks]:
    """Returns a function that reads the table's blocks, and reports how far
    ``_READINGS`` readings are."""
    done = 0

    def read() -> _Blocks:
        nonlocal done
        for start, block in blocks():
            progress(min((done + start / rows) / _READINGS, 1.0))
            yield start, block
        done += 1

    return read


def _usable(blocks: _Blocks, metric: Metric, count: int) -> npt.NDArray[np.bool_]:
    parts = [usable(block, metric) for _, block in blocks]
    found = np.concatenate(parts) if parts else np.zeros(0, np.bool_)
    if len(found) != count:
        raise ValueError(f"there are {count} positions for {len(found)} rows")
    return found


@dataclass(frozen=True)
class _Space:
    """Some tokens and all rows that may be their neighbors, in table or layout.

    Its search for neighbors is its own: ranks compare distances bit for bit, so that
    they must come from the same products."""

    blocks: Callable[[], _Blocks]
    metric: Metric
    tokens: _Indices
    rows: _Array
    """The rows of the tokens, with a column of ones."""
    known: npt.NDArray[np.bool_]

    def distances(self) -> Iterator[tuple[int, _Array]]:
        """Yields squared distances of the tokens to all rows, less a constant of each
        token, some columns at a time after the number of the first; infinite for the
        token itself and for rows that are not usable."""
        width = max(1, _HELD // len(self.tokens))
        for start, block in self.blocks():
            for low in range(0, len(block), width):
                first = start + low
                others = comparable(block[low : low + width], self.metric)
                squares = norms(others)[:, None] ** 2
                # |a - b|^2 but for |a|^2, which is the same for all b.
                found = self.rows @ np.hstack([-2 * others, squares]).T
                lost = np.flatnonzero(~self.known[first : first + len(others)])
                found[:, lost] = np.inf
                here = (self.tokens >= first) & (self.tokens < first + len(others))
                found[here, self.tokens[here] - first] = np.inf
                yield first, found


def _space(
    blocks: Callable[[], _Blocks],
    metric: Metric,
    tokens: _Indices,
    known: npt.NDArray[np.bool_],
) -> _Space:
    parts = []
    for start, block in blocks():
        low, high = np.searchsorted(tokens, [start, start + len(block)])
        parts.append(comparable(block[tokens[low:high] - start], metric))
    rows = np.concatenate(parts)
    widened = np.hstack([rows, np.ones((len(rows), 1))])
    return _Space(blocks, metric, tokens, widened, known)


def _survey(space: _Space, k: int, others: _Indices) -> tuple[_Indices, _Array]:
    """Returns the k nearest rows of each token, nearest first, ``[tokens, k]``, and the
    squared distances of some other rows, like ``others``; both from one reading."""
    best = np.full((len(space.tokens), k), -1)
    squares = np.full(best.shape, np.inf)
    asked = np.empty(others.shape)
    for first, found in space.distances():
        if k:
            best, squares = _merged(best, squares, first, found)
        token, which = np.nonzero((others >= first) & (others < first + found.shape[1]))
        asked[token, which] = found[token, others[token, which] - first]
    return best, asked


def _merged(
    best: _Indices, squares: _Array, first: int, found: _Array
) -> tuple[_Indices, _Array]:
    """Merges the nearest so far with further rows. Of equally far ones the earlier come
    first."""
    k = best.shape[1]
    # Soon few are nearer than the k so far: to sort only those is far less work.
    token, column = np.nonzero(found < squares[:, -1:])
    times = np.bincount(token, minlength=len(best))
    place = np.arange(len(token)) - np.repeat(np.cumsum(times) - times, times)
    widened = (len(best), k + int(times.max(initial=0)))
    indices, distances = np.full(widened, -1), np.full(widened, np.inf)
    indices[:, :k], distances[:, :k] = best, squares
    indices[token, k + place] = first + column
    distances[token, k + place] = found[token, column]
    if widened[1] > k:
        near = np.argpartition(distances, k - 1, axis=1)[:, :k]
        indices = np.take_along_axis(indices, near, axis=1)
        distances = np.take_along_axis(distances, near, axis=1)
    order = np.lexsort((indices, distances), axis=1)
    return (
        np.take_along_axis(indices, order, axis=1),
        np.take_along_axis(distances, order, axis=1),
    )


def _ranks(space: _Space, squares: _Array) -> _Indices:
    """Returns the ranks among the neighbors of each token, from 1, of rows so far away,
    ``[tokens, k]``."""
    # The distances are of the same products as before: each is compared with itself
    # bit for bit.
    ranks = np.ones(squares.shape, np.int64)
    for _, found in space.distances():
        for column in range(squares.shape[1]):
            closer = found < squares[:, column, None]
            ranks[:, column] += np.count_nonzero(closer, axis=1)
    return ranks
