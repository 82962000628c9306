"""Finds the tables and columns in one event record, without reading their numbers."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tb_wordembed.format import field_numbers, metadata
from tb_wordembed.format.record import (
    FIXED64,
    HEADER_BYTES,
    LENGTH_DELIMITED,
    VARINT,
    DamagedRecordError,
    Field,
    Window,
    fields,
    signed,
)
from tb_wordembed.snapshots.entries import FileId, Location

_DTYPES = {
    1: "float32",
    2: "float64",
    3: "int32",
    7: "text",
    9: "int64",
    14: "bfloat16",
    19: "float16",
}
_ITEM_BYTES = {
    "float32": 4,
    "float64": 8,
    "int32": 4,
    "int64": 8,
    "bfloat16": 2,
    "float16": 2,
}


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

    file: FileId
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
        if field.number == field_numbers.EVENT_WALL_TIME and field.wire_type == FIXED64:
            wall_time = struct.unpack("<d", struct.pack("<Q", field.value))[0]
        elif field.number == field_numbers.EVENT_STEP and field.wire_type == VARINT:
            step = signed(field.value)
        elif (
            field.number == field_numbers.EVENT_SUMMARY
            and field.wire_type == LENGTH_DELIMITED
        ):
            summaries.append(field)
    for summary in summaries:
        for field in fields(window, summary.start, summary.stop):
            if (
                field.number != field_numbers.SUMMARY_VALUE
                or field.wire_type != LENGTH_DELIMITED
            ):
                continue
            try:
                found = _labeled_tensor(window, field, labels)
                if found is not None:
                    tag, label, tensor = found
                    location = _locate(window, record, tensor, label.role)
                    yield Value(step, wall_time, tag, label, location)
            except metadata.FormatError as error:
                yield error


def _text(window: Window, field: Field) -> str:
    # Two texts that are not UTF-8 stay two.
    return window.bytes(field.start, field.stop - field.start).decode(
        "utf-8", "backslashreplace"
    )


def _labeled_tensor(
    window: Window, value: Field, labels: dict[str, Label]
) -> tuple[str, Label, Field] | None:
    """Tag, label and tensor field of a summary value, if it is one of ours."""
    found = list(fields(window, value.start, value.stop))
    parts = {
        field.number: field for field in found if field.wire_type == LENGTH_DELIMITED
    }
    if field_numbers.VALUE_TAG not in parts or field_numbers.VALUE_TENSOR not in parts:
        return None
    tag = _text(window, parts[field_numbers.VALUE_TAG])
    plugin = _Plugin()
    if field_numbers.VALUE_METADATA in parts:
        plugin = _plugin(window, parts[field_numbers.VALUE_METADATA])
    if plugin.name == metadata.PLUGIN_NAME:
        label = Label(metadata.decode(plugin.content), plugin.description)
    elif not plugin.name and tag in labels:
        label = labels[tag]
    else:
        return None
    if sum(field.number in field_numbers.VALUES for field in found) > 1:
        # Protobuf would merge them or take the last, which nobody means.
        raise metadata.FormatError("a summary value holds several values")
    labels[tag] = label
    return tag, label, parts[field_numbers.VALUE_TENSOR]


@dataclass(frozen=True)
class _Plugin:
    """Whose a summary value is; without a name it is that of its tag."""

    name: str = ""
    content: bytes = b""
    description: str = ""


def _plugin(window: Window, summary_metadata: Field) -> _Plugin:
    plugin = _Plugin()
    for field in fields(window, summary_metadata.start, summary_metadata.stop):
        if field.wire_type != LENGTH_DELIMITED:
            continue
        if field.number == field_numbers.METADATA_DESCRIPTION:
            plugin = replace(plugin, description=_text(window, field))
        elif field.number == field_numbers.METADATA_PLUGIN_DATA:
            for part in fields(window, field.start, field.stop):
                if part.wire_type != LENGTH_DELIMITED:
                    continue
                if part.number == field_numbers.PLUGIN_NAME:
                    plugin = replace(plugin, name=_text(window, part))
                elif part.number == field_numbers.PLUGIN_CONTENT:
                    content = window.bytes(part.start, part.stop - part.start)
                    plugin = replace(plugin, content=content)
    return plugin


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
        if field.number == field_numbers.TENSOR_DTYPE and field.wire_type == VARINT:
            type_number = field.value
        elif (
            field.number == field_numbers.TENSOR_SHAPE
            and field.wire_type == LENGTH_DELIMITED
        ):
            shape += _shape(window, field)
        elif (
            field.number == field_numbers.TENSOR_CONTENT
            and field.wire_type == LENGTH_DELIMITED
        ):
            content = field
    dtype = _checked_dtype(type_number, role)
    _check_shape(shape, role)
    is_raw = dtype != "text" and content is not None
    held = content if is_raw and content is not None else tensor
    length = held.stop - held.start
    # Each element takes a byte at least: a shape that claims more would have us
    # allocate what the file doesn't hold.
    count = math.prod(shape)
    if is_raw and length != count * _ITEM_BYTES[dtype]:
        raise metadata.FormatError(
            f"the tensor's shape {list(shape)} of {dtype} takes "
            f"{count * _ITEM_BYTES[dtype]} bytes; it holds {length}"
        )
    if count > length:
        raise metadata.FormatError(
            f"the tensor's shape {list(shape)} names more elements than it holds"
        )
    return Location(
        file=record.file,
        record_offset=record.offset,
        record_length=record.length,
        checksum=record.checksum,
        dtype=dtype,
        shape=shape,
        encoding="raw" if is_raw else "message",
        start=held.start,
        length=length,
    )


def _checked_dtype(type_number: int, role: metadata.Role) -> str:
    dtype = _DTYPES.get(type_number, "")
    is_table = isinstance(role, metadata.TableRole)
    if dtype in metadata.TABLE_DTYPES or (dtype and not is_table):
        return dtype
    accepted = ", ".join(metadata.TABLE_DTYPES) if is_table else "numbers or text"
    raise metadata.FormatError(
        f"the tensor's dtype is number {type_number}; expected {accepted}"
    )


def _check_shape(shape: tuple[int, ...], role: metadata.Role) -> None:
    is_table = isinstance(role, metadata.TableRole)
    if len(shape) != (2 if is_table else 1) or min(shape) < 1:
        expected = "[vocab_size, embedding_dim]" if is_table else "[vocab_size]"
        raise metadata.FormatError(
            f"the tensor's shape is {list(shape)}; expected {expected}"
        )


def _shape(window: Window, field: Field) -> tuple[int, ...]:
    sizes = []
    for dim in fields(window, field.start, field.stop):
        if dim.number == field_numbers.SHAPE_DIM and dim.wire_type == LENGTH_DELIMITED:
            size = 0
            for part in fields(window, dim.start, dim.stop):
                if part.number == field_numbers.DIM_SIZE and part.wire_type == VARINT:
                    size = signed(part.value)
            sizes.append(size)
            if len(sizes) > 8:
                raise DamagedRecordError("a tensor of more than 8 dimensions")
    return tuple(sizes)
