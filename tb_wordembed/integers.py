"""Whole numbers of any type: those from R are floats, those from training tensors."""

from __future__ import annotations

import operator
from typing import Any


def as_integer(number: Any) -> int | None:
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


def positive_integer(name: str, number: Any) -> int:
    """An argument of this name that says how many.

    Raises:
      ValueError: it is not a whole number, or below 1.
    """
    found = as_integer(number)
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
