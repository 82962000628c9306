"""Readers at work while a log is written, cut short, replaced and deleted."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.errors import NotFoundError
from tb_wordembed.log import Log
from tb_wordembed.snapshots.store import DamagedSnapshotError

STEPS = 40


def table_at(step: int) -> npt.NDArray[np.float32]:
    return np.full((50, 8), step + 1, np.float32) + np.eye(50, 8, dtype=np.float32)


def test_no_reader_ever_sees_a_wrong_number(tmp_path: Path) -> None:
    log = Log([("", str(tmp_path))])
    done = threading.Event()
    failures: list[BaseException] = []
    answers = itertools.count()

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)
            raise

    def write() -> None:
        with SnapshotWriter(tmp_path / "steady") as writer:
            for step in range(STEPS):
                writer.embedding("words", table_at(step), step)
                disturb(tmp_path / "disturbed", step)
        done.set()

    def read() -> None:
        while not done.is_set():
            log.refresh()
            for series in log.all_series:
                for step in series.steps:
                    try:
                        table = series.table(step)
                    except (NotFoundError, DamagedSnapshotError, OSError):
                        assert series.run == "disturbed"
                        continue
                    np.testing.assert_array_equal(table, table_at(step))
                    next(answers)

    threads = [threading.Thread(target=guarded, args=(read,)) for _ in range(4)]
    threads.append(threading.Thread(target=guarded, args=(write,)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert next(answers) > STEPS
    log.refresh()
    assert log.series("steady", "words").steps == list(range(STEPS))


def disturb(directory: Path, step: int) -> None:
    """Cuts, replaces or deletes what is there, and writes another snapshot."""
    files = sorted(directory.glob("*tfevents*"))
    if files and step % 3 == 0:
        with files[0].open("r+b") as file:
            file.truncate(files[0].stat().st_size // 2)
    elif files and step % 3 == 1:
        copy = directory / "copy"
        copy.write_bytes(files[-1].read_bytes())
        copy.replace(files[0])
    elif files:
        files[0].unlink()
    with SnapshotWriter(directory) as writer:
        writer.embedding("words", table_at(step), step)


def test_many_readers_of_one_series(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path) as writer:
        for step in range(3):
            writer.embedding("words", table_at(step), step)
    series = tb_wordembed.open(tmp_path).series()
    expected = series.drift(0, 2, "euclidean")
    wrong: list[int] = []

    def ask() -> None:
        for _ in range(5):
            if not np.array_equal(series.drift(0, 2, "euclidean"), expected):
                wrong.append(1)
            if series.positions(1).shape != (50, 3):
                wrong.append(2)

    threads = [threading.Thread(target=ask) for _ in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []
