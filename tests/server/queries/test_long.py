"""Work that takes a while, asked for over and over as the page does."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from logs import FILE_NAME, random_tables, write_series

import tb_wordembed
from tb_wordembed import contract
from tb_wordembed.analysis import steps
from tb_wordembed.read import step_measures
from tb_wordembed.read.log import Log
from tb_wordembed.read.series import Series
from tb_wordembed.server.jobs import Jobs
from tb_wordembed.server.queries import short

ROUTES = {route.name: route for route in contract.ROUTES}
JOBS = Jobs(workers=2)
TABLES = random_tables(3, 120, 6)


@pytest.fixture
def log(tmp_path: Path) -> Log:
    write_series(tmp_path / FILE_NAME, TABLES)
    return tb_wordembed.open(tmp_path)


def ask(log: Log, route: str, **parameters: Any) -> Any:
    run = {} if route == "cancel" else {"run": ".", "tag": "words"}
    return short.answer(
        log, JOBS, ROUTES[route], ROUTES[route].request(**run, **parameters)
    )


def ask_until_done(log: Log, route: str, **parameters: Any) -> Any:
    for _ in range(200):
        found = ask(log, route, **parameters)
        if found.job.state in ("done", "failed"):
            return found
    raise AssertionError("it is never done")


def test_turnover_is_that_of_the_series(log: Log) -> None:
    found = ask_until_done(log, "turnover", from_step=0, to_step=2, k=5)
    exact = log.series().turnover(0, 2, 5)
    np.testing.assert_array_equal(found.overlap, exact.overlap)
    np.testing.assert_array_equal(found.jaccard, exact.jaccard)
    assert (found.mean_overlap, found.standard_error) == (exact.mean_overlap, 0.0)
    assert (found.sampled, found.job.progress, found.job.error) == (120, 1.0, "")


def test_an_estimate_comes_first_and_the_job_can_be_cancelled(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, hold, ended = (threading.Event() for _ in range(3))

    def slow(self: Series, *given: Any) -> None:
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
    # It is a job as well, and a moment is enough unless the machine is busy.
    while again.mean_overlap is None:
        again = ask(log, "turnover", **question)
    assert 0 < again.mean_overlap < 1
    assert again.standard_error == 0, "all of so few tokens are in the sample"
    assert ask(log, "cancel", id=first.job.id).found
    hold.set()
    monkeypatch.undo()
    assert ask_until_done(log, "turnover", **question).job.state == "done"
    assert ended.wait(30)


def test_a_cancelled_job_that_is_not_there(log: Log) -> None:
    assert not ask(log, "cancel", id="nope").found


def test_second_order_drift_and_neighbors_of_all_are_those_of_the_series(
    log: Log,
) -> None:
    found = ask_until_done(log, "second_order_drift", from_step=0, to_step=2, k=5)
    np.testing.assert_array_equal(
        found.values, log.series().all_second_order_drift(0, 2, 5)
    )
    change = ask(log, "neighbor_change", index=7, from_step=0, to_step=2, k=5)
    assert change.second_order_drift == pytest.approx(float(found.values[7]), abs=1e-6)
    near = ask_until_done(log, "all_neighbors", step=1, k=4, metric="euclidean")
    exact = log.series().all_neighbors(1, 4, "euclidean")
    np.testing.assert_array_equal(near.indices, exact.indices)
    np.testing.assert_allclose(near.distances, exact.distances, rtol=1e-6)
    assert near.indices.dtype == np.int32


@pytest.mark.parametrize("route", ["turnover", "second_order_drift"])
def test_no_neighbors_are_refused_before_a_job_begins(log: Log, route: str) -> None:
    with pytest.raises(ValueError, match="k is 0"):
        ask(log, route, from_step=0, to_step=2, k=0)


def test_the_ways_of_all_tokens_are_those_of_the_series(log: Log) -> None:
    found = ask_until_done(log, "path")
    path = log.series().path()
    np.testing.assert_allclose(found.length, path.length, rtol=1e-6)
    np.testing.assert_array_equal(found.displacement, path.displacement)
    np.testing.assert_array_equal(found.straightness, path.straightness)


def test_the_ways_of_a_long_series_come_with_progress_and_can_be_given_up(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, hold, ended = (threading.Event() for _ in range(3))
    measure = steps.measure_steps

    def slow(tables: Any, *given: Any, **options: Any) -> Any:
        begun.set()
        hold.wait(30)
        try:
            return measure(tables, *given, **options)
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


def test_breaks_come_with_the_step_since_which_the_table_is_settled(
    tmp_path: Path,
) -> None:
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
    assert found.strengths[17] >= found.break_strength
    assert found.jumps[17] > 1.5
    assert found.settled_step == log.series().settled_step()
    assert found.settled_step is not None
    assert found.settled_step < 12


def test_words_that_changed_company_join_the_findings_when_they_are_known(
    tmp_path: Path,
) -> None:
    rng = np.random.default_rng(0)
    table = rng.normal(size=(400, 16)).astype(np.float32)
    tables = [table.copy() for _ in range(3)]
    for step, one in enumerate(tables):
        one += (0.01 * step * rng.normal(size=one.shape)).astype(np.float32)
    tables[1][[3, 4]] = tables[2][[3, 4]] = rng.normal(size=(2, 16))
    write_series(tmp_path / FILE_NAME, tables)
    log = tb_wordembed.open(tmp_path)
    assert ask_until_done(log, "findings").job.error == ""
    done = ask_until_done(log, "findings", with_company=True)
    (company,) = (one for one in done.findings if one.kind == "changed_company")
    assert sorted(company.view.indices) == [3, 4]
    others = [one for one in done.findings if one.kind != "changed_company"]
    assert others == ask(log, "findings").findings


def test_health_comes_step_by_step(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step_measures, "_AT_ONCE", 1)
    begun, hold = threading.Event(), threading.Event()
    measure = steps.measure_steps
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
    # What waits for the same tables knows how far it is, and keeps nobody waiting.
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


def test_a_failure_is_told_once_and_who_asks_again_tries_again(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: Any) -> None:
        raise OSError("no room")

    monkeypatch.setattr(Series, "all_neighbors", broken)
    first = ask_until_done(log, "all_neighbors", step=0)
    assert (first.job.state, first.job.error) == ("failed", "no room")
    monkeypatch.undo()
    assert ask_until_done(log, "all_neighbors", step=0).job.state == "done"
