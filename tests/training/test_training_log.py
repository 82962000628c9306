"""The log of a training, of any framework: tables in, one run of snapshots out."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from standard_projector import Standard

import tb_wordembed
from tb_wordembed.training.columns import with_columns
from tb_wordembed.training.logged_table import LoggedTable, described
from tb_wordembed.training.training_log import TrainingLog
from tb_wordembed.write import tables

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


AT_ONCE = """
import sys, time
import numpy as np
from pathlib import Path
from tb_wordembed.training.logged_table import LoggedTable
from tb_wordembed.training.training_log import TrainingLog
from tb_wordembed.write import tables

words = np.full((4, 3), float(sys.argv[2]), np.float32)
table = LoggedTable(tag="words", shape=(4, 3), table=lambda: words)
log = TrainingLog(None, projector=False)
Path(sys.argv[1], f"ready-{sys.argv[2]}").touch()
while len(list(Path(sys.argv[1]).glob("ready-*"))) < 4:
    pass
print(log.open(sys.argv[1], "run", ["words"]))
time.sleep(0.5)
for log.step in range(3):
    log.snapshot([table], is_first=log.step == 0)
log.close([table])
"""


def test_trainings_that_begin_at_the_same_time_have_a_run_each(tmp_path: Path) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", AT_ONCE, str(tmp_path), str(number)])
        for number in range(4)
    ]
    assert [one.wait(120) for one in started] == [0] * 4
    log = tb_wordembed.open(tmp_path)
    assert log.runs == ["run", "run-2", "run-3", "run-4"]
    assert [one.steps for one in log.all_series] == [[0, 1, 2]] * 4
    assert {float(one.table(2)[0, 0]) for one in log.all_series} == {0, 1, 2, 3}


def test_a_run_in_which_a_training_has_only_begun_is_left_to_it(tmp_path: Path) -> None:
    first, second = (TrainingLog(None, projector=False) for _ in range(2))
    directories = [one.open(str(tmp_path), "", ["words"]) for one in (first, second)]
    for one in (first, second):
        one.snapshot([logged(WORDS)], is_first=True)
        one.close([])
    assert [Path(one) for one in directories] == [tmp_path, tmp_path / "embeddings-2"]


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


COUNTS = {"frequency": [1, 9, 5, 7]}


def table_of(count: int, tag: str, **more: Any) -> LoggedTable:
    numbers = np.arange(2 * count, dtype=np.float32).reshape(count, 2)
    return LoggedTable(tag=tag, shape=(count, 2), table=lambda: numbers, **more)


@pytest.mark.parametrize("rows", ["top:2", [1, 3], slice(1, None, 2)])
def test_rows_of_a_training_keep_token_column_and_number(
    tmp_path: Path, rows: Any
) -> None:
    table = table_of(4, "words", fixed_rows=((0, 1), (3, 4)))
    sources = list("abcd"), COUNTS, None, str(tmp_path)
    tables = with_columns([table], *sources, rows=rows)
    train(tmp_path, tables)
    series = tb_wordembed.open(tmp_path).series("run", "words")
    assert series.tokens == ["b", "d"]
    assert series.table(2).tolist() == [[2, 3], [6, 7]]
    assert list(series.metadata["frequency"]) == [9, 7]
    assert list(series.metadata["row"]) == [1, 3]
    assert (series.shape, series.full_vocab_size) == ((2, 2), 4)
    assert series.fixed_rows.tolist() == [1]
    assert described(tables) == "'words' (2 of 4 rows x 2)"


def test_rows_go_to_tables_of_tokens_or_to_the_layer_they_are_for() -> None:
    tables = [
        table_of(4, "words"),
        table_of(3, "positions", has_tokens=False),
        table_of(2, "classes"),
    ]
    for rows, counts in ((slice(1), [1, 3, 1]), ({"positions": [2, 0]}, [4, 2, 2])):
        found = with_columns(tables, None, None, None, "", rows=rows)
        assert [one.logged_shape[0] for one in found] == counts


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("top:2", r"layer 'words': .*no column of numbers called frequency"),
        ([0, 4], r"layer 'words': rows: there is no row 4; the table has rows 0 to 3"),
        ({"items": [0]}, r"rows: there is no layer 'items'; the model has .*'words'"),
    ],
)
def test_rows_that_are_not_there_are_refused(rows: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        with_columns([table_of(4, "words")], None, None, None, "", rows=rows)


def test_the_projector_shows_the_rows_of_a_training(tmp_path: Path) -> None:
    tables = with_columns(
        [table_of(4, "words")], list("abcd"), COUNTS, None, "", rows="top:2"
    )
    log = TrainingLog(None, projector=True)
    log.open(str(tmp_path), "run", ["words"])
    log.snapshot(tables, is_first=True)
    log.close(tables)
    standard = Standard(tmp_path, "run")
    (name,) = standard.names("run")
    assert standard.tensor("run", name).tolist() == [[2, 3], [6, 7]]
    labels = standard.labels("run", name)
    assert [list(one.values()) for one in labels] == [["b", "9", "1"], ["d", "7", "3"]]


def test_a_finding_is_told_once_in_several_fits_and_each_may_be_stopped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rng = np.random.default_rng(0)
    table = rng.normal(size=(200, 8)).astype(np.float32)
    words = LoggedTable(tag="words", shape=table.shape, table=table.copy)
    log = TrainingLog(None, projector=False, on_finding="stop")
    stopped = []
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            log.open(str(tmp_path), "run", ["words"])
            for _ in range(3):
                log.snapshot([words], is_first=False)
                stopped.append(log.should_stop)
                log.step += 1
                table += 0.01 * rng.normal(size=table.shape)
                if log.step in (2, 4):
                    table[log.step] = np.nan
            log.close([words])
    assert stopped == [False, False, True, False, True, True]
    said = [one.getMessage() for one in caplog.records]
    assert len(said) == 2
    assert "Row 2 was NaN" in said[0]
    assert "Row 4 was NaN" in said[1]


def test_a_table_larger_than_a_record_is_logged_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MAX_PART_BYTES", 24)
    words = np.arange(12, dtype=np.float32).reshape(4, 3)
    run = train(
        tmp_path, with_columns([logged(words)], list("abcd"), None, None, str(tmp_path))
    )
    log = tb_wordembed.open(tmp_path)
    assert not log.problems
    assert not log.notes
    series = log.series(run, "words")
    assert (series.steps, series.tokens) == ([0, 1, 2], list("abcd"))
    np.testing.assert_array_equal(series.table(2), words)
    (file,) = (tmp_path / run).iterdir()
    assert file.read_bytes().count(b'"kind":"table","part":[2,4]') == 3
