"""Non-linear layouts of a series, and the quality of positions of its tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import layout_quality as qualities
from tb_wordembed.analysis import tsne_layout as layouts
from tb_wordembed.analysis.layout_quality import Quality, TokenTrust
from tb_wordembed.analysis.neighbors.metrics import MOST_NEIGHBORS, Metric
from tb_wordembed.engine.progress import Progress, silent
from tb_wordembed.integers import positive_integer
from tb_wordembed.read.drift import drift
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.positions import positions

MOST_LAID_OUT = 10_000
"""The largest number of tokens that a layout is computed from; the others are placed
by their neighbors among these."""


@dataclass(frozen=True)
class LaidOut:
    """A layout of the tokens at a step: float32 ``[vocab_size, 2]``, and how far it
    can be trusted."""

    step: int
    positions: npt.NDArray[np.float32]
    quality: Quality


def layout_tokens(series: LoggedSeries) -> list[int]:
    """Returns the rows that a layout is computed from, 10,000 at most: the most
    frequent tokens, or those that moved furthest if no frequency was logged."""
    frequency = series.frequency()
    weight = (
        drift(series, series.steps[0], series.steps[-1], "euclidean")
        if frequency is None
        else frequency
    )
    order = np.argsort(np.where(np.isnan(weight), np.inf, -weight), kind="stable")
    return sorted(order[:MOST_LAID_OUT].tolist())


def layout(
    series: LoggedSeries,
    metric: Metric = "cosine",
    report: Progress = silent,
) -> list[LaidOut]:
    """Returns a non-linear layout of every step, each started from the one before;
    see ``tb_wordembed.analysis.tsne_layout.layout``.

    Raises:
      ImportError: openTSNE is not installed: ``pip install tb_wordembed[layout]``.
    """

    def compute() -> list[LaidOut]:
        steps = series.steps
        tables = [partial(series.row_blocks, step) for step in steps]
        frames = layouts.layout(tables, layout_tokens(series), metric, report)
        return [
            LaidOut(step, frame, qualities.quality(table, frame, metric=metric))
            for step, table, frame in zip(steps, tables, frames, strict=True)
        ]

    found = series.cache.get(
        ("layout", series.content_id(*series.steps), series.columns_id, metric),
        compute,
        kinds=(LaidOut, Quality),
    )
    return found[:]


def quality(
    series: LoggedSeries,
    step: int,
    components: int | Sequence[int] = 2,
    k: int = 10,
    metric: Metric = "cosine",
    progress: Progress = silent,
) -> Quality:
    """Returns the trustworthiness and continuity of the first components, or of those
    named, at a step; see ``tb_wordembed.analysis.layout_quality``."""
    if not isinstance(components, Iterable):
        components = range(1, positive_integer("components", components) + 1)
    shown = tuple(components)

    def compute() -> Quality:
        places = positions(series, step, shown)
        return quality_of(series, places, step, k, metric, progress)

    # What the components are depends on the other steps.
    key = "quality", series.content_id(step, *series.steps), shown, k, metric
    return series.cache.get(key, compute, kinds=(Quality,))


def quality_of(
    series: LoggedSeries,
    positions: npt.NDArray[np.floating],
    step: int,
    k: int = 10,
    metric: Metric = "cosine",
    progress: Progress = silent,
) -> Quality:
    """Returns the trustworthiness and continuity of any positions, ``[vocab_size,
    coordinates]``, of the tokens at a step."""
    blocks = partial(series.row_blocks, step)
    k = positive_integer("k", k, MOST_NEIGHBORS)
    return qualities.quality(blocks, positions, k, metric, progress=progress)


def token_trust(
    series: LoggedSeries,
    positions: npt.NDArray[np.floating],
    step: int,
    k: int = 10,
    metric: Metric = "cosine",
    progress: Progress = silent,
) -> TokenTrust:
    """Returns the trustworthiness of any positions, ``[vocab_size, coordinates]``, of
    the tokens at a step, token by token; see ``analysis.layout_quality``."""
    blocks = partial(series.row_blocks, step)
    k = positive_integer("k", k, MOST_NEIGHBORS)
    return qualities.token_trust(blocks, positions, k, metric, progress=progress)
