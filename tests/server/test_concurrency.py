"""Readers at work while a log is written, cut short, replaced and deleted."""

from __future__ import annotations

import argparse
import itertools
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import numpy.typing as npt
import pytest
from golden_log import QUESTIONS, write_log
from questions import as_query
from tensorboard.backend import application
from tensorboard.plugins import base_plugin
from werkzeug import test as werkzeug_test

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read.log import Log
from tb_wordembed.read.series import Series
from tb_wordembed.server.loader import Loader
from tb_wordembed.server.queries import context
from tb_wordembed.snapshots.verified_records import DamagedSnapshotError

STEPS = 40


def table_at(step: int) -> npt.NDArray[np.float32]:
    return np.full((50, 8), step + 1, np.float32) + np.eye(50, 8, dtype=np.float32)


def test_no_reader_ever_sees_a_wrong_number(tmp_path: Path) -> None:
    log = Log([("", str(tmp_path))])
    done = threading.Event()
    failures: list[BaseException] = []
    answers = itertools.count()

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)
            raise

    def write() -> None:
        with SnapshotWriter(tmp_path / "steady") as writer:
            for step in range(STEPS):
                writer.embedding("words", table_at(step), step)
                disturb(tmp_path / "disturbed", step)
        done.set()

    def read() -> None:
        while not done.is_set():
            log.refresh()
            for series in log.all_series:
                for step in series.steps:
                    try:
                        table = series.table(step)
                    except (NotFoundError, DamagedSnapshotError, OSError):
                        assert series.run == "disturbed"
                        continue
                    np.testing.assert_array_equal(table, table_at(step))
                    next(answers)

    threads = [threading.Thread(target=guarded, args=(read,)) for _ in range(4)]
    threads.append(threading.Thread(target=guarded, args=(write,)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert next(answers) > STEPS
    log.refresh()
    assert log.series("steady", "words").steps == list(range(STEPS))


def disturb(directory: Path, step: int) -> None:
    """Cuts, replaces or deletes what is there, and writes another snapshot."""
    files = sorted(directory.glob("*tfevents*"))
    if files and step % 3 == 0:
        with files[0].open("r+b") as file:
            file.truncate(files[0].stat().st_size // 2)
    elif files and step % 3 == 1:
        copy = directory / "copy"
        copy.write_bytes(files[-1].read_bytes())
        copy.replace(files[0])
    elif files:
        files[0].unlink()
    with SnapshotWriter(directory) as writer:
        writer.embedding("words", table_at(step), step)


def test_many_readers_of_one_series(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path) as writer:
        for step in range(3):
            writer.embedding("words", table_at(step), step)
    series = tb_wordembed.open(tmp_path).series()
    expected = series.drift(0, 2, "euclidean")
    wrong: list[int] = []

    def ask() -> None:
        for _ in range(5):
            if not np.array_equal(series.drift(0, 2, "euclidean"), expected):
                wrong.append(1)
            if series.positions(1).shape != (50, 3):
                wrong.append(2)

    threads = [threading.Thread(target=ask) for _ in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


# ------------------------------------------------------------------------ two hundred

READERS = 200
CROWDED_STEPS = 12
"""Each kind of disturbance comes four times. Each step waits for all readers."""

REFUSALS = (NotFoundError, DamagedSnapshotError, OSError)


def read_table(series: Series, step: int) -> None:
    np.testing.assert_array_equal(series.table(step), table_at(step))


def read_rows(series: Series, step: int) -> None:
    np.testing.assert_array_equal(series.rows(step, [7, 0]), table_at(step)[[7, 0]])


def read_drift(series: Series, step: int) -> None:
    first = series.steps[0]
    expected = np.full(50, (step - first) * 8**0.5)
    np.testing.assert_allclose(series.drift(first, step, "euclidean"), expected, 1e-5)


def read_neighbors(series: Series, step: int) -> None:
    # Rows from the ninth on are the same, and the square root of 1 from the first.
    found = series.neighbors(0, step, 3, "euclidean")
    np.testing.assert_allclose([one.distance for one in found], [1, 1, 1], 1e-5)
    assert all(one.index >= 8 for one in found)


def read_health(series: Series, step: int) -> None:
    del step
    found = series.health()
    # What was found damaged meanwhile is in neither.
    for one, at in zip(found, series.steps, strict=True):
        norms = np.linalg.norm(table_at(at).astype(float), axis=1)
        assert one.norm[0] == pytest.approx(norms.min())


def read_positions(series: Series, step: int) -> None:
    positions = series.positions(step)
    # The same rows are in the same place.
    np.testing.assert_array_equal(positions[8:], np.repeat(positions[8:9], 42, 0))


def read_trajectory(series: Series, step: int) -> None:
    found = series.trajectory(9, step, "euclidean")
    steps = np.array(series.steps)
    np.testing.assert_allclose(found.norm, (steps + 1) * 8**0.5, 1e-5)
    np.testing.assert_allclose(found.drift, abs(steps - step) * 8**0.5, 1e-4)


KINDS = (
    read_table,
    read_rows,
    read_drift,
    read_neighbors,
    read_health,
    read_positions,
    read_trajectory,
)


def at_once(*works: Callable[[], None]) -> None:
    """Does all of them in threads of their own; raises what one of them raised."""
    failures: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 (handed on below)
            failures.append(error)

    threads = [
        threading.Thread(target=guarded, args=(work,), daemon=True) for work in works
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive(), "it hangs"
    if failures:
        raise failures[0]


def write_and_disturb(directory: Path, steps: int, done: threading.Event) -> None:
    try:
        with SnapshotWriter(directory / "steady") as writer:
            for step in range(steps):
                writer.embedding("words", table_at(step), step)
                disturb(directory / "disturbed", step)
    finally:
        done.set()


def test_200_readers_of_a_log_that_is_written_and_cut(tmp_path: Path) -> None:
    log = Log([("", str(tmp_path))])
    done = threading.Event()
    answers = itertools.count()

    def reader(number: int) -> None:
        kind = KINDS[number % len(KINDS)]
        while True:
            last = done.is_set()
            if number % 10 == 0:
                log.refresh()
            for series in log.all_series:
                try:
                    kind(series, series.steps[-1])
                except REFUSALS:
                    assert series.run == "disturbed"
                    continue
                next(answers)
            if last:
                return

    write = lambda: write_and_disturb(tmp_path, CROWDED_STEPS, done)  # noqa: E731
    at_once(write, *(lambda n=n: reader(n) for n in range(READERS)))
    assert next(answers) >= READERS
    log.refresh()
    assert log.series("steady", "words").steps == list(range(CROWDED_STEPS))


def app_on(directory: Path) -> Any:
    flags = argparse.Namespace(
        logdir=str(directory), logdir_spec="", samples_per_plugin={}
    )
    plugin = Loader().load(base_plugin.TBContext(flags=flags, logdir=flags.logdir))
    assert plugin is not None
    return application.TensorBoardWSGI([plugin])


def ask(app: Any, route: str, parameters: dict[str, Any]) -> tuple[int, bytes]:
    path = f"/data/plugin/wordembed/{route}"
    query = urlencode(as_query(parameters))
    response = werkzeug_test.Client(app).get(path, query_string=query)
    return response.status_code, response.data


def test_200_requests_at_once_are_answered_as_each_would_be_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Else jobs that a busy machine keeps waiting say how far they are.
    monkeypatch.setattr(context, "PROMPT_SECONDS", 60)
    write_log(tmp_path)
    questions = [(route, one) for route in QUESTIONS for one in QUESTIONS[route]]
    alone = [ask(app_on(tmp_path), *one) for one in questions]
    assert {status for status, _ in alone} == {200}
    app = app_on(tmp_path)
    start = threading.Barrier(READERS)

    def client(number: int) -> None:
        at = number % len(questions)
        start.wait(60)
        assert ask(app, *questions[at]) == alone[at]

    at_once(*(lambda n=n: client(n) for n in range(READERS)))


def test_200_requests_at_a_log_that_is_written_and_cut(tmp_path: Path) -> None:
    app = app_on(tmp_path)
    done = threading.Event()
    statuses: list[int] = []

    def client(number: int) -> None:
        run = ("steady", "disturbed")[number % 2]
        status, body = ask(app, "index", {})
        assert status == 200
        found = [one for one in json.loads(body)["series"] if one["run"] == run]
        for one in found:
            steps = {"from_step": one["steps"][0], "to_step": one["steps"][-1]}
            status, _ = ask(app, "drift", {"run": run, "tag": "words", **steps})
            statuses.append(status)
            assert status == 200 if run == "steady" else status in (200, 404)

    write = lambda: write_and_disturb(tmp_path, CROWDED_STEPS, done)  # noqa: E731
    at_once(write, *(lambda n=n: client(n) for n in range(READERS)))
    assert 200 in statuses
