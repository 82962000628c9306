"""Tokens and names that look like options, on the command line."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from logs import FILE_NAME, random_tables, write_series

from tb_wordembed import SnapshotWriter
from tb_wordembed.cli import main

DASHED = ["-LRB-", "--", "-", "-k", "--format", "--run=x", "-k5", "-kx", "-1", "-1.5"]
DASHED += ["--help", "-h", "-e", "--=", "-x y", "---", "-LRB-=3", "--f", "–"]
OTHERS = ["", " ", "#", "#0", "#²", "=cmd()", "good", "Good and bad", "neighbors", "ls"]
TOKENS = DASHED + OTHERS

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def logdir(tmp_path: Path) -> str:
    write_series(
        tmp_path / "--run" / FILE_NAME,
        random_tables(2, len(TOKENS), 4),
        tag="-tag",
        tokens=TOKENS,
    )
    return str(tmp_path)


def nearest_to(out: str) -> set[str]:
    return {one["token"] for one in csv.DictReader(io.StringIO(out, newline=""))}


CSV = ["--format=csv", "-k", "100"]


@pytest.mark.parametrize("token", TOKENS)
def test_any_token_can_be_named(logdir: str, token: str, capsys: Captured) -> None:
    assert main(["neighbors", logdir, *CSV, "--", token]) == 0
    assert nearest_to(capsys.readouterr().out) == {*TOKENS} - {token}


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("token", ["-LRB-", "-e", "-x y", "---", "-kx", "–", "", "-1"])
def test_most_need_no_dashes_before_them(
    logdir: str, token: str, place: int, capsys: Captured
) -> None:
    arguments = [[logdir], CSV, ["--step", "1"]]
    arguments.insert(place + 1, [token])
    assert main(["neighbors", *(one for some in arguments for one in some)]) == 0
    assert nearest_to(capsys.readouterr().out) == {*TOKENS} - {token}


@pytest.mark.parametrize(
    "options",
    [
        ["--run=--run", "--tag", "-tag"],
        ["--tag=-tag"],
        ["--ru=--run", "--ta", "-tag"],
    ],
)
def test_runs_and_tags_may_begin_with_a_dash(
    logdir: str, options: list[str], capsys: Captured
) -> None:
    assert main(["drift", logdir, *options]) == 0
    assert "-LRB-" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["neighbors"], "required: logdir, token"),
        (["neighbors", "LOG"], "required: token"),
        (["neighbors", "LOG", "good", "-x"], "unrecognized arguments: -x\n"),
        (
            ["drift", "LOG", "--mesure=cosine"],
            "unrecognized arguments: --mesure=cosine",
        ),
        (["drift", "LOG", "--", "--top"], "unrecognized arguments: --top"),
        (["drift", "LOG", "-k0"], "argument -k"),
        (["drift", "LOG", "--top", "-x"], "argument --top: expected one argument"),
        (["drift", "LOG", "--top", "-3"], "'-3'; expected a whole number from 1"),
        (["drft", "LOG"], "invalid choice: 'drft'"),
        (["-LRB-"], "required: COMMAND"),
    ],
)
def test_usage_errors_name_what_was_given(
    logdir: str, arguments: list[str], message: str, capsys: Captured
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([logdir if one == "LOG" else one for one in arguments])
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wanted", "suggested"),
    [
        ("GOOD", "did you mean 'good'?"),
        ("good ", "did you mean 'good'?"),
        ("ｇｏｏｄ", "did you mean 'good'?"),
        ("goood", "did you mean 'good'?"),
        ("NEIGHBORS", "did you mean 'neighbors'?"),
        ("good and bad", "did you mean 'Good and bad'?"),
        ("-lrb-", "did you mean '-LRB-'?"),
        ("xylophone", "not in the vocabulary of 29 tokens\n"),
        ("#77", "index 77 is not a row"),
        ("#²²", "'#²²' is not in the vocabulary"),
    ],
)
def test_a_token_that_is_written_otherwise_is_suggested(
    logdir: str, wanted: str, suggested: str, capsys: Captured
) -> None:
    assert main(["neighbors", logdir, "--", wanted]) == 2
    assert suggested in capsys.readouterr().err


def test_a_process_takes_them_as_a_shell_gives_them(logdir: str) -> None:
    command = [sys.executable, "-m", "tb_wordembed.cli", "neighbors", logdir]
    for options in (["-LRB-"], ["--", "--"], ["-k", "3", "", "--format", "json"]):
        done = subprocess.run([*command, *options], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    latin1 = subprocess.run(
        [*command, os.fsdecode(b"caf\xe9")], capture_output=True, check=False
    )
    assert latin1.returncode == 2
    assert rb"token 'caf\udce9' is not in the vocabulary" in latin1.stderr


@pytest.mark.parametrize("name", ["frequency", "a=b", "-n", "=", "a b"])
def test_a_column_of_any_name_can_be_a_condition(
    name: str, tmp_path: Path, capsys: Captured
) -> None:
    with SnapshotWriter(tmp_path) as writer:
        for step, table in enumerate(random_tables(2, 3, 4)):
            writer.embedding("words", table, step, metadata={name: [1, 5, 3]})
    assert main(["drift", str(tmp_path), "--format=csv", f"--min={name}=3"]) == 0
    rows = csv.DictReader(io.StringIO(capsys.readouterr().out, newline=""))
    assert {row["index"] for row in rows} == {"1", "2"}
