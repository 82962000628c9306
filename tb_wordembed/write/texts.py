"""Makes valid Unicode text of single values: words, numbers, bytes."""

from __future__ import annotations

import contextlib
import datetime
import math
import numbers
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from tb_wordembed.format.byte_level import decoded
from tb_wordembed.integers import scalar

_SCALARS = (
    *(str, bytes, bool, int, float, complex, type(None), np.generic, numbers.Number),
    *(datetime.date, datetime.time, datetime.timedelta, uuid.UUID),
)
_MISSING_TYPES = ("NAType", "NaTType")


def as_text(value: Any) -> str:
    """Returns a value as valid Unicode text.

    None, NaN and missing values of pandas are the empty text. Bytes that are no UTF-8
    are written as numbers, such as ``0xE3``; U+FFFD takes the place of lone surrogates.
    A whole number has no decimal point.
    """
    if isinstance(value, str):
        value = str.__str__(value)  # An Enum of texts has a str() of its own.
    if isinstance(value, bytes):
        return decoded(value)
    if is_missing(value):
        return ""
    if (
        isinstance(value, (float, np.floating))
        and value.is_integer()
        and abs(value) < 2**53
    ):
        value = int(value)
    text = str(value)
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def as_texts(values: Sequence[Any]) -> Sequence[str]:
    """Returns values as valid Unicode texts; see ``as_text``."""
    if set(map(type, values)) == {str}:
        with contextlib.suppress(UnicodeEncodeError):
            "".join(values).encode()  # Fails if one of them is not valid.
            return values
    return [as_text(value) for value in values]


def encoded(texts: Sequence[str]) -> tuple[bytes, ...]:
    """Returns valid texts in UTF-8."""
    # Much faster than one after another, unless a text has a line end in it.
    values = "\n".join(texts).encode().split(b"\n")
    if len(values) != len(texts):
        values = [text.encode() for text in texts]
    return tuple(values)


def is_missing(value: Any) -> bool:
    """Returns whether this is None, NaN, or the missing value of pandas."""
    if value is None or type(value).__name__ in _MISSING_TYPES:
        return True
    return isinstance(value, float) and math.isnan(value)


def as_scalars(what: str, values: Iterable[Any]) -> list[Any]:
    """Returns texts and numbers as they are, tensors of one number as that number.

    Args:
      what: what the values are, for the message.

    Raises:
      ValueError: a value is of another kind, such as a tuple.
    """
    values = list(values)
    for kind in set(map(type, values)):
        if issubclass(kind, _SCALARS) or kind.__name__ in _MISSING_TYPES:
            continue
        of_kind = [row for row, value in enumerate(values) if type(value) is kind]
        for row in of_kind:
            value = scalar(values[row])
            if not isinstance(value, _SCALARS):
                raise ValueError(
                    f"{what}: entry {row} is of type {kind.__name__}, "
                    f"{repr(value)[:60]}; pass one text or number per row, such as "
                    f"{_expression(value)}"
                )
            values[row] = value
    return values


def _expression(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return "[entry[0] for entry in entries]"
    if isinstance(value, Mapping):
        return f"[entry[{next(iter(value), 'token')!r}] for entry in entries]"
    return "[str(entry) for entry in entries]"
