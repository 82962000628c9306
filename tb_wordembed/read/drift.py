"""Drift of all tokens between steps, their norms, their paths through all steps, and
the step at which their drift leaves its trend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import change_points
from tb_wordembed.analysis import drift as drifts
from tb_wordembed.analysis import rows as measures
from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.rows import Rows, SideBySide
from tb_wordembed.engine.large_arrays import joined
from tb_wordembed.engine.progress import Progress, silent
from tb_wordembed.read import step_measures
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.reference import (
    Reference,
    content_of_both,
    matched_tables,
    turn_upon,
)
from tb_wordembed.read.series_outline import skips_damaged
from tb_wordembed.read.tables import Tables, Turn, drift_key, norms_key

CURVES_BYTES = 64 << 20
"""The largest size of the row blocks that are read side by side at all steps, and of
the curves that are kept."""


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

    contents = content_of_both(series, from_step, to_step, reference)
    return series.cache.get(drift_key(contents, measure), compute, kinds=())


def _moved(turn: Turn, measure: Measure, block: tuple[int, Sequence[Rows]]) -> Rows:
    _, (old, new) = block
    return drifts.drift(turn(old), new, measure)


def _norms(block: tuple[int, Rows]) -> Rows:
    return measures.narrow_norms(measures.norms(block[1]))


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


@skips_damaged
def breaks(
    series: LoggedSeries, measure: Measure = "cosine", progress: Progress = silent
) -> change_points.Breaks:
    """Returns the step at which the drift from the first step breaks, for every token;
    see ``analysis.change_points.breaks``. Positions are those in ``steps``."""
    parts = [
        change_points.breaks(curves, series.steps)
        for curves in _curves(series, measure, progress)
    ]
    fields = zip(*(vars(one).values() for one in parts), strict=True)
    return change_points.Breaks(*map(np.concatenate, fields))


def _curves(
    series: LoggedSeries, measure: Measure, progress: Progress
) -> Iterator[npt.NDArray[np.float32]]:
    """Yields the drift from the first step to each step, ``[rows, steps]``, block by
    block. Curves that take few bytes together are kept: then a new step of the training
    reads only its own table and the first one."""
    steps, vocab_size = series.steps, series.shape[0]
    rows = max(1, CURVES_BYTES // (4 * series.shape[1] * len(steps)))
    if 4 * vocab_size * len(steps) > CURVES_BYTES:
        for curves in _side_by_side(series, steps, rows, measure, progress):
            yield np.stack(curves, axis=1)
        return
    kept = _drifts(series, rows, measure, progress)
    for start in range(0, vocab_size, rows):
        yield np.stack([one[start : start + rows] for one in kept], axis=1)


def _drifts(
    series: LoggedSeries, rows: int, measure: Measure, progress: Progress
) -> list[npt.NDArray[np.float32]]:
    """Returns the drift from the first step to each step. Those that are not in the
    cache are computed from tables that are read side by side in blocks of ``rows``."""
    steps = series.steps
    keys = [drift_key(series.content_id(steps[0], step), measure) for step in steps]
    found = [series.cache.kept(key) for key in keys]
    missing = [at for at, one in enumerate(found) if one is None]
    if missing:
        # The first step is read whether its drift is missing or not.
        read = [0, *(at for at in missing if at)]
        some = [steps[at] for at in read]
        parts = _side_by_side(series, some, rows, measure, progress)
        for at, curve in zip(read, zip(*parts, strict=True), strict=True):
            found[at] = np.concatenate(curve)
            series.cache.put(keys[at], found[at])
    return [one for one in found if one is not None]


def _side_by_side(
    series: LoggedSeries,
    steps: Sequence[int],
    rows: int,
    measure: Measure,
    progress: Progress,
) -> Iterator[list[Rows]]:
    """Yields the drift of the same ``rows`` rows from the first of the steps to each,
    block after block."""
    tables = [series.row_blocks(step, rows) for step in steps]
    for start, blocks in SideBySide(tables, series.shape):
        progress(start / series.shape[0])
        yield [drifts.drift(blocks[0], block, measure) for block in blocks]
