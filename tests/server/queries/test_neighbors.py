"""The neighbors of all tokens, and how many were kept: asked for until known."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from logs import (
    FILE_NAME,
    column_value,
    event,
    random_tables,
    write,
    write_series,
)
from questions import ask, ask_until_done

import tb_wordembed
from tb_wordembed.read.log import Log
from tb_wordembed.read.series import Series
from tb_wordembed.server.queries import neighbors

TABLES = random_tables(3, 120, 6)


@pytest.fixture
def log(tmp_path: Path) -> Log:
    write_series(tmp_path / FILE_NAME, TABLES)
    return tb_wordembed.open(tmp_path)


def test_turnover_is_that_of_the_series(log: Log) -> None:
    found = ask_until_done(log, "turnover", from_step=0, to_step=2, k=5)
    exact = log.series().turnover(0, 2, 5)
    np.testing.assert_array_equal(found.overlap, exact.overlap)
    assert (found.mean_overlap, found.standard_error) == (exact.mean_overlap, 0.0)
    assert (found.sampled, found.job.progress, found.job.error) == (120, 1.0, "")


def test_an_estimate_comes_first_and_the_job_can_be_cancelled(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, hold, ended = (threading.Event() for _ in range(3))

    def slow(self: Series, *given: Any, **named: Any) -> None:
        report = given[-1]
        report(0.25, "half of a half")
        begun.set()
        hold.wait(30)
        try:
            report(0.5)
        except BaseException:
            ended.set()
            raise

    monkeypatch.setattr(Series, "turnover", slow)
    question = {"from_step": 0, "to_step": 2, "k": 5}
    first = ask(log, "turnover", **question)
    assert begun.wait(30)
    again = ask(log, "turnover", **question)
    assert again.job.id == first.job.id
    assert (again.job.state, again.job.progress) == ("running", 0.25)
    assert again.job.message == "half of a half"
    assert len(again.overlap) == 0
    # The estimate is a job, too: the first answer lacks it on a busy machine.
    while again.mean_overlap is None:
        again = ask(log, "turnover", **question)
    assert 0 < again.mean_overlap < 1
    assert again.standard_error == 0, "all of so few tokens are in the sample"
    assert ask(log, "cancel", id=first.job.id).found
    hold.set()
    monkeypatch.undo()
    assert ask_until_done(log, "turnover", **question).job.state == "done"
    assert ended.wait(30)


def test_second_order_drift_of_all_is_that_of_the_series(log: Log) -> None:
    found = ask_until_done(log, "second_order_drift", from_step=0, to_step=2, k=5)
    np.testing.assert_array_equal(
        found.values, log.series().all_second_order_drift(0, 2, 5)
    )
    change = ask(log, "neighbor_change", index=7, from_step=0, to_step=2, k=5)
    assert change.second_order_drift == pytest.approx(float(found.values[7]), abs=1e-6)


@pytest.mark.parametrize("route", ["turnover", "second_order_drift"])
def test_no_neighbors_are_refused_before_a_job_begins(log: Log, route: str) -> None:
    with pytest.raises(ValueError, match="'k' is 0; expected 1 to 1,000"):
        ask(log, route, from_step=0, to_step=2, k=0)


@pytest.mark.parametrize(
    ("route", "more"),
    [
        ("turnover", {}),
        ("second_order_drift", {}),
        ("groups", {}),
        ("noise", {"measure": "overlap"}),
        ("findings_between", {"measure": "second_order"}),
    ],
)
def test_more_neighbors_of_all_tokens_than_fit_are_refused(
    log: Log, route: str, more: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbors, "MOST_OF_ALL", 120 * 5)
    asked = {"from_step": 0, "to_step": 2, **more}
    with pytest.raises(ValueError, match="'k' is 6; expected 1 to 5 for all of 120"):
        ask(log, route, **asked, k=6)
    if route != "findings_between":  # It needs seeds.
        assert "'k'" not in ask(log, route, **asked, k=5).job.error


def test_a_failure_is_reported_once_and_the_next_question_tries_again(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: Any, **named: Any) -> None:
        raise OSError("no room")

    monkeypatch.setattr(Series, "turnover", broken)
    question = {"from_step": 0, "to_step": 2}
    first = ask_until_done(log, "turnover", **question)
    assert first.job.state == "failed"
    assert "no room" in first.job.error
    monkeypatch.undo()
    assert ask_until_done(log, "turnover", **question).job.state == "done"


def test_tokens_that_are_logged_later_are_named(tmp_path: Path) -> None:
    path = write_series(tmp_path / FILE_NAME, TABLES)
    log = tb_wordembed.open(tmp_path)
    asked = {"index": 3, "from_step": 0, "to_step": 1, "k": 5}
    ask_until_done(log, "neighbor_change", **asked)
    ask_until_done(log, "motion", **asked)
    tokens = [f"w{row}" for row in range(120)]
    write(path, event(2, column_value("words", "token", tokens)))
    log.refresh()
    change = ask_until_done(log, "neighbor_change", **asked)
    motion = ask_until_done(log, "motion", **asked)
    named = [*change.before, *change.after, *motion.parallel]
    assert [one.token for one in named] == [f"w{one.index}" for one in named]
