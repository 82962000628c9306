"""Rows that must not move, rows that never did, and rows that came back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from logs import random_tables

import tb_wordembed
from tb_wordembed import SnapshotWriter

STEPS = 8


def training() -> npt.NDArray[np.float32]:
    """Tables of which all rows move at every step, but rows 0 and 1 never."""
    tables = np.stack(random_tables(STEPS, 60, 8))
    tables[:, :2] = [[[0.0] * 8, [0.5] * 8]]
    return tables


def found_in(folder: Path, tables: Any, fixed_rows: Any = None) -> dict[str, Any]:
    with SnapshotWriter(folder) as writer:
        for step, table in enumerate(tables):
            writer.embedding("words", table, 10 * step, fixed_rows=fixed_rows)
    findings = tb_wordembed.open(folder).series().findings()
    kinds = ("fixed_rows_moved", "never_updated", "returned", "zero_rows")
    return {one.kind: one for one in findings if one.kind in kinds}


def test_a_row_that_must_not_move_and_does_is_a_warning(tmp_path: Path) -> None:
    tables = training()
    tables[3:, 0, 1] += 0.25
    tables[5:, 0, 1] -= 0.5
    found = found_in(tmp_path, tables, fixed_rows=[0, 1])
    assert set(found) == {"fixed_rows_moved"}
    moved = found["fixed_rows_moved"]
    assert (moved.severity, moved.step, moved.rows.tolist()) == ("warning", 30, [0])
    assert moved.numbers["path"] == pytest.approx(0.75)
    assert moved.numbers["changes"] == 2
    assert (moved.view.step, moved.view.reference_step) == (30, 20)


@pytest.mark.parametrize("fixed", [[0, 1], slice(0, 2)])
def test_rows_that_must_not_move_and_do_not_are_nothing_to_report(
    tmp_path: Path, fixed: Any
) -> None:
    assert found_in(tmp_path, training(), fixed) == {}


def test_a_row_that_was_never_updated_is_none_that_came_back(tmp_path: Path) -> None:
    tables = training()
    tables[6:, 7] = tables[0, 7]
    found = found_in(tmp_path, tables, fixed_rows=0)
    assert found["never_updated"].rows.tolist() == [1]
    back = found["returned"]
    assert (back.severity, back.step, back.rows.tolist()) == ("notice", 60, [7])


def test_rows_that_never_move_are_known_to_be_unused_unless_they_must_not(
    tmp_path: Path,
) -> None:
    with SnapshotWriter(tmp_path) as writer:
        for step, table in enumerate(training()):
            writer.embedding("words", table, step, fixed_rows=0)
    series = tb_wordembed.open(tmp_path).series()
    assert series.undertrained(STEPS - 1).known_unused.tolist() == [1]
