"""Semantic axes and analogies: directions that tokens span, such as ``good - bad``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import axes as directions
from tb_wordembed.analysis.neighbors.metrics import MOST_NEIGHBORS
from tb_wordembed.analysis.rows import Rows, Wide
from tb_wordembed.integers import positive_integer
from tb_wordembed.read.basis import pooled_moments
from tb_wordembed.read.labels import labeled
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
    terms, rows = parsed(series, expression)
    along = directions.direction(terms, series.rows(step, rows))
    blocks = series.row_blocks(step)
    return np.concatenate(
        [directions.coordinates(rows, along, scaled) for _, rows in blocks]
    )


def axes(
    series: LoggedSeries, expressions: Sequence[str], step: int
) -> npt.NDArray[np.float32]:
    """Returns the coordinates of every token at a step along several directions,
    float32 ``[vocab_size, len(expressions)]``; see ``axis``. One expression may be
    empty: its direction is the first principal component of all steps together among
    those orthogonal to the others.

    Raises:
      ValueError: as ``axis``; or more than one expression is empty, or all are.
    """
    (along,) = _along(series, expressions, lambda rows: [series.rows(step, rows)])
    blocks = series.row_blocks(step)
    return np.concatenate([_coordinates(rows, along) for _, rows in blocks])


def axis_trails(
    series: LoggedSeries, indices: Sequence[int], expressions: Sequence[str]
) -> npt.NDArray[np.float32]:
    """Returns the coordinates of some tokens at all steps along the directions of
    these steps, float32 ``[len(indices), steps, len(expressions)]``; see ``axes``. Only
    their rows are read.

    The directions are those of each step's own rows: they say how a token stands to
    the meaning of the expressions' tokens at that step, and no rotation of a table
    changes it.
    """
    spanned = _along(series, expressions, series.rows_at_all_steps)
    tables = series.rows_at_all_steps(indices)
    both = zip(tables, spanned, strict=True)
    return np.stack([_coordinates(table, along) for table, along in both], axis=1)


def _coordinates(rows: Rows, along: Sequence[Wide]) -> Rows:
    """Returns the coordinates of rows along directions, ``[rows, directions]``."""
    return np.stack([directions.coordinates(rows, one) for one in along], axis=1)


def _along(
    series: LoggedSeries,
    expressions: Sequence[str],
    tables_of: Callable[[Sequence[int]], Sequence[npt.NDArray[np.float32]]],
) -> list[list[Wide]]:
    """Returns the directions of expressions at each step for which ``tables_of`` gives
    the rows of a list."""
    named = [one for one in expressions if one.strip()]
    if not named or len(expressions) - len(named) > 1:
        raise ValueError(
            f"the expressions are {list(expressions)}; expected expressions such as "
            "'good - bad', of which one may be empty"
        )
    spanned = [
        [directions.direction(terms, table) for table in tables_of(rows)]
        for terms, rows in (parsed(series, one) for one in named)
    ]
    at_steps = [list(given) for given in zip(*spanned, strict=True)]
    if len(named) == len(expressions):
        return at_steps
    moments = pooled_moments(series)
    place = next(at for at, one in enumerate(expressions) if not one.strip())
    for given in at_steps:
        given.insert(place, directions.orthogonal_component(moments, given))
    return at_steps


def analogy(
    series: LoggedSeries, expression: str, step: int, n: int = 10
) -> list[Similar]:
    """Returns the n tokens nearest to an expression, such as ``king - man + woman``, at
    a step, without its own tokens.

    Raises:
      ValueError: as ``axis``.
    """
    n = positive_integer("n", n, MOST_NEIGHBORS)
    terms, rows = parsed(series, expression)
    along = directions.direction(terms, series.rows(step, rows))
    found = directions.analogy(series.row_blocks(step), along, rows, n)
    return [Similar(*one) for one in labeled(series.labels, *found)]


def parsed(
    series: LoggedSeries, expression: str
) -> tuple[list[directions.Term], list[int]]:
    """Returns the terms of an expression and the row of each; errors as ``axis``."""
    terms = directions.parse(expression)
    labels = series.labels
    found = {term.token: labels.first(term.token) for term in terms}
    rows = {token: row for token, row in found.items() if row is not None}
    return terms, directions.look_up(terms, rows)
