"""The nearest tokens of many tokens at a step, for a page that can't ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors.given_rows import nearest
from tb_wordembed.contract.route import Shape
from tb_wordembed.projector.rows import Rows
from tb_wordembed.read.series import Series
from tb_wordembed.server.report.chosen_rows import Chosen
from tb_wordembed.server.report.reduced_answers import halved

K = 10
"""The number of neighbors of a token; the page shows so many by default."""

MOST_PAIRS = 40_000
"""The number of tokens, times steps, whose neighbors are looked up at most, beside
those of all tokens at the first and the last step."""

_BLOCK = 1 << 12
"""The number of rows whose neighbors are looked up at a time."""


@dataclass(frozen=True)
class Nearest:
    """The neighbors of some tokens at a step by cosine, in the whole table."""

    step: int
    tokens: list[str]
    """Those of the neighbors that the page does not hold; they are numbered on from the
    rows that it holds."""
    rows: Annotated[npt.NDArray[np.int32], Shape(("rows",))]
    """The tokens, as rows of the page, ascending."""
    counts: Annotated[npt.NDArray[np.uint8], Shape(("rows",))]
    """How many neighbors each of them has, ``K`` at most."""
    neighbors: Annotated[npt.NDArray[Any], Shape(("neighbors",))]
    """The neighbors of each token, nearest first, one token after the other."""
    distances: Annotated[npt.NDArray[Any], Shape(("neighbors",))]


def pairs(choice: Chosen) -> list[tuple[int, Rows]]:
    """Returns the steps and the tokens whose neighbors the page is to hold: all tokens
    at the last step and the first, and as many as there may be of those that rank
    highest at the others."""
    first, *between = choice.steps
    ends = list(dict.fromkeys([*between[-1:], first]))
    every = len(choice.rows) * len(choice.steps) <= MOST_PAIRS
    ranked = choice.ranked[: MOST_PAIRS // max(len(between), 1)]
    some = choice.rows if every else np.sort(np.asarray(ranked, np.int64))
    return [
        *((step, choice.rows) for step in ends),
        *((step, some) for step in between[:-1]),
    ]


def nearest_of(series: Series, step: int, some: Rows, held: Rows) -> Nearest:
    """Returns the neighbors in the table of some of the rows that the page holds; both
    are ascending."""
    found = [
        nearest(
            series.row_blocks(step),
            series.rows(step, block.tolist()),
            K,
            own=block,
        )
        for block in np.split(some, range(_BLOCK, len(some), _BLOCK))
    ]
    indices = np.concatenate([one.indices for one in found])
    distances = np.concatenate([one.distances for one in found])
    there = indices >= 0
    others = np.setdiff1d(indices[there], held)
    places = np.searchsorted(held, indices[there])
    is_held = np.isin(indices[there], held)
    beyond = len(held) + np.searchsorted(others, indices[there])
    numbers = np.where(is_held, places, beyond)
    tokens = series.tokens
    small = len(held) + len(others) <= np.iinfo(np.uint16).max
    return Nearest(
        step=step,
        tokens=[tokens[row] for row in others.tolist()],
        rows=np.searchsorted(held, some).astype(np.int32),
        counts=there.sum(axis=1).astype(np.uint8),
        neighbors=numbers.astype(np.uint16 if small else np.uint32),
        distances=halved(distances[there].astype(np.float32)),
    )
