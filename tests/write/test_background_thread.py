"""Large tables are written while the training goes on, and nothing is lost by it."""

from __future__ import annotations

import errno
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_file_loader import (
    LegacyEventFileLoader,
)

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.training.logged_table import LoggedTable
from tb_wordembed.training.training_log import TrainingLog
from tb_wordembed.write.event_file import LARGE_BYTES, Event, _LocalFile

ROWS, DIM = 20_000, 64
SMALL = np.ones((3, 2), np.float32)
TOKENS = [f"word{row}" for row in range(ROWS)]

Append = Callable[[_LocalFile, list[Event]], None]


def large(value: float = 1) -> Any:
    found = np.full((ROWS, DIM), value, np.float32)
    assert found.nbytes > LARGE_BYTES
    return found


def read(folder: Path, tag: str = "words") -> dict[int, float]:
    """The number that each snapshot is full of, by its step."""
    series = tb_wordembed.open(folder).series(None, tag)
    tables = {step: series.table(step) for step in series.steps}
    assert all((one == one[0, 0]).all() for one in tables.values())
    return {step: float(one[0, 0]) for step, one in tables.items()}


def patched(monkeypatch: pytest.MonkeyPatch, before: Callable[[], None]) -> None:
    """Calls a function before anything large is written."""
    original: Append = _LocalFile.append

    def append(self: _LocalFile, events: list[Event]) -> None:
        if sum(len(part) for event in events for part in event) > LARGE_BYTES:
            before()
        original(self, events)

    monkeypatch.setattr(_LocalFile, "append", append)


def failing(monkeypatch: pytest.MonkeyPatch, numbers: set[int]) -> threading.Event:
    """Lets the writes with these numbers find a full disk, when an event is set."""
    count, event = iter(range(1000)), threading.Event()

    def fail() -> None:
        if next(count) in numbers:
            event.wait(60)
            raise OSError(errno.ENOSPC, "No space left on device")

    patched(monkeypatch, fail)
    return event


def messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.name == "tb_wordembed"]


def test_a_table_may_change_when_the_call_has_returned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_changed = threading.Event()
    patched(monkeypatch, lambda: assert_true(has_changed.wait(60)))
    table = large(7)
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", table, 0)
        table[:] = 8
        has_changed.set()
        writer.flush()
        assert read(tmp_path) == {0: 7}


def assert_true(value: bool) -> None:
    assert value


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", None])
def test_rows_and_dtypes(tmp_path: Path, dtype: str | None) -> None:
    table = np.full((4 * ROWS, DIM), 2, np.float32)
    with SnapshotWriter(tmp_path) as writer:
        for step, rows in enumerate((None, slice(0, None, 2))):
            name = f"words{step}"
            writer.embedding(name, table, 0, rows=rows, dtype=dtype)
            table[:] += 1
    assert read(tmp_path, "words0") == {0: 2}
    assert read(tmp_path, "words1") == {0: 3}


def test_everything_is_in_the_file_in_the_order_of_the_calls(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path) as writer:
        for step in range(3):
            writer.embedding("words", large(step), step, tokens=TOKENS)
            writer.embedding("small", SMALL, step)
            writer.scalars({"loss": 1.0}, step)
            assert writer.last_step("words") == step
    assert read(tmp_path) == {0: 0, 1: 1, 2: 2}
    assert tb_wordembed.open(tmp_path).series(None, "words").tokens == TOKENS
    (path,) = tmp_path.iterdir()
    found = [one.tag for one in values(path)]
    assert found == ["words/column/token", *["words", "small", "loss"] * 3]


def values(path: Path) -> list[Any]:
    events = LegacyEventFileLoader(str(path)).Load()
    return [value for one in events for value in one.summary.value]


def test_one_table_is_written_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once: list[int] = []
    running: list[int] = []
    original = _LocalFile.append

    def append(self: _LocalFile, events: list[Event]) -> None:
        running.append(1)
        at_once.append(len(running))
        original(self, events)
        running.pop()

    monkeypatch.setattr(_LocalFile, "append", append)
    with SnapshotWriter(tmp_path) as writer:
        threads = [
            threading.Thread(target=writer.embedding, args=(tag, large(), 0))
            for tag in "abcd"
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert max(at_once) == 1
    assert [read(tmp_path, tag) for tag in "abcd"] == [{0: 1}] * 4


def test_the_next_call_raises_what_failed_and_writes_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    has_returned = failing(monkeypatch, {1})
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", large(0), 0)
        writer.embedding("words", large(1), 1, tokens=TOKENS)
        has_returned.set()
        with pytest.raises(OSError, match=r"'words' at step 1 could.*No space") as one:
            writer.embedding("words", large(2), 2, tokens=TOKENS)
        assert one.value.errno == errno.ENOSPC
        writer.flush()
        assert not messages(caplog)
    assert messages(caplog) == [f"1 of 3 snapshots could not be written to {tmp_path}"]
    assert read(tmp_path) == {0: 0, 2: 2}
    assert tb_wordembed.open(tmp_path).series().tokens == TOKENS


@pytest.mark.parametrize(
    "then",
    [
        SnapshotWriter.flush,
        SnapshotWriter.close,
        lambda writer: writer.embedding("small", SMALL, 0),
        lambda writer: writer.scalars({"loss": 1.0}, 0),
    ],
    ids=["flush", "close", "embedding", "scalars"],
)
def test_every_next_call_raises_what_failed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, then: Any
) -> None:
    has_returned = failing(monkeypatch, {0})
    writer = SnapshotWriter(tmp_path)
    writer.embedding("words", large(), 0)
    has_returned.set()
    with pytest.raises(OSError, match="'words' at step 0 could not be written"):
        then(writer)
    writer.close()


def test_a_snapshot_that_failed_was_not_at_its_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    has_returned = failing(monkeypatch, {0})
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", large(1), 0)
        has_returned.set()
        with pytest.raises(OSError, match="No space"):
            writer.flush()
        writer.embedding("words", large(2), 0)
    assert not any("replaces" in one for one in messages(caplog))
    assert read(tmp_path) == {0: 2}


def test_a_training_goes_on_and_says_what_could_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing(monkeypatch, {1, 4}).set()
    log = TrainingLog(None, projector=False)
    table = large(0)
    embedding = LoggedTable(tag="words", shape=table.shape, table=lambda: table)
    with caplog.at_level(logging.WARNING):
        log.open(str(tmp_path), "run", ["words"])
        for log.step in range(5):
            log.snapshot([embedding], is_first=log.step == 0)
            table += 1
        log.close([embedding])
    first, counted = messages(caplog)
    assert first == (
        "the snapshot of 'words' at step 1 could not be written: OSError: [Errno 28] "
        "No space left on device. Training goes on, and says at its end how many "
        "could not"
    )
    assert counted == f"2 of 5 snapshots could not be written to {tmp_path / 'run'}"
    assert read(tmp_path) == {0: 0, 2: 2, 3: 3}


def test_what_a_training_could_not_write_last_is_written_first_by_the_next_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, {1}).set()
    log = TrainingLog(None, projector=False)
    table = large(5)
    embedding = LoggedTable(tag="words", shape=table.shape, table=lambda: table)
    for steps in ((0, 1), (1, 2)):
        log.open(str(tmp_path), "run", ["words"])
        for log.step in steps:
            log.snapshot([embedding], is_first=log.step == steps[0])
        log.close([embedding])
    assert read(tmp_path) == {0: 5, 1: 5, 2: 5}


def ended(tmp_path: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Runs a script in which a table of sevens can be written."""
    begin = """
import atexit, os, sys, threading
import numpy as np
from tb_wordembed import SnapshotWriter
from tb_wordembed.write import event_file

sevens = np.full((20_000, 64), 7, np.float32)
original = event_file._LocalFile.append
release, begun = threading.Event(), threading.Event()

def append(self, events):
    if sum(len(part) for event in events for part in event) > sevens.nbytes:
        begun.set()
        release.wait(60)
    original(self, events)

event_file._LocalFile.append = append
writer = SnapshotWriter(sys.argv[1])
"""
    return subprocess.run(
        [sys.executable, "-c", begin + script, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("end", "code"),
    [
        ("", 0),
        ("del writer", 0),
        ("raise SystemExit(3)", 3),
        ("raise RuntimeError('the training broke')", 1),
    ],
)
def test_a_process_ends_when_its_tables_are_written(
    tmp_path: Path, end: str, code: int
) -> None:
    script = f"writer.embedding('words', sevens, 0)\nrelease.set()\n{end}"
    done = ended(tmp_path, script)
    assert (done.returncode, "tb_wordembed" in done.stderr) == (code, False)
    assert read(tmp_path) == {0: 7}


def test_a_table_can_be_written_while_the_interpreter_ends(tmp_path: Path) -> None:
    script = """
release.set()
atexit.register(writer.embedding, "words", sevens, 0)
"""
    done = ended(tmp_path, script)
    assert (done.returncode, done.stderr) == (0, "")
    assert read(tmp_path) == {0: 7}


def test_what_fails_after_the_last_call_is_said(tmp_path: Path) -> None:
    script = """
def append(self, events):
    release.wait(60)
    raise OSError(28, "No space left on device")
event_file._LocalFile.append = append
writer.embedding("words", sevens, 3)
release.set()
"""
    done = ended(tmp_path, script)
    assert done.stderr == (
        "the snapshot of 'words' at step 3 could not be written: OSError: [Errno 28] "
        "No space left on device\n"
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_a_fork_leaves_the_table_to_its_parent(tmp_path: Path) -> None:
    script = """
import warnings
warnings.simplefilter("ignore")  # Python 3.12 warns of any fork beside threads.
writer.embedding("words", sevens, 0)
begun.wait(60)
child = os.fork()
if not child:
    writer.close()
    os._exit(5)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
release.set()
writer.embedding("words", sevens + 1, 1)
writer.close()
"""
    done = ended(tmp_path, script)
    assert (done.stdout.strip(), done.stderr, done.returncode) == ("5", "", 0)
    assert read(tmp_path) == {0: 7, 1: 8}


def test_a_process_that_is_killed_leaves_what_was_written_before(
    tmp_path: Path,
) -> None:
    script = """
release.set()
writer.embedding("words", sevens, 0)
writer.flush()
release.clear()
writer.embedding("words", sevens, 1)
begun.wait(60)
os.kill(os.getpid(), 9)
"""
    assert ended(tmp_path, script).returncode == -9
    assert read(tmp_path) == {0: 7}
