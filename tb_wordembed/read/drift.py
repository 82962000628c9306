"""Drift of all tokens between steps, their norms, and their paths through all steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import drift as drifts
from tb_wordembed.analysis import rows
from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.rows import Rows, SideBySide
from tb_wordembed.engine.large_arrays import joined
from tb_wordembed.engine.progress import Progress, silent
from tb_wordembed.read import step_measures
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.reference import Reference, drift_key, matched_tables, turn_upon
from tb_wordembed.read.tables import Tables, Turn, norms_key


@dataclass(frozen=True)
class Path:
    """The paths of all tokens from the first step to the last, ``[vocab_size]`` each.

    Attributes:
      length: the sum of the Euclidean displacements from step to step, float64; NaN
        where the row is not finite at the last step.
      displacement: Euclidean, from the first step to the last, float32; NaN with one
        step.
      straightness: displacement over length, float32, 0..1; NaN for a token that never
        moved.
    """

    length: npt.NDArray[np.float64]
    displacement: npt.NDArray[np.float32]
    straightness: npt.NDArray[np.float32]


def drift(
    series: LoggedSeries,
    from_step: int,
    to_step: int,
    measure: Measure = "cosine",
    *,
    reference: Reference | LoggedSeries | None = None,
) -> npt.NDArray[np.float32]:
    """Returns the drift of every token between two steps, float32 ``[vocab_size]``; see
    ``tb_wordembed.analysis.drift.Drift``.

    Args:
      from_step: a step of the reference.
      to_step: a step of the series.
      reference: another series, whose table is rotated onto that of this one first,
        over the tokens that both have; a ``Reference`` says how. NaN for a token that
        it lacks.

    Raises:
      NotFoundError: there is no such step.
      ValueError: the tables can't be aligned; see ``tb_wordembed.read.reference``.
    """
    turn = turn_upon(series, from_step, to_step, reference)
    tables = matched_tables(series, reference)

    def compute() -> npt.NDArray[np.float32]:
        engine = series.engine
        both = SideBySide(
            [
                tables.row_blocks(from_step, buffers=engine.threads),
                series.row_blocks(to_step, buffers=engine.threads),
            ],
            series.shape,
        )
        moved = engine.map(partial(_moved, turn, measure), both)
        return joined(moved, series.shape[0], np.float32)

    key = drift_key(series, from_step, to_step, measure, reference)
    return series.cache.get(key, compute, kinds=())


def _moved(turn: Turn, measure: Measure, block: tuple[int, Sequence[Rows]]) -> Rows:
    _, (old, new) = block
    return drifts.drift(turn(old), new, measure)


def _norms(block: tuple[int, Rows]) -> Rows:
    return rows.narrow_norms(rows.norms(block[1]))


def norms(series: Tables, step: int) -> npt.NDArray[np.float32]:
    """Returns the Euclidean norm of every row at a step, float32 ``[vocab_size]``; NaN
    where the row is not finite."""

    def compute() -> npt.NDArray[np.float32]:
        engine = series.engine
        blocks = series.row_blocks(step, buffers=engine.threads)
        return joined(engine.map(_norms, blocks), series.shape[0], np.float32)

    return series.cache.get(norms_key(series, step), compute, kinds=())


def path(series: LoggedSeries, progress: Progress = silent) -> Path:
    """Returns how far every token moved through all steps, and how straight."""
    found = series.skip_damaged(lambda: step_measures.measure(series, progress))
    assert found.last is not None  # There is a step in every series.
    # A row that was never finite has come no way, and there is none.
    length = np.where(np.isfinite(found.last.norm), found.last.path, np.nan)
    length.setflags(write=False)  # As all arrays that a series returns.
    displacement = found.displacement
    if displacement is None:
        displacement = np.full(series.shape[0], np.nan, np.float32)
    return Path(length, displacement, drifts.straightness(displacement, length))
