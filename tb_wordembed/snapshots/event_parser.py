"""Finds the tables and columns in one event record, without reading their numbers."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from tb_wordembed.format import field_keys as keys
from tb_wordembed.format import metadata
from tb_wordembed.format.record import (
    HEADER_BYTES,
    DamagedRecordError,
    Field,
    Window,
    parse_varint,
    signed,
)
from tb_wordembed.snapshots.index_entries import FileId, Location

_TEXT = 7
DTYPES = {
    1: ("float32", 4),
    2: ("float64", 8),
    3: ("int32", 4),
    _TEXT: ("text", 0),
    9: ("int64", 8),
    14: ("bfloat16", 2),
    19: ("float16", 2),
}
"""Name and bytes per element of each dtype that is read, by TensorFlow's number."""

_FRAME_BYTES = 512
_MOST_FRAMES = 8


@dataclass(frozen=True)
class Label:
    """The role and the description that the metadata of a tag says."""

    role: metadata.Role
    description: str


@dataclass(frozen=True)
class Value:
    """A table or column in an event."""

    step: int
    wall_time: float
    tag: str
    label: Label
    tensor: Location


class Record(NamedTuple):
    """A record's place in its file: the first fields of a ``Location`` in it."""

    file: FileId
    offset: int
    length: int
    checksum: int


@dataclass(frozen=True)
class _Frame:
    """The bytes of a summary around the elements of its only value.

    A training writes the same summary over and over with other elements, so the bytes
    around them tell what it holds.
    """

    before: bytes
    after: bytes
    tag: str
    label: Label
    tensor: Location


class EventParser:
    """Finds the tables and columns in the events of one file, in their order."""

    def __init__(self) -> None:
        self._labels: dict[str, Label] = {}
        self._frames: dict[int, list[_Frame]] = {}

    def values(
        self, window: Window, record: Record
    ) -> Iterator[Value | metadata.FormatError]:
        """Yields the tables and columns in an event, and what is wrong with others.

        Args:
          window: reads the record's data, at its offsets in the file.

        Raises:
          DamagedRecordError: the record is not an event.
        """
        wall_time, step, summaries = 0.0, 0, []
        start = record.offset + HEADER_BYTES
        for field in window.fields(start, start + record.length):
            if field.key == keys.EVENT_WALL_TIME:
                (wall_time,) = struct.unpack("<d", struct.pack("<Q", field.value))
            elif field.key == keys.EVENT_STEP:
                step = signed(field.value)
            elif field.key == keys.EVENT_SUMMARY:
                summaries.append(field)
        for summary in summaries:
            frame = self._known_frame(window, summary)
            if frame is not None:
                self._labels[frame.tag] = frame.label
                like, start = frame.tensor, summary.start + len(frame.before)
                tensor = Location(
                    *record, like.dtype, like.shape, "raw", start, like.length
                )
                yield Value(step, wall_time, frame.tag, frame.label, tensor)
                continue
            found = list(window.fields(summary.start, summary.stop))
            for field in found:
                if field.key == keys.SUMMARY_VALUE:
                    alone = summary if len(found) == 1 else None
                    try:
                        value = self._value(window, record, field, alone)
                    except metadata.FormatError as error:
                        yield error
                    else:
                        if value is not None:
                            yield Value(step, wall_time, *value)

    def _known_frame(self, window: Window, summary: Field) -> _Frame | None:
        for frame in self._frames.get(summary.stop - summary.start, ()):
            stop = summary.stop - len(frame.after)
            if (
                window.read(summary.start, len(frame.before)) == frame.before
                and window.read(stop, len(frame.after)) == frame.after
            ):
                return frame
        return None

    def _value(
        self, window: Window, record: Record, field: Field, summary: Field | None
    ) -> tuple[str, Label, Location] | None:
        """Returns tag, label and tensor of a summary value, if it is a table or column.

        If its summary holds it alone, remembers the frame.
        """
        parts = list(window.fields(field.start, field.stop))
        by_key = {part.key: part for part in parts}
        if keys.VALUE_TAG not in by_key or keys.VALUE_TENSOR not in by_key:
            return None
        tag = _text(window.content(by_key[keys.VALUE_TAG]))
        name = content = description = b""
        if keys.VALUE_METADATA in by_key:
            name, content, description = _plugin(window, by_key[keys.VALUE_METADATA])
        if name == metadata.PLUGIN_NAME.encode():
            label = Label(metadata.decode(content), _text(description))
        elif not name and tag in self._labels:
            # Some writers send the metadata of a tag only with its first value.
            label = self._labels[tag]
        else:
            return None
        if sum(part.key >> 3 in keys.VALUE_NUMBERS for part in parts) > 1:
            # Protobuf would merge them or take the last; neither can be meant.
            raise metadata.FormatError("a summary value holds several values")
        self._labels[tag] = label
        tensor = _locate(window, record, by_key[keys.VALUE_TENSOR], label.role)
        if name and summary and tensor.encoding == "raw":
            stop = tensor.start + tensor.length
            size = tensor.start - summary.start, summary.stop - stop
            frames = self._frames.setdefault(summary.stop - summary.start, [])
            if max(size) <= _FRAME_BYTES and len(frames) < _MOST_FRAMES:
                before = window.read(summary.start, size[0])
                after = window.read(stop, size[1])
                frames.append(_Frame(before, after, tag, label, tensor))
        return tag, label, tensor


def _text(content: bytes) -> str:
    # Different names that are not UTF-8 stay different.
    return content.decode("utf-8", "backslashreplace")


def _plugin(window: Window, summary_metadata: Field) -> tuple[bytes, bytes, bytes]:
    """Returns plugin name, plugin content and description of a summary value."""
    name = content = description = b""
    for field in window.fields(summary_metadata.start, summary_metadata.stop):
        if field.key == keys.METADATA_DESCRIPTION:
            description = window.content(field)
        elif field.key == keys.METADATA_PLUGIN_DATA:
            for part in window.fields(field.start, field.stop):
                if part.key == keys.PLUGIN_NAME:
                    name = window.content(part)
                elif part.key == keys.PLUGIN_CONTENT:
                    content = window.content(part)
    return name, content, description


def _locate(
    window: Window, record: Record, tensor: Field, role: metadata.Role
) -> Location:
    """Finds the elements of a tensor. Raises FormatError where it can't be what its
    role says."""
    type_number, content = 0, None
    shape: tuple[int, ...] = ()
    for field in window.fields(tensor.start, tensor.stop):
        if field.key == keys.TENSOR_DTYPE:
            type_number = field.value
        elif field.key == keys.TENSOR_SHAPE:
            shape += _shape(window, field)
        elif field.key == keys.TENSOR_CONTENT:
            content = field
        elif field.key == keys.TENSOR_STRING and shape and type_number == _TEXT:
            # Each of maybe five million tokens is a field of its own. Reading them
            # checks whether there are as many as the shape says, and nothing else.
            break
    dtype, item_bytes = DTYPES.get(type_number, ("", 0))
    _check(type_number, dtype, shape, role)
    # Text elements are in the message, whatever else it holds.
    raw = None if dtype == "text" else content
    held = raw or tensor
    length = held.stop - held.start
    count = math.prod(shape)
    if raw and length != count * item_bytes:
        raise metadata.FormatError(
            f"the tensor's shape {list(shape)} of {dtype} takes {count * item_bytes} "
            f"bytes; it holds {length}"
        )
    # Each element takes at least a byte. A shape with more elements would allocate
    # memory for numbers that the file doesn't hold.
    if count > length:
        raise metadata.FormatError(
            f"the tensor's shape {list(shape)} names more elements than it holds"
        )
    encoding: Literal["raw", "message"] = "raw" if raw else "message"
    return Location(*record, dtype, shape, encoding, held.start, length)


def _check(
    type_number: int, dtype: str, shape: tuple[int, ...], role: metadata.Role
) -> None:
    """Raises FormatError if dtype or shape are not those of a table or column."""
    is_table = isinstance(role, metadata.TableRole)
    if not dtype or (is_table and dtype not in metadata.TABLE_DTYPES):
        accepted = ", ".join(metadata.TABLE_DTYPES) if is_table else "numbers or text"
        raise metadata.FormatError(
            f"the tensor's dtype is number {type_number}; expected {accepted}"
        )
    if len(shape) != (2 if is_table else 1) or min(shape) < 1:
        expected = "[vocab_size, embedding_dim]" if is_table else "[vocab_size]"
        raise metadata.FormatError(
            f"the tensor's shape is {list(shape)}; expected {expected}"
        )
    if role.part is not None and role.part.start + shape[0] > role.part.vocab_size:
        start, vocab_size = role.part
        raise metadata.FormatError(
            f"a part of {shape[0]} rows from row {start} on ends beyond the "
            f"{vocab_size} rows that its table has"
        )


def _shape(window: Window, field: Field) -> tuple[int, ...]:
    sizes = []
    for dim in window.fields(field.start, field.stop):
        if dim.key == keys.SHAPE_DIM:
            size = 0
            for part in window.fields(dim.start, dim.stop):
                if part.key == keys.DIM_SIZE:
                    size = signed(part.value)
            sizes.append(size)
            if len(sizes) > 8:
                raise DamagedRecordError("a tensor of more than 8 dimensions")
    return tuple(sizes)


# ------------------------------------------------------------- the tag, and no more


_LENGTH = rb"([\x80-\xff]{0,9}[\x00-\x7f])"
_ONE_VALUE = re.compile(
    # The keys of wall time, step, summary, value and tag.
    rb"\x09.{8}(?:\x10[\x80-\xff]{0,9}[\x00-\x7f])?"
    rb"\x2a" + _LENGTH + rb"\x0a" + _LENGTH + rb"\x0a" + _LENGTH,
    re.DOTALL,
)
"""The start of an event with one summary value, up to its tag."""


def only_tag(data: bytes) -> bytes | None:
    """Returns the tag of an event that holds a single value; None for any other event.
    All writers write the tag first."""
    start = _ONE_VALUE.match(data)
    if start is None:
        return None
    summary, value, tag = map(parse_varint, start.groups())
    if not start.end(1) + summary == start.end(2) + value == len(data):
        return None
    return data[start.end() : start.end() + tag]
