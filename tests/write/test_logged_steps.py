"""A training that replaces steps logged before is told so, whatever it writes with."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from logs import event, scalar_value, table_value, write

import tb_wordembed
from tb_wordembed import SnapshotWriter, summary

TABLE = np.eye(3, dtype=np.float32)

Log = list[tuple[str, int]]
"""The tag and step of each snapshot."""


def with_writer(folder: Path, snapshots: Log) -> None:
    with SnapshotWriter(folder) as writer:
        for tag, step in snapshots:
            writer.embedding(tag, TABLE, step)


def with_summary(folder: Path, snapshots: Log) -> None:
    tf = pytest.importorskip("tensorflow")
    with tf.summary.create_file_writer(str(folder)).as_default():
        for tag, step in snapshots:
            summary.embedding(tag, TABLE, step)


def in_function(folder: Path, snapshots: Log) -> None:
    tf = pytest.importorskip("tensorflow")
    tags = dict.fromkeys(tag for tag, _ in snapshots)
    functions = {
        tag: tf.function(
            lambda step, tag=tag: summary.embedding(tag, tf.constant(TABLE), step)
        )
        for tag in tags
    }
    with tf.summary.create_file_writer(str(folder)).as_default():
        for tag, step in snapshots:
            functions[tag](tf.constant(step, tf.int64))


WRITERS = [
    with_writer,
    pytest.param(with_summary, marks=pytest.mark.tensorflow),
    pytest.param(in_function, marks=pytest.mark.tensorflow),
]

FOUR = [("words", step) for step in range(4)]

# Before, now, and the words of the warning: (about all writers, of SnapshotWriter).
CASES: dict[str, tuple[Log, Log, list[str]]] = {
    "nothing there": ([], FOUR, []),
    "it goes on": (FOUR, [("words", 4), ("words", 5)], []),
    "another tag": (FOUR, [("items", 0), ("items", 1)], []),
    "it starts again": (FOUR, FOUR, ["'words': step 0 replaces"]),
    "it goes back": (FOUR, [("words", 2), ("words", 3)], ["'words': step 2 replaces"]),
    "the last step again": (FOUR, [("words", 3)], ["'words': step 3 replaces"]),
    "one of two tags": (
        FOUR,
        [("items", 0), ("words", 0), ("items", 1), ("words", 1)],
        ["'words': step 0 replaces"],
    ),
    "its own steps": ([], [*FOUR, ("words", 1)], ["'words': step 1 replaces"]),
}


def said(caplog: pytest.LogCaptureFixture, stderr: str) -> list[str]:
    logged = [one.getMessage() for one in caplog.records if "tb_wordembed" in one.name]
    printed = [one for one in stderr.splitlines() if one.startswith("tb_wordembed: ")]
    return [*logged, *(one.removeprefix("tb_wordembed: ") for one in printed)]


@pytest.mark.parametrize("then", WRITERS)
@pytest.mark.parametrize(
    ("before", "now", "expected"), CASES.values(), ids=CASES.keys()
)
def test_what_is_replaced_is_one_warning(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    then: Callable[[Path, Log], None],
    before: Log,
    now: Log,
    expected: list[str],
) -> None:
    if before:
        with_writer(tmp_path, before)
        capfd.readouterr()
    then(tmp_path, now)
    found = said(caplog, capfd.readouterr().err)
    assert [one[: len(e)] for one, e in zip(found, expected, strict=True)] == expected
    for one in found:
        assert f"logged to {tmp_path} before. To keep both, log each training" in one


def test_the_warning_counts_the_steps(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with_writer(tmp_path, FOUR)
    with_writer(tmp_path, FOUR[1:])
    (record,) = caplog.records
    assert "'words': step 1 replaces 3 steps, 1 to 3, logged to" in record.getMessage()
    assert tb_wordembed.open(tmp_path).series().replaced_steps == 3


@pytest.mark.parametrize("kind", ["scalars", "damage", "no event file", "a directory"])
def test_other_files_in_the_directory_are_no_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    path = tmp_path / "events.out.tfevents.1.other.1.0"
    if kind == "scalars":
        write(path, *(event(step, scalar_value("loss", 1.0)) for step in range(9)))
    elif kind == "damage":
        path.write_bytes(b"no record at all" * 9)
    elif kind == "no event file":
        (tmp_path / "words.tsv").write_text("a\nb\n")
    else:
        path.mkdir()
    with_writer(tmp_path, FOUR)
    assert not caplog.records


def test_a_large_log_is_looked_at_without_its_tables(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A table of 100 MB, and 50,000 scalars."""
    path = write(
        tmp_path / "events.out.tfevents.1.other.1.0",
        *(event(step, scalar_value("loss", 1.0)) for step in range(50_000)),
        event(7, table_value("words", TABLE)),
    )
    large = np.broadcast_to(np.float32(0), (250_000, 100))
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("large", large, 0)
    started = time.perf_counter()
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", TABLE, 0)
    assert time.perf_counter() - started < 1.5
    assert path.stat().st_size > 1_500_000
    (record,) = caplog.records
    assert "'words': step 0 replaces step 7" in record.getMessage()


RANK = """
import logging, sys, time
import numpy as np
from tb_wordembed import SnapshotWriter

logging.basicConfig(level="WARNING", format="%(message)s")
with SnapshotWriter(sys.argv[1]) as writer:
    for step in range(4):
        print(step, flush=True)
        input()
        writer.embedding("words", np.eye(3, dtype=np.float32), step)
"""


def test_two_processes_that_log_to_one_run_are_told_so(tmp_path: Path) -> None:
    ranks = [
        subprocess.Popen(
            [sys.executable, "-c", RANK, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for _ in range(4):
        for rank in ranks:
            assert rank.stdout is not None
            assert rank.stdin is not None
            rank.stdout.readline()
        for rank in ranks:
            assert rank.stdin is not None
            rank.stdin.write("\n")
            rank.stdin.flush()
    for rank in ranks:
        _, told = rank.communicate(timeout=60)
        assert rank.returncode == 0, told
        assert told.count("another process is logging the same steps to") == 1
    (note, again) = tb_wordembed.open(tmp_path).notes
    assert "4 steps of an earlier training were replaced" in note.message
    assert "2 event files were written at the same time" in again.message


def test_the_same_process_may_write_other_tags_to_the_directory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with SnapshotWriter(tmp_path) as first, SnapshotWriter(tmp_path) as second:
        for step in range(3):
            first.embedding("words", TABLE, step)
            second.embedding("items", TABLE, step)
    assert not caplog.records


@pytest.mark.tensorflow
def test_a_remote_directory_is_looked_at_too(caplog: pytest.LogCaptureFixture) -> None:
    pytest.importorskip("tensorflow")
    logdir: Any = "ram://runs/replaced"
    with_writer(logdir, FOUR)
    assert not caplog.records
    with_writer(logdir, FOUR)
    (record,) = caplog.records
    assert "'words': step 0 replaces 4 steps" in record.getMessage()
