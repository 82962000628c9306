"""From one event record to the values of ours in it, without reading tensors."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from tb_wordembed import metadata
from tb_wordembed.snapshots.model import Location
from tb_wordembed.snapshots.record import (
    FIXED64,
    HEADER_BYTES,
    LENGTH_DELIMITED,
    VARINT,
    DamagedRecordError,
    Field,
    Window,
    fields,
)

# Field numbers of tensorflow/core: util/event.proto and framework/{summary,
# tensor,tensor_shape}.proto.
_EVENT_WALL_TIME, _EVENT_STEP, _EVENT_SUMMARY = 1, 2, 5
_SUMMARY_VALUE = 1
_VALUE_TAG, _VALUE_TENSOR, _VALUE_METADATA = 1, 8, 9
_METADATA_PLUGIN_DATA, _METADATA_DESCRIPTION = 1, 3
_PLUGIN_NAME, _PLUGIN_CONTENT = 1, 2
_TENSOR_DTYPE, _TENSOR_SHAPE, _TENSOR_CONTENT = 1, 2, 4
_SHAPE_DIM, _DIM_SIZE = 2, 1

_NUMBER_DTYPES = {
    1: ("float32", 4),
    2: ("float64", 8),
    3: ("int32", 4),
    9: ("int64", 8),
    14: ("bfloat16", 2),
    19: ("float16", 2),
}
_STRING_DTYPE = 7
TABLE_DTYPES = ("float32", "float64", "float16", "bfloat16")


@dataclass(frozen=True)
class Label:
    """What the summary metadata of a tag says."""

    role: metadata.Role
    description: str


@dataclass(frozen=True)
class Value:
    """A summary value of ours."""

    step: int
    wall_time: float
    tag: str
    label: Label
    tensor: Location


@dataclass(frozen=True)
class Record:
    """A record's place in its file."""

    path: str
    offset: int
    length: int
    checksum: int

    @property
    def start(self) -> int:
        """Offset of its data."""
        return self.offset + HEADER_BYTES


def values(
    window: Window, record: Record, labels: dict[str, Label]
) -> Iterator[Value | metadata.FormatError]:
    """The values of ours in an event, and what is wrong with others of ours.

    Args:
      window: reads the record's data, at its offsets in the file.
      record: where it is.
      labels: the labels of the tags seen earlier in the file; extended here. Some
        writers send a tag's metadata only with its first value.

    Raises:
      DamagedRecordError: the record is not an event.
    """
    wall_time, step, summaries = 0.0, 0, []
    for field in fields(window, record.start, record.start + record.length):
        if field.number == _EVENT_WALL_TIME and field.wire_type == FIXED64:
            wall_time = struct.unpack("<d", struct.pack("<Q", field.value))[0]
        elif field.number == _EVENT_STEP and field.wire_type == VARINT:
            step = _signed(field.value)
        elif field.number == _EVENT_SUMMARY and field.wire_type == LENGTH_DELIMITED:
            summaries.append(field)
    for summary in summaries:
        for field in fields(window, summary.start, summary.stop):
            if field.number != _SUMMARY_VALUE or field.wire_type != LENGTH_DELIMITED:
                continue
            try:
                found = _labeled_tensor(window, field, labels)
                if found is not None:
                    tag, label, tensor = found
                    location = _locate(window, record, tensor, label.role)
                    yield Value(step, wall_time, tag, label, location)
            except metadata.FormatError as error:
                yield error


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value


def _text(window: Window, field: Field) -> str:
    return window.bytes(field.start, field.stop - field.start).decode(
        "utf-8", "replace"
    )


def _labeled_tensor(
    window: Window, value: Field, labels: dict[str, Label]
) -> tuple[str, Label, Field] | None:
    """Tag, label and tensor field of a summary value, if it is one of ours."""
    parts = {
        field.number: field
        for field in fields(window, value.start, value.stop)
        if field.wire_type == LENGTH_DELIMITED
    }
    if _VALUE_TAG not in parts or _VALUE_TENSOR not in parts:
        return None
    tag = _text(window, parts[_VALUE_TAG])
    label = None
    if _VALUE_METADATA in parts:
        label = _label(window, parts[_VALUE_METADATA])
    if label is None:
        label = labels.get(tag)
    if label is None:
        return None
    labels[tag] = label
    return tag, label, parts[_VALUE_TENSOR]


def _label(window: Window, summary_metadata: Field) -> Label | None:
    name, content, description = "", b"", ""
    for field in fields(window, summary_metadata.start, summary_metadata.stop):
        if field.wire_type != LENGTH_DELIMITED:
            continue
        if field.number == _METADATA_DESCRIPTION:
            description = _text(window, field)
        elif field.number == _METADATA_PLUGIN_DATA:
            for part in fields(window, field.start, field.stop):
                if part.wire_type != LENGTH_DELIMITED:
                    continue
                if part.number == _PLUGIN_NAME:
                    name = _text(window, part)
                elif part.number == _PLUGIN_CONTENT:
                    content = window.bytes(part.start, part.stop - part.start)
    if name != metadata.PLUGIN_NAME:
        return None
    return Label(metadata.decode(content), description)


def _locate(
    window: Window, record: Record, tensor: Field, role: metadata.Role
) -> Location:
    """Where a tensor's elements are.

    Raises:
      metadata.FormatError: it can't be what its role says.
    """
    type_number = 0
    shape: tuple[int, ...] = ()
    content = None
    for field in fields(window, tensor.start, tensor.stop):
        if field.number == _TENSOR_DTYPE and field.wire_type == VARINT:
            type_number = field.value
        elif field.number == _TENSOR_SHAPE and field.wire_type == LENGTH_DELIMITED:
            shape = _shape(window, field)
        elif field.number == _TENSOR_CONTENT and field.wire_type == LENGTH_DELIMITED:
            content = field
    is_table = isinstance(role, metadata.TableRole)
    dtype, item_bytes = _NUMBER_DTYPES.get(type_number, ("", 0))
    if type_number == _STRING_DTYPE and not is_table:
        dtype = "text"
    if not dtype or (is_table and dtype not in TABLE_DTYPES):
        raise metadata.FormatError(
            f"the tensor's dtype is number {type_number}; expected "
            + ("one of " + ", ".join(TABLE_DTYPES) if is_table else "numbers or text")
        )
    rank = 2 if is_table else 1
    if len(shape) != rank or min(shape) < 1:
        raise metadata.FormatError(
            f"the tensor's shape is {list(shape)}; expected "
            + ("[vocab_size, embedding_dim]" if is_table else "[vocab_size]")
        )
    count = math.prod(shape)
    if dtype != "text" and content is not None:
        if content.stop - content.start != count * item_bytes:
            raise metadata.FormatError(
                f"the tensor's shape {list(shape)} of {dtype} takes "
                f"{count * item_bytes} bytes; it holds {content.stop - content.start}"
            )
        place = "raw", content.start, content.stop - content.start
    else:
        # Each element takes a byte at least: a shape that claims more would have us
        # allocate what the file doesn't hold.
        if count > tensor.stop - tensor.start:
            raise metadata.FormatError(
                f"the tensor's shape {list(shape)} names more elements than it holds"
            )
        place = "message", tensor.start, tensor.stop - tensor.start
    encoding, start, length = place
    return Location(
        path=record.path,
        record_offset=record.offset,
        record_length=record.length,
        checksum=record.checksum,
        dtype=dtype,
        shape=shape,
        encoding="raw" if encoding == "raw" else "message",
        start=start,
        length=length,
    )


def _shape(window: Window, field: Field) -> tuple[int, ...]:
    sizes = []
    for dim in fields(window, field.start, field.stop):
        if dim.number == _SHAPE_DIM and dim.wire_type == LENGTH_DELIMITED:
            size = 0
            for part in fields(window, dim.start, dim.stop):
                if part.number == _DIM_SIZE and part.wire_type == VARINT:
                    size = _signed(part.value)
            sizes.append(size)
            if len(sizes) > 8:
                raise DamagedRecordError("a tensor of more than 8 dimensions")
    return tuple(sizes)
