"""What differs on Windows, as far as it can be had here: files that are in use can't be
replaced, locks are others, paths have backslashes, and texts have an encoding of the
user's."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import types
from pathlib import Path
from typing import Any

import pytest

import tb_wordembed
from tb_wordembed.format.paths import replace_file
from tb_wordembed.read import why_missing
from tb_wordembed.snapshots.index_entries import Problem
from tb_wordembed.write.run_directory import one_at_a_time


@pytest.fixture
def in_use(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many more times a file is found in use by whoever replaces it."""
    left, replace = [0], Path.replace

    def refused(self: Path, target: Path) -> Path:
        if left[0]:
            left[0] -= 1
            raise PermissionError(13, "Access is denied", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refused)
    return left


def test_a_file_that_is_read_is_replaced_once_it_is_free(
    tmp_path: Path, in_use: list[int]
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    in_use[0] = 3
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_file_that_stays_in_use_stays_as_it_is(
    tmp_path: Path, in_use: list[int]
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    in_use[0] = 100
    with pytest.raises(PermissionError, match="denied"):
        replace_file(path, b"new")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
    assert path.read_bytes() == b"old"


@pytest.fixture
def msvcrt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Windows' module for locks, with the locks of this system."""
    fcntl = pytest.importorskip("fcntl")

    def locking(number: int, mode: int, size: int) -> None:
        assert (mode, size) == (2, 1)
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PermissionError(13, "Permission denied") from error

    module: Any = types.ModuleType("msvcrt")
    module.locking, module.LK_NBLCK = locking, 2
    monkeypatch.setitem(sys.modules, "msvcrt", module)
    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@pytest.mark.usefixtures("msvcrt")
def test_trainings_choose_their_run_one_at_a_time(tmp_path: Path) -> None:
    logdir, inside, most = tmp_path / "log", [0], [0]

    def choose() -> None:
        with one_at_a_time(str(logdir)):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            threading.Event().wait(0.02)
            inside[0] -= 1

    threads = [threading.Thread(target=choose) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
    # Nothing is left in the log.
    assert list(logdir.iterdir()) == []
    with one_at_a_time(str(tmp_path / "other")), one_at_a_time(str(logdir)):
        pass


def test_problems_of_a_run_are_found_by_their_paths(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "sep", "\\")
    file = Problem("C:\\logs\\one\\seed 1\\events.out.tfevents.1", 0, "can't be read")
    above = Problem("C:\\logs\\one", 0, "can't be read")
    problems = [file, above, Problem("C:\\logs\\two\\seed 1", 0, "can't be read")]
    assert list(why_missing.of_run(problems, "one/seed 1")) == [file, above]


def test_a_directory_without_a_size_is_not_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    array = tmp_path / "w.zarr"
    array.mkdir()
    (array / "zarr.json").write_text('{"node_type": "array", "zarr_format": 3}')
    stat = Path.stat

    def unsized(self: Path, **options: Any) -> os.stat_result:
        found = stat(self, **options)
        return os.stat_result((*found[:6], 0, *found[7:])) if self == array else found

    monkeypatch.setattr(Path, "stat", unsized)
    with pytest.raises(ValueError, match=r"zarr can't open it|zarr is needed"):
        tb_wordembed.import_tables(tmp_path / "logs", array)


def test_every_text_is_read_and_written_in_an_encoding_that_is_named() -> None:
    pytest.importorskip("ruff")
    rule = ("--isolated", "--preview", "--select=PLW1514")
    ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", *rule]
    found = subprocess.run([*ruff, Path(tb_wordembed.__file__).parent], check=False)
    assert found.returncode == 0
