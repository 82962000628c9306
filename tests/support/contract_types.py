"""Compares the JSON of a response with the types of the contract."""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any


def misfits(hint: Any, value: Any, place: str = "response") -> list[str]:
    """Says where a value is not of a type of the contract; arrays are left out."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return []
    if origin in (typing.Union, types.UnionType):
        kinds = [misfits(one, value, place) for one in arguments]
        return [] if [] in kinds else kinds[0]
    if origin is typing.Literal:
        return [] if value in arguments else [f"{place}: {value!r}"]
    if origin is list:
        if not isinstance(value, list):
            return [f"{place}: {value!r}"]
        parts = [misfits(arguments[0], one, f"{place}[]") for one in value]
        return [said for part in parts for said in part]
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint, include_extras=True)
        if not isinstance(value, dict):
            return [f"{place}: {value!r}"]
        found = [
            misfits(one, value.get(name), f"{place}.{name}")
            for name, one in hints.items()
        ]
        return [said for part in found for said in part]
    expected = (int, float) if hint is float else origin or hint
    fits = isinstance(value, expected) and (hint is bool or value is not True)
    return [] if fits else [f"{place}: {value!r}"]
