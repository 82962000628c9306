"""Rows whose norms grow at every step, and leave those of the other rows behind."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.rows import Rows, Wide
from tb_wordembed.engine.large_arrays import Full

LEAST = 1.1
"""The least factor by which a row outgrows the usual row in an interval."""

CHANCE = 1.0
"""The number of rows that grow as much in an interval by chance, below which a row
outgrows the others: it has to do so in several."""


class Growth:
    """Follows which rows outgrow the others at every step, up to the last one.

    How much more than the median row others grow in an interval has a tail that falls
    like ``exp``; half and a quarter of the rows tell how fast. Rows that stay as they
    are say nothing of it: where few are updated, these are not outgrown.
    """

    def __init__(self, rows: int, full: Full = np.full) -> None:
        self._since = full(rows, -1, np.int32)
        self._gained = full(rows, 0, np.float32)

    def add(self, position: int, before: Rows, after: Rows) -> None:
        """Adds the norms at both ends of the interval that ends at this position."""
        with np.errstate(all="ignore"):
            grown = after / before
            np.log(grown, out=grown)
        known = grown[np.isfinite(grown) & (grown != 0)]
        if not len(known):
            return
        known.sort()
        half, quarter = np.quantile(known, [0.5, 0.75], overwrite_input=True)
        limit = (quarter - half) / np.log(2) * np.log(0.5 * len(known) / CHANCE)
        grown -= half
        outgrows = np.isfinite(grown) & (grown >= max(limit, np.log(LEAST)))
        self._since[outgrows & (self._since < 0)] = position
        self._since[~outgrows] = -1
        self._gained[outgrows] += grown[outgrows]
        self._gained[~outgrows] = 0

    def finish(self, full: Full = np.full) -> tuple[npt.NDArray[np.int32], Wide]:
        """Returns ``growing_since``, which more steps change, and ``growth`` as in
        ``History``."""
        growth = full(len(self._gained), 0, np.float64)
        return self._since, np.exp(self._gained, out=growth, dtype=np.float64)
