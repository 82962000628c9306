"""Chooses the columns of the standard Projector inside our tab, to color points by."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tb_wordembed.projector.metadata_file import Values
from tb_wordembed.read.neighbors import known_neighbors
from tb_wordembed.read.series import Series

K = 10
"""The number of neighbors of which the share that was kept is a column."""

PROMPT_OPERATIONS = 5e9
"""The number of multiplications up to which the neighbors of all tokens are computed:
they take about half a second. A larger table has the column "neighbors kept" only while
its neighbors are in memory."""


def logged(series: Series) -> dict[str, Values]:
    """Returns the columns that were logged, the tokens first."""
    return {"token": series.tokens, **series.metadata}


def measured(series: Series, reference_step: int, step: int) -> dict[str, Values]:
    """Returns the columns that are measured between two steps, for all rows."""
    columns: dict[str, Values] = {
        "norm": series.norms(step),
        "drift": series.drift(reference_step, step),
    }
    kept = _neighbors_kept(series, reference_step, step)
    if kept is not None:
        columns["neighbors kept"] = kept
    return columns


def _neighbors_kept(
    series: Series, reference_step: int, step: int
) -> npt.NDArray[np.float32] | None:
    rows, dimensions = series.shape
    is_prompt = 2.0 * rows * rows * dimensions <= PROMPT_OPERATIONS
    steps = (reference_step, step)
    if is_prompt or all(known_neighbors(series, one, K) for one in steps):
        return series.turnover(*steps, K).overlap
    return None
