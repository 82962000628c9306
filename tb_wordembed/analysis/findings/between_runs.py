"""Findings between two runs: what differs by more than noise, and what is new or gone.

They count what is above the noise floor of trainings that differ in nothing but chance,
with the false discovery rate controlled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tb_wordembed.analysis.findings.finding import (
    NONE,
    SELECTED,
    Finding,
    Ints,
    Kind,
    Numbers,
    Severity,
    View,
)
from tb_wordembed.analysis.group_noise import group_p_values
from tb_wordembed.analysis.noise import (
    RATE,
    NoiseFloor,
    NoiseMeasure,
    Values,
    q_values,
)

MOST_GROUPS = 5
"""The largest number of groups that have a finding."""

Groups = Mapping[tuple[str, str], Ints]
"""The rows of each group, by the name of its column and its own name."""


@dataclass(frozen=True)
class Ends:
    """The two ends of a comparison: a step of the reference, and one of the series.
    ``only_here`` are the rows of the tokens that the reference lacks, and
    ``only_there`` the tokens that only it has."""

    from_step: int
    to_step: int
    measure: NoiseMeasure
    only_here: Ints
    only_there: Sequence[str]


def findings_between(
    ends: Ends, changes: Values, floor: NoiseFloor, groups: Groups
) -> list[Finding]:
    """Returns what differs between two runs, notices first; ``changes`` are those of
    ``NoiseFloor.p_values``."""
    found = [*_tokens(ends, changes, floor), *_groups(ends, changes, floor, groups)]
    vocab_size = len(changes)
    common = vocab_size - len(ends.only_here)
    if len(ends.only_here):
        numbers: Numbers = {"tokens": len(ends.only_here), "of": vocab_size}
        found.append(_finding(ends, "new_tokens", "info", ends.only_here, numbers))
    if ends.only_there:
        count = len(ends.only_there)
        gone: Numbers = {"tokens": count, "of": common + count}
        names = tuple(ends.only_there)
        found.append(_finding(ends, "gone_tokens", "info", NONE, gone, names))
    return found


def _tokens(ends: Ends, changes: Values, floor: NoiseFloor) -> list[Finding]:
    p_values = floor.p_values(changes)
    rows = np.flatnonzero(q_values(p_values) <= RATE)
    if not len(rows):
        return []
    multiples = floor.over_usual(changes)
    rows = rows[np.lexsort((-multiples[rows], p_values[rows]))]
    numbers: Numbers = {
        "tokens": len(rows),
        "of": int(np.isfinite(p_values).sum()),
        "rate": RATE,
        "pairs": floor.pairs,
    }
    if floor.is_relative:
        numbers["multiple"] = float(multiples[rows].min())
    return [_finding(ends, "changed_beyond_noise", "notice", rows, numbers)]


def _groups(
    ends: Ends, changes: Values, floor: NoiseFloor, groups: Groups
) -> list[Finding]:
    p_values = group_p_values(floor, changes, [*groups.values()])
    rates = q_values(p_values)
    found = []
    for at in np.argsort(p_values, kind="stable")[:MOST_GROUPS].tolist():
        if not rates[at] <= RATE:
            break
        names, rows = [*groups.items()][at]
        inside = changes[rows]
        numbers: Numbers = {
            "tokens": len(rows),
            "median": float(np.nanmedian(inside)),
            "others": float(np.nanmedian(np.delete(changes, rows))),
            "rate": float(rates[at]),
        }
        # The tokens that changed most come first.
        rows = rows[np.argsort(-np.nan_to_num(inside, nan=-1), kind="stable")]
        found.append(
            _finding(ends, "group_beyond_noise", "notice", rows, numbers, names)
        )
    return found


def _finding(
    ends: Ends,
    kind: Kind,
    severity: Severity,
    rows: Ints,
    numbers: Numbers,
    names: tuple[str, ...] = (),
) -> Finding:
    numbers = {"from_step": ends.from_step, "to_step": ends.to_step, **numbers}
    is_change = kind in ("changed_beyond_noise", "group_beyond_noise")
    view = View(
        "table",
        ends.to_step,
        ends.from_step,
        rows[:SELECTED],
        ends.measure if is_change else None,
    )
    return Finding(kind, severity, ends.to_step, rows, numbers, view, names)
