"""What every measure needs to know of rows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float32]
"""Some rows of a table, float32 ``[rows, embedding_dim]``."""

Blocks = Iterable[tuple[int, Rows]]
"""A table as consecutive row blocks: the number of the first row, and the rows."""


def finite(rows: npt.NDArray[np.floating]) -> npt.NDArray[np.bool_]:
    """Which rows hold neither NaN nor infinity, bool ``[rows]``."""
    kept: npt.NDArray[np.bool_] = np.isfinite(rows).all(axis=1)
    return kept


def norms(rows: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Euclidean norm of each row, float64 ``[rows]``; not finite where it isn't."""
    wide = rows.astype(np.float64, copy=False)
    squares: npt.NDArray[np.float64] = np.einsum("ij,ij->i", wide, wide)
    return np.sqrt(squares)
