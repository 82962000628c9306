"""Paths and breaks of all tokens, asked for until they are known."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from logs import FILE_NAME, random_tables, write_series
from questions import ask, ask_until_done

import tb_wordembed
from tb_wordembed.analysis import measure_steps
from tb_wordembed.read import step_measures
from tb_wordembed.read.log import Log

TABLES = random_tables(3, 120, 6)


@pytest.fixture
def log(tmp_path: Path) -> Log:
    write_series(tmp_path / FILE_NAME, TABLES)
    return tb_wordembed.open(tmp_path)


def test_the_ways_of_all_tokens_are_those_of_the_series(log: Log) -> None:
    found = ask_until_done(log, "path")
    path = log.series().path()
    np.testing.assert_allclose(found.length, path.length, rtol=1e-6)
    np.testing.assert_array_equal(found.straightness, path.straightness)


def test_the_ways_of_a_long_series_come_with_progress_and_can_be_given_up(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, hold, ended = (threading.Event() for _ in range(3))
    measure = measure_steps.measure_steps

    def slow(tables: Any, *given: Any, **options: Any) -> Iterator[Any]:
        begun.set()
        hold.wait(30)
        try:
            yield from measure(tables, *given, **options)
        except BaseException:
            ended.set()
            raise

    monkeypatch.setattr(step_measures, "measure_steps", slow)
    first = ask(log, "path")
    assert begun.wait(30)
    assert (first.job.state, len(first.length)) == ("running", 0)
    assert ask(log, "cancel", id=first.job.id).found
    hold.set()
    assert ended.wait(30)
    monkeypatch.undo()
    assert len(ask_until_done(log, "path").length) == 120


def test_breaks_are_found_where_they_were_made(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    table = rng.normal(size=(60, 8)).astype(np.float32)
    tables = [table]
    for step in range(1, 24):
        pace = 0.3 * 0.5**step
        table = table + (pace * rng.normal(size=table.shape)).astype(np.float32)
        if step == 12:
            table[17] = -table[17]
        tables.append(table)
    write_series(tmp_path / FILE_NAME, tables)
    log = tb_wordembed.open(tmp_path)
    found = ask_until_done(log, "breaks")
    assert found.steps[found.positions[17]] == 12
    assert (np.delete(found.positions, 17) == -1).mean() > 0.9
