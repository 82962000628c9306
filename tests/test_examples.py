"""Each program in examples/ runs as it is, and logs its training."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import tb_wordembed

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
LONGEST = 25


def packages(example: Path) -> set[str]:
    """What an example imports."""
    return set(re.findall(r"^(?:import|from) (\w+)", example.read_text("utf-8"), re.M))


def example_id(example: Path) -> str:
    return example.stem


def test_examples_are_short() -> None:
    for example in [*EXAMPLES, *(ROOT / "examples" / "r").glob("*.R")]:
        lines = example.read_text("utf-8").splitlines()
        assert len(lines) <= LONGEST, example


@pytest.mark.parametrize("example", EXAMPLES, ids=example_id)
def test_an_example_logs_how_its_tokens_move(tmp_path: Path, example: Path) -> None:
    for package in packages(example):
        pytest.importorskip(package)
    done = subprocess.run(
        [sys.executable, example],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    log = tb_wordembed.open(tmp_path)
    for run in log.runs:
        for tag in log.tags(run):
            series = log.series(run, tag)
            assert len(series.steps) >= 3, (run, tag)
            drift = series.drift(series.steps[0], series.steps[-1])
            assert np.nanmax(drift) > 0
