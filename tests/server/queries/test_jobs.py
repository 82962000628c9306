"""Questions whose answers are jobs: quick ones, and known ones."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
import questions
from logs import FILE_NAME, random_tables, write_series
from questions import SECONDS, ask, ask_until_done

import tb_wordembed
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read.log import Log
from tb_wordembed.read.series import Series
from tb_wordembed.server import wire
from tb_wordembed.server.jobs import Jobs

TABLES = random_tables(3, 120, 6)
STEPS = {"from_step": 0, "to_step": 2}


@pytest.fixture
def log(tmp_path: Path) -> Log:
    write_series(tmp_path / FILE_NAME, TABLES)
    return tb_wordembed.open(tmp_path)


@pytest.mark.parametrize(
    ("route", "parameters"),
    [
        ("turnover", STEPS),
        ("second_order_drift", STEPS),
        ("health", {}),
        ("path", {}),
        ("breaks", {}),
        ("findings", {"with_neighbors": True}),
        ("quality", {"step": 0}),
        ("motion", {"index": 3, **STEPS}),
        ("neighbor_change", {"index": 3, **STEPS}),
    ],
)
def test_quick_answers_never_wait_behind_long_work(
    log: Log, monkeypatch: pytest.MonkeyPatch, route: str, parameters: dict[str, Any]
) -> None:
    # As if all workers were busy for ever.
    monkeypatch.setattr(questions, "JOBS", Jobs(workers=0))
    assert ask_until_done(log, route, **parameters).job.error == ""


def test_what_is_known_is_answered_without_a_job(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ask_until_done(log, "turnover", **STEPS)

    def broken(*given: Any, **named: Any) -> None:
        raise ValueError("computed again")

    monkeypatch.setattr(Series, "turnover", broken)
    again = ask(log, "turnover", **STEPS)
    assert (again.job.state, again.job.id) == ("done", "")
    assert again.mean_overlap == first.mean_overlap


@pytest.mark.parametrize(
    ("route", "parameters", "method"),
    [
        ("motion", {"index": 3, **STEPS}, "motion"),
        ("neighbor_change", {"index": 3, **STEPS}, "neighbor_change"),
    ],
)
def test_what_reads_whole_tables_keeps_no_request_waiting(
    log: Log,
    monkeypatch: pytest.MonkeyPatch,
    route: str,
    parameters: dict[str, Any],
    method: str,
) -> None:
    go, compute = threading.Event(), getattr(Series, method)

    def slow(*given: Any, **named: Any) -> Any:
        assert go.wait(SECONDS)
        return compute(*given, **named)

    monkeypatch.setattr(Series, method, slow)
    first = ask(log, route, **parameters)
    assert first.job.state == "running"
    body, _ = wire.encode(first)
    assert b"running" in body
    go.set()
    found = ask_until_done(log, route, **parameters)
    assert (found.job.state, found.job.error) == ("done", "")
    assert wire.encode(found)[0] != body


@pytest.mark.parametrize("route", ["motion", "neighbor_change"])
def test_rows_and_steps_that_are_not_there_are_named_before_a_job_begins(
    log: Log, route: str
) -> None:
    with pytest.raises(NotFoundError, match="index 120 is not a row"):
        ask(log, route, index=120, **STEPS)
    with pytest.raises(NotFoundError, match="no step 7"):
        ask(log, route, index=0, from_step=0, to_step=7)


def test_a_cancelled_job_that_is_not_there(log: Log) -> None:
    assert not ask(log, "cancel", id="nope").found
