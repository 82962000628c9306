"""Recognizing an event by one before it that differed in step and time only.

A training writes the same event over and over: same tag, same shape, other numbers.
Reading the fields of one tells what the bytes around the numbers of the next ones mean.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tb_wordembed.format import field_numbers
from tb_wordembed.format.record import FIXED64, LENGTH_DELIMITED, VARINT, Window, signed
from tb_wordembed.snapshots.event import Record, Value

_WALL_TIME = field_numbers.EVENT_WALL_TIME << 3 | FIXED64
_STEP = field_numbers.EVENT_STEP << 3 | VARINT
_SUMMARY = field_numbers.EVENT_SUMMARY << 3 | LENGTH_DELIMITED
_VALUE = field_numbers.SUMMARY_VALUE << 3 | LENGTH_DELIMITED
_TAG = field_numbers.VALUE_TAG << 3 | LENGTH_DELIMITED

_HEAD_BYTES = 400
_MOST_ALIKE = 8


@dataclass(frozen=True)
class _Pattern:
    """The bytes of an event that stay the same, and what they say."""

    before: bytes
    """From behind the step up to the tensor's elements."""
    after: bytes
    value: Value


class Patterns:
    """The events seen in a file, by what can be recognized of them."""

    def __init__(self) -> None:
        self._by_length: dict[int, list[_Pattern]] = defaultdict(list)

    def find(self, window: Window, record: Record) -> Value | None:
        """The value in an event that is like one learned; None if it is like none."""
        head = window.bytes(record.start, min(_HEAD_BYTES, record.length))
        place = _behind_step(head)
        if place is None:
            return None
        for pattern in self._by_length.get(record.length - place, ()):
            start, after = place + len(pattern.before), pattern.after
            if (
                head[place:start] == pattern.before
                and window.bytes(window.end - len(after), len(after)) == after
            ):
                return _at(pattern.value, record, head, place, start)
        return None

    def learn(self, window: Window, record: Record, values: Sequence[object]) -> None:
        """Remembers an event by the values that were found in it."""
        head = window.bytes(record.start, min(_HEAD_BYTES, record.length))
        place = _behind_step(head)
        if place is None or len(values) != 1:
            return
        (value,) = values
        if not isinstance(value, Value) or value.tensor.encoding != "raw":
            return
        tensor = value.tensor
        start, stop = tensor.start - record.start, tensor.start + tensor.length
        alike = self._by_length[record.length - place]
        # A step or time behind the summary would be what counts.
        is_last = _length_of_summary(head, place) == record.length
        if is_last and place < start <= _HEAD_BYTES and len(alike) < _MOST_ALIKE:
            after = window.bytes(stop, window.end - stop)
            alike.append(_Pattern(head[place:start], after, value))


def _behind_step(head: bytes) -> int | None:
    """Where the summary starts in an event of wall time, step unless 0, and summary."""
    if head[:1] != bytes([_WALL_TIME]):
        return None
    place = 9
    if head[place : place + 1] == bytes([_STEP]):
        place += 1
        while head[place : place + 1] >= b"\x80":
            place += 1
        place += 1
    return place if head[place : place + 1] == bytes([_SUMMARY]) else None


def _length_of_summary(head: bytes, place: int) -> int | None:
    """Where it ends in the event."""
    found = _length(head, place + 1)
    return found and found[0] + found[1]


def only_tag(data: bytes) -> bytes | None:
    """The tag of an event that holds a single value which starts with it, as all
    writers have it; None if it is not so, or not plain to see."""
    place = _behind_step(data)
    for key in (_SUMMARY, _VALUE, _TAG):
        if place is None or data[place : place + 1] != bytes([key]):
            return None
        found = _length(data, place + 1)
        if found is None or (key != _TAG and sum(found) != len(data)):
            return None
        place, length = found
    return None if place is None else data[place : place + length]


def _length(data: bytes, place: int) -> tuple[int, int] | None:
    """Where what the varint at a place is the length of starts, and that length."""
    length, shift = 0, 0
    for position in range(place, min(place + 10, len(data))):
        length |= (data[position] & 0x7F) << shift
        shift += 7
        if data[position] < 0x80:
            return position + 1, length
    return None


def _at(value: Value, record: Record, head: bytes, place: int, start: int) -> Value:
    step = 0
    for byte in reversed(head[10:place]):
        step = step << 7 | byte & 0x7F
    tensor = replace(
        value.tensor,
        file=record.file,
        record_offset=record.offset,
        record_length=record.length,
        checksum=record.checksum,
        start=record.start + start,
    )
    wall_time = struct.unpack_from("<d", head, 1)[0]
    return Value(
        signed(step & 0xFFFFFFFFFFFFFFFF), wall_time, value.tag, value.label, tensor
    )
