"""Health of a series, which comes step by step."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

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


def test_health_comes_step_by_step(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step_measures, "_AT_ONCE", 1)
    begun, hold = threading.Event(), threading.Event()
    measure = measure_steps.measure_steps
    turns = 0

    def slow(*given: Any, **named: Any) -> Any:
        nonlocal turns
        turns += 1
        if turns == 3:
            begun.set()
            hold.wait(30)
        return measure(*given, **named)

    monkeypatch.setattr(step_measures, "measure_steps", slow)
    first = ask(log, "health")
    assert begun.wait(30)
    part = ask(log, "health")
    assert (part.job.state, part.steps) == ("running", [0, 1])
    assert 0 < part.job.progress < 1
    assert len(part.norm.p50) == len(part.to_first.cka) == len(part.zero_rows) == 2
    # A job that waits for the same tables reports how far they are.
    findings = ask(log, "findings")
    assert findings.job.state == "running"
    assert findings.job.progress == pytest.approx(part.job.progress)
    hold.set()
    whole = ask_until_done(log, "health")
    assert (whole.steps, turns) == ([0, 1, 2], 3)
    assert whole.norm.p50[:2] == part.norm.p50
    assert first.job.id == part.job.id


def test_health_of_a_series_of_which_nothing_is_sound_says_why(tmp_path: Path) -> None:
    path = write_series(tmp_path / FILE_NAME, TABLES[:1])
    log = tb_wordembed.open(tmp_path)
    data = bytearray(path.read_bytes())
    data[-50] ^= 1
    path.write_bytes(data)
    found = ask_until_done(log, "health")
    assert found.job.state == "failed"
    assert "all snapshots are damaged" in found.job.error
    assert found.steps == []
