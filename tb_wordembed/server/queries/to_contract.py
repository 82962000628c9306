"""Answers, and values in them, as the contract writes them."""

from __future__ import annotations

import dataclasses
import functools
import math
import re
import types
import typing
from collections.abc import Iterable
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.rows import narrow
from tb_wordembed.contract.route import array_of
from tb_wordembed.read.reference import Reference
from tb_wordembed.read.series import Series
from tb_wordembed.read.trajectories import MOST_TRAJECTORIES

T = TypeVar("T")


def filled(kind: type[T], *sources: object, **given: Any) -> T:
    """Returns a response or a part of one: its fields have the values that are given,
    or else those of the same names in the first source that has them.

    A source may be None, as what a job finds is until it is done: fields that no other
    source has are then empty, 0 or null.
    """
    cached: Any = kind
    for name, hint in _hints(cached).items():
        has = [getattr(one, name) for one in sources if hasattr(one, name)]
        # A method of that name is no value.
        has = [value for value in has if not callable(value)]
        if name in given or has:
            given[name] = _written(hint, given[name] if name in given else has[0])
        elif None in sources:
            given[name] = _nothing(hint)
        else:
            raise AttributeError(f"nothing says what {name} of {kind.__name__} is")
    return kind(**given)


def by_field(rows: Iterable[object], *names: str) -> types.SimpleNamespace:
    """Returns a source of ``filled`` with a list for each name: its value in each
    row."""
    rows = list(rows)
    lists = {name: [getattr(one, name) for one in rows] for name in names}
    return types.SimpleNamespace(**lists)


@functools.cache
def _hints(kind: Any) -> Any:
    return typing.get_type_hints(kind, include_extras=True)


def _written(hint: Any, value: Any) -> Any:
    """Returns a value as a field of this type has it."""
    if array := array_of(hint):
        wide = np.asarray(value)
        is_float64 = wide.dtype == np.float64
        return narrow(wide) if is_float64 else wide.astype(array[0], copy=False)
    if value is None:
        return None
    if typing.get_origin(hint) is list:
        (part,) = typing.get_args(hint)
        return [_written(part, one) for one in value]
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return value if isinstance(value, hint) else filled(hint, value)
    return number(value) if hint == float | None else value


def _nothing(hint: Any) -> Any:
    """Returns what a field of this type has while nothing is found."""
    if array := array_of(hint):
        dtype, axes = array
        return np.empty((0,) * len(axes), dtype)
    is_optional = type(None) in typing.get_args(hint)
    return None if is_optional else (typing.get_origin(hint) or hint)()


def named(reference: Reference | None) -> dict[str, str]:
    """Returns the fields that name a reference; empty ones for the series itself."""
    run, tag = (reference.series.run, reference.series.tag) if reference else ("", "")
    return {"reference_run": run, "reference_tag": tag}


def numbers(values: Iterable[float] | npt.NDArray[Any]) -> list[float | None]:
    """Returns ``number`` of each value."""
    return [number(float(value)) for value in values]


def number(value: float) -> float | None:
    """Returns the value, or None for NaN and infinity, which JSON lacks."""
    return float(value) if math.isfinite(value) else None


def row_list(name: str, text: str) -> list[int]:
    """Returns the rows that a parameter names; errors as in ``row_numbers``."""
    found: list[int] = row_numbers(text.encode(), f"parameter {name!r}").tolist()
    return found


def rows_of_trajectories(series: Series, text: str) -> list[int]:
    """Returns the rows that a parameter names, few enough to be read at all steps.

    Raises:
      NotFoundError: there is no such row.
      ValueError: the text is not numbers separated by dots, or there are too many.
    """
    found = row_list("indices", text)
    if len(found) > MOST_TRAJECTORIES:
        raise ValueError(
            f"parameter 'indices' has {len(found)} rows; expected {MOST_TRAJECTORIES} "
            "at most"
        )
    return [series.index_of(row) for row in found]


def row_numbers(text: bytes, name: str) -> npt.NDArray[np.int64]:
    """Returns the rows that a text names, separated by dots; there may be millions.
    Raises ValueError for another text."""
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
