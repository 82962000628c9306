"""Semantic axes and analogies: directions that tokens span, such as ``good - bad``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import axes as directions
from tb_wordembed.analysis.neighbors.metrics import MOST_NEIGHBORS
from tb_wordembed.integers import positive_integer
from tb_wordembed.read.logged_series import LoggedSeries


@dataclass(frozen=True)
class Similar:
    """A row, and the cosine between a direction and its own."""

    index: int
    token: str
    cosine: float


def axis(
    series: LoggedSeries, expression: str, step: int, *, scaled: bool = True
) -> npt.NDArray[np.float32]:
    """Returns the coordinate of every token at a step along a direction spanned by
    tokens, such as ``good - bad``, float32 ``[vocab_size]``; see
    ``tb_wordembed.analysis.axes``.

    Raises:
      ValueError: the expression can't be read, or names an unknown token.
    """
    terms, rows = _parsed(series, expression)
    along = directions.direction(terms, series.rows(step, rows))
    return np.concatenate(
        [
            directions.coordinates(block, along, scaled)
            for _, block in series.row_blocks(step)
        ]
    )


def axes(
    series: LoggedSeries, expressions: Sequence[str], step: int
) -> npt.NDArray[np.float32]:
    """Returns the coordinates of every token at a step along several directions,
    float32 ``[vocab_size, len(expressions)]``; see ``axis``."""
    return np.stack([axis(series, one, step) for one in expressions], axis=1)


def axis_trails(
    series: LoggedSeries, indices: Sequence[int], expressions: Sequence[str]
) -> npt.NDArray[np.float32]:
    """Returns the coordinates of some tokens at all steps along the directions of
    these steps, float32 ``[len(indices), steps, len(expressions)]``. Only
    their rows are read."""
    rows = np.stack(series.rows_at_all_steps(indices))
    along = []
    for expression in expressions:
        terms, spanning = _parsed(series, expression)
        tables = np.stack(series.rows_at_all_steps(spanning))
        along.append(directions.path(rows, terms, tables).T)
    return np.stack(along, axis=2)


def analogy(
    series: LoggedSeries, expression: str, step: int, n: int = 10
) -> list[Similar]:
    """Returns the n tokens nearest to an expression, such as ``king - man + woman``, at
    a step, without its own tokens.

    Raises:
      ValueError: as ``axis``.
    """
    n = positive_integer("n", n, MOST_NEIGHBORS)
    terms, rows = _parsed(series, expression)
    along = directions.direction(terms, series.rows(step, rows))
    found = directions.analogy(series.row_blocks(step), along, rows, n)
    return similar(series, found.indices, found.cosines)


def similar(
    series: LoggedSeries,
    indices: npt.NDArray[np.int32],
    cosines: npt.NDArray[np.float64],
) -> list[Similar]:
    """Returns rows with their tokens."""
    tokens = series.tokens
    pairs = zip(indices.tolist(), cosines.tolist(), strict=True)
    return [Similar(index, tokens[index], cosine) for index, cosine in pairs]


def _parsed(
    series: LoggedSeries, expression: str
) -> tuple[list[directions.Term], list[int]]:
    """Returns the terms of an expression and the row of each."""
    terms = directions.parse(expression)
    wanted = {term.token for term in terms}
    rows: dict[str, int] = {}
    for row, token in enumerate(series.tokens):
        if token in wanted:
            rows.setdefault(token, row)
    return terms, directions.look_up(terms, rows.get)
