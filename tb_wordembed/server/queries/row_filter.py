"""Conditions on the rows of a table, as the filter of the page writes them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_wordembed.engine.progress import Progress, silent
from tb_wordembed.read.labels import Labels
from tb_wordembed.snapshots.record_texts import Place

Mask = npt.NDArray[np.bool_]

MOST_PARTS = 500
"""The largest number of lists, names and values in the JSON of a condition."""

MOST_COLUMNS = 20
"""The largest number of columns in a condition: each takes 8 bytes for each row."""

MOST_TEXTS = 100
"""The largest number of texts that columns are compared with: each takes a bit for each
row."""

_MOST_DIGITS = 16
"""A whole number of so many digits or more is read as a float, and so rounded."""

_BLOCK = 1 << 18
"""The number of rows that are looked at at a time, which is a multiple of 8."""

Texts = dict[str, npt.NDArray[np.uint8]]
"""In which rows each text was found, as bits."""

_NUMBERS: dict[str, Callable[[Any, Any], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "=": np.equal,
    # A number that is not known is neither equal nor unequal to another.
    "!=": lambda a, b: (a < b) | (a > b),
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}
_BOTH: dict[str, Callable[[Any, Any], Any]] = {
    "and": np.logical_and,
    "or": np.logical_or,
}
_PLACES: dict[str, Place] = {
    "=": "whole",
    "contains": "any",
    "starts": "start",
    "ends": "end",
}

Column = npt.NDArray[Any] | Labels
"""The numbers of all rows, or their texts."""


@dataclass(frozen=True)
class Condition:
    """A condition, in nested lists, and the parts of the question of each column that
    it is about."""

    columns: list[list[str]]
    meets: Any


def parsed(text: str) -> Condition:
    """Returns the condition in the JSON of a request. Raises ValueError if it is
    none."""
    try:
        found = json.loads(text, parse_int=_number)
        columns, meets = found["columns"], found["meets"]
        if not isinstance(columns, list) or not all(map(_is_question, columns)):
            raise ValueError("its columns are not ['tokens'] or lists of three texts")
        if len(columns) > MOST_COLUMNS:
            raise ValueError(f"it has more than {MOST_COLUMNS} columns")
        if _parts(meets) > MOST_PARTS:
            raise ValueError(f"it has more than {MOST_PARTS} parts: use fewer values")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(
            f"parameter 'condition' is {text[:80]!r}; expected JSON with 'columns' and "
            f"'meets': {error}"
        ) from None
    return Condition(columns, meets)


def _number(digits: str) -> int | float:
    """Returns a number as NumPy can hold it."""
    return int(digits) if len(digits) < _MOST_DIGITS else float(digits)


def _is_question(one: object) -> bool:
    if not isinstance(one, list) or not all(isinstance(part, str) for part in one):
        return False
    return one == ["tokens"] or len(one) == 3


def _parts(tree: object) -> int:
    return 1 + sum(map(_parts, tree)) if isinstance(tree, list) else 1


def rows_meeting(
    meets: Any, columns: Sequence[Column], rows: int, progress: Progress = silent
) -> Mask:
    """Returns which rows meet a condition, ``[rows]``. Raises ValueError if it is none
    on these columns."""
    texts: Texts = {}
    mask = np.empty(rows, np.bool_)
    for start in range(0, rows, _BLOCK):
        progress(start / rows)
        here = slice(start, min(start + _BLOCK, rows))
        with np.errstate(all="ignore"):
            mask[here] = _condition(meets, columns, here, texts)
    return mask


def _value(tree: Any, columns: Sequence[Column], here: slice, texts: Texts) -> Any:
    """Returns the value of a part in some rows: one each, or one for all."""
    match tree:
        case ["number", int() | float() as number]:
            return np.float64(number)
        case ["column", int() as at] if 0 <= at < len(columns):
            column = columns[at]
            if not isinstance(column, Labels):
                return column[here].astype(np.float64)
        case ["not", part]:
            return ~_condition(part, columns, here, texts)
        case ["in", left, *items] if items:
            found = [_value(["=", left, one], columns, here, texts) for one in items]
            return reduce(np.logical_or, found)
        case [str() as name, ["column", int() as at], ["text", str() as text]] if (
            0 <= at < len(columns)
        ):
            column = columns[at]
            if isinstance(column, Labels) and name in ("!=", *_PLACES):
                place = _PLACES.get(name, "whole")
                mask = _found(column, place, text, (at, here), texts)
                return ~mask if name == "!=" else mask
        case [str() as name, left, right] if name in _BOTH:
            both = [_condition(one, columns, here, texts) for one in (left, right)]
            return _BOTH[name](*both)
        case [str() as name, left, right] if name in _NUMBERS:
            parts = [_value(one, columns, here, texts) for one in (left, right)]
            if all(np.asarray(one).dtype == np.float64 for one in parts):
                return _NUMBERS[name](*parts)
    raise ValueError(f"{_short(tree)} in parameter 'condition' has no value here")


def _found(
    column: Labels, place: Place, text: str, where: tuple[int, slice], texts: Texts
) -> Mask:
    """Returns in which of some rows of a column a text is found."""
    at, here = where
    key = json.dumps([place, at, text])
    if key not in texts:
        if len(texts) == MOST_TEXTS:
            raise ValueError(
                f"parameter 'condition' compares more than {MOST_TEXTS} texts"
            )
        texts[key] = np.packbits(column.where(place, text))
    packed = texts[key][here.start // 8 : -(-here.stop // 8)]
    mask: Mask = np.unpackbits(packed, count=here.stop - here.start).astype(np.bool_)
    return mask


def _condition(tree: Any, columns: Sequence[Column], here: slice, texts: Texts) -> Any:
    found = _value(tree, columns, here, texts)
    if np.asarray(found).dtype != np.bool_:
        raise ValueError(f"{_short(tree)} in parameter 'condition' is no condition")
    return found


def _short(tree: object) -> str:
    return json.dumps(tree)[:80]
