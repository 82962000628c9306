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
"""The number of tokens, at most: each takes a read per step."""


@dataclass(frozen=True)
class Trajectory:
    """One token through all steps. Arrays have one entry per step."""

    drift: npt.NDArray[np.float32]
    """From the reference step."""
    step_drift: npt.NDArray[np.float32]
    """From the step before; NaN at the first."""
    norm: npt.NDArray[np.float64]
    trail: npt.NDArray[np.float32]
    """Positions in the shared basis, ``[steps, 3]``."""


@dataclass(frozen=True)
class Trajectories:
    """Some tokens through all steps: the arrays of ``Trajectory``, one row per token,
    ``[tokens, steps]`` and, for ``trail``, ``[tokens, steps, 3]``."""

    drift: npt.NDArray[np.float32]
    step_drift: npt.NDArray[np.float32]
    norm: npt.NDArray[np.float64]
    trail: npt.NDArray[np.float32]


def trajectory(
    series: LoggedSeries,
    token_or_index: str | int,
    reference_step: int,
    measure: Measure = "cosine",
) -> Trajectory:
    """Returns one token through all steps."""
    index = series.index_of(token_or_index)
    found = trajectories(series, [index], reference_step, measure)
    return Trajectory(
        drift=found.drift[0],
        step_drift=found.step_drift[0],
        norm=found.norm[0],
        trail=found.trail[0],
    )


def trajectories(
    series: LoggedSeries,
    indices: Sequence[int],
    reference_step: int,
    measure: Measure = "cosine",
) -> Trajectories:
    """Returns some tokens through all steps. Only their rows are read.

    Raises:
      ValueError: more than ``MOST_TRAJECTORIES`` at once.
    """
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
