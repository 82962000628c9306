"""Checks the tag and the step of a snapshot, wherever they are passed."""

from __future__ import annotations

from typing import Any

from tb_wordembed.errors import quoted
from tb_wordembed.integers import as_integer
from tb_wordembed.write.columns import is_name


def check_tag(tag: str) -> None:
    """Raises ValueError if the name of a table is not a text, or is empty."""
    if not is_name(tag):
        raise ValueError(
            f"name={tag!r}: the name of a table is a text in Unicode, and not empty"
        )


def as_step(step: Any) -> int:
    """Returns a whole number of any type as an int. Raises ValueError if it is none of
    64 bits."""
    number = as_integer(step)
    if number is None:
        raise ValueError(f"step={step!r}: a step is a whole number")
    if not -(2**63) <= number < 2**63:
        raise ValueError(f"step={quoted(number)}: a step has 64 bits at most")
    return number
