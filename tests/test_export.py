"""``tb-wordembed export``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from logs import FILE_NAME, random_tables, write_series
from projector.standard import Standard

from tb_wordembed.cli import main


def make_log(logdir: Path, run: str = "run", tag: str = "words") -> list[np.ndarray]:
    tables = random_tables(3, 6, 4)
    tokens = [f"word{row}" for row in range(6)]
    write_series(logdir / run / FILE_NAME, tables, tag, tokens)
    return tables


def test_a_log_made_earlier_is_shown_by_the_projector(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = make_log(tmp_path)
    assert main(["export", str(tmp_path), "--projector"]) == 0
    assert "words, step 2, 6 x 4" in capsys.readouterr().out
    standard = Standard(tmp_path, "run")
    assert standard.becomes_active()
    found = standard.tensor("run", "words (step 2)")
    np.testing.assert_allclose(found, tables[2], rtol=1e-5)


@pytest.mark.parametrize(
    ("steps", "names"),
    [
        ("1", ["words (step 1)"]),
        ("all", ["words (latest: step 2)", "words (step 0)", "words (step 1)"]),
    ],
)
def test_steps_can_be_chosen(tmp_path: Path, steps: str, names: list[str]) -> None:
    make_log(tmp_path)
    assert main(["export", str(tmp_path), "--projector", "--steps", steps]) == 0
    assert Standard(tmp_path, "run").names("run") == names


def test_runs_and_tags_can_be_chosen(tmp_path: Path) -> None:
    for run in ("a", "b"):
        make_log(tmp_path, run)
    arguments = ["export", str(tmp_path), "--projector", "--run", "b", "--tag", "words"]
    assert main(arguments) == 0
    assert Standard(tmp_path, "a", "b").runs() == ["b"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--run", "other"], "no run 'other'"),
        (["--tag", "other"], "no tag 'other'"),
        (["--steps", "7"], "no step 7"),
    ],
)
def test_what_is_not_there_is_said(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    make_log(tmp_path)
    assert main(["export", str(tmp_path), "--projector", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_a_run_that_the_projector_cannot_ask_for_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_log(tmp_path, "a&b")
    assert main(["export", str(tmp_path), "--projector"]) == 0
    assert "can't ask for run 'a&b'" in capsys.readouterr().err


def test_what_the_projector_cannot_show_is_named_and_the_rest_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_log(tmp_path)
    write_series(tmp_path / "run" / FILE_NAME, random_tables(1, 6, 1), "bias")
    assert main(["export", str(tmp_path), "--projector"]) == 0
    assert "bias is 6 x 1" in capsys.readouterr().err
    assert Standard(tmp_path, "run").names("run") == ["words (step 2)"]
