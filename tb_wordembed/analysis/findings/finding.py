"""The finding: something that stands out in a series, and the view that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.findings.row_histories import History

Kind = Literal[
    "not_finite",
    "fixed_rows_moved",
    "rows_shuffled",
    "began_anew",
    "rotated",
    "rescaled",
    "rank_changed",
    "narrow_cone",
    "norms_exploding",
    "rank_collapsing",
    "all_equal",
    "collapsed",
    "swapped",
    "zero_rows",
    "never_updated",
    "undertrained",
    "returned",
    "frozen_since",
    "broke_off",
    "changed_neighbors",
    "settled",
    "changed_beyond_noise",
    "group_beyond_noise",
    "new_tokens",
    "gone_tokens",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

Severity = Literal["warning", "notice", "info"]

MOST_STEPS = 5
"""The number of steps that have a finding of their own; the others share one."""

ViewName = Literal["map", "table", "token", "health"]

Shown = (
    Measure
    | Literal["second_order"]
    | Literal["indicator", "overlap", "norm", "effective_rank", "drift_from_previous"]
    | Literal["mean_pairwise_cosine"]
    | Literal["non_finite_rows", "zero_rows", "duplicate_rows", "frozen_rows"]
)
"""A measure that a view shows: one of drift, ``indicator`` of under-trained tokens,
``overlap`` for overlap@k, ``second_order`` drift, or in the health view an attribute of
``StepHealth``."""

SELECTED = 100
"""The largest number of rows that a view selects."""

Ints = npt.NDArray[np.int64]
_Positions = npt.NDArray[np.signedinteger[Any]]

Numbers = dict[str, float]

NONE = np.empty(0, np.int64)


@dataclass(frozen=True)
class View:
    """The view that shows a finding.

    Attributes:
      reference_step: the step to compare it with; None where there is none.
      rows: the rows to select, int64 ``[rows]``, ``SELECTED`` at most.
      measure: what to show of them; None where any will do.
    """

    name: ViewName
    step: int
    reference_step: int | None
    rows: Ints
    measure: Shown | None


@dataclass(frozen=True)
class Finding:
    """Something that stands out in a series.

    Attributes:
      severity: ``warning`` for what is hardly ever meant, ``notice`` for what is worth
        a look, ``info`` otherwise.
      step: the step at which it happened, or since which it holds; None where that is
        no single one.
      rows: the rows concerned, int64, most telling first; empty where it is the whole
        table.
      numbers: what is behind it, by name.
      names: of a group, the names of its column and its own; or the tokens that are
        gone.
    """

    kind: Kind
    severity: Severity
    step: int | None
    rows: Ints
    numbers: Numbers
    view: View
    names: tuple[str, ...] = ()


_SHOWN: dict[Kind, tuple[ViewName, Shown | None]] = {
    "not_finite": ("health", "non_finite_rows"),
    "fixed_rows_moved": ("token", "euclidean"),
    "rows_shuffled": ("health", "drift_from_previous"),
    "began_anew": ("health", "drift_from_previous"),
    "rotated": ("health", "drift_from_previous"),
    "rescaled": ("health", "norm"),
    "rank_changed": ("health", "effective_rank"),
    "narrow_cone": ("health", "mean_pairwise_cosine"),
    "norms_exploding": ("health", "norm"),
    "rank_collapsing": ("health", "effective_rank"),
    "all_equal": ("health", "duplicate_rows"),
    "collapsed": ("map", None),
    "swapped": ("map", None),
    "zero_rows": ("health", "zero_rows"),
    "never_updated": ("table", "euclidean"),
    "undertrained": ("table", "indicator"),
    "returned": ("token", "euclidean"),
    "frozen_since": ("health", "frozen_rows"),
    "broke_off": ("token", "cosine"),
    "changed_neighbors": ("token", "overlap"),
    "settled": ("health", "drift_from_previous"),
}
"""The view that shows a kind of finding, and the measure that it shows."""


def finding(
    history: History,
    kind: Kind,
    severity: Severity,
    step: int | None,
    rows: Ints,
    numbers: Numbers,
) -> Finding:
    """Returns a finding with the view of the interval that led to its step, or of the
    whole series where the step is None."""
    steps = history.steps
    shown, before = (steps[-1], steps[0]) if step is None else (step, steps[0])
    if step is not None:
        before = steps[max(steps.index(step) - 1, 0)]
    reference = before if before < shown else None
    name, measure = _SHOWN[kind]
    view = View(name, shown, reference, rows[:SELECTED], measure)
    return Finding(kind, severity, step, rows, numbers, view)


def by_step(
    history: History, positions: _Positions, rows: Ints
) -> Iterator[tuple[int | None, Ints]]:
    """Yields the step at which something happened to rows, and these rows, the step
    with most rows first. After ``MOST_STEPS`` of them, the other rows follow in one,
    with None for their step.

    Args:
      positions: the position of that step, of all rows, ``[vocab_size]``.
      rows: those concerned, in the order to keep.
    """
    at = positions[rows]
    found, counts = np.unique(at, return_counts=True)
    found = found[np.argsort(-counts, kind="stable")]
    # A single step that is left over is named, too: "other steps" would be no shorter.
    most = MOST_STEPS if len(found) > MOST_STEPS + 1 else len(found)
    for one in found[:most].tolist():
        yield history.steps[one], rows[at == one]
    if most < len(found):
        yield None, rows[np.isin(at, found[most:])]


def count(history: History, rows: Ints, positions: _Positions | None = None) -> Numbers:
    """Counts these rows and all rows that there are. With positions, as for
    ``by_step``, it says between which steps it happened, too."""
    there = (history.first_seen >= 0) | (history.not_finite >= 0)
    numbers: Numbers = {"tokens": len(rows), "of": int(there.sum())}
    if positions is not None:
        numbers["from_step"] = history.steps[int(positions[rows].min())]
        numbers["to_step"] = history.steps[int(positions[rows].max())]
    return numbers
