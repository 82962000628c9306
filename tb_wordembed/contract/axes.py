"""Requests and responses of semantic axes and analogies."""

from __future__ import annotations

from dataclasses import dataclass

from tb_wordembed.contract.route import (
    Count,
    Route,
    RowFloats,
    RowsRequest,
    SeriesRequest,
)


@dataclass(frozen=True)
class AxisRequest(RowsRequest):
    expression: str
    step: int


@dataclass(frozen=True)
class Axis:
    """The coordinate of every token along a direction spanned by tokens, such as
    ``good - bad``."""

    values: RowFloats
    """Cosine of row and direction, -1..1; NaN where either has none."""


@dataclass(frozen=True)
class AnalogyRequest(SeriesRequest):
    expression: str
    step: int
    n: Count = 10


@dataclass(frozen=True)
class Similar:
    """A token in the direction of something."""

    index: int
    token: str
    cosine: float


@dataclass(frozen=True)
class Analogy:
    """The tokens nearest to an expression, such as ``king - man + woman``, its own
    left out."""

    nearest: list[Similar]


ROUTES = (
    Route("axis", AxisRequest, Axis),
    Route("analogy", AnalogyRequest, Analogy),
)
