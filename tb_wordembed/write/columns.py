"""Checks columns, one value per row of a table: its tokens and other metadata.

A ``Column`` that exists can be written: what is wrong with the data is an error when
one is made.
"""

from __future__ import annotations

import contextlib
import hashlib
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from tensorboard.compat.proto import types_pb2

from tb_wordembed.format.metadata import TOKEN_COLUMN, ColumnRole, Part
from tb_wordembed.integers import as_integer
from tb_wordembed.snapshots.tensors import tensor_proto, text_tensor
from tb_wordembed.write.data_frames import as_mapping, entries, frame_columns
from tb_wordembed.write.image_columns import are_images, read_images
from tb_wordembed.write.known_tokens import remembered
from tb_wordembed.write.stored_dtypes import Array
from tb_wordembed.write.stored_texts import StoredTexts, Texts
from tb_wordembed.write.tables import to_numpy
from tb_wordembed.write.tokens import read
from tb_wordembed.write.valid_text import (
    as_scalars,
    as_text,
    as_texts,
    encoded,
    is_missing,
)
from tb_wordembed.write.vocabulary import Labels, may_be_numbered, tell

_IN_R = "rpytools"
"""A module that is loaded where R has loaded Python."""

_R_MISSING = -(2**31)
"""What an integer that is missing in R arrives as."""


@dataclass(frozen=True, eq=False)
class Column:
    """One value per row of a table: ``[vocab_size]`` texts, in UTF-8, or images, or
    numbers."""

    name: str
    values: Texts | Array
    has_images: bool = False

    def rows(self, which: slice | Array) -> Column:
        """Returns the column of some rows: a slice, or their numbers."""
        values: Any = self.values
        if isinstance(which, slice) or isinstance(values, np.ndarray):
            return replace(self, values=values[which])
        texts = tuple(values)
        return replace(self, values=tuple(texts[row] for row in which.tolist()))

    def role(self, table: str, part: Part | None = None) -> ColumnRole:
        """Returns the role of the column, or of a part of it, beside a table."""
        return ColumnRole(table, self.name, part, self.has_images)

    @cached_property
    def size(self) -> int:
        """The number of bytes that its values take in a tensor, at most."""
        if isinstance(self.values, StoredTexts):
            return len(self.values.fields)
        if isinstance(self.values, tuple):
            # Before each text come a key and the length.
            return sum(map(len, self.values)) + 6 * len(self.values)
        return int(self.values.nbytes)

    @cached_property
    def content(self) -> bytes:
        """A tensor of dtype string, int64 or float64, as it is stored."""
        values = self.values
        if isinstance(values, StoredTexts):
            return text_tensor(len(values), []) + values.fields
        if isinstance(values, tuple):
            return text_tensor(len(values), [values])
        is_int = values.dtype.kind == "i"
        number = types_pb2.DT_INT64 if is_int else types_pb2.DT_DOUBLE
        tensor = tensor_proto(number, values.shape, values.tobytes())
        return bytes(tensor.SerializeToString())

    @cached_property
    def digest(self) -> bytes:
        """8 bytes that change when a value does."""
        return hashlib.blake2b(self.content, digest_size=8).digest()


def as_columns(
    tokens: Any,
    metadata: Any,
    vocab_size: int | None,
    index_from: int | None = None,
    *,
    is_part: bool = False,
) -> tuple[Column, ...]:
    """Returns the columns to write beside a table, the tokens first.

    Args:
      tokens, index_from: see ``tb_wordembed.write.tokens.read``; None for no tokens.
      metadata: a dict or frame of pandas or polars from column name to one text,
        number or image per row, or to a dict from token to these; or None. A Series or
        frame with an index of its own is looked up by it, as a dict.
      vocab_size: the number of rows of the table; None if it isn't known yet.
      is_part: whether the table is a part of another. A dict from or to the numbers of
        rows is refused then, because it has those of the whole table.

    Raises:
      ValueError: something doesn't fit; the message says what and the remedy.
    """
    columns: dict[str, Column] = {}
    labels: Labels | None = None
    if tokens is not None:
        labels, of_tokens = _labels(tokens, vocab_size, index_from)
        if is_part and labels.is_by_row:
            raise ValueError("these tokens have numbers of rows of the whole table")
        columns |= of_tokens
    for name, values in _named(metadata):
        # Before values are looked up by tokens, of which there may be none.
        _check_name(name)
        if (mapping := as_mapping(values)) is not None:
            values = _looked_up(name, mapping, labels, None if is_part else vocab_size)
        column = as_column(name, values, vocab_size)
        if name in columns:
            raise ValueError(f"there are two columns {name!r}: in tokens and metadata")
        columns[name] = column
    return tuple(columns.values())


@remembered
def _labels(
    tokens: Any, vocab_size: int | None, index_from: int | None
) -> tuple[Labels, dict[str, Column]]:
    """Returns the tokens, and the columns for them and whatever came with them."""
    labels = read(tokens, index_from).labels(vocab_size)
    columns = {TOKEN_COLUMN: Column(TOKEN_COLUMN, labels.values)}
    for name, values in labels.columns.items():
        columns[name] = as_column(name, values, vocab_size)
    return labels, columns


def _named(metadata: Any) -> Iterable[tuple[str, Any]]:
    if metadata is None:
        return ()
    if hasattr(metadata, "columns") and not hasattr(metadata, "items"):
        metadata = frame_columns(metadata)  # polars
    if not hasattr(metadata, "items") or hasattr(metadata, "tolist"):
        raise ValueError(
            f"metadata is of type {type(metadata).__name__}; pass a dict from column "
            "name to one value per row"
        )
    items = list(metadata.items())
    for name, _ in items:
        if not is_name(name):
            raise ValueError(f"a metadata column is called {name!r}; pass a text")
    return items


def _looked_up(
    name: str,
    by_key: Mapping[Any, Any],
    labels: Labels | None,
    vocab_size: int | None,
) -> list[Any]:
    """Returns the value of each row, from values by token, or else by row.

    Raises:
      ValueError: no key is a token of the table, nor are all of them rows of it.
    """
    by_text = {as_text(key): value for key, value in by_key.items()}
    by_row = _by_row(by_key, vocab_size)
    if labels is not None:
        # Byte-level tokens are found in both of their forms.
        words = zip(labels.texts, labels.words, strict=True)
        values = [by_text.get(text, by_text.get(as_text(word))) for text, word in words]
        if any(value is not None for value in values):
            if by_row not in (None, values):
                tell(
                    f"metadata column {name!r}: its keys are taken for tokens. If they "
                    "are numbers of rows, pass a list with one entry per row"
                )
            return values
    if by_row is not None:
        return by_row
    if labels is None:
        raise ValueError(
            f"metadata column {name!r} goes from token to value, but there are no "
            "tokens; pass them too, or a list with one entry per row"
        )
    raise ValueError(
        f"metadata column {name!r} has {len(by_key)} keys, of which none with a "
        "value is a token of the table; pass a dict from token to number or text, "
        "or a list with one entry per row"
    )


def _by_row(by_key: Mapping[Any, Any], vocab_size: int | None) -> list[Any] | None:
    """Returns the value of each row, if all keys are numbers of rows; else None."""
    rows = [as_integer(key) for key in by_key]
    if not vocab_size or not rows or not may_be_numbered(vocab_size, len(rows)):
        return None
    if any(row is None or not 0 <= row < vocab_size for row in rows):
        return None
    by_row = dict(zip(rows, by_key.values(), strict=True))
    return [by_row.get(row) for row in range(vocab_size)]


def _check_name(name: str) -> None:
    if name == TOKEN_COLUMN:
        raise ValueError(
            f'a metadata column can\'t be called "{TOKEN_COLUMN}"; pass it as tokens, '
            "or give it another name"
        )


def as_column(name: str, values: Any, vocab_size: int | None) -> Column:
    """Returns a column of numbers if all values are (None becomes NaN), of images if
    all are (see ``tb_wordembed.write.image_columns.are_images``), or of texts. Whole
    numbers of which neither int64 nor float64 holds all digits are texts.

    Args:
      values: ``[vocab_size]`` values, in any array or iterable. In text that is not
        valid Unicode, U+FFFD takes the place of what is wrong.
      vocab_size: the number of rows of the table; None if it isn't known yet.

    Raises:
      ValueError: there are not as many values as rows, images can't be read or are too
        large, or the column is called as that of the tokens.
    """
    _check_name(name)
    entries = _entries(name, values)
    what = f"metadata column {name!r}"
    if vocab_size is not None and len(entries) != vocab_size:
        raise ValueError(
            f"{what} has {len(entries)} entries but the table has {vocab_size} rows; "
            "pass one entry per row, in the order of the rows (rows for padding and "
            "unknown words included)"
        )
    if are_images(entries):
        return Column(name, read_images(what, entries), has_images=True)
    entries = as_scalars(f"column {name!r}", entries)
    if _IN_R in sys.modules:
        entries = [None if _is_missing_in_r(one) else one for one in entries]
    if (numbers := _numbers(entries)) is not None:
        return Column(name, numbers)
    return Column(name, encoded(as_texts(entries))[1])


def _entries(name: str, values: Any) -> Sequence[Any]:
    values = to_numpy(entries(values))
    if getattr(values, "ndim", 1) != 1:
        raise ValueError(
            f"column {name!r} has shape {list(values.shape)}; pass one entry per row, "
            "as with .ravel()"
        )
    if callable(getattr(values, "tolist", None)):
        values = values.tolist()
    if not isinstance(values, Iterable) or isinstance(
        values, (str, bytes, Mapping, set, frozenset)
    ):
        raise ValueError(
            f"column {name!r} is of type {type(values).__name__}; pass a list with one "
            "entry per row, in the order of the rows"
        )
    return list(values)


def _numbers(entries: Sequence[Any]) -> Array | None:
    """Returns int64 or float64 if all entries are numbers or None, but not all None,
    and no whole number would lose digits by it, such as an id: texts keep them."""
    if str in set(map(type, entries)):
        return None
    numbers = [entry for entry in entries if not is_missing(entry)]
    kinds = (int, float, np.integer, np.floating, np.bool_)
    if not numbers or not all(isinstance(number, kinds) for number in numbers):
        return None
    if all(isinstance(entry, (int, np.integer, np.bool_)) for entry in entries):
        with contextlib.suppress(OverflowError):
            return np.array(entries, np.int64).astype("<i8")
    if any(map(_loses_digits, numbers)):
        return None
    return np.array([np.nan if is_missing(e) else float(e) for e in entries], "<f8")


def _loses_digits(number: Any) -> bool:
    """Returns whether a number is a whole one that float64 does not hold."""
    if isinstance(number, (float, np.floating)) or -(2**53) <= number <= 2**53:
        return False
    try:
        return float(number) != int(number)
    except OverflowError:
        return True


def _is_missing_in_r(entry: Any) -> bool:
    return isinstance(entry, (int, np.integer)) and entry == _R_MISSING


def is_name(name: Any) -> bool:
    """Returns whether something is a text, not empty, and valid Unicode."""
    return isinstance(name, str) and name != "" and as_text(name) == name
