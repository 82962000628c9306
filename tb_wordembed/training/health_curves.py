"""``HealthCurves``: a few numbers of a table at each logged step, in little time."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from tb_wordembed.analysis.block_sums import moments
from tb_wordembed.analysis.drift import drifts
from tb_wordembed.analysis.health import effective_rank, singular_values
from tb_wordembed.analysis.rows import Rows, Wide, norms
from tb_wordembed.write.tables import Table


class HealthCurves:
    """Numbers of the tables of a training, from one logged step to the next.

    They are computed from the same rows at each step: from all rows of a table of up to
    4,096 rows and 724 columns, and from evenly spaced ones of a larger table: 4,096, or
    fewer where there are more columns, such as 2,048 of 1,024 columns and 724 of 4,096.
    From one step to the next these rows are kept, as float32: 5 MB for 300 columns. No
    other copy of a table is made. Rows with NaN or infinity are left out; a number is
    NaN where no row has it.

    - ``mean_norm``: the mean Euclidean norm of the rows.
    - ``effective_rank``: how many dimensions the rows use, see
      ``tb_wordembed.analysis.health.effective_rank``.
    - ``median_drift``: the median cosine drift, ``1 - cos``, from the step logged
      before.
    - ``updated_share``: the share of the rows whose numbers changed since then, 0..1.

    The last two are missing at the first step, and where the table has another shape
    than before.
    """

    def __init__(self) -> None:
        self._last: dict[str, _Rows] = {}  # By tag.

    def measure(self, tag: str, table: Table) -> dict[str, float]:
        """Returns the numbers of a table at a step that is logged, by their names."""
        now = _Rows(table.values.shape, table.sample, norms(table.sample))
        before, self._last[tag] = self._last.get(tag), now
        kept = np.isfinite(now.norm)
        found = {
            "mean_norm": float(now.norm[kept].mean()) if kept.any() else math.nan,
            "effective_rank": _effective_rank(now.rows[kept]),
        }
        if before is not None and before.shape == now.shape:
            found |= _change(before, now)
        return found


class _Rows(NamedTuple):
    """Rows of a table of some shape, and their norms; NaN or infinite for others."""

    shape: tuple[int, ...]
    rows: Rows
    norm: Wide


def _effective_rank(rows: Rows) -> float:
    if not len(rows):
        return math.nan
    if len(rows) < rows.shape[1]:
        rows = np.ascontiguousarray(rows.T)  # Its singular values are the same.
    return effective_rank(singular_values(moments([(0, rows)], rows.shape[1])))


def _change(before: _Rows, now: _Rows) -> dict[str, float]:
    moved = drifts(before.rows, now.rows)
    drift = moved.cosine[np.isfinite(moved.cosine)]
    known = np.isfinite(before.norm) & np.isfinite(now.norm)
    updated = ~moved.unchanged[known]
    return {
        "median_drift": float(np.median(drift)) if len(drift) else math.nan,
        "updated_share": float(updated.mean()) if len(updated) else math.nan,
    }
