"""What questions are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """Names the axes of an array field."""

    axes: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """A question: the function of the same name in queries.py answers it."""

    name: str
    request: type
    response: type
