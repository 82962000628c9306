"""The copy of a table takes memory once, and is never anybody else's."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.write import copies
from tb_wordembed.write.copies import Copy, CopyMemory
from tb_wordembed.write.snapshot_file import SnapshotFile
from tb_wordembed.write.tables import as_table

LARGE = np.arange(20_000 * 64, dtype=np.float32).reshape(20_000, 64)


def address(table: Any) -> int:
    return int(table.values.ctypes.data)


def test_the_next_copy_uses_the_memory_of_the_last(tmp_path: Path) -> None:
    with SnapshotFile(tmp_path) as file:
        addresses = set()
        for step in range(3):
            table = file.write(f"t{step}", as_table(LARGE[step:] + step), (), 0)
            addresses.add(address(table))
            del table
            file.flush()
    assert len(addresses) == 1
    opened = tb_wordembed.open(tmp_path)
    for step in range(3):
        found = opened.series(None, f"t{step}").table(0)
        np.testing.assert_array_equal(found, LARGE[step:] + step)


def test_memory_that_is_looked_at_is_not_used_again(tmp_path: Path) -> None:
    with SnapshotFile(tmp_path) as file:
        kept = file.write("a", as_table(LARGE), (), 0).values[5:, ::2]
        file.write("a", as_table(LARGE + 1), (), 1)
    np.testing.assert_array_equal(kept, LARGE[5:, ::2])


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_room_is_like_the_table(dtype: str) -> None:
    memory = CopyMemory()
    for rows in (7, 9, 3):
        table = as_table(np.ones((rows, 5), dtype))
        room = memory.room_for(table)
        assert room.values.shape == (rows, 5)
        assert room.values.dtype == room.dtype == dtype
        assert not room.is_shared


def test_bytes_are_there_when_they_have_been_copied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(copies, "PIECE_BYTES", 3)
    source, target = memoryview(b"embedding"), memoryview(bytearray(9))
    copy = Copy(source, target)
    found: list[bytes] = []

    def read() -> None:
        found.extend(bytes(copy[at : at + 2]) for at in range(0, len(copy), 2))

    reader = threading.Thread(target=read)
    reader.start()
    copy.make()
    reader.join()
    assert b"".join(found) == b"embedding"


def test_a_copy_that_is_broken_off_leaves_no_part_of_a_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("a", LARGE, 0)
        writer.flush()
        with monkeypatch.context() as patch:

            def interrupt(self: Copy) -> None:
                self._news.put(64)
                raise KeyboardInterrupt

            patch.setattr(Copy, "make", interrupt)
            with pytest.raises(KeyboardInterrupt):
                writer.embedding("a", LARGE, 1)
        with pytest.raises(OSError, match=r"'a' at step 1 .* not copied to its end"):
            writer.flush()
        writer.embedding("a", LARGE, 2)
    assert tb_wordembed.open(tmp_path).series().steps == [0, 2]
    assert not tb_wordembed.open(tmp_path).check().problems


def test_writers_of_many_threads_share_the_memory(tmp_path: Path) -> None:
    found: list[Any] = []
    with SnapshotWriter(tmp_path, on_finding=found.append) as writer:

        def log(number: int) -> None:
            for step in range(4):
                table = np.full_like(LARGE, 10 * number + step + 1)
                writer.embedding(f"t{number}", table, step)
                table[:] = -1

        threads = [threading.Thread(target=log, args=(one,)) for one in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    opened = tb_wordembed.open(tmp_path)
    for number in range(3):
        series = opened.series(None, f"t{number}")
        assert [series.table(step)[7, 7] for step in range(4)] == [
            10 * number + step + 1 for step in range(4)
        ]
