"""Findings about the whole table: norms, rank, and whether it still learns."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

import numpy as np

from tb_wordembed.analysis.change_points import settled_position
from tb_wordembed.analysis.findings.finding import (
    NONE,
    Finding,
    Ints,
    Kind,
    Numbers,
    by_step,
    count,
    finding,
)
from tb_wordembed.analysis.findings.row_histories import History
from tb_wordembed.analysis.findings.table_events import event_positions, turns
from tb_wordembed.analysis.health import QUANTILES, StepHealth
from tb_wordembed.analysis.rows import Wide

EXPLODING = 10.0
"""Norms explode when they grow this many times in the second half of the time in which
the table moves, and more than in the first half. Learning may well bring tiny norms to
100 times what they were, but slows down."""

COLLAPSING = 2.0
"""The rank collapses when it falls to one over this or less in the second half, and
further than in the first. Usual learning lowers the rank early."""

FAR = 2.0
"""The least factor by which a row that grows at every step outgrows the others."""

LONG = 3
"""The fewest intervals in which it does."""

EARLY, LONG_EARLY = 2, 8
"""Rows that outgrow the others since one of the first intervals do so in more of them:
learning is fast at first."""

LEAST_HALF = 4
"""The fewest intervals in either half of a trend of the whole table."""

FAST = 1.25
"""The least factor an interval, on average. In the first epochs of a healthy training,
norms of some rows grow by up to a fifth more than usual at each."""

HIGH = 1.5
"""How many times as large as those of nine of ten rows its norm is by then, at least:
growth of a row that was small leaves none behind."""

LARGEST = 10
"""The number of rows with the largest norms that a finding names."""

_MOST_STEPS = 1000
_HIGH, _MOST = QUANTILES.index(0.9), QUANTILES.index(1.0)


def table_trends(
    history: History, health: Sequence[StepHealth], sudden: Container[Kind] = ()
) -> Iterator[Finding]:
    """Yields what the health of the table shows over all steps, but no trend that is
    explained by a ``sudden`` change, at a single step."""
    if not history.moving.any():
        return
    warnings: list[Finding] = []
    if "rescaled" not in sudden:
        warnings += _norms_exploding(history, health)
    # Exploding norms take over the spectrum.
    if not warnings and "rank_changed" not in sudden and "narrow_cone" not in sudden:
        warnings += _rank_collapsing(history, health)
    # Words may keep their directions in a table that falls apart.
    yield from warnings or _settled(history, health)


def settled(history: History, health: Sequence[StepHealth]) -> int | None:
    """Returns the position of the step since which the usual token hardly turns any
    more, by ``settled_position``; None if it still turns.

    The rule uses the angle of the median cosine drift from the step before. If that is
    0 although some rows changed, the angle is not known, and the table is not settled.
    Neither is a table to which something happened at this step or later; see
    ``tb_wordembed.analysis.findings.table_events``.
    """
    turned, events = turns(history, health), event_positions(history, health)
    turned[list(events)] = np.nan
    since = settled_position(turned, history.steps)
    return None if since in events else since


def _settled(history: History, health: Sequence[StepHealth]) -> Iterator[Finding]:
    since = settled(history, health)
    # A table that stopped has a finding of its own.
    if since is None or not history.moving[-2:].any():
        return
    rates = turns(history, health)[1:] / np.diff(history.steps)
    step = history.steps[since]
    numbers = {
        "rate": float(rates[since:].max()),
        "largest_rate": float(np.nanmax(rates)),
        "last_step": history.steps[-1],
    }
    yield finding(history, "settled", "info", step, NONE, numbers)


def _norms_exploding(
    history: History, health: Sequence[StepHealth]
) -> Iterator[Finding]:
    rows = _outgrowing(history, health[-1].norm[_HIGH])
    for step, some in by_step(history, history.growing_since, rows):
        numbers = count(history, some, history.growing_since) | {
            "growth": float(history.growth[some].min()),
            "last_step": history.steps[-1],
        }
        one = finding(history, "norms_exploding", "warning", step, some, numbers)
        # The table shows how much the norms grew since.
        view = replace(
            one.view, name="table", step=history.steps[-1], measure="norm_change"
        )
        yield replace(one, view=view)
    if len(rows):
        return
    for quantile in (_HIGH, _MOST):
        norm = np.array([one.norm[quantile] for one in health])
        numbers = _faster_and_faster(history, norm, norm, EXPLODING)
        if numbers:
            rows = np.argsort(-history.norm, kind="stable")[:LARGEST]
            rows = rows[np.isfinite(history.norm[rows])]
            numbers["quantile"] = QUANTILES[quantile]
            yield finding(history, "norms_exploding", "warning", None, rows, numbers)
            return


def _outgrowing(history: History, high: float) -> Ints:
    """Returns the rows whose norms grow away from those of the others, largest growth
    first; nine of ten rows are below the norm ``high``."""
    rows = np.flatnonzero((history.growing_since > 0) & (history.norm > HIGH * high))
    since, growth = history.growing_since[rows], history.growth[rows]
    steps = len(history.steps) - since
    grows = steps >= np.where(since <= EARLY, LONG_EARLY, LONG)
    grows &= growth >= np.maximum(FAR, FAST ** np.minimum(steps, _MOST_STEPS))
    rows = rows[grows]
    return rows[np.argsort(-history.growth[rows], kind="stable")]


def _rank_collapsing(
    history: History, health: Sequence[StepHealth]
) -> Iterator[Finding]:
    rank = np.array([one.effective_rank for one in health])
    numbers = _faster_and_faster(history, rank, 1 / rank, COLLAPSING)
    if numbers:
        yield finding(history, "rank_collapsing", "warning", None, NONE, numbers)


def _faster_and_faster(
    history: History, values: Wide, size: Wide, factor: float
) -> Numbers:
    """Returns the values where the table first moved, half-way and now, if their size
    grew by the factor in the second half, and more than in the first; else nothing."""
    steps = history.steps
    start, end = int(np.argmax(history.moving)) - 1, len(steps) - 1
    middle = int(np.searchsorted(steps, (steps[start] + steps[end]) / 2))
    first, half, before, last = size[[start, middle, end - 1, end]]
    if (
        min(middle - start, end - middle) < LEAST_HALF
        or not np.isfinite([first, half, last]).all()
        or min(first, half) <= 0
        or not (last / max(first, half) >= factor and last / half > half / first)
        or last <= before
    ):
        return {}
    return {
        "first": float(values[start]),
        "middle": float(values[middle]),
        "last": float(values[end]),
        "first_step": steps[start],
        "middle_step": steps[middle],
        "last_step": steps[end],
    }
