"""A route of the contract: its name, its request and its response."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """Names the axes of an array field."""

    axes: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """A question that the page can ask. The function that answers it has the same name,
    in the module of ``tb_wordembed.server.queries`` named like that of the request."""

    name: str
    request: type
    response: type
