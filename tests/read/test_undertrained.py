"""Indicators of under-trained tokens: planted rows, and against plain NumPy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed.analysis.undertrained import INDICATORS
from tb_wordembed.cli import main
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read.series import Series

WORDS, DIM = 400, 16
UNTRAINED = np.arange(20, 40)


def table() -> Any:
    """Words along one strong direction; rows that were not trained stay small, about
    where they began."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(WORDS, DIM)) + 3 * rng.normal(size=(WORDS, 1))
    rows[UNTRAINED] = 0.05 * rng.normal(size=(len(UNTRAINED), DIM)) + 0.3
    return rows.astype(np.float32)


def log(folder: Path, *tables: Any, tokens: Any = None) -> Series:
    with tb_wordembed.SnapshotWriter(folder / "run") as writer:
        for step, rows in enumerate(tables):
            writer.embedding("t", rows, step, tokens=tokens)
    return tb_wordembed.open(folder).series()


def by_definition(rows: Any, indicator: str, unused: Any) -> Any:
    rows = rows.astype(np.float64)
    if indicator.endswith("_without_first"):
        first = np.linalg.svd(rows - rows.mean(0), full_matrices=False)[2][0]
        rows = rows - np.outer(rows @ first, first)
    mean = rows[unused].mean(axis=0)
    lengths = np.linalg.norm(rows, axis=1)
    if indicator == "norm":
        return lengths
    if indicator.startswith("euclidean"):
        return np.linalg.norm(rows - mean, axis=1)
    return 1 - rows @ mean / (lengths * np.linalg.norm(mean))


@pytest.mark.parametrize("indicator", INDICATORS)
def test_equals_the_definition_and_ranks_planted_rows_first(
    tmp_path: Path, indicator: Any
) -> None:
    rows = table()
    series = log(tmp_path, rows)
    found = series.undertrained(0, UNTRAINED[:10].tolist(), indicator)
    expected = by_definition(rows, indicator, UNTRAINED[:10])
    np.testing.assert_allclose(found.values, expected, rtol=1e-5, atol=1e-6)
    assert found.values.dtype == np.float32
    if not indicator.startswith("cosine"):
        # Their directions are mostly those of the words.
        assert set(np.argsort(found.values)[:20]) == set(UNTRAINED.tolist())


def test_takes_the_rows_that_are_called_unused(tmp_path: Path) -> None:
    tokens = [f"w{row}" for row in range(WORDS)]
    names = ["[unused7]", "<unused>", "<|reserved_special_token_12|>", "<reserved-3>"]
    tokens[20:24] = names
    tokens[0], tokens[1] = "unused", "[used]"
    found = log(tmp_path, table(), tokens=tokens).undertrained(0)
    assert found.known_unused.tolist() == [20, 21, 22, 23]
    assert found.indicator == "euclidean"


def test_takes_the_rows_that_no_step_has_changed(tmp_path: Path) -> None:
    before, after = table(), table()
    after[40:] += 1
    series = log(tmp_path, before, after)
    assert series.undertrained(1).known_unused.tolist() == list(range(40))


def test_without_a_known_unused_row_takes_the_norm(tmp_path: Path) -> None:
    rows = table()
    for name, tables in (("one", [rows]), ("frozen", [rows, rows])):
        found = log(tmp_path / name, *tables).undertrained(0)
        assert (found.indicator, len(found.known_unused)) == ("norm", 0)
        np.testing.assert_allclose(
            found.values, np.linalg.norm(rows, axis=1), rtol=1e-6
        )


def test_rows_that_are_not_finite_have_no_value(tmp_path: Path) -> None:
    rows = table()
    rows[0, 3], rows[20, 0], rows[50] = np.nan, np.inf, 0
    series = log(tmp_path, rows)
    near = series.undertrained(0, [20, 21], "euclidean").values
    assert np.flatnonzero(np.isnan(near)).tolist() == [0, 20]
    turned = series.undertrained(0, [20, 21], "cosine").values
    assert np.flatnonzero(np.isnan(turned)).tolist() == [0, 20, 50]


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"step": 7}, NotFoundError, "step 7"),
        ({"known_unused": ["nobody"]}, NotFoundError, "nobody"),
        ({"known_unused": [WORDS]}, NotFoundError, str(WORDS)),
        ({"indicator": "size"}, ValueError, "'size'; expected one of"),
        ({"indicator": "cosine"}, ValueError, "none is known"),
        ({"known_unused": [0]}, ValueError, "none of the 1 .* finite"),
    ],
)
def test_refuses(tmp_path: Path, arguments: Any, error: Any, said: str) -> None:
    rows = table()
    rows[0] = np.nan
    series = log(tmp_path, rows)
    with pytest.raises(error, match=said):
        series.undertrained(**({"step": 0} | arguments))


def test_the_command_ranks_the_least_trained_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = table()
    series = log(tmp_path, rows)
    known = [f"--known-unused=#{row}" for row in UNTRAINED[:10]]
    assert main(["undertrained", str(tmp_path), "--top", "10", *known]) == 0
    out, said = capsys.readouterr()
    head, *lines = out.splitlines()
    assert head.split() == ["rank", "token", "index", "euclidean"]
    assert {int(line.split()[2]) for line in lines} == set(UNTRAINED[10:].tolist())
    assert "left out 10 known to be unused" in said
    values = series.undertrained(0, UNTRAINED[:10].tolist()).values
    assert float(lines[0].split()[3]) == pytest.approx(values[30:40].min(), rel=1e-5)
