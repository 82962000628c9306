"""``tb-wordembed``, as typed."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
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
    assert line.split()[:8] == ["embeddings", "words", "4", "0", "5", "8", "8", "4"]


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


def ranked(
    capsys: pytest.CaptureFixture[str], logdir: str, measure: str, *more: str
) -> list[dict[str, Any]]:
    _, out, _ = run(
        capsys, "drift", logdir, "--measure", measure, "--format", "json", *more
    )
    found: list[dict[str, Any]] = json.loads(out)
    return found


@pytest.mark.parametrize("measure", ["cosine", "euclidean", "relative", "norm_change"])
def test_drift_by_each_measure(
    logdir: str, capsys: pytest.CaptureFixture[str], measure: Any
) -> None:
    rows = ranked(capsys, logdir, measure, "--from", "1", "--to", "2")
    drift = tb_wordembed.open(logdir).series().drift(1, 2, measure)
    sizes = [abs(row[measure]) for row in rows]
    assert sizes == sorted(sizes, reverse=True)
    assert [row[measure] for row in rows] == [
        float(drift[row["index"]]) for row in rows
    ]


def test_drift_by_neighbors_and_by_paths(
    logdir: str, capsys: pytest.CaptureFixture[str]
) -> None:
    series = tb_wordembed.open(logdir).series()
    kept, path = series.turnover(0, 2, 2), series.path()
    second = series.all_second_order_drift(0, 2, 2)
    few = ("--from", "0", "--to", "2", "-k", "2")
    rows = ranked(capsys, logdir, "overlap", *few)
    assert [row["overlap"] for row in rows] == sorted(row["overlap"] for row in rows)
    assert all(row["jaccard"] == kept.jaccard[row["index"]] for row in rows)
    rows = ranked(capsys, logdir, "second_order", *few)
    assert all(row["second_order"] == second[row["index"]] for row in rows)
    rows = ranked(capsys, logdir, "straightness")
    assert [row["straightness"] for row in rows] == sorted(
        row["straightness"] for row in rows
    )
    assert all(row["length"] == path.length[row["index"]] for row in rows)
    longest = ranked(capsys, logdir, "length")[0]["index"]
    assert longest == np.nanargmax(path.length)


def test_the_step_at_which_a_token_breaks_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(0)
    tables = np.cumsum(0.01 * rng.normal(size=(16, 6, 8)), axis=0) + random_tables(
        1, 6, 8
    )
    tables[9:, 2] *= -1
    write_series(tmp_path / FILE_NAME, list(tables.astype(np.float32)))
    rows = ranked(capsys, str(tmp_path), "cosine", "--breaks")
    assert (rows[0]["index"], rows[0]["break_step"]) == (2, 9)
    assert rows[0]["break_strength"] > 6
    assert rows[-1]["break_step"] is None
    _, out, _ = run(capsys, "drift", str(tmp_path), "--breaks")
    assert out.splitlines()[-1].split()[-2:] == ["-", "-"]


@pytest.fixture
def seeds(tmp_path: Path) -> str:
    """Five trainings of one setting in bases of their own; in "new", #5 is changed."""
    rng = np.random.default_rng(0)
    table = random_tables(1, 30, 4)[0]
    for name in ("a", "b", "c", "d", "new"):
        rotation = np.linalg.qr(rng.normal(size=(4, 4)))[0]
        one = (table + 0.05 * rng.normal(size=table.shape)) @ rotation
        if name == "new":
            one[5] = -one[5]
        (tmp_path / name).mkdir()
        write_series(tmp_path / name / FILE_NAME, [one.astype(np.float32)])
    return str(tmp_path)


def test_runs_are_compared_after_alignment(
    seeds: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("compare", seeds, "--run", "new", "--with", "a", "--top", "1")
    status, out, err = run(capsys, *asked)
    assert status == 0
    assert out.splitlines()[1].split()[1] == "#5"
    assert "from step 0 of 'a' to step 0 of 'new', aligned over 30 common tokens" in err
    for option in ("--measure", "overlap", "-k", "5"), ("--measure", "norm_change"):
        assert run(capsys, *asked, *option)[0] == 0


def test_a_run_is_compared_with_the_noise_of_seeds(
    seeds: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("compare", seeds, "--run", "new", "--with", "a", "--seeds", *"abcd")
    _, out, _ = run(capsys, *asked, "--format", "json")
    rows = {row["token"]: row for row in json.loads(out)}
    # One token of 30 is the farthest: of 4 seeds and a further one, in one of 5.
    assert rows["#5"]["p_value"] == pytest.approx(1 / (1 + 30 * 4 / 2))
    assert min(rows, key=lambda token: rows[token]["p_value"]) == "#5"
    _, _, err = run(capsys, *asked)
    assert "noise of 6 pairs of seeds, of 30 tokens together (all)" in err
    assert "of 30 tokens changed at a false discovery rate of 0.05" in err


def test_tokens_of_one_run_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, tokens in (("a", ["x", "y", "z"]), ("b", ["z", "y", "w"])):
        with tb_wordembed.SnapshotWriter(tmp_path / name) as writer:
            writer.embedding("words", np.eye(3, dtype=np.float32), 0, tokens=tokens)
    _, _, err = run(capsys, "compare", str(tmp_path), "--run", "a", "--with", "b")
    assert "aligned over 2 common tokens" in err
    assert "only in 'a': 'x'; only in 'b': 'w'" in err
    anchors = tmp_path / "anchors.txt"
    anchors.write_text("y\nz\nx\n", encoding="utf-8")
    asked = ("compare", str(tmp_path), "--run", "a", "--with", "b")
    status, _, err = run(capsys, *asked, "--anchors", str(anchors))
    assert status == 2
    assert "2 of the anchors in common; expected 3 or more" in err


def test_neighbors_gained_and_lost(
    logdir: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("neighbors", logdir, "good", "--from", "0", "--to", "5", "-k", "3")
    _, out, _ = run(capsys, *asked, "--format", "json")
    rows = json.loads(out)
    found = tb_wordembed.open(logdir).series().neighbor_change("good", 0, 5, k=3)
    for change in ("gained", "kept", "lost"):
        indices = [row["index"] for row in rows if row["change"] == change]
        assert indices == getattr(found.change, change)
    before = [one.index for one in found.before]
    for row in rows:
        was = row["rank_before"]
        assert was == (before.index(row["index"]) + 1 if was else None)
        assert (was is None) == (row["change"] == "gained")
        assert (row["cosine_after"] is None) == (row["change"] == "lost")
    _, _, err = run(capsys, *asked)
    assert f"overlap {found.change.overlap:.3g}" in err


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
    assert "'x'; expected a whole number from 1" in capsys.readouterr().err


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


def test_nor_do_those_of_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run\x1b[31m"
    path = write_series(folder / FILE_NAME, random_tables(2, 3, 2), "tag\x1b[31m")
    write_series(tmp_path / "flat" / FILE_NAME, random_tables(2, 3, 1), "\x1b[31m")
    with path.open("ab") as file:
        file.write(b"\xff" * 20)
    for command in ("ls", "check", "export"):
        more = ["--projector"] if command == "export" else []
        status, *said = run(capsys, command, str(tmp_path), *more)
        assert status == (1 if command == "check" else 0)
        assert "\x1b" not in "".join(said)
        assert r"run\x1b[31m" in "".join(said)


def test_tokens_beyond_the_alphabet_of_the_terminal_are_escaped(tmp_path: Path) -> None:
    write_series(tmp_path / FILE_NAME, random_tables(2, 2, 3), tokens=["世界", "b"])
    for form in ("table", "csv", "json"):
        command = ["-m", "tb_wordembed.cli", "drift", str(tmp_path), "--format", form]
        done = subprocess.run(
            [sys.executable, *command],
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": "latin-1"},
            check=True,
        )
        # A file is read by programs, which would take the escape for the token.
        shown = "世界".encode() if form == "csv" else rb"\u4e16\u754c"
        assert shown in done.stdout


def test_an_interrupted_command_ends_without_a_traceback(
    logdir: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(logdir: str, tokens: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(tb_wordembed, "open", interrupted, raising=False)
    assert run(capsys, "ls", logdir) == (130, "", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["drift", "--run", "x"], "no run 'x'; there are: 'embeddings'"),
        (["drift", "--from", "9"], "no step 9"),
        (["drift", "--min", "part_of_speech=2"], "there are: ['frequency']"),
        (["drift", "--min", "frequency=many"], "expected COLUMN=N"),
        (["drift", "--measure", "length", "--to", "2"], "leave --to out"),
        (["compare", "--with", "x"], "no run 'x'"),
        (["compare", "--with", "embeddings"], "that is the run itself"),
        (["neighbors", "good", "--step", "0", "--from", "1"], "--step 0: expected it"),
        (["neighbors", "gooood"], "'gooood' is not in the vocabulary"),
        (["health", "--neighbors", "--format", "json"], "expected --format table"),
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


def test_import_says_what_it_took(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = []
    for epoch in (2, 10):
        path = tmp_path / f"epoch-{epoch}.npz"
        np.savez(path, embed=np.full((2, 3), epoch, np.float32), head=np.ones((2, 3)))
        files.append(str(path))
    (tmp_path / "words.txt").write_text("cat\nsat\n")
    logs = str(tmp_path / "logs")
    status, out, _ = run(
        capsys, "import", logs, *files, "--tokens", str(tmp_path / "words.txt")
    )
    assert status == 0
    assert out.splitlines() == [
        "table: embed, the only one of 2 that is called an embedding",
        "steps: the number in the names",
        f"step 2: {files[0]}, 2 x 3 float32",
        f"step 10: {files[1]}, 2 x 3 float32",
        f"Logged as embed to {logs}/imported",
    ]
    assert tb_wordembed.open(logs).series().tokens == ["cat", "sat"]
    status, _, err = run(capsys, "import", logs, *files, "--key", "nothing")
    assert status == 2
    assert err.count("\n") == 1
    assert "'embed' [2, 3] float32, 'head' [2, 3] float64" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["logs", "a.npz", "--key", "a", "--key", "b"], "--key names 2 tables"),
        (["a.npz", "a.npz"], "logdir='a.npz' is a file. The first argument is the"),
    ],
)
def test_import_refuses_what_it_would_misunderstand(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    np.savez("a.npz", a=np.ones((2, 3)), b=np.ones((2, 3)))
    status, out, err = run(capsys, "import", *arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert [one.name for one in tmp_path.iterdir()] == ["a.npz"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [("top:2", [1, 3]), ("1:", [1, 2, 3]), (":1", [0]), ("3,0", [3, 0])],
)
def test_import_takes_some_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: str, expected: list[int]
) -> None:
    np.save(tmp_path / "words.npy", np.arange(8, dtype=np.float32).reshape(4, 2))
    (tmp_path / "words.tsv").write_text("word\tcount\na\t1\nb\t9\nc\t2\nd\t3\n")
    given = str(tmp_path / "words.npy"), "--tokens", str(tmp_path / "words.tsv")
    logs = str(tmp_path / "logs")
    status, out, _ = run(capsys, "import", logs, *given, "--rows", rows)
    assert status == 0
    assert f"{len(expected)} of 4 rows x 2 float32" in out
    series = tb_wordembed.open(logs).series()
    assert series.tokens == ["abcd"[row] for row in expected]
    with pytest.raises(SystemExit):
        main(["import", logs, *given, "--rows", "most"])
    assert "'most': expected top:50000, a range" in capsys.readouterr().err
