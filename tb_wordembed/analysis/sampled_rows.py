"""Which rows of a table are looked at, where all of them would take too long."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

MOST_ROWS = 4096
"""The number of rows that are looked at, at most."""

MOST_PRODUCTS = 2**31
"""How many products the squares of the rows may take: for more than 724 columns, fewer
rows are looked at."""


def sampled_rows(vocab_size: int, embedding_dim: int) -> npt.NDArray[np.int64]:
    """Returns the numbers of some rows, evenly spaced, int64 ``[rows]``: all rows of a
    table of up to 4,096 rows and 724 columns."""
    most = MOST_PRODUCTS // embedding_dim**2
    if most < embedding_dim:  # The smaller side of a matrix counts twice.
        most = math.isqrt(MOST_PRODUCTS // embedding_dim)
    count = max(1, min(vocab_size, MOST_ROWS, most))
    return np.arange(count) * vocab_size // count


def spread_evenly(count: int, most: int) -> npt.NDArray[np.int64]:
    """Returns ``most`` numbers at most from 0 on and below ``count``, the first and the
    last among them, evenly spread, int64 ``[numbers]``."""
    return np.linspace(0, count - 1, min(count, most)).astype(np.int64)
