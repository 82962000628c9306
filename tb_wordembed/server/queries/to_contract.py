"""Values of several answers as the contract writes them: numbers, neighbors, rows."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_wordembed.contract.axes import Similar
from tb_wordembed.contract.neighbors import Neighbor
from tb_wordembed.read import axes
from tb_wordembed.read import neighbors as read

EMPTY = np.empty(0, np.float32)
"""The array of an answer whose job is not done."""


def neighbors(found: Iterable[read.Neighbor]) -> list[Neighbor]:
    """Neighbors, in their order."""
    return [Neighbor(one.index, one.token, one.distance) for one in found]


def similar(found: Iterable[axes.Similar]) -> list[Similar]:
    """Rows in a direction, in their order."""
    return [Similar(one.index, one.token, one.cosine) for one in found]


def numbers(values: Iterable[float] | npt.NDArray[Any]) -> list[float | None]:
    """``number`` of each."""
    return [number(float(value)) for value in values]


def number(value: float) -> float | None:
    """The number, or None for NaN and infinity, which JSON lacks."""
    return float(value) if math.isfinite(value) else None


def indices(text: str) -> list[int]:
    """Rows from the text of a parameter.

    Raises:
      ValueError: the text is not numbers separated by dots.
    """
    # ASCII digits, of numbers that fit 64 bits.
    if not re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,18})*", text):
        raise ValueError(
            f"parameter 'indices' is {text[:80]!r}; expected rows separated by dots, "
            "such as 3.14.15"
        )
    return [int(part) for part in text.split(".")]
