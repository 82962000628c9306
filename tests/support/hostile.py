"""Hypothesis strategies for bytes that nobody in their right mind would have written.

Two layers: bytes of a whole event file, most of which die at a checksum, and the
messages in a record that is then framed with checksums that are right.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

INTERESTING = st.one_of(
    st.integers(0, 300),
    st.sampled_from(
        [2**bits + more for bits in (7, 14, 31, 32, 40, 62, 63) for more in (-1, 0, 1)]
    ),
    st.integers(-3, -1),
    st.just(2**64 - 1),
)

# ----------------------------------------------------------------------- whole files


@st.composite
def mangled(draw: st.DrawFn, whole: bytes, other: bytes) -> bytes:
    """A file with some of its bytes flipped, lost, doubled or from another file."""
    data = whole
    for _ in range(draw(st.integers(1, 3))):
        start, stop = sorted(draw(st.integers(0, len(data))) for _ in range(2))
        piece = draw(
            st.one_of(
                st.just(b""),
                st.just(data[start:stop] * 2),
                st.just(bytes(byte ^ 0xFF for byte in data[start:stop])),
                st.just(other[start:stop]),
                st.binary(max_size=24),
            )
        )
        if draw(st.booleans()):
            # A short piece leaves more of the file to be read.
            stop = min(stop, start + draw(st.integers(0, 8)))
            piece = piece[:8]
        data = data[:start] + piece + data[stop:]
    return data


# -------------------------------------------------------------------- single messages

Schema = dict[int, "Schema"]
"""Which fields of a message are messages themselves."""

# Event > summary > value > tensor > shape > dim, and > metadata > plugin data.
EVENT: Schema = {5: {1: {8: {2: {2: {}}}, 9: {1: {}}}}}


@dataclass
class Part:
    """A field of a message, with ways to write it wrongly."""

    number: int
    wire_type: int
    value: int | bytes | list[Part]
    lie: int = 0
    """Added to the length."""
    padding: int = 0
    """Superfluous bytes of each varint."""

    def encode(self) -> bytes:
        key = varint(self.number << 3 | self.wire_type, self.padding)
        if isinstance(self.value, int):
            return key + _number(self.value, self.wire_type, self.padding)
        data = self.value if isinstance(self.value, bytes) else encode(self.value)
        return key + varint(len(data) + self.lie, self.padding) + data


def varint(value: int, padding: int = 0) -> bytes:
    """As protobuf writes it; the padding says nothing."""
    value &= 2**64 - 1
    out = []
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(
        [*out, value | 0x80, *[0x80] * (padding - 1), 0] if padding else [*out, value]
    )


def _number(value: int, wire_type: int, padding: int) -> bytes:
    if wire_type == 1:
        return struct.pack("<Q", value & 2**64 - 1)
    if wire_type == 5:
        return struct.pack("<I", value & 2**32 - 1)
    return varint(value, padding)


def encode(message: list[Part]) -> bytes:
    return b"".join(part.encode() for part in message)


def decode(data: bytes, schema: Schema) -> list[Part]:
    """The fields of a sound message."""
    message: list[Part] = []
    at = 0

    def number() -> int:
        nonlocal at
        value, shift = 0, 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        key = number()
        which, wire_type = key >> 3, key & 7
        value: int | bytes | list[Part]
        if wire_type == 0:
            value = number()
        elif wire_type in (1, 5):
            size = 8 if wire_type == 1 else 4
            value = int.from_bytes(data[at : at + size], "little")
            at += size
        else:
            size = number()
            inner = data[at : at + size]
            at += size
            value = decode(inner, schema[which]) if which in schema else inner
        message.append(Part(which, wire_type, value))
    return message


def _places(message: list[Part]) -> Iterator[tuple[list[Part], int]]:
    """Every field, with the message that it is in."""
    for at, part in enumerate(message):
        yield message, at
        if isinstance(part.value, list):
            yield from _places(part.value)


def _copy(part: Part) -> Part:
    value = part.value
    if isinstance(value, list):
        value = [_copy(one) for one in value]
    return Part(part.number, part.wire_type, value, part.lie, part.padding)


@st.composite
def twisted(draw: st.DrawFn, data: bytes) -> bytes:
    """An event some of whose fields are wrong, missing, twice there or out of order."""
    message = decode(data, EVENT)
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(message))
        if not places:
            break
        inside, at = draw(st.sampled_from(places))
        draw(st.sampled_from(_TWISTS))(draw, inside, at)
    return encode(message)


def _drop(draw: st.DrawFn, inside: list[Part], at: int) -> None:
    del inside[at]


def _double(draw: st.DrawFn, inside: list[Part], at: int) -> None:
    inside.insert(draw(st.integers(0, len(inside))), _copy(inside[at]))


def _move(draw: st.DrawFn, inside: list[Part], at: int) -> None:
    part = inside.pop(at)
    inside.insert(draw(st.integers(0, len(inside))), part)


def _lie(draw: st.DrawFn, inside: list[Part], at: int) -> None:
    inside[at].lie = draw(st.one_of(st.integers(-3, 3), INTERESTING))


def _pad(draw: st.DrawFn, inside: list[Part], at: int) -> None:
    inside[at].padding = draw(st.integers(1, 12))


def _retype(draw: st.DrawFn, inside: list[Part], at: int) -> None:
    inside[at].wire_type = draw(st.integers(0, 7))


def _renumber(draw: st.DrawFn, inside: list[Part], at: int) -> None:
    inside[at].number = draw(
        st.one_of(st.integers(0, 20), st.sampled_from([2**28, 2**29 - 1, 2**29, 2**60]))
    )


def _replace(draw: st.DrawFn, inside: list[Part], at: int) -> None:
    value = inside[at].value
    if isinstance(value, int):
        inside[at].value = draw(INTERESTING)
    elif isinstance(value, bytes):
        cut = draw(st.integers(0, len(value)))
        inside[at].value = draw(
            st.sampled_from([value[:cut], value + value[:cut], b"\xff" + value, b"\0"])
            | st.binary(max_size=12)
        )
    else:
        inside[at].value = encode(value)[: draw(st.integers(0, 40))]


def _insert(draw: st.DrawFn, inside: list[Part], at: int) -> None:
    value = draw(st.one_of(INTERESTING, st.binary(max_size=12)))
    wire_type = 2 if isinstance(value, bytes) else draw(st.sampled_from([0, 1, 5]))
    inside.insert(at, Part(draw(st.integers(1, 15)), wire_type, value))


_TWISTS: list[Callable[[st.DrawFn, list[Part], int], None]] = [
    _drop,
    _double,
    _move,
    _lie,
    _pad,
    _retype,
    _renumber,
    _replace,
    _insert,
]

# ------------------------------------------------------------------------------ JSON

_NUMBERS = st.sampled_from(
    ["0", "1", "-1", "1.0", "1e400", "-1e400", "NaN", "Infinity", "9" * 400, "9" * 5000]
)
_TEXTS = st.sampled_from(
    [r'"\ud800"', r'"\u0000"', '"table"', '"column"', '"words"', '""', '"é"']
)
_VALUES = st.recursive(
    _NUMBERS | _TEXTS | st.sampled_from(["true", "null", "", "{", "[" * 3000]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda many: f"[{','.join(many)}]")
        | inner.map(lambda one: f'{{"kind":{one}}}')
        | inner.map(lambda one: "[" * 500 + one + "]" * 500)
    ),
    max_leaves=4,
)

_KEYS = st.sampled_from(["format_version", "kind", "table", "column", "other"])


@st.composite
def plugin_contents(draw: st.DrawFn) -> bytes:
    """Plugin content: nearly ours, with nested, doubled and impossible values."""
    pairs = [("format_version", "1"), ("kind", draw(st.sampled_from(_KINDS)))]
    pairs += [("table", '"words"'), ("column", '"token"')]
    pairs += draw(st.lists(st.tuples(_KEYS, _VALUES), max_size=3))
    text = "{" + ",".join(f'"{key}":{value}' for key, value in pairs) + "}"
    codec = draw(st.sampled_from(["utf-8"] * 6 + ["utf-16", "utf-32", "utf-8-sig"]))
    data = text.encode(codec)
    return data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data


_KINDS = ['"table"', '"table"', '"column"', "1"]
