"""The class of a route, the requests that others extend, and bounds of parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors.metrics import MOST_NEIGHBORS


@dataclass(frozen=True)
class Shape:
    """Names the axes of an array field."""

    axes: tuple[str, ...]


def array_of(hint: Any) -> tuple[np.dtype[Any], tuple[str, ...]] | None:
    """Returns the dtype and the axes of an array field, from its annotation; None for
    another field."""
    match getattr(hint, "__metadata__", ()):
        case np.dtype() as dtype, Shape(axes):
            return dtype, axes
    return None


# The dtype is stated twice: releases of NumPy hold that of a type in different places.
Floats = Annotated[npt.NDArray[np.float32], np.dtype(np.float32)]
Ints = Annotated[npt.NDArray[np.int32], np.dtype(np.int32)]
RowFloats = Annotated[Floats, Shape(("vocab_size",))]
"""A number for each row of the table."""
RowInts = Annotated[Ints, Shape(("vocab_size",))]


@dataclass(frozen=True)
class Range:
    """The least and the largest number that a parameter may be."""

    least: int
    most: int


Count = Annotated[int, Range(1, MOST_NEIGHBORS)]
"""How many neighbors, or other tokens, are asked for."""


@dataclass(frozen=True)
class SeriesRequest:
    """A request about the snapshots of one run and tag."""

    run: str
    tag: str


@dataclass(frozen=True, kw_only=True)
class ReferenceRequest(SeriesRequest):
    """A request about a series and what it is compared with: itself, or another series.
    Rows are matched by their tokens, and drift is measured after an alignment."""

    reference_run: str = ""
    """The run of the reference, which the first of two steps is a step of; that of the
    series itself where this is left out."""
    reference_tag: str = ""
    """The tag of the reference; that of the series itself where this is left out."""
    centered: bool = False
    """Whether the mean of each table is taken off before the alignment."""
    anchors: str = ""
    """The rows of the series that the alignment is found over, separated by dots; all
    common tokens where this is left out."""


@dataclass(frozen=True, kw_only=True)
class BetweenRequest(ReferenceRequest):
    """A request about a change between two steps."""

    from_step: int
    to_step: int

    @property
    def steps(self) -> tuple[int, int]:
        """Both steps."""
        return self.from_step, self.to_step


@dataclass(frozen=True, kw_only=True)
class RowsRequest(SeriesRequest):
    """A request about a series whose answer has values for each row."""

    shown: str = ""
    """The rows to answer about, in this order: numbers separated by dots, 200,000 at
    most, or ``sample.<n>.<rows>`` for one of each of ``n`` equal parts of the first
    ``rows`` rows. All rows where this is left out."""


@dataclass(frozen=True)
class Route:
    """A question that the page can ask. The function that answers it has the same name,
    in the module of ``tb_wordembed.server.queries`` named like that of the response."""

    name: str
    request: type
    response: type
