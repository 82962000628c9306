"""What is found out before it is asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.contract import DriftRequest, PositionsRequest, TokensRequest
from tb_wordembed.read import logged_series
from tb_wordembed.read.log import Log
from tb_wordembed.server import prefetch
from tb_wordembed.server.jobs import Jobs
from tb_wordembed.server.prefetch import Ahead
from tb_wordembed.server.queries import short

STEPS = [0, 1, 5, 6, 20]
OF = ("run", "words")


@pytest.fixture
def log(tmp_path: Path) -> Log:
    rng = np.random.default_rng(0)
    with SnapshotWriter(tmp_path / "run") as writer:
        for step in STEPS:
            table = rng.normal(size=(50, 8)).astype(np.float32)
            writer.embedding("words", table, step)
    return tb_wordembed.open(tmp_path)


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was found out."""
    seen: list[object] = []
    answer = short.answer

    def noted(log: Log, jobs: Jobs, route: object, question: object) -> object:
        seen.append(question)
        return answer(log, jobs, route, question)  # type: ignore[arg-type]

    monkeypatch.setattr(short, "answer", noted)
    return seen


def ask(found: Ahead, *questions: object) -> None:
    for question in questions:
        with found.asked(question):
            pass
    found.join()


def test_other_steps_are_found_out_the_nearest_first(
    log: Log, answered: list[object]
) -> None:
    one = Ahead(log, Jobs(), rest_seconds=0)
    ask(one, PositionsRequest(*OF, step=5, components="1.2"))
    of = {one.step for one in answered if isinstance(one, PositionsRequest)}
    assert of == {0, 1, 6, 20}
    steps = [getattr(one, "step", None) for one in answered]
    assert set(steps[:2]) == {1, 6}
    assert {getattr(one, "components", None) for one in answered} == {"1.2"}

    answered.clear()
    ask(one, DriftRequest(*OF, from_step=1, to_step=20, measure="euclidean"))
    drifts = [one for one in answered if isinstance(one, DriftRequest)]
    assert [one.to_step for one in drifts] == [6, 5, 1, 0]
    assert {(one.from_step, one.measure) for one in drifts} == {(1, "euclidean")}


def test_nothing_is_found_out_of_other_questions(
    log: Log, answered: list[object]
) -> None:
    one = Ahead(log, Jobs(), rest_seconds=0)
    ask(one, TokensRequest(*OF), PositionsRequest(*OF, step=5, layout="tsne"))
    assert answered == []


def test_no_more_is_found_out_than_may_be_kept_and_read(
    log: Log, answered: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prefetch, "MOST_BYTES", 2 * 2 * 12 * 50)
    ask(Ahead(log, Jobs(), rest_seconds=0), PositionsRequest(*OF, step=20))
    assert len(answered) == 2
    monkeypatch.setattr(prefetch, "MOST_READ_BYTES", 4 * 50 * 8)
    ask(Ahead(log, Jobs(), rest_seconds=0), PositionsRequest(*OF, step=20))
    assert len(answered) == 3


def test_what_can_not_be_answered_is_left_out(
    log: Log, answered: list[object], caplog: pytest.LogCaptureFixture
) -> None:
    one = Ahead(log, Jobs(), rest_seconds=0)
    ask(one, DriftRequest("nobody", "words", 0, 1))
    assert answered == []
    ask(one, DriftRequest(*OF, from_step=3, to_step=5))
    assert {getattr(one, "to_step", None) for one in answered} == {0, 1, 6, 20}
    assert not [one for one in caplog.records if one.levelname != "DEBUG"]


def test_nothing_is_fetched_that_nobody_looked_at(
    log: Log, answered: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not log.series().is_remote
    monkeypatch.setattr(logged_series, "is_remote", lambda path: True)
    ask(Ahead(log, Jobs(), rest_seconds=0), PositionsRequest(*OF, step=5))
    assert answered == []


def test_before_anything_is_asked_the_first_picture_is_found_out_once(
    log: Log, answered: list[object]
) -> None:
    one = Ahead(log, Jobs(), rest_seconds=0)
    one.begin()
    one.join()
    first = [
        PositionsRequest(*OF, step=20, components="1.2"),
        DriftRequest(*OF, from_step=0, to_step=20),
    ]
    assert answered == first
    one.begin()
    one.join()
    assert answered == first


def test_what_was_asked_already_is_not_begun_again(
    log: Log, answered: list[object]
) -> None:
    one = Ahead(log, Jobs(), rest_seconds=0)
    ask(one, DriftRequest(*OF, from_step=0, to_step=5))
    answered.clear()
    one.begin()
    one.join()
    assert answered == []


@pytest.mark.parametrize("why", ["remote", "large", "empty"])
def test_the_first_picture_waits_for_a_question_where_it_may_cost_much(
    log: Log,
    answered: list[object],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    why: str,
) -> None:
    if why == "remote":
        monkeypatch.setattr(logged_series, "is_remote", lambda path: True)
    if why == "large":
        monkeypatch.setattr(prefetch, "MOST_FIRST_BYTES", 4 * 50 * 8 - 1)
    if why == "empty":
        log = tb_wordembed.open(tmp_path_factory.mktemp("nothing"))
    one = Ahead(log, Jobs(), rest_seconds=0)
    one.begin()
    one.join()
    assert answered == []
