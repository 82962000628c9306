"""A non-linear layout of several steps, whose frames compare."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.block_sums import moments
from tb_wordembed.analysis.neighbors.all_rows import all_nearest
from tb_wordembed.analysis.neighbors.given_rows import nearest
from tb_wordembed.analysis.neighbors.metrics import METRICS, Metric, points, usable
from tb_wordembed.analysis.projection import principal_basis
from tb_wordembed.analysis.rows import Blocks, Rows, Wide, finite, norms
from tb_wordembed.engine.progress import Progress, part, silent

PERPLEXITY = 30
"""The number of neighbors that weigh on a token; fewer where there are few tokens."""

STAYING = 15
"""The number of nearest neighbors of which a token that stays keeps half."""

PLACED_BY = 10
"""The number of laid-out tokens that place each of the others."""

COLD = ((250, 12.0, 0.5), (500, 1.0, 0.8))
WARM = ((50, 1.0, 0.8),)
"""Iterations, exaggeration and momentum of the phases of a step."""

LEAST_RATE = 20.0
"""The lowest learning rate: below it, a few tokens fall together."""

_Indices = npt.NDArray[np.int64]


def layout(
    steps: Sequence[Callable[[], Blocks]],
    chosen: npt.ArrayLike,
    metric: Metric = "cosine",
    progress: Progress = silent,
) -> Iterator[npt.NDArray[np.float32]]:
    """Yields the positions of all tokens at each step, one step after another.

    The chosen tokens are laid out by t-SNE (van der Maaten & Hinton 2008, "Visualizing
    Data using t-SNE") of their exact nearest neighbors; under ``cosine`` by the
    distances of their directions. The first step starts from its two principal
    components. Each later step starts where the one before ended, except for the
    tokens that lost more than half of their neighbors: they start among their new ones.
    If most tokens lost theirs, the step is laid out as the first one, but starts from a
    small picture of the step before.

    Every other token is placed at the mean of the nearest chosen tokens, weighted by
    the inverse squares of their distances in the table (Shepard 1968, "A
    Two-Dimensional Interpolation Function for Irregularly-Spaced Data").

    Nothing is drawn at random: equal tables give equal positions. Distances between
    far groups, and their sizes, mean little in any such layout.

    Args:
      steps: for each step in order, what gives the table as row blocks each time it is
        called: twice, when there are others than the chosen tokens.
      chosen: numbers of the rows to lay out; the time grows with how many.

    Returns:
      An iterator that does the work: for each step float32 ``[rows, 2]``. NaN for
      tokens that are not finite, or zero under ``cosine``, and for all when no chosen
      token is left. Fewer than four tokens lie as their principal components have
      them, and tokens that are all the same in one point.

    Raises:
      ImportError: openTSNE is not installed.
      ValueError: the metric is not one of ``METRICS``, or a row chosen is not there.
    """
    if metric not in METRICS:
        raise ValueError(f"metric is {metric!r}; expected one of {METRICS}")
    rows = np.unique(np.asarray(chosen, np.int64))
    return _frames(_optional(), steps, rows, metric, progress)


def can_lay_out() -> bool:
    """Returns whether openTSNE is installed, without importing it."""
    return find_spec("openTSNE") is not None


def _optional() -> Any:
    try:
        return import_module("openTSNE")
    except ImportError as error:
        raise ImportError(
            "a non-linear layout needs openTSNE, which could not be imported "
            f"({error}); install it with: pip install tb_wordembed[layout]"
        ) from error


@dataclass(frozen=True)
class _Frame:
    """The chosen tokens at a step.

    Attributes:
      positions: float64 ``[chosen, 2]``, NaN where a token has none.
      neighbors: which of the chosen are nearest, nearest first, int64
        ``[chosen, STAYING]``; -1 beyond those that there are.
    """

    positions: Wide
    neighbors: _Indices


def _frames(
    tsne: Any,
    steps: Sequence[Callable[[], Blocks]],
    chosen: _Indices,
    metric: Metric,
    progress: Progress,
) -> Iterator[Rows]:
    frame = None
    for number, blocks in enumerate(steps):
        report = part(
            progress,
            number / len(steps),
            1 / len(steps),
            f"step {number + 1} of {len(steps)}: ",
        )
        report(0, "reading")
        count, rows = _gather(blocks(), chosen)
        frame = _lay_out(tsne, rows, metric, frame, report)
        positions = np.full((count, 2), np.nan, np.float32)
        positions[chosen] = frame.positions
        if count > len(chosen):
            _place_others(positions, blocks(), chosen, rows, metric, report)
        yield positions
    progress(1, "done")


def _gather(blocks: Blocks, chosen: _Indices) -> tuple[int, Rows]:
    """Returns the number of rows, and the chosen ones."""
    count, parts = 0, []
    for start, block in blocks:
        low, high = np.searchsorted(chosen, [start, start + len(block)])
        parts.append(block[chosen[low:high] - start])
        count = start + len(block)
    if len(chosen) and not 0 <= chosen[0] <= chosen[-1] < count:
        raise ValueError(
            f"rows {chosen[0]} to {chosen[-1]} are chosen; expected 0 to {count - 1}"
        )
    return count, np.concatenate(parts) if parts else np.empty((0, 0), np.float32)


def _lay_out(
    tsne: Any, rows: Rows, metric: Metric, before: _Frame | None, progress: Progress
) -> _Frame:
    there = np.flatnonzero(usable(rows, metric))
    frame = _Frame(np.full((len(rows), 2), np.nan), np.full((len(rows), STAYING), -1))
    if not len(there):
        return frame
    principal = _principal(points(rows[there], metric))
    if len(there) < 4 or not principal.any():
        frame.positions[there] = principal
        return frame
    progress(0, "finding neighbors")
    count = min(3 * PERPLEXITY, len(there) - 1)
    found = all_nearest(rows[there], count, metric)
    near, distances = found.indices.astype(np.int64), _chord(found.distances, metric)
    few = near[:, :STAYING]
    frame.neighbors[there, : few.shape[1]] = there[few]
    start, phases = _start(frame, before, there, near, principal)
    frame.positions[there] = _settle(tsne, start, phases, near, distances, progress)
    return frame


def _principal(points: Wide) -> Wide:
    """Returns two principal components; zero when the points are the same but for
    rounding."""
    dim = points.shape[1]
    narrow = points.astype(np.float32)
    positions = principal_basis(moments([(0, narrow)], dim), 2).project(narrow)
    rounding = 1e-6 * norms(points).max()
    if norms(positions).max() <= rounding:
        positions[:] = 0
    return positions.astype(np.float64)


def _start(
    frame: _Frame,
    before: _Frame | None,
    there: _Indices,
    near: _Indices,
    principal: Wide,
) -> tuple[Wide, tuple[tuple[int, float, float], ...]]:
    """Returns where the tokens of a step start, and by which phases they are
    settled."""
    if before is None:
        return _small(principal), COLD
    old = before.positions[there]
    now, then = frame.neighbors[there], before.neighbors[there]
    kept = ((now[:, :, None] == then[:, None, :]).any(axis=2) & (now >= 0)).sum(axis=1)
    stays = finite(old) & (2 * kept >= (now >= 0).sum(axis=1))
    if 2 * stays.sum() < len(there):
        # Most tokens went elsewhere: only the rough shape of the picture is kept.
        whole = finite(old).all() and np.ptp(old) > 0
        return _small(old if whole else principal), COLD
    start = np.where(finite(old)[:, None], old, 0)
    for token in np.flatnonzero(~stays):
        guides = near[token][stays[near[token]]][:PLACED_BY]
        if len(guides):
            start[token] = np.median(old[guides], axis=0)
    return start, WARM


def _small(positions: Wide) -> Wide:
    # t-SNE does not unfold from larger positions.
    centered: Wide = positions - positions.mean(axis=0)
    small: Wide = centered * (1e-4 / centered.std(axis=0).max())
    return small


def _settle(
    tsne: Any,
    start: Wide,
    phases: tuple[tuple[int, float, float], ...],
    near: _Indices,
    distances: Wide,
    progress: Progress,
) -> Wide:
    index = tsne.nearest_neighbors.PrecomputedNeighbors(near, distances)
    affinities = tsne.affinity.PerplexityBasedNN(
        knn_index=index, perplexity=near.shape[1] / 3
    )
    # With fewer tokens, the fixed cost of the grid is too large.
    method = "fft" if len(start) > 2000 else "bh"
    embedding = tsne.TSNEEmbedding(start, affinities, negative_gradient_method=method)
    total, done = sum(phase[0] for phase in phases), 0
    for iterations, exaggeration, momentum in phases:

        def heard(iteration: int, *_: object, done: int = done) -> None:
            passed = done + iteration
            progress(0.5 * passed / total, f"{passed} of {total} iterations")

        embedding = embedding.optimize(
            iterations,
            exaggeration=exaggeration,
            # Belkina et al. 2019.
            learning_rate=max(len(start) / exaggeration, LEAST_RATE),
            momentum=momentum,
            callbacks=heard,
            callbacks_every_iters=10,
        )
        done += iterations
    return np.array(embedding, np.float64)


def _chord(distances: Wide, metric: Metric) -> Wide:
    """Returns Euclidean distances: under ``cosine``, those of the directions."""
    return np.sqrt(2 * distances) if metric == "cosine" else distances


def _place_others(
    positions: Rows,
    blocks: Blocks,
    chosen: _Indices,
    rows: Rows,
    metric: Metric,
    progress: Progress,
) -> None:
    """Fills in the positions of the tokens that are not laid out."""
    there = usable(rows, metric)
    guides, places = rows[there], positions[chosen[there]]
    if not len(guides):
        return
    for start, block in blocks:
        progress(0.5 + 0.5 * start / len(positions), "placing the other tokens")
        rest = np.setdiff1d(np.arange(start, start + len(block)), chosen)
        rest = rest[usable(block[rest - start], metric)]
        others = block[rest - start]
        near = nearest([(0, guides)], others, min(PLACED_BY, len(guides)), metric)
        # A token on top of a guide lies on top of it in the picture, too.
        floor = 1e-3 * norms(points(others, metric))[:, None] + 1e-100
        weights = 1 / np.maximum(_chord(near.distances, metric), floor) ** 2
        weights /= weights.sum(axis=1, keepdims=True)
        positions[rest] = np.einsum("tk,tkd->td", weights, places[near.indices])
