"""All tables of a log, sickest first."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from logs import random_tables
from questions import ask_until_done

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.cli import main

DIM = 8


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    """A healthy table, one in a narrower space, one that collapsed onto a line, and one
    with rows of NaN."""
    narrow = np.array([1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1], np.float32)
    line = np.outer(np.linspace(1, 2, 300), np.ones(DIM)).astype(np.float32)
    with SnapshotWriter(tmp_path / "shop") as writer:
        for step, table in enumerate(random_tables(3, 300, DIM)):
            broken = table.copy()
            broken[:2] = np.nan
            writer.embedding("healthy", table, step)
            writer.embedding("narrow", table * narrow, step)
            writer.embedding("collapsed", line * (1 + 0.01 * step), step)
            writer.embedding("broken", broken, step)
    return tmp_path


ORDER = ["broken", "collapsed", "narrow", "healthy"]


def test_the_sickest_table_comes_first(logdir: Path) -> None:
    found = tb_wordembed.open(logdir).health()
    assert [one.tag for one in found] == ORDER
    assert [one.warnings for one in found] == [1, 0, 0, 0]
    assert "NaN or infinite" in found[0].sentence
    assert found[1].abundance_share == pytest.approx(1 / DIM, rel=0.01)
    assert found[3].abundance_share > 0.8


def test_the_command_lists_them(
    logdir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["health", str(logdir), "--all", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["tag"] for row in rows] == ORDER
    assert rows[0]["warnings"] == 1
    assert main(["health", str(logdir), "--all"]) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 5
    assert "sickest first" in err


def test_and_names_no_single_table(
    logdir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["health", str(logdir), "--all", "--tag", "narrow"]) == 2
    assert "expected no --tag with it" in capsys.readouterr().err


def test_the_page_gets_the_same_list(logdir: Path) -> None:
    tables = ask_until_done(tb_wordembed.open(logdir), "all_health").tables
    assert [one.tag for one in tables] == ORDER
    assert (tables[0].run, tables[0].vocab_size, tables[0].warnings) == ("shop", 300, 1)


def test_a_table_of_which_nothing_can_be_read_is_left_out(logdir: Path) -> None:
    with SnapshotWriter(logdir / "gone") as writer:
        writer.embedding("damaged", np.ones((9, 2), np.float32), 0)
        path = Path(writer.path)
    one, four = np.float32(1).tobytes(), np.float32(4).tobytes()
    path.write_bytes(path.read_bytes().replace(one, four, 1))
    log = tb_wordembed.open(logdir)
    assert len(log.all_series) == 5
    assert [one.tag for one in log.health()] == ORDER
