"""Trajectories: single tokens through all steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import drift as drifts
from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.rows import Rows, norms
from tb_wordembed.engine.progress import Progress, silent
from tb_wordembed.read.basis import basis
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.reference import Reference, matched_tables, turn_upon
from tb_wordembed.read.series_outline import skips_damaged

MOST_TRAJECTORIES = 500
"""The largest number of tokens: each takes a read per step."""

_NUMBERS_AT_ONCE = 1 << 20
"""About how many numbers of the rows are measured at once: to measure a row by itself
takes many times as long, and all rows of all steps may take much memory."""


@dataclass(frozen=True)
class Trajectories:
    """One token through all steps, arrays ``[steps]``, or several, ``[tokens, steps]``.

    Attributes:
      drift: from the reference step, float32.
      step_drift: from the step before, float32; NaN at the first.
      norm: float64.
      trail: positions in the shared basis, float32 ``[..., steps, 3]``.
    """

    drift: npt.NDArray[np.float32]
    step_drift: npt.NDArray[np.float32]
    norm: npt.NDArray[np.float64]
    trail: npt.NDArray[np.float32]


def trajectory(
    series: LoggedSeries,
    token_or_index: str | int,
    reference_step: int,
    measure: Measure = "cosine",
    *,
    reference: Reference | LoggedSeries | None = None,
) -> Trajectories:
    """Returns one token through all steps; see ``trajectories``."""
    index = series.index_of(token_or_index)
    found = trajectories(series, [index], reference_step, measure, reference=reference)
    return Trajectories(*(values[0] for values in vars(found).values()))


@skips_damaged
def trajectories(
    series: LoggedSeries,
    indices: Sequence[int],
    reference_step: int,
    measure: Measure = "cosine",
    *,
    reference: Reference | LoggedSeries | None = None,
    progress: Progress = silent,
) -> Trajectories:
    """Returns several tokens through all steps. Only their rows are read, or with a
    reference all rows, the first time.

    Args:
      indices: the rows, ``MOST_TRAJECTORIES`` at most.
      reference_step: the step that drift is measured from, of the reference.
      reference: another series, whose table at that step is rotated onto the table of
        each step, as in ``drift``: it shows when a token left what it is in
        another run. The other numbers are those of the series itself.
      progress: the share of the steps, which take long to align with a reference.

    Raises:
      NotFoundError: there is no such row or step.
      ValueError: there are too many rows, or the tables can't be aligned.
    """
    if len(indices) > MOST_TRAJECTORIES:
        raise ValueError(
            f"{len(indices)} trajectories at once; expected {MOST_TRAJECTORIES} at most"
        )
    tables = series.rows_at_all_steps(indices)
    steps, tokens = series.steps, len(indices)
    others = matched_tables(series, reference).rows(reference_step, indices)

    def before(at: int) -> Rows:
        progress(at / len(steps))
        return turn_upon(series, reference_step, steps[at], reference)(others)

    shown = basis(series)
    parts = []
    at_once = max(1, _NUMBERS_AT_ONCE // max(1, others.size))
    for start in range(0, len(steps), at_once):
        stop = min(start + at_once, len(steps))
        shape = stop - start, tokens
        rows = np.concatenate(tables[start:stop])
        known = np.concatenate([*map(before, range(start, stop))])
        # The first step has none before it, and is compared with itself.
        last = np.concatenate([tables[max(at - 1, 0)] for at in range(start, stop)])
        moved, stepped = (drifts.drift(one, rows, measure) for one in (known, last))
        fields = moved, stepped, norms(rows), shown.project(rows)
        parts.append([one.reshape(*shape, *one.shape[1:]) for one in fields])
    whole = (np.concatenate(one).swapaxes(0, 1) for one in zip(*parts, strict=True))
    found = Trajectories(*whole)
    found.step_drift[:, 0] = np.nan
    return found
