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
from tb_wordembed.read.series import Series
from tb_wordembed.read.trajectories import MOST_TRAJECTORIES

EMPTY = np.empty(0, np.float32)
"""The array of an answer whose job is not done."""


def neighbors(found: Iterable[read.Neighbor]) -> list[Neighbor]:
    """Returns neighbors as the contract has them, in their order."""
    return [Neighbor(one.index, one.token, one.distance) for one in found]


def similar(found: Iterable[axes.Similar]) -> list[Similar]:
    """Returns similar rows as the contract has them, in their order."""
    return [Similar(one.index, one.token, one.cosine) for one in found]


def numbers(values: Iterable[float] | npt.NDArray[Any]) -> list[float | None]:
    """Returns ``number`` of each value."""
    return [number(float(value)) for value in values]


def number(value: float) -> float | None:
    """Returns the value, or None for NaN and infinity, which JSON lacks."""
    return float(value) if math.isfinite(value) else None


def indices(text: str) -> list[int]:
    """Returns the rows that a parameter names.

    Raises:
      ValueError: the text is not numbers separated by dots.
    """
    found: list[int] = row_numbers(text.encode(), "parameter 'indices'").tolist()
    return found


def rows_of_trajectories(series: Series, text: str) -> list[int]:
    """Returns the rows that a parameter names, few enough to be read at all steps.

    Raises:
      NotFoundError: there is no such row.
      ValueError: the text is not numbers separated by dots, or there are too many.
    """
    found = indices(text)
    if len(found) > MOST_TRAJECTORIES:
        raise ValueError(
            f"parameter 'indices' has {len(found)} rows; expected {MOST_TRAJECTORIES} "
            "at most"
        )
    return [series.index_of(row) for row in found]


def row_numbers(text: bytes, name: str) -> npt.NDArray[np.int64]:
    """Returns the rows that a text names, separated by dots; there may be millions.

    Args:
      name: what the text is called in the message of an error.

    Raises:
      ValueError: the text is not numbers separated by dots.
    """
    other = text.translate(None, b"0123456789.")
    gap = text.strip(b".") != text or b".." in text
    if not text or other or gap or _TOO_LONG.search(text):
        start = text[:80].decode("utf-8", "replace")
        raise ValueError(
            f"{name} is {start!r}; expected rows separated by dots, such as 3.14.15"
        )
    return np.fromstring(text, np.int64, sep=".")


_TOO_LONG = re.compile(rb"[0-9]{19}")
"""A number that may not fit 64 bits."""
