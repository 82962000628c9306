"""Findings that are told as soon as a snapshot is written."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.write.alerts import Alert

ROWS = 200
WORDS = ["the", "cat", "sat", *(f"word{row}" for row in range(3, ROWS))]


def tables(steps: int = 6) -> Any:
    rng = np.random.default_rng(0)
    moves = rng.normal(size=(steps, ROWS, 8)) * 0.3 ** np.arange(steps)[:, None, None]
    return moves.cumsum(axis=0).astype(np.float32)


def broken(steps: int = 6) -> Any:
    """The second row is NaN from step 2 on, the third from step 4 on."""
    found = tables(steps)
    found[2:, 1, 0] = np.nan
    found[4:, 2, 0] = np.inf
    return found


def test_a_function_gets_each_finding_once(tmp_path: Path) -> None:
    found: list[Alert] = []
    with SnapshotWriter(tmp_path, on_finding=found.append) as writer:
        for step, table in enumerate(broken()):
            writer.embedding("words", table, 10 * step, tokens=WORDS)
    said = [(one.tag, one.kind, one.step, one.rows.tolist()) for one in found]
    assert said == [("words", "not_finite", 20, [1]), ("words", "not_finite", 40, [2])]
    assert found[0].sentence == (
        "“cat” was NaN or infinite for the first time at step 20."
    )
    assert found[0].severity == "warning"


def test_warnings_go_to_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.WARNING),
        SnapshotWriter(tmp_path, on_finding="warn") as writer,
    ):
        for step, table in enumerate(broken()):
            writer.embedding("words", table, step)
    said = [one.getMessage() for one in caplog.records]
    assert len(said) == 2
    assert "'words'" in said[0]
    assert "Row 1 was NaN" in said[0]


def test_nothing_is_looked_for_by_default(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), SnapshotWriter(tmp_path) as writer:
        for step, table in enumerate(broken()):
            writer.embedding("words", table, step)
    assert not caplog.records


class WordlessError(Exception):
    def __str__(self) -> str:
        raise AttributeError("no reply")


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (RuntimeError("no mail server"), "no mail server"),
        (WordlessError(), "WordlessError"),
    ],
)
def test_a_function_that_fails_loses_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, error: Exception, text: str
) -> None:
    def fail(_: Alert) -> None:
        raise error

    with (
        caplog.at_level(logging.WARNING),
        SnapshotWriter(tmp_path, on_finding=fail) as writer,
    ):
        for step, table in enumerate(broken()):
            writer.embedding("words", table, step)
    assert tb_wordembed.open(tmp_path).series().steps == list(range(6))
    (said,) = (one.getMessage() for one in caplog.records)
    assert text in said


def test_a_function_may_write_with_the_same_writer(tmp_path: Path) -> None:
    def note(one: Alert) -> None:
        if one.tag == "words":
            writer.embedding("alerts", [[1.0]], one.step or 0)

    with SnapshotWriter(tmp_path, on_finding=note) as writer:
        for step, table in enumerate(broken()):
            writer.embedding("words", table, step)
    assert tb_wordembed.open(tmp_path).series(tag="alerts").steps == [2, 4]


@pytest.mark.parametrize("given", ["stop", "loud", 3, ["warn"]])
def test_anything_else_is_refused_and_no_file_is_made(
    tmp_path: Path, given: Any
) -> None:
    with pytest.raises(ValueError, match="expected 'warn', or a function"):
        SnapshotWriter(tmp_path / "run", on_finding=given)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_tables_of_any_dtype(tmp_path: Path, dtype: str) -> None:
    found: list[Alert] = []
    with SnapshotWriter(tmp_path, on_finding=found.append) as writer:
        for step, table in enumerate(broken()):
            writer.embedding("words", table, step, dtype=dtype)
    assert [(one.kind, one.step) for one in found] == [
        ("not_finite", 2),
        ("not_finite", 4),
    ]


def test_fixed_rows_are_known_from_the_first_snapshot(tmp_path: Path) -> None:
    found: list[Alert] = []
    with SnapshotWriter(tmp_path, on_finding=found.append) as writer:
        for step, table in enumerate(tables(3)):
            fixed = None if step else [0]
            writer.embedding("words", table, step, fixed_rows=fixed)
    assert [(one.kind, one.step, one.rows.tolist()) for one in found] == [
        ("fixed_rows_moved", 1, [0])
    ]


def test_other_rows_and_earlier_steps_begin_anew(tmp_path: Path) -> None:
    found: list[Alert] = []
    table, other = tables(2)
    with SnapshotWriter(tmp_path, on_finding=found.append) as writer:
        for step, words in ((5, WORDS), (6, WORDS[::-1]), (6, WORDS), (7, None)):
            # Each first snapshot is compared with none.
            writer.embedding("words", other if step == 7 else table, step, tokens=words)
        assert found == []
        writer.embedding("words", table[:100], 8, tokens=WORDS[:100])
        writer.embedding("words", table[:100], 9)
    assert [(one.kind, one.step) for one in found] == [("never_updated", None)]
