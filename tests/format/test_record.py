from __future__ import annotations

import contextlib
import struct

import pytest
from crc32c import crc32c
from hypothesis import given
from hypothesis import strategies as st

from tb_wordembed.format import record
from tb_wordembed.format.record import DamagedRecordError, Window


def test_the_checksum_is_the_published_one() -> None:
    # RFC 3720, B.4: 32 bytes of zeros.
    assert record.footer(0x8A9136AA) == struct.pack(
        "<I", ((0x8A9136AA >> 15 | 0x8A9136AA << 17) + 0xA282EAD8) & 0xFFFFFFFF
    )
    assert crc32c(bytes(32)) == 0x8A9136AA
    assert crc32c(bytes(range(16, 32)), crc32c(bytes(range(16)))) == 0x46DD794E


@given(st.integers(0, 2**64 - 1))
def test_a_header_tells_its_length(length: int) -> None:
    assert record.parse_header(record.header(length)) == length


@given(st.integers(0, 95), st.integers(0, 2**64 - 1))
def test_any_flipped_bit_of_a_length_is_noticed(bit: int, length: int) -> None:
    header = bytearray(record.header(length))
    header[bit // 8] ^= 1 << bit % 8
    with pytest.raises(DamagedRecordError, match="length"):
        record.parse_header(bytes(header))


def test_only_so_many_lengths_are_remembered() -> None:
    piece = b"".join(
        record.header(length) + bytes(length + record.FOOTER_BYTES)
        for length in range(record.MOST_LENGTHS + 100)
    )
    lengths: dict[int, int] = {}
    assert record.end_of_records(piece, 0, len(piece), lengths, None) == len(piece)
    assert len(lengths) == record.MOST_LENGTHS


@given(st.integers(-(2**63), 2**64 - 1))
def test_varints_round_trip(value: int) -> None:
    data = record.varint(value)
    window = Window(lambda offset, length: data[offset : offset + length], len(data))
    assert window.varint(0) == (value & 0xFFFFFFFFFFFFFFFF, len(data))


@given(st.binary(max_size=60))
def test_random_bytes_are_fields_or_a_clear_error(data: bytes) -> None:
    window = Window(lambda offset, length: data[offset : offset + length], len(data))
    with contextlib.suppress(DamagedRecordError):
        for field in window.fields(0, len(data)):
            assert field.stop <= len(data)
