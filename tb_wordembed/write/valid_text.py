"""Makes valid Unicode text of single values: words, numbers, bytes."""

from __future__ import annotations

import datetime
import math
import numbers
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from tb_wordembed.format.byte_level import decoded
from tb_wordembed.integers import scalar
from tb_wordembed.write.stored_texts import StoredTexts, Texts, stored

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
    """Returns values as texts; see ``as_text``. Those that are texts already may be
    invalid Unicode, which ``encoded`` replaces."""
    if set(map(type, values)) == {str}:
        return values
    return [as_text(value) for value in values]


def encoded(texts: Sequence[str]) -> tuple[Sequence[str], Texts]:
    """Returns texts as valid Unicode, and these in UTF-8."""
    try:
        return texts, stored(texts)
    except UnicodeEncodeError:
        texts = [as_text(text) for text in texts]
        return texts, stored(texts)


def shortest(texts: Sequence[str], values: Texts) -> set[str]:
    """Returns the texts of up to two bytes, as letters are; or all."""
    if isinstance(values, tuple):
        return set(texts)
    return {texts[row] for row in np.flatnonzero(values.lengths <= 2).tolist()}


def repeated(texts: Sequence[str], values: Texts) -> Iterator[str]:
    """Yields a sentence if words repeat."""
    if isinstance(values, StoredTexts) and values.are_distinct():
        return
    counts = Counter(texts)
    if len(counts) < len(texts):
        often = next(text for text in texts if counts[text] > 1)
        yield (
            f"{len(texts) - len(counts):,} of {len(texts):,} rows repeat the token of "
            f"an earlier row, such as {often!r}"
        )


def is_missing(value: Any) -> bool:
    """Returns whether this is None, NaN, or the missing value of pandas."""
    if value is None or type(value).__name__ in _MISSING_TYPES:
        return True
    return isinstance(value, float) and math.isnan(value)


def as_scalars(what: str, values: Iterable[Any]) -> list[Any]:
    """Returns texts and numbers as they are, tensors of one number as that number.
    Raises ValueError for another kind, such as a tuple."""
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
