"""Work that takes a while, asked for over and over as the page does."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from logs import FILE_NAME, random_tables, write_series

import tb_wordembed
from tb_wordembed import contract, queries
from tb_wordembed.analysis.quality import quality
from tb_wordembed.errors import NotFoundError
from tb_wordembed.log import Log
from tb_wordembed.series import Series

ROUTES = {route.name: route for route in contract.ROUTES}
TABLES = random_tables(3, 120, 6)


@pytest.fixture
def log(tmp_path: Path) -> Log:
    write_series(tmp_path / FILE_NAME, TABLES)
    return tb_wordembed.open(tmp_path)


def ask(log: Log, route: str, **parameters: Any) -> Any:
    run = {} if route == "cancel" else {"run": ".", "tag": "words"}
    return queries.answer(
        log, ROUTES[route], ROUTES[route].request(**run, **parameters)
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
    begun, hold = threading.Event(), threading.Event()
    ended: list[BaseException] = []

    def slow(self: Series, *given: Any) -> None:
        report = given[-1]
        report(0.25, "half of a half")
        begun.set()
        hold.wait(30)
        try:
            report(0.5)
        except BaseException as error:
            ended.append(error)
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
    assert 0 < again.mean_overlap < 1
    assert again.standard_error == 0, "all of so few tokens are in the sample"
    assert ask(log, "cancel", id=first.job.id).found
    hold.set()
    monkeypatch.undo()
    assert ask_until_done(log, "turnover", **question).job.state == "done"
    assert len(ended) == 1


def test_a_cancelled_job_that_is_not_there(log: Log) -> None:
    assert not ask(log, "cancel", id="nope").found


def test_the_layout_of_each_step_comes_with_its_quality(log: Log) -> None:
    pytest.importorskip("openTSNE", reason="the extra `layout` is not installed")
    found = ask_until_done(log, "layout", step=1)
    assert found.positions.shape == (120, 2)
    assert np.isfinite(found.positions).all()
    assert found.laid_out == 120
    expected = quality(lambda: [(0, TABLES[1])], found.positions)
    assert found.trustworthiness == pytest.approx(expected.trustworthiness)
    assert found.continuity == pytest.approx(expected.continuity)
    other = ask(log, "layout", step=2)
    assert other.job.id == found.job.id
    assert not np.array_equal(other.positions, found.positions)
    with pytest.raises(NotFoundError, match="step 7"):
        ask(log, "layout", step=7)


def test_a_layout_without_its_package_says_how_to_install_it(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "openTSNE", None)
    found = ask_until_done(log, "layout", step=1)
    assert found.job.state == "failed"
    assert "pip install tb_wordembed[layout]" in found.job.error
    assert found.positions.shape == (0, 2)
