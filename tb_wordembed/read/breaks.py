"""Breaks: the step at which the drift of a token leaves its trend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import change_points
from tb_wordembed.analysis import drift as drifts
from tb_wordembed.analysis.drift import Measure
from tb_wordembed.engine.progress import Progress, silent
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.reference import drift_key
from tb_wordembed.read.series_outline import skips_damaged

CURVES_BYTES = 64 << 20
"""The largest size of the row blocks that are read side by side at all steps, and of
the curves that are kept."""


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
        for blocks in _side_by_side(series, steps, rows, progress):
            curves = [drifts.drift(blocks[0], block, measure) for block in blocks]
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
    keys = [drift_key(series, steps[0], step, measure) for step in steps]
    found = [series.cache.kept(key) for key in keys]
    missing = [at for at, one in enumerate(found) if one is None]
    if missing:
        # The first step is read whether its drift is missing or not.
        read = [0, *(at for at in missing if at)]
        parts = [
            [drifts.drift(blocks[0], block, measure) for block in blocks]
            for blocks in _side_by_side(
                series, [steps[at] for at in read], rows, progress
            )
        ]
        for at, curve in zip(read, zip(*parts, strict=True), strict=True):
            found[at] = np.concatenate(curve)
            series.cache.put(keys[at], found[at])
    return [one for one in found if one is not None]


def _side_by_side(
    series: LoggedSeries, steps: Sequence[int], rows: int, progress: Progress
) -> Iterator[list[npt.NDArray[np.float32]]]:
    """Yields the same ``rows`` rows at each step, block after block."""
    readers = [series.row_blocks(step, rows) for step in steps]
    for blocks in zip(*readers, strict=True):
        progress(blocks[0][0] / series.shape[0])
        yield [block for _, block in blocks]
