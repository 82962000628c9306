"""Findings about rows that moved although they must not, or that came back."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tb_wordembed.analysis.findings.finding import Finding, by_step, count, finding
from tb_wordembed.analysis.findings.row_histories import History


def row_contracts(history: History) -> Iterator[Finding]:
    """Yields the fixed rows that moved, and rows that were updated and came back."""
    yield from _moved(history)
    yield from _returned(history)


def _moved(history: History) -> Iterator[Finding]:
    rows = np.flatnonzero(history.is_fixed & (history.changes > 0))
    rows = rows[np.argsort(-history.path[rows], kind="stable")]
    for step, some in by_step(history, history.first_change, rows):
        numbers = count(history, some, history.first_change) | {
            "path": float(history.path[some[0]]),
            "changes": int(history.changes[some].max()),
            "last_step": history.steps[-1],
        }
        yield finding(history, "fixed_rows_moved", "warning", step, some, numbers)


def _returned(history: History) -> Iterator[Finding]:
    # That a row became zero again is a finding of its own.
    rows = np.flatnonzero(history.has_returned & ~history.is_fixed & (history.norm > 0))
    for step, some in by_step(history, history.last_change, rows):
        numbers = count(history, some, history.last_change) | {
            "first_step": history.steps[int(history.first_seen[some].min())]
        }
        yield finding(history, "returned", "notice", step, some, numbers)
