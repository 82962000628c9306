"""Directions with a meaning, spanned by tokens: `good - bad`, `king - man + woman`."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors.given_rows import nearest
from tb_wordembed.analysis.rows import Blocks, Rows, Wide, narrow, norms
from tb_wordembed.analysis.table_moments import Moments


@dataclass(frozen=True)
class Term:
    """One token of an expression, without quotes; its unit vector is multiplied by the
    weight. The position of the first character is 1."""

    weight: float
    token: str
    position: int


MOST_TERMS = 100
"""The largest number of tokens in an expression: each one's row is read at a step."""

_PIECE = re.compile(
    r"""(?P<space>\s+)
    |(?P<operator>[-+])
    |(?P<comma>,)
    |(?P<opening>\()
    |(?P<closing>\))
    |(?P<token>"(?:[^"]|"")*"|'(?:[^']|'')*'|[^-+,()\s"'][^-+,()\s]*)
    |(?P<unclosed>["'])""",
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
    pieces = deque(one for one in _PIECE.finditer(expression) if not one["space"])

    def follows(kind: str) -> bool:
        return bool(pieces) and pieces[0].lastgroup == kind

    def take(kind: str, expected: str) -> re.Match[str]:
        if not follows(kind):
            raise _unreadable(expression, pieces, expected)
        return pieces.popleft()

    terms: list[Term] = []
    sign = pieces.popleft()[0] if follows("operator") else "+"
    while True:
        is_enclosed = follows("opening") and pieces.popleft()
        members = [take("token", "a token")]
        while follows("comma"):
            pieces.popleft()
            members.append(take("token", "a token"))
        if is_enclosed:
            take("closing", "a comma or )")
        weight = (-1.0 if sign == "-" else 1.0) / len(members)
        terms += [Term(weight, _unquoted(one[0]), one.start() + 1) for one in members]
        if len(terms) > MOST_TERMS:
            raise ValueError(
                f"the expression has more than {MOST_TERMS} tokens, the largest number "
                "that is accepted"
            )
        if not pieces:
            return terms
        sign = take("operator", "+, - or a comma (quote a token with spaces)")[0]


def _unquoted(token: str) -> str:
    quote = token[0]
    return token[1:-1].replace(quote * 2, quote) if quote in "\"'" else token


def _unreadable(
    expression: str, rest: Sequence[re.Match[str]], expected: str
) -> ValueError:
    """Returns the error for an expression with something else before its rest."""
    if not rest:
        return ValueError(f"{expression!r} ends where {expected} should follow")
    where = f"in {expression!r} at position {rest[0].start() + 1}"
    if rest[0]["unclosed"]:
        return ValueError(f"{where} the quote {rest[0][0]} is never closed")
    return ValueError(f"{where} is {rest[0][0]!r}; expected {expected}")


def look_up(terms: Sequence[Term], rows: Mapping[str, int]) -> list[int]:
    """Returns the row numbers of the tokens of an expression. Raises ValueError if one
    is not in the vocabulary."""
    for term in terms:
        if term.token not in rows:
            raise ValueError(
                f"the token {term.token!r} at position {term.position} is not in the "
                "vocabulary; quote tokens with spaces or with one of + - , ( ) in them"
            )
    return [rows[term.token] for term in terms]


def direction(terms: Sequence[Term], rows: Rows) -> Wide:
    """Returns the direction that an expression spans: the sum of the rows of its terms,
    each scaled to length 1 and then weighted, scaled to length 1.

    ``good, great - bad, awful`` is the axis between the mean vectors of two sets (An et
    al. 2018, "SemAxis: A Lightweight Framework to Characterize Domain-Specific Word
    Semantics Beyond Sentiment"), but for the scaling, which keeps long rows from
    outweighing others; ``king - man + woman`` is the target of an analogy.

    Args:
      rows: their rows at a step, ``[terms, embedding_dim]``.

    Returns:
      float64 ``[embedding_dim]`` of length 1; NaN where a row is zero or not finite, or
      the terms cancel.

    Raises:
      ValueError: there are not as many rows as terms.
    """
    if len(rows) != len(terms):
        raise ValueError(f"there are {len(rows)} rows for {len(terms)} terms")
    weights = np.array([term.weight for term in terms])
    wide = rows.astype(np.float64)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        summed: Wide = weights @ (wide / norms(wide)[:, None])
    length = norms(summed[None])[0]
    # Shorter than this, it is what rounding left of rows that are the same.
    if not length > np.finfo(np.float32).eps * abs(weights).sum():
        return np.full(len(summed), np.nan)
    found: Wide = summed / length
    return found


def coordinates(rows: Rows, along: Wide, scaled: bool = True) -> Rows:
    """Returns where rows lie along a direction.

    Args:
      rows: float32 ``[rows, embedding_dim]``.
      along: the direction, of length 1, float64 ``[embedding_dim]``.
      scaled: cosine of row and direction, -1..1, as SemAxis has it; if not, their dot
        product, in the unit of the table.

    Returns:
      float32 ``[rows]``; NaN for a row that is not finite, for a zero row if scaled,
      and where the direction is NaN.
    """
    wide = rows.astype(np.float64)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        values = wide @ along
        if scaled:
            values = np.clip(values / norms(wide), -1, 1)
    return narrow(values)


def orthogonal_component(of: Moments, given: Sequence[Wide]) -> Wide:
    """Returns the direction along which rows vary most among those that are orthogonal
    to others.

    Args:
      of: moments of the rows.
      given: the other directions, each of length 1, ``[embedding_dim]``.

    Returns:
      float64 ``[embedding_dim]`` of length 1, on the side of the first principal
      components, so that it does not flip from step to step; NaN where there is none.
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
    result: Wide = best * ((-1.0 if side < 0 else 1.0) / length)
    return result


def analogy(
    blocks: Blocks, along: Wide, given: Collection[int], n: int = 10
) -> tuple[npt.NDArray[np.int32], Wide]:
    """Returns the rows nearest to a direction, as in: who is to king as woman is to
    man?

    3CosAdd (Mikolov et al. 2013, "Linguistic Regularities in Continuous Space Word
    Representations"; named by Levy & Goldberg 2014, "Linguistic Regularities in Sparse
    and Explicit Word Representations").

    Args:
      blocks: the table as row blocks.
      along: the direction of an expression.
      given: row numbers of its tokens, which are left out, as in both papers: one of
        them is nearly always the nearest.
      n: the number of rows to find; fewer when the table has fewer others.

    Returns:
      Row numbers, int32 ``[found]``, and their cosines with the direction, float64
      ``[found]``, nearest first, the lower index among equally near ones. Empty without
      a direction. Rows that are zero or not finite are not found.

    Raises:
      ValueError: n is below 1.
    """
    if n < 1:
        raise ValueError(f"n is {n}; expected 1 or more")
    left_out = np.array(sorted(set(given)), np.int64)
    near = nearest(blocks, along[None].astype(np.float32), n + len(left_out))
    indices, distances = near.of(0)
    others = ~np.isin(indices, left_out)
    return indices[others][:n], 1 - distances[others][:n]
