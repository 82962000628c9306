from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from logs import random_tables

import tb_wordembed
from tb_wordembed.engine import large_arrays
from tb_wordembed.engine.large_arrays import empty, full, is_in_file
from tb_wordembed.read import step_measures
from tb_wordembed.read.memory_cache import freeze

needs_files = pytest.mark.skipif(
    not hasattr(os, "posix_fallocate"), reason="the system can't set room aside"
)


@needs_files
def test_large_arrays_have_files_without_names_that_hardly_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(large_arrays, "LARGE_BYTES", 800)
    small, large = full(99, 7, np.float64), full(100, 7, np.float64)
    assert not is_in_file(small)
    assert is_in_file(large)
    assert is_in_file(large[3:].view(np.uint64))
    assert (small == 7).all()
    assert (large == 7).all()
    assert not list(tmp_path.iterdir())
    assert freeze(small) == 792
    assert freeze(large) == 100


def test_without_room_for_a_file_an_array_is_in_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(large_arrays, "LARGE_BYTES", 8)
    monkeypatch.setattr(os, "posix_fallocate", refuse, raising=False)
    found = empty(10, np.float32)
    found[:] = 1
    assert not is_in_file(found)


@needs_files
def test_what_is_measured_is_the_same_in_files_and_stays_so_when_steps_are_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = np.array(random_tables(14, 50, 3))
    tables[5:, 7] = tables[4, 7]
    with tb_wordembed.SnapshotWriter(tmp_path) as writer:
        for step, table in enumerate(tables[:11]):
            writer.embedding("words", table, step)
    expected = vars(step_measures.history(tb_wordembed.open(tmp_path).series()))
    monkeypatch.setattr(large_arrays, "LARGE_BYTES", 16)
    log = tb_wordembed.open(tmp_path)
    found = vars(step_measures.history(log.series()))
    assert is_in_file(found["changes"])
    for name, values in expected.items():
        if name != "peaks":
            np.testing.assert_array_equal(found[name], values, err_msg=name)
    with tb_wordembed.SnapshotWriter(tmp_path) as writer:
        for step, table in enumerate(tables[11:], start=11):
            writer.embedding("words", table, step)
    log.refresh()
    more = step_measures.history(log.series())
    assert more.changes.tolist() == [13 if row != 7 else 4 for row in range(50)]
    for name, values in expected.items():
        if name != "peaks":
            np.testing.assert_array_equal(found[name], values, err_msg=name)
