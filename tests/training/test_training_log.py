"""The log of a training, of any framework: tables in, one run of snapshots out."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed.training.columns import with_columns
from tb_wordembed.training.logged_table import LoggedTable
from tb_wordembed.training.training_log import TrainingLog

WORDS = np.zeros((4, 3), np.float32)


def logged(table: Any, tag: str = "words") -> LoggedTable:
    return LoggedTable(tag=tag, shape=(4, 3), table=lambda: table)


def train(log_dir: Path, tables: list[LoggedTable], steps: int = 2) -> str:
    log = TrainingLog(None, projector=False)
    directory = log.open(str(log_dir), "run", [one.tag for one in tables])
    for log.step in range(steps + 1):
        log.snapshot(tables, is_first=log.step == 0)
    log.close(tables)
    return Path(directory).name


def test_each_training_has_a_run_of_its_own(tmp_path: Path) -> None:
    tables = with_columns([logged(WORDS)], list("abcd"), None, None, str(tmp_path))
    assert [train(tmp_path, tables) for _ in range(2)] == ["run", "run-2"]
    series = tb_wordembed.open(tmp_path).series("run-2", "words")
    assert (series.steps, series.tokens) == ([0, 1, 2], list("abcd"))


def test_a_table_that_fails_does_not_keep_others_from_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Any:
        raise RuntimeError("the device is gone")

    tables = [LoggedTable(tag="broken", shape=(4, 3), table=broken), logged(WORDS)]
    with caplog.at_level(logging.WARNING):
        train(tmp_path, tables)
    assert tb_wordembed.open(tmp_path).tags("run") == ["words"]
    said = [one.getMessage() for one in caplog.records]
    assert sum("the device is gone" in one for one in said) == 1
    assert any("3 of 6 snapshots could not be written" in one for one in said)


def test_a_table_may_grow(tmp_path: Path) -> None:
    rows = iter((4, 5, 5))
    table = LoggedTable(
        tag="words", shape=(4, 3), table=lambda: np.ones((next(rows), 3), np.float32)
    )
    train(tmp_path, with_columns([table], list("abcd"), None, None, str(tmp_path)))
    series = tb_wordembed.open(tmp_path).series("run", "words")
    later = [np.isnan(series.table(step)[4]).all() for step in series.steps]
    assert later == [True, False, False]
    assert series.tokens[:4] == list("abcd")


@pytest.mark.parametrize(
    ("tokens", "tag"), [({"0": list("abcd")}, "0"), ({"0": "a", "3": "d"}, "words")]
)
def test_a_number_may_be_a_layer_or_a_row(tokens: Any, tag: str) -> None:
    (found,) = with_columns([logged(WORDS, tag)], tokens, None, None, "")
    assert [one.name for one in found.columns] == ["token"]
