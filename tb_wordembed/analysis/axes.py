"""Directions with a meaning, spanned by tokens: `good - bad`, `king - man + woman`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.moments import Moments
from tb_wordembed.analysis.neighbors.given_rows import nearest
from tb_wordembed.analysis.rows import Blocks, Rows, norms

_Vector = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Term:
    """One token of an expression.

    Attributes:
      weight: what its unit vector is multiplied by.
      token: as it is in the vocabulary, without quotes.
      position: where it stands in the expression; the first character is 1.
    """

    weight: float
    token: str
    position: int


MOST_TERMS = 100
"""The largest number of tokens in an expression: each one's row is read at a step."""

_PIECE = re.compile(
    r"""(?P<space>\s+)
    |(?P<operator>[-+])
    |(?P<mark>[,()])
    |(?P<quoted>"(?:[^"]|"")*"|'(?:[^']|'')*')
    |(?P<open>["'])
    |(?P<bare>[^-+,()\s]+)""",
    re.VERBOSE,
)


def parse(expression: str) -> list[Term]:
    """Returns the terms of an expression.

    Tokens are joined by ``+`` and ``-``. Tokens separated by commas, in parentheses or
    not, are a set, which stands for the mean of its tokens:
    ``good, great - (bad, awful)``. A token with spaces, parentheses or one of ``+ - ,``
    in it, or with a quote at its beginning, is quoted, ``'new york'`` or
    ``"new york"``; the quote itself is written twice inside.

    Raises:
      ValueError: it can't be read; the message says where and why.
    """
    pieces = [one for one in _PIECE.finditer(expression) if one.lastgroup != "space"]
    terms: list[Term] = []
    at, sign = 0, 1.0
    if pieces and pieces[0].lastgroup == "operator":
        at, sign = 1, _sign(pieces[0])
    while True:
        members, at = _set(expression, pieces, at)
        terms += [Term(sign / len(members), *member) for member in members]
        if len(terms) > MOST_TERMS:
            raise ValueError(
                f"the expression has more than {MOST_TERMS} tokens, the largest number "
                "that is accepted"
            )
        if at == len(pieces):
            return terms
        if pieces[at].lastgroup != "operator":
            raise _unreadable(
                expression, pieces, at, "+, - or a comma (quote a token with spaces)"
            )
        at, sign = at + 1, _sign(pieces[at])


def _sign(piece: re.Match[str]) -> float:
    return -1.0 if piece[0] == "-" else 1.0


def _set(
    expression: str, pieces: Sequence[re.Match[str]], at: int
) -> tuple[list[tuple[str, int]], int]:
    """Reads one token, or several with commas between; returns them and where the rest
    begins."""
    enclosed = at < len(pieces) and pieces[at][0] == "("
    at += enclosed
    members = []
    while True:
        if at == len(pieces) or pieces[at].lastgroup not in ("bare", "quoted"):
            raise _unreadable(expression, pieces, at, "a token")
        members.append((_token(pieces[at]), pieces[at].start() + 1))
        at += 1
        if at == len(pieces) or pieces[at][0] != ",":
            break
        at += 1
    if enclosed:
        if at == len(pieces) or pieces[at][0] != ")":
            raise _unreadable(expression, pieces, at, "a comma or )")
        at += 1
    return members, at


def _token(piece: re.Match[str]) -> str:
    text = piece[0]
    if piece.lastgroup == "bare":
        return text
    return text[1:-1].replace(text[0] * 2, text[0])


def _unreadable(
    expression: str, pieces: Sequence[re.Match[str]], at: int, expected: str
) -> ValueError:
    if at == len(pieces):
        return ValueError(f"{expression!r} ends where {expected} should follow")
    piece = pieces[at]
    where = f"in {expression!r} at position {piece.start() + 1}"
    if piece.lastgroup == "open":
        return ValueError(f"{where} the quote {piece[0]} is never closed")
    return ValueError(f"{where} is {piece[0]!r}; expected {expected}")


def look_up(terms: Sequence[Term], find: Callable[[str], int | None]) -> list[int]:
    """Returns the row numbers of the tokens of an expression.

    Args:
      terms: of an expression.
      find: gives the row number of a token, or None when there is no such token.

    Raises:
      ValueError: a token is not in the vocabulary.
    """
    indices = []
    for term in terms:
        index = find(term.token)
        if index is None:
            raise ValueError(
                f"the token {term.token!r} at position {term.position} is not in the "
                "vocabulary; quote tokens with spaces or with one of + - , ( ) in them"
            )
        indices.append(index)
    return indices


def direction(terms: Sequence[Term], rows: Rows) -> _Vector:
    """Returns the direction that an expression spans.

    The sum of the terms' rows, each scaled to length 1 and then weighted, scaled to
    length 1. For ``good, great - bad, awful`` this is the axis of An et al. 2018,
    "SemAxis: A Lightweight Framework to Characterize Domain-Specific Word Semantics
    Beyond Sentiment", between the mean vectors of two sets, but for the scaling, which
    keeps a token with a long row from outweighing the others; for
    ``king - man + woman`` it is the target of an analogy.

    Args:
      terms: of an expression.
      rows: their rows at a step, ``[terms, embedding_dim]``.

    Returns:
      float64 ``[embedding_dim]`` of length 1; NaN where there is none, because a row
      is zero or not finite or the terms cancel.

    Raises:
      ValueError: there are not as many rows as terms.
    """
    if len(rows) != len(terms):
        raise ValueError(f"there are {len(rows)} rows for {len(terms)} terms")
    weights = np.array([term.weight for term in terms])
    wide = rows.astype(np.float64)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        summed: _Vector = weights @ (wide / norms(wide)[:, None])
    length = norms(summed[None])[0]
    # Shorter than this, it is what rounding left of rows that are the same.
    if not length > np.finfo(np.float32).eps * abs(weights).sum():
        return np.full(len(summed), np.nan)
    found: _Vector = summed / length
    return found


def coordinates(rows: Rows, along: _Vector, scaled: bool = True) -> Rows:
    """Returns where rows lie along a direction.

    Args:
      rows: float32 ``[rows, embedding_dim]``.
      along: the direction, of length 1, float64 ``[embedding_dim]``.
      scaled: cosine of row and direction, -1..1, as SemAxis has it; if not, their dot
        product, in the unit of the table.

    Returns:
      float32 ``[rows]``; NaN for a row that is not finite, for a zero row if scaled,
      and everywhere if there is no direction.
    """
    wide = rows.astype(np.float64)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        values = wide @ along
        if scaled:
            values = np.clip(values / norms(wide), -1, 1)
        narrow: Rows = values.astype(np.float32)
    narrow[~np.isfinite(narrow)] = np.nan
    return narrow


def orthogonal_component(of: Moments, given: Sequence[_Vector]) -> _Vector:
    """Returns the direction along which rows vary most among those that are orthogonal
    to others.

    Args:
      of: moments of the rows.
      given: the other directions, each of length 1, ``[embedding_dim]``.

    Returns:
      float64 ``[embedding_dim]`` of length 1, on the side of the first principal
      components, so that steps whose directions differ little don't flip; NaN where
      there is none.
    """
    dim = len(of.total)
    taken = np.array(given)
    if not np.isfinite(taken).all() or len(taken) >= dim:
        return np.full(dim, np.nan)
    spanned, _ = np.linalg.qr(taken.T)
    free = np.eye(dim) - spanned @ spanned.T
    covariance = of.covariance()
    variances, components = np.linalg.eigh(covariance)
    _, found = np.linalg.eigh(free @ covariance @ free)
    best = free @ found[:, -1]
    length = norms(best[None])[0]
    if not length > np.finfo(np.float32).eps:
        return np.full(dim, np.nan)
    signed = components * np.where(components.sum(axis=0) < 0, -1.0, 1.0)
    side = best @ signed @ np.sqrt(variances.clip(0))
    result: _Vector = best * ((-1.0 if side < 0 else 1.0) / length)
    return result


@dataclass(frozen=True)
class Along:
    """The rows nearest to a direction, nearest first.

    Attributes:
      indices: int32 ``[found]``.
      cosines: of row and direction, float64 ``[found]``, -1..1.
    """

    indices: npt.NDArray[np.int32]
    cosines: _Vector


def analogy(
    blocks: Blocks, along: _Vector, given: Collection[int], n: int = 10
) -> Along:
    """Returns the rows nearest to a direction, as in: who is to king as woman is to
    man?

    3CosAdd (Mikolov et al. 2013, "Linguistic Regularities in Continuous Space Word
    Representations"; named by Levy & Goldberg 2014, "Linguistic Regularities in Sparse
    and Explicit Word Representations").

    Args:
      blocks: the table as row blocks.
      along: the direction of an expression.
      given: row numbers of its tokens, which are left out, as both papers do: one of
        them is nearly always the nearest.
      n: the number of rows to find; fewer when the table has fewer others.

    Returns:
      Row numbers and cosines; of rows equally near the lower index comes first. None
      if there is no direction. Rows that are zero or not finite are not found.

    Raises:
      ValueError: n is below 1.
    """
    if n < 1:
        raise ValueError(f"n is {n}; expected 1 or more")
    left_out = np.array(sorted(set(given)), np.int64)
    near = nearest(blocks, along[None].astype(np.float32), n + len(left_out))
    indices, distances = near.of(0)
    others = ~np.isin(indices, left_out)
    return Along(indices[others][:n], 1 - distances[others][:n])
