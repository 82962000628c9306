"""Collects the findings of a series: calls the rules one after the other.

They are rules, made to stay silent on a training in which nothing is the matter.
``tb_wordembed.analysis.findings.sentences`` puts them in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np

from tb_wordembed.analysis.findings.exchanges import Exchanged, swapped
from tb_wordembed.analysis.findings.finding import KINDS, NONE, Finding, Severity
from tb_wordembed.analysis.findings.histories import History
from tb_wordembed.analysis.findings.outliers import (
    Examined,
    KeptNeighbors,
    broke_off,
    changed_neighbors,
)
from tb_wordembed.analysis.findings.table_trends import of_table
from tb_wordembed.analysis.findings.unusable_rows import of_rows
from tb_wordembed.analysis.health import StepHealth


def collect_findings(
    history: History,
    health: Sequence[StepHealth],
    kept: KeptNeighbors | None = None,
    examined: Examined | None = None,
    exchanges: Sequence[Exchanged] = (),
) -> list[Finding]:
    """Collects what stands out in a series, warnings first.

    Args:
      history: of its rows.
      health: at each step.
      kept: the neighbors that each row kept; None where that is not known: then no
        change of neighbors is found.
      examined: None where no row was: then none is found to break off.
      exchanges: the rows that took one another's places, of each interval.

    Raises:
      ValueError: these are not of the same steps and rows.
    """
    if len(health) != len(history.steps):
        raise ValueError(
            f"there are {len(history.steps)} steps and the health of {len(health)}; "
            "expected that of each step"
        )
    if kept is not None and len(kept.overlap) != len(history.norm):
        raise ValueError(
            f"there are {len(history.norm)} rows and the overlap of "
            f"{len(kept.overlap)}; expected that of each row"
        )
    if examined is not None and len(examined.rows) != len(examined.breaks.positions):
        raise ValueError(
            f"{len(examined.rows)} rows were examined, with the breaks of "
            f"{len(examined.breaks.positions)}; expected those of each"
        )
    if not history.steps:
        return []
    found = [*of_rows(history), *of_table(history, health)]
    found += swapped(history, exchanges)
    explained = np.concatenate(
        [NONE, *(one.rows for one in found if one.kind in ("collapsed", "swapped"))]
    )
    if any(one.kind == "all_equal" for one in found):
        explained = np.arange(len(history.norm))
    if examined is not None:
        found += broke_off(history, examined, explained)
    if kept is not None:
        found += changed_neighbors(history, kept, explained)
    severities = get_args(Severity)
    return sorted(
        found, key=lambda one: (severities.index(one.severity), KINDS.index(one.kind))
    )
