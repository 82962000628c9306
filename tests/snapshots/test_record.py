from __future__ import annotations

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tb_wordembed.snapshots import record
from tb_wordembed.snapshots.record import DamagedRecordError, Window


def test_crc32c_is_the_published_one() -> None:
    # RFC 3720, B.4: 32 bytes of zeros, and the ascending ones.
    assert record.crc32c([bytes(32)]) == 0x8A9136AA
    assert record.crc32c([bytes(range(16)), bytes(range(16, 32))]) == 0x46DD794E


def test_a_writable_array_is_summed_without_being_frozen() -> None:
    array = np.zeros(32, np.uint8)
    assert record.crc32c([array]) == 0x8A9136AA
    array[0] = 1


@given(st.binary(max_size=100))
def test_header_and_footer_are_those_of_tensorflow(data: bytes) -> None:
    header, footer = record.frame([data])
    assert record.parse_header(header) == len(data)
    assert record.parse_footer(footer) == record.mask(record.crc32c([data]))


@given(st.integers(0, 95), st.binary(max_size=20))
def test_any_flipped_bit_of_a_length_is_noticed(bit: int, data: bytes) -> None:
    header = bytearray(record.frame([data])[0])
    header[bit // 8] ^= 1 << bit % 8
    with pytest.raises(DamagedRecordError, match="length"):
        record.parse_header(bytes(header))


@given(st.integers(-(2**63), 2**64 - 1))
def test_varints_round_trip(value: int) -> None:
    data = record.varint(value)
    window = Window(lambda offset, length: data[offset : offset + length], len(data))
    assert window.varint(0) == (value & 0xFFFFFFFFFFFFFFFF, len(data))


@given(st.binary(max_size=60))
def test_random_bytes_are_fields_or_a_clear_error(data: bytes) -> None:
    window = Window(lambda offset, length: data[offset : offset + length], len(data))
    with contextlib.suppress(DamagedRecordError):
        for field in record.fields(window, 0, len(data)):
            assert field.stop <= len(data)
