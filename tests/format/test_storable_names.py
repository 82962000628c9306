"""Names of files that are not UTF-8."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tb_wordembed.format.storable_names import as_unicode, is_unicode, run_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"plain", "plain"),
        ("café".encode(), "café"),
        (b"caf\xe9", r"caf\xe9"),
        (b"a/caf\xe9/b", r"a/caf\xe9/b"),
        (rb"caf\xe9", r"caf\x5cxe9"),
        (rb"caf\x5cxe9", r"caf\x5cx5cxe9"),
        (rb"a\b", r"a\b"),
        (rb"\x41", r"\x41"),
        (b"\\\xe9", r"\\xe9"),
    ],
)
def test_bytes_that_are_not_utf8_are_shown(name: bytes, shown: str) -> None:
    assert as_unicode(name.decode("utf-8", "surrogateescape")) == shown


def test_surrogates_that_stand_for_no_byte_are_shown() -> None:
    assert as_unicode("a\ud800") == r"a\xed\xa0\x80"


PIECES = st.sampled_from([b"\\", b"x", b"5c", b"e9", b"\xe9", b"\xc3", b"\xa9", b"a"])


@given(st.lists(PIECES, max_size=8), st.lists(PIECES, max_size=8))
def test_different_names_stay_different(one: list[bytes], two: list[bytes]) -> None:
    names = [b"".join(some).decode("utf-8", "surrogateescape") for some in (one, two)]
    shown = [as_unicode(name) for name in names]
    assert (shown[0] == shown[1]) == (names[0] == names[1])
    assert all(map(is_unicode, shown))


def test_a_run_is_found_by_its_name_and_by_that_of_its_directory() -> None:
    directory = os.fsdecode(b"caf\xe9")
    assert run_name(directory) == run_name(as_unicode(directory)) == r"caf\xe9"
