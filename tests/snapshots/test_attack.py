"""Files made to do harm: no crash, no hang, no wrong number.

``pytest --hypothesis-profile=long`` searches for longer than by default.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from attacked import (
    AFTER,
    BEFORE,
    LONGEST_MESSAGE,
    OTHER,
    RECORDS,
    STEPS,
    VERSION,
    WHOLE,
    ask_everything,
    check_numbers,
    frames,
    put,
    read,
    row_of,
    table_at,
)
from hostile import mangled
from hypothesis import given
from hypothesis import strategies as st
from logs import column_value, event, record, table_value

import tb_wordembed


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of one log after another."""
    return tmp_path_factory.mktemp("attacked")


def test_the_log_that_is_attacked_is_sound(directory: Path) -> None:
    put(directory, WHOLE)
    log = tb_wordembed.open(directory)
    check_numbers(log, WHOLE)
    (seen,) = read(log).values()
    assert list(seen.tables) == list(STEPS)
    assert (seen.has_tokens, seen.tokens) == (True, AFTER)
    assert ask_everything(directory)["problems"] == []


# ------------------------------------------------------------------- bytes of the file


def test_truncated_at_every_byte(directory: Path) -> None:
    for size in range(len(WHOLE)):
        put(directory, WHOLE[:size])
        log = tb_wordembed.open(directory)
        check_numbers(log, WHOLE[:size])
        whole = sum(b"loss" in payload for payload, _ in frames(WHOLE[:size]))
        assert [one.steps for one in log.all_series] == (
            [[*range(whole)]] * (whole > 0)
        )
        assert log.problems == []


def test_a_bit_flipped_in_every_byte(directory: Path) -> None:
    for place in range(len(WHOLE)):
        flipped = bytes([WHOLE[place] ^ 1 << place % 8])
        data = WHOLE[:place] + flipped + WHOLE[place + 1 :]
        put(directory, data)
        log = tb_wordembed.open(directory)
        check_numbers(log, data)
        damaged = [
            was
            for (_, sound), was in zip(frames(data), RECORDS, strict=False)
            if not sound
        ]
        if damaged and b"loss" in damaged[0]:
            # What is damaged costs nobody but itself.
            log.refresh()
            assert len(read(log)["words"].tables) == len(STEPS) - 1, place


def test_the_tokens_of_a_snapshot_that_is_still_being_written_wait_for_it(
    directory: Path,
) -> None:
    new_tokens = record(event(2, column_value("words", "token", AFTER)))
    put(directory, WHOLE[: WHOLE.index(new_tokens) + len(new_tokens)])
    series = tb_wordembed.open(directory).series()
    assert series.steps == [0, 1]
    assert series.tokens == BEFORE
    assert series.table(1)[series.index_of("a")].tolist() == row_of("a", 1)


def test_rows_whose_tokens_are_damaged_are_not_taken_for_other_tokens(
    directory: Path,
) -> None:
    data = WHOLE.replace(b"B\x01aB\x01bB", b"B\x01aB\x01xB", 1)
    put(directory, data)
    log = tb_wordembed.open(directory)
    for _ in range(2):
        check_numbers(log, data)
        series = log.series()
        for step in series.steps:
            drift = series.drift(step, 3, "euclidean")
            expected = [
                np.linalg.norm(np.subtract(row_of(token, step), row_of(token, 3)))
                for token in series.tokens
            ]
            np.testing.assert_allclose(drift, expected, rtol=1e-6)
        log.refresh()


def test_a_damaged_step_does_not_hide_sound_ones(directory: Path) -> None:
    last = event(3, table_value("words", table_at(3)))
    sound = [event(n, table_value("words", table_at(n))) for n in range(3)]
    data = b"".join(map(record, [VERSION, *sound, last]))
    put(directory, data.replace(last, last.replace(b"\x10\x03", b"\x10\x00", 1)))
    log = tb_wordembed.open(directory)
    assert read(log)["words"].tables == {}
    for _ in range(2):
        seen = read(log)["words"]
        assert set(seen.tables) == {0, 1, 2}
        np.testing.assert_array_equal(seen.tables[0], table_at(0))
        log.refresh()


def test_two_tables_in_one_event_are_told_apart(directory: Path) -> None:
    tables = {"a": np.eye(3, dtype=np.float32), "b": np.ones((3, 3), np.float32)}
    put(
        directory,
        b"".join(
            record(event(n, *(table_value(tag, tables[tag] * n) for tag in tables)))
            for n in (1, 3)
        ),
    )
    log = tb_wordembed.open(directory)
    assert log.series(tag="a").drift(1, 3, "euclidean") == pytest.approx([2] * 3)
    assert log.series(tag="b").drift(1, 3, "euclidean") == pytest.approx([12**0.5] * 3)
    norms = {tag: log.series(tag=tag).health()[0].norm[0] for tag in tables}
    assert norms == pytest.approx({"a": 1, "b": 3**0.5})


@given(data=mangled(WHOLE, OTHER))
def test_bytes_lost_doubled_and_spliced(directory: Path, data: bytes) -> None:
    put(directory, data)
    check_numbers(tb_wordembed.open(directory), data)
    ask_everything(directory)


@given(st.binary(max_size=300))
def test_bytes_that_never_were_an_event_file(directory: Path, data: bytes) -> None:
    put(directory, data)
    assert read(tb_wordembed.open(directory)) == {}
    put(directory, record(data) + WHOLE[len(record(VERSION)) :])
    log = tb_wordembed.open(directory)
    assert list(read(log)["words"].tables) == list(STEPS)
    assert all(len(one.message) <= LONGEST_MESSAGE for one in log.problems)


# --------------------------------------------------- a file that changes under a reader


def test_a_log_that_grows_byte_by_byte(directory: Path) -> None:
    path = put(directory, b"")
    log = tb_wordembed.open(directory)
    for size in range(0, len(WHOLE), 5):
        with path.open("ab") as file:
            file.write(WHOLE[size : size + 5])
        log.refresh()
        check_numbers(log, WHOLE[: size + 5])
        assert log.problems == []
    (seen,) = read(log).values()
    assert list(seen.tables) == list(STEPS)


def test_a_log_truncated_under_a_reader(directory: Path) -> None:
    for size in range(0, len(WHOLE), 3):
        path = put(directory, WHOLE)
        log = tb_wordembed.open(directory)
        if size % 2:
            check_numbers(log, WHOLE)
        with path.open("r+b") as file:
            file.truncate(size)
        check_numbers(log, WHOLE)
        log.refresh()
        check_numbers(log, WHOLE[:size])
        assert log.problems == []
        path.write_bytes(WHOLE)
        log.refresh()
        (seen,) = read(log).values()
        assert list(seen.tables) == list(STEPS)


@given(data=mangled(WHOLE, OTHER), in_place=st.booleans())
def test_a_log_rewritten_under_a_reader(
    directory: Path, data: bytes, in_place: bool
) -> None:
    path = put(directory, WHOLE)
    log = tb_wordembed.open(directory)
    if in_place:
        path.write_bytes(data)
    else:
        check_numbers(log, WHOLE)
        copy = directory / "copy"
        copy.write_bytes(data)
        copy.replace(path)
        check_numbers(log, WHOLE)
    log.refresh()
    check_numbers(log, data)


def test_a_log_rewritten_in_place_is_not_trusted(directory: Path) -> None:
    path = put(directory, WHOLE)
    log = tb_wordembed.open(directory)
    check_numbers(log, WHOLE)
    first = table_at(0).tobytes()
    path.write_bytes(WHOLE.replace(first, first[::-1], 1))
    log.refresh()
    check_numbers(log, b"")
