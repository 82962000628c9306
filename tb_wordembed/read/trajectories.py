"""Trajectories: single tokens through all steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import drift as drifts
from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.rows import norms
from tb_wordembed.read.basis import basis
from tb_wordembed.read.logged_series import LoggedSeries

MOST_TRAJECTORIES = 500
"""The largest number of tokens: each takes a read per step."""


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
) -> Trajectories:
    """Returns one token through all steps."""
    index = series.index_of(token_or_index)
    found = trajectories(series, [index], reference_step, measure)
    return Trajectories(*(values[0] for values in vars(found).values()))


def trajectories(
    series: LoggedSeries,
    indices: Sequence[int],
    reference_step: int,
    measure: Measure = "cosine",
) -> Trajectories:
    """Returns several tokens through all steps. Only their rows are read. Raises
    ValueError for more than ``MOST_TRAJECTORIES`` at once."""
    if len(indices) > MOST_TRAJECTORIES:
        raise ValueError(
            f"{len(indices)} trajectories at once; expected {MOST_TRAJECTORIES} at most"
        )
    tables = series.rows_at_all_steps(indices)
    reference = series.rows(reference_step, indices)
    shape = (len(indices), len(tables))
    drift = np.empty(shape, np.float32)
    step_drift = np.full(shape, np.nan, np.float32)
    norm = np.empty(shape, np.float64)
    trail = np.empty((*shape, 3), np.float32)
    shown = basis(series)
    for at, rows in enumerate(tables):
        drift[:, at] = drifts.drift(reference, rows, measure)
        norm[:, at] = norms(rows)
        trail[:, at] = shown.project(rows)
        if at:
            step_drift[:, at] = drifts.drift(tables[at - 1], rows, measure)
    return Trajectories(drift, step_drift, norm, trail)
