"""Pages that no longer want a job."""

from __future__ import annotations

from pathlib import Path

import pytest
from logs import FILE_NAME, random_tables, write_series
from questions import ask

import tb_wordembed
from tb_wordembed.read.log import Log

TABLES = random_tables(3, 120, 6)


@pytest.fixture
def log(tmp_path: Path) -> Log:
    write_series(tmp_path / FILE_NAME, TABLES)
    return tb_wordembed.open(tmp_path)


def test_a_cancelled_job_that_is_not_there(log: Log) -> None:
    assert not ask(log, "cancel", id="nope").found
