"""Checks that arguments are whole numbers, also floats from R and tensors."""

from __future__ import annotations

import operator
from typing import Any


def as_integer(number: Any) -> int | None:
    """Returns a number as an int; None if it is not a whole number."""
    found = scalar(number)
    if isinstance(found, bool):
        return None
    if isinstance(found, float):
        return int(found) if found.is_integer() else None
    try:
        return operator.index(found)
    except TypeError:
        return None


def positive_integer(name: str, number: Any, most: int | None = None) -> int:
    """Returns a number from 1 to ``most`` as an int.

    Args:
      most: the largest number that is accepted; None for no bound.

    Raises:
      ValueError: it is not a whole number, below 1 or above ``most``.
    """
    found = as_integer(number)
    accepted = "1 or more" if most is None else f"1 to {most:,}"
    if found is None:
        raise ValueError(f"{name} is {number!r}; expected a whole number, {accepted}")
    if found < 1 or (most is not None and found > most):
        raise ValueError(f"{name} is {number!r}; expected {accepted}")
    return found


def scalar(value: Any) -> Any:
    """Returns the number in an array or tensor of one element; others as they are."""
    if hasattr(value, "numpy") and not hasattr(value, "item"):
        value = value.numpy()
    try:
        return value.item() if hasattr(value, "item") else value
    # The errors of the libraries for more than one element.
    except (TypeError, ValueError, RuntimeError):
        return value
