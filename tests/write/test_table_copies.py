"""The copy of a table takes memory once, and only for what is not written meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.write import event_file, table_copies
from tb_wordembed.write.table_copies import Copy, CopyMemory

LARGE = np.arange(20_000 * 64, dtype=np.float32).reshape(20_000, 64)


def of(content: bytes) -> tuple[memoryview, memoryview]:
    """Bytes to copy, and memory of as many question marks."""
    return memoryview(bytearray(content)), memoryview(bytearray(b"?" * len(content)))


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (table_copies, event_file):
        monkeypatch.setattr(module, "PIECE_BYTES", 3)


def test_the_next_copy_uses_the_memory_of_the_last() -> None:
    memory = CopyMemory()
    first, second, other = (memoryview(bytes([one] * 9)) for one in (1, 2, 3))
    (copy,) = memory.copies([first])
    copy.make()
    assert b"".join(map(bytes, copy)) == first
    rest = copy._target
    for one in memory.copies([second[:5], other[:4]]):
        one.make()
    assert bytes(rest) == bytes([2] * 5 + [3] * 4)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("taken", range(5))
def test_what_is_taken_is_not_copied(taken: int) -> None:
    source, target = of(b"embeddings")
    copy = Copy(source, target)
    given = iter(copy)
    found = [bytes(next(given)) for _ in range(taken)]
    copy.make()
    source[:] = bytes(10)
    found += map(bytes, given)
    assert b"".join(found) == b"embeddings"
    untouched = min(3 * taken, 10)
    assert bytes(target) == b"?" * untouched + b"embeddings"[untouched:]


@pytest.mark.usefixtures("small_pieces")
def test_two_threads_meet() -> None:
    content = np.random.default_rng(0).bytes(20_000)
    source, target = of(content)
    copy = Copy(source, target)
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.extend(map(bytes, copy)))
    reader.start()
    copy.make()
    source[:] = bytes(len(source))
    reader.join()
    assert b"".join(found) == content


@pytest.mark.usefixtures("small_pieces")
def test_nothing_is_read_after_the_end() -> None:
    source, target = of(b"embedding")
    copy = Copy(source, target)
    given = iter(copy)
    assert bytes(next(given)) == b"emb"
    copy.end()
    with pytest.raises(InterruptedError, match="not copied to its end"):
        next(given)


def test_a_copy_that_is_broken_off_leaves_no_part_of_a_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("a", LARGE, 0)
        writer.flush()
        with monkeypatch.context() as patch:

            def interrupt(self: Copy) -> None:
                raise KeyboardInterrupt

            # The thread would write all of a table whose copy is late.
            broken_off, read = threading.Event(), Copy.__iter__

            def read_late(self: Copy) -> Iterator[memoryview]:
                broken_off.wait()
                yield from read(self)

            patch.setattr(Copy, "make", interrupt)
            patch.setattr(Copy, "__iter__", read_late)
            with pytest.raises(KeyboardInterrupt):
                writer.embedding("a", LARGE, 1)
            broken_off.set()
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
