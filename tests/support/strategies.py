"""Hypothesis strategies for embedding tables and their tokens."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from tokens import HOSTILE

# Bounded, so that squares neither overflow nor vanish: extremes have tests by name.
elements = st.floats(-100, 100, width=32).filter(lambda x: x == 0 or abs(x) > 1e-3)

_PIECES = st.sampled_from([one for one in HOSTILE if len(one) < 20])
hostile_tokens = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(_PIECES, max_size=3).map("".join),
    st.text(st.characters(codec="utf-8"), max_size=8),
)
vocabularies = st.lists(hostile_tokens, min_size=2, max_size=12)


@st.composite
def tables(
    draw: st.DrawFn, min_rows: int = 1, min_dim: int = 1
) -> npt.NDArray[np.float32]:
    """A table with duplicated and zero rows among others."""
    rows = draw(st.integers(min_rows, 12))
    dim = draw(st.integers(min_dim, 6))
    table = draw(st_numpy.arrays(np.float32, (rows, dim), elements=elements))
    for row in draw(st.lists(st.integers(0, rows - 1), max_size=3)):
        table[row] = table[draw(st.integers(0, rows - 1))]
    return table


@st.composite
def table_pairs(draw: st.DrawFn, min_dim: int = 1) -> tuple[Any, Any]:
    """Two tables of the same shape."""
    before = draw(tables(min_dim=min_dim))
    after = draw(st_numpy.arrays(np.float32, before.shape, elements=elements))
    return before, after


@st.composite
def rotations(draw: st.DrawFn, dim: int) -> npt.NDArray[np.float64]:
    """A random orthogonal matrix."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    orthogonal, _ = np.linalg.qr(rng.normal(size=(dim, dim)))
    return orthogonal


def blocks(table: Any, rows: int = 5) -> list[tuple[int, Any]]:
    """A table as row blocks."""
    return [
        (start, table[start : start + rows]) for start in range(0, len(table), rows)
    ]
