"""Answers that are computed before the page asks."""

from __future__ import annotations

from pathlib import Path

import pytest
from logs import FILE_NAME, random_tables, write_series

import tb_wordembed
from tb_wordembed.read.log import Log
from tb_wordembed.read.series import Series
from tb_wordembed.server import prefetch
from tb_wordembed.server.prefetch import FirstAnswers

TAG = "first answers"
"""Not that of other tests, whose jobs may still run."""


@pytest.fixture
def log(tmp_path: Path) -> Log:
    write_series(tmp_path / FILE_NAME, random_tables(4, 50, 8), TAG)
    return tb_wordembed.open(tmp_path)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The steps that positions and drift were computed of."""
    seen: list[object] = []
    positions, drift = Series.positions, Series.drift

    def positions_seen(self: Series, step: int, components: tuple[int, ...]) -> object:
        if self.tag == TAG:
            seen.append((step, components))
        return positions(self, step, components)

    def drift_seen(self: Series, from_step: int, to_step: int) -> object:
        if self.tag == TAG:
            seen.append((from_step, to_step))
        return drift(self, from_step, to_step)

    monkeypatch.setattr(Series, "positions", positions_seen)
    monkeypatch.setattr(Series, "drift", drift_seen)
    return seen


def test_the_first_picture_is_computed_once(log: Log, asked: list[object]) -> None:
    first = FirstAnswers(log, 1000)
    for _ in range(2):
        first.start()
        first.join()
    assert asked == [(3, [1, 2]), (0, 3)]


def test_of_a_large_table_nothing_is_computed(
    log: Log, asked: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prefetch, "MOST_BYTES", 4 * 50 * 8 - 1)
    first = FirstAnswers(log, 1000)
    first.start()
    first.join()
    assert asked == []


def test_of_a_remote_log_nothing_is_fetched(
    log: Log, asked: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Series, "is_remote", True)
    first = FirstAnswers(log, 1000)
    first.start()
    first.join()
    assert asked == []


def test_an_empty_log_does_no_harm(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = FirstAnswers(tb_wordembed.open(tmp_path), 1000)
    first.start()
    first.join()
    assert not [one for one in caplog.records if one.levelname != "DEBUG"]
