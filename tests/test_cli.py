"""``tb-wordembed``, as typed."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from golden_log import write_log
from logs import FILE_NAME, random_tables, write_series

import tb_wordembed
from tb_wordembed.cli import main


@pytest.fixture
def logdir(tmp_path: Path) -> str:
    write_log(tmp_path)
    return str(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    return (status, *capsys.readouterr())


def test_ls(logdir: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "ls", logdir)
    assert status == 0
    head, line = out.splitlines()
    assert head.split()[:2] == ["run", "tag"]
    assert line.split()[:7] == ["embeddings", "words", "4", "0", "5", "8", "4"]


def test_drift_ranks_as_the_python_api(
    logdir: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(
        capsys, "drift", logdir, "--from", "0", "--to", "2", "--format", "json"
    )
    rows = json.loads(out)
    drift = tb_wordembed.open(logdir).series().drift(0, 2)
    values = [row["cosine"] for row in rows]
    assert values == sorted(values, reverse=True)
    assert values == [float(drift[row["index"]]) for row in rows]
    assert len(rows) == 7
    assert {row["token"]: row["frequency"] for row in rows}["great"] == 40


def test_drift_of_frequent_tokens_only(
    logdir: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--min", "frequency=40", "--top", "2", "--measure", "euclidean"]
    _, out, _ = run(capsys, "drift", logdir, *options, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["token"] for row in rows] == ["good", "great"]
    assert float(rows[0]["euclidean"]) == pytest.approx(3)


def test_columns_do_not_take_the_place_of_ours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = {"rank": [7, 7], "\x1b[31m": [1, 2]}
    with tb_wordembed.SnapshotWriter(tmp_path) as writer:
        for step, table in enumerate(random_tables(2, 2, 3)):
            writer.embedding("words", table, step, metadata=columns)
    _, out, _ = run(capsys, "drift", str(tmp_path), "--format", "json")
    assert [row["rank"] for row in json.loads(out)] == [1, 2]
    assert [row["metadata.rank"] for row in json.loads(out)] == [7, 7]
    _, out, _ = run(capsys, "drift", str(tmp_path))
    assert "\x1b" not in out


def test_a_count_that_is_none(logdir: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["drift", logdir, "--top", "x"])
    assert "'x'; expected a number from 1" in capsys.readouterr().err


def test_health(logdir: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "health", logdir, "--format", "json")
    assert status == 0
    rows = json.loads(out)
    health = tb_wordembed.open(logdir).series().health()
    assert [row["step"] for row in rows] == [0, 1, 2, 5]
    assert rows[0]["cka_to_first"] is None
    assert rows[0]["frozen_rows"] is None
    for row, one in zip(rows, health, strict=True):
        assert row["effective_rank"] == one.effective_rank
        assert row["norm"] == one.norm[1]
        assert row["duplicate_rows"] == one.duplicate_rows
        assert row["non_finite_rows"] == one.non_finite_rows
    assert health[3].to_first is not None
    assert rows[3]["cka_to_first"] == health[3].to_first.cka
    _, table, err = run(capsys, "health", logdir)
    assert table.split()[0] == "step"
    assert "medians over the tokens" in err


def test_neighbors(logdir: str, capsys: pytest.CaptureFixture[str]) -> None:
    for token in ("good", "#0"):
        _, out, _ = run(
            capsys,
            *("neighbors", logdir, token, "--step", "2", "-k", "2"),
            *("--format", "json"),
        )
        expected = tb_wordembed.open(logdir).series().neighbors("good", 2, k=2)
        assert [(row["token"], row["cosine"]) for row in json.loads(out)] == [
            (one.token, one.distance) for one in expected
        ]


def test_control_characters_of_tokens_do_not_reach_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_series(tmp_path / FILE_NAME, random_tables(2, 2, 3), tokens=["\x1b[31m", "b"])
    _, out, _ = run(capsys, "drift", str(tmp_path))
    assert "\x1b" not in out
    assert r"\x1b[31m" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["drift", "--run", "x"], "no run 'x'; there are: 'embeddings'"),
        (["drift", "--from", "9"], "no step 9"),
        (["drift", "--min", "part_of_speech=2"], "there are: ['frequency']"),
        (["drift", "--min", "frequency=many"], "expected COLUMN=N"),
        (["neighbors", "gooood"], "'gooood' is not in the vocabulary"),
    ],
)
def test_mistakes_are_named(
    logdir: str,
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    command, *rest = arguments
    status, out, error = run(capsys, command, logdir, *rest)
    assert status == 2
    assert out == ""
    assert message in error


def test_no_log_and_an_empty_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, error = run(capsys, "ls", str(tmp_path / "nope"))
    assert status == 2
    assert "no log directory" in error
    status, out, error = run(capsys, "ls", str(tmp_path))
    assert (status, out) == (0, "")
    assert "no embedding snapshots" in error


def test_what_was_left_out_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_series(tmp_path / FILE_NAME, random_tables(2, 3, 2))
    with path.open("ab") as file:
        file.write(b"\xff" * 20)
    status, _, error = run(capsys, "ls", str(tmp_path))
    assert status == 0
    assert "the rest of the file is left out" in error
