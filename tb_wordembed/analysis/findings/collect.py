"""Collects the findings of a series: calls the rules one after the other.

They are rules, made to stay silent on a training in which nothing is the matter.
``tb_wordembed.analysis.findings.sentences`` puts them in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.change_points import Breaks
from tb_wordembed.analysis.findings.collapsed_rows import Collapse, collapsed
from tb_wordembed.analysis.findings.finding import (
    KINDS,
    NONE,
    Finding,
    Ints,
    Kind,
    Severity,
)
from tb_wordembed.analysis.findings.outliers import (
    broke_off,
    changed_neighbors,
)
from tb_wordembed.analysis.findings.row_histories import History
from tb_wordembed.analysis.findings.single_rows import (
    row_findings,
    undertrained_rows,
)
from tb_wordembed.analysis.findings.swapped_rows import Exchanged, swapped
from tb_wordembed.analysis.findings.table_events import Shuffled, table_events
from tb_wordembed.analysis.findings.table_trends import table_trends
from tb_wordembed.analysis.health import StepHealth
from tb_wordembed.analysis.rows import Rows

_EXPLAIN: tuple[Kind, ...] = ("collapsed", "swapped", "norms_exploding")
"""The kinds that also say why their rows moved away from others."""

_OTHER_ROWS: tuple[Kind, ...] = ("rows_shuffled", "began_anew")
"""The kinds that put other rows in the places of all."""


def collect_findings(
    history: History,
    health: Sequence[StepHealth],
    overlap: npt.NDArray[np.floating] | None = None,
    breaks: Breaks | None = None,
    exchanges: Sequence[Exchanged] = (),
    looked_at: Sequence[Shuffled] = (),
    unused: tuple[Rows, Ints] | None = None,
    collapses: Sequence[Collapse] = (),
) -> list[Finding]:
    """Collects what stands out in a series, warnings first.

    Args:
      overlap: see ``changed_neighbors``; None where it is not known: then no change of
        neighbors is found.
      breaks: see ``broke_off``; None where no row is to be found to break off.
      looked_at: see ``table_events``.
      unused: what ``undertrained_rows`` is given; None where no row is known to be
        unused.
    """
    if not history.steps:
        return []
    found = [*row_findings(history, health)]
    are_all_equal = any(one.kind == "all_equal" for one in found)
    # That all rows are equal explains every other measure of the table.
    events = [] if are_all_equal else [*table_events(history, health, looked_at)]
    found += events
    trends = table_trends(history, health, {one.kind for one in events})
    # A table did not come to rest at the step at which something happened to it.
    happened = {one.step for one in events}
    found += [
        one for one in trends if one.kind != "settled" or one.step not in happened
    ]
    if not are_all_equal:
        found += collapsed(history, collapses)
    found += swapped(history, exchanges)
    # Where all rows were shuffled, some swapped, and some became those that stay.
    shuffled_at = {one.step for one in events if one.kind in _OTHER_ROWS}
    found = [
        one
        for one in found
        if one.kind not in ("swapped", "frozen_since") or one.step not in shuffled_at
    ]
    explained = np.concatenate(
        [NONE, *(one.rows for one in found if one.kind in _EXPLAIN)]
    )
    if are_all_equal:
        explained = np.arange(len(history.norm))
    if unused is not None and not are_all_equal:
        found += undertrained_rows(history, *unused)
    if breaks is not None:
        found += broke_off(history, breaks, explained)
    if overlap is not None:
        found += changed_neighbors(history, overlap, explained)
    severities = get_args(Severity)
    return sorted(
        found, key=lambda one: (severities.index(one.severity), KINDS.index(one.kind))
    )
