"""The route of the contract, and bounds on the parameters of requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tb_wordembed.analysis.neighbors.metrics import MOST_NEIGHBORS


@dataclass(frozen=True)
class Shape:
    """Names the axes of an array field."""

    axes: tuple[str, ...]


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


@dataclass(frozen=True)
class Route:
    """A question that the page can ask. The function that answers it has the same name,
    in the module of ``tb_wordembed.server.queries`` named like that of the response."""

    name: str
    request: type
    response: type
