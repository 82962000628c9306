"""Findings about tokens that jumped, or lost far more neighbors than the others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.change_points import Breaks
from tb_wordembed.analysis.findings.finding import (
    Finding,
    Ints,
    by_step,
    count,
    finding,
)
from tb_wordembed.analysis.findings.row_histories import History, unlikely_excess
from tb_wordembed.analysis.rows import Wide

TREND = 6
"""The fewest changes that make a trend: three on either side of a break."""

CHANCE = 0.01
"""A jump is sudden when so few rows of such a table would go as far in an interval by
chance. How far rows usually jump is taken from the table: where rare words are updated
now and then, many go several times as far as usual."""

NEIGHBORS = 10
"""The number of neighbors that are compared to find tokens that changed neighbors."""

FAR = 3.0
"""The standard deviations below the median from which on overlap@k is exceptional."""

ISOLATED = 3.0
"""For a row that changed too seldom to have a trend, neighbors changed only when its
overlap@k is so many times as far below the median as that of the row which comes next:
where some learn faster than others, the next is hardly ever that close to the rest."""

MOST_JUMPED = 1000
"""The largest number of rows whose curves are examined for breaks."""

EXCEPTIONS = 0.05
"""The largest share of the tokens that can be exceptions to the others."""


def jumped_rows(history: History) -> Ints:
    """Returns the rows that jumped and had a trend to break off, the largest jump
    first, ``MOST_JUMPED`` at most."""
    rows = np.flatnonzero(_sudden(history))
    return rows[np.argsort(-history.jump[rows], kind="stable")][:MOST_JUMPED]


def _sudden(history: History) -> npt.NDArray[np.bool_]:
    """Returns which rows jumped further than is likely in this table. ``furthest`` of
    all rows, few of which have jumped, shows what is likely."""
    trending = history.changes >= TREND
    furthest = history.furthest[trending & np.isfinite(history.furthest)]
    if not len(furthest):
        return np.zeros_like(trending)
    half, excess = unlikely_excess(furthest, CHANCE)
    found: npt.NDArray[np.bool_] = trending & (history.jump >= half + excess)
    return found


def broke_off(history: History, breaks: Breaks, but: Ints) -> Iterator[Finding]:
    """Yields findings about rows that jumped where their drift breaks.

    Args:
      breaks: in the curves of the cosine drift of ``jumped_rows`` from the last step.
      but: rows that something else explains.
    """
    jumped = jumped_rows(history)
    at = history.jump_position[jumped]
    rows = jumped[(at >= 0) & (breaks.positions == at) & ~np.isin(jumped, but)]
    for step, some in by_step(history, history.jump_position, rows):
        numbers = count(history, some, history.jump_position) | {
            "jump": float(history.jump[some].min()),
            "strength": float(breaks.strengths[np.isin(jumped, some)].min()),
        }
        yield finding(history, "broke_off", "notice", step, some, numbers)


def changed_neighbors(
    history: History, overlap: npt.NDArray[np.floating], but: Ints
) -> Iterator[Finding]:
    """Yields findings about rows that kept far fewer neighbors than others, and jumped
    or are apart from others; see ``ISOLATED``.

    Args:
      overlap: overlap@k of the first step and the last, ``[vocab_size]``, 0..1; NaN
        where there is none; see ``tb_wordembed.analysis.neighbors.turnover``.
      but: rows that something else explains.
    """
    overlap = overlap.astype(np.float64)
    known = np.isfinite(overlap)
    if not known.any():
        return
    usual = float(np.median(overlap[known]))
    below = np.where(known, usual - overlap, -1)
    # The deviation of k neighbors that are kept or not; one neighbor at least.
    deviation = max(
        1.4826 * float(np.median(abs(below[known]))),
        float(np.sqrt(usual * (1 - usual) / NEIGHBORS)),
        1 / NEIGHBORS,
    )
    far = below >= FAR * deviation
    far &= np.where(history.changes >= TREND, _sudden(history), _isolated(below, far))
    far[but] = False
    rows = np.flatnonzero(far)
    if not 0 < len(rows) <= EXCEPTIONS * known.sum():
        return
    rows = rows[np.argsort(overlap[rows], kind="stable")]
    numbers = count(history, rows) | {
        "overlap": float(overlap[rows].max()),
        "usual": usual,
        "k": NEIGHBORS,
        "deviations": float(below[rows].min()) / deviation,
        "first_step": history.steps[0],
        "last_step": history.steps[-1],
    }
    yield finding(history, "changed_neighbors", "notice", None, rows, numbers)


def _isolated(below: Wide, far: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Returns which of the far rows are apart from all others."""
    falling = np.sort(below)[::-1]
    following = np.append(falling[1:], 0)
    apart = (falling >= ISOLATED * following)[: np.count_nonzero(far)]
    last = np.flatnonzero(apart)
    return far & (below >= falling[last[-1]]) if len(last) else np.zeros_like(far)
