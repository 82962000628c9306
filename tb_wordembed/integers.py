"""Whole numbers, whatever type they come in: those from R are floats, those from a
training tensors."""

from __future__ import annotations

import operator
from typing import Any


def whole(number: Any) -> int | None:
    """A number as an int; None if it is not a whole one."""
    found = _scalar(number)
    if isinstance(found, bool):
        return None
    if isinstance(found, float):
        return int(found) if found.is_integer() else None
    try:
        return operator.index(found)
    except TypeError:
        return None


def count(name: str, number: Any) -> int:
    """An argument of this name that says how many.

    Raises:
      ValueError: it is not a whole number, or below 1.
    """
    found = whole(number)
    if found is None:
        raise ValueError(f"{name} is {number!r}; expected a whole number, 1 or more")
    if found < 1:
        raise ValueError(f"{name} is {number!r}; expected 1 or more")
    return found


def _scalar(value: Any) -> Any:
    """The number that an array or a tensor of one holds; else what was given."""
    if hasattr(value, "numpy") and not hasattr(value, "item"):
        value = value.numpy()
    try:
        return value.item() if hasattr(value, "item") else value
    # What the libraries raise where there are more numbers than one.
    except (TypeError, ValueError, RuntimeError):
        return value
