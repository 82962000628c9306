"""Groups of tokens: their numbers by hand, and against NumPy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed.cli import main
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read.series import Series

TOKENS = ["a", "b", "c", "d", "e", "f"]
KINDS = ["x", "y", "x", "", "y", "x"]
NUMBERS = [1, 2, 2, 1, 3, 3]


def log(folder: Path, *tables: Any, **columns: Any) -> Series:
    with tb_wordembed.SnapshotWriter(folder / "run") as writer:
        for step, table in enumerate(tables):
            tokens = [f"t{row}" for row in range(len(table))]
            writer.embedding("t", table, step, tokens=tokens, metadata=columns)
    return tb_wordembed.open(folder).series()


def test_hand_checked_groups(tmp_path: Path) -> None:
    before = np.array([[1, 0], [0, 1], [3, 0], [9, 9], [0, 3], [2, 0]], np.float32)
    after = before.copy()
    after[[0, 2, 5], 1] += 4  # x moves up by 4,
    after[4] *= 2  # and one token of y away from the other.
    series = log(tmp_path, before, after, kind=KINDS)
    x, y = series.groups("kind", 0, 1, "euclidean")
    assert (x.name, x.count, x.rows.tolist()) == ("x", 3, [0, 2, 5])
    assert (y.name, y.count, y.rows.tolist()) == ("y", 2, [1, 4])
    assert x.drift.tolist() == [4, 4, 4]
    assert (x.centroid_drift, x.unchanged) == (4, 0)
    spreads = [x.spread_before, x.spread_after]
    assert spreads == pytest.approx([(2 / 3) ** 0.5] * 2)
    assert (y.centroid_drift, y.unchanged) == (1.5, 0.5)
    assert (y.spread_before, y.spread_after) == (1, 2.5)
    assert y.norm.tolist() == pytest.approx([1.5, 3.5, 5.5])
    assert np.isnan(y.inside_before)


@pytest.mark.parametrize("measure", ["cosine", "euclidean", "relative", "norm_change"])
def test_groups_equal_numpy_on_the_same_vectors(tmp_path: Path, measure: Any) -> None:
    rng = np.random.default_rng(0)
    before = rng.normal(size=(5000, 8)).astype(np.float32)
    after = before + rng.normal(size=before.shape, scale=0.1).astype(np.float32)
    after[::7] = before[::7]
    after[3] = np.nan
    kinds = rng.integers(0, 5, 5000)
    series = log(tmp_path, before, after, kind=kinds)
    drift, norms = series.drift(0, 1, measure), np.linalg.norm(after, axis=1)
    found = series.groups("kind", 0, 1, measure)
    assert [one.name for one in found] == ["0", "1", "2", "3", "4"]
    for kind, one in enumerate(found):
        rows = kinds == kind
        np.testing.assert_array_equal(one.rows, np.flatnonzero(rows))
        for values, quantiles in ((drift, one.drift), (norms, one.norm)):
            expected = np.nanquantile(values[rows], [0.1, 0.5, 0.9])
            np.testing.assert_allclose(quantiles, expected, rtol=1e-5)
        assert one.unchanged == np.mean((before == after).all(axis=1)[rows])
        for table, spread in ((before, one.spread_before), (after, one.spread_after)):
            sound = table[rows][np.isfinite(table[rows]).all(axis=1)].astype(float)
            far = np.linalg.norm(sound - sound.mean(axis=0), axis=1)
            assert spread == pytest.approx(np.sqrt((far**2).mean()), rel=1e-9)


def test_the_neighbors_in_a_group_are_counted(tmp_path: Path) -> None:
    before = np.array([[1, 0], [1, 0.1], [0, 1], [0.1, 1]], np.float32)
    after = before[[0, 2, 1, 3]]
    series = log(tmp_path, before, after, kind=["x", "x", "y", "y"])
    for one in series.groups("kind", 0, 1, k=1):
        assert (one.inside_before, one.inside_after) == (1, 0)


def test_neighbors_in_a_group_are_those_of_the_logged_tables(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    table = rng.normal(size=(200, 4)).astype(np.float32)
    for run, values in (("a", table), ("b", table @ np.diag([1, 1, 1, -1]) + 2)):
        with tb_wordembed.SnapshotWriter(tmp_path / run) as writer:
            writer.embedding("t", values, 0)
    a, b = (tb_wordembed.open(tmp_path).series(run) for run in "ab")
    halves = {"half": range(100)}
    for one, other in ((a, b), (b, a)):
        (raw,) = one.groups(halves, 0, 0, k=5)
        reference = tb_wordembed.Reference(other, centered=True)
        (found,) = one.groups(halves, 0, 0, k=5, reference=reference)
        assert found.inside_after == raw.inside_after
        (raw,) = other.groups(halves, 0, 0, k=5)
        assert found.inside_before == raw.inside_before


def test_neighbors_that_are_not_there_are_not_counted(tmp_path: Path) -> None:
    table = np.array([[1, 0], [1, 0.1], [0, 1], [np.nan, 1]], np.float32)
    series = log(tmp_path, table, table, kind=["x", "x", "x", "y"])
    x, y = series.groups("kind", 0, 1, k=10)
    assert x.inside_before == x.inside_after == 1
    assert np.isnan([y.inside_before, y.inside_after]).all()


def test_whole_numbers_of_many_digits_are_groups_of_their_own(tmp_path: Path) -> None:
    table = np.ones((5, 2), np.float32)
    times = [5.0, 1.7e18, 1.7e18 + 256, -0.0, 0.0]
    found = log(tmp_path, table, table, at=times).groups("at", 0, 1)
    assert {one.name: one.rows.tolist() for one in found} == {
        "0": [3, 4],
        "5": [0],
        "1.7e+18": [1],
        "1.7000000000000003e+18": [2],
    }


def test_numbers_are_put_into_bins_of_about_as_many_tokens(tmp_path: Path) -> None:
    table = np.ones((1000, 2), np.float32)
    values = np.arange(1000.0) ** 2
    values[:10] = np.nan
    series = log(tmp_path, table, table, n=values)
    found = series.groups("n", 0, 1)
    assert [one.count for one in found] == [99] * 10
    assert found[0].name == "100 to 11664"
    assert np.concatenate([one.rows for one in found]).tolist() == [*range(10, 1000)]


def test_bins_of_close_numbers_have_names_of_their_own(tmp_path: Path) -> None:
    table = np.ones((1000, 2), np.float32)
    times = 1.7e9 + np.arange(1000) / 4
    times[0] = np.inf
    series = log(tmp_path, table, table, at=times)
    found = series.groups("at", 0, 1)
    assert sum(one.count for one in found) == 999
    assert len(found) == 10
    assert found[0].name == "1700000000.25 to 1700000025"


@pytest.mark.parametrize("count", [6, 3000])
def test_hand_checked_trajectories(tmp_path: Path, count: int) -> None:
    before = np.zeros((count, 2), np.float32)
    before[:, 0] = 1
    tables = [before.copy() for _ in range(3)]
    tables[1][:2, 1] += 3  # Two of three move up,
    tables[2][:3, 1] += 6  # then all three.
    series = log(tmp_path, *tables)
    mine: dict[str, Any] = {"mine": ["t0", 1, 2], "rest": range(3, count), "none": []}
    found = series.group_trajectories(mine, 0, "euclidean")
    assert (found.names, found.steps) == (list(mine), [0, 1, 2])
    assert found.drift[:2].tolist() == [[0, 3, 6], [0, 0, 0]]
    np.testing.assert_allclose(found.centroid_drift[:2], [[0, 2, 6], [0, 0, 0]])
    assert np.isnan([found.drift[2], found.centroid_drift[2]]).all()
    alone = series.group_trajectories({"mine": [0, 1, 2]}, 2, "euclidean")
    np.testing.assert_allclose(alone.centroid_drift, [[6, 4, 0]])


def test_trajectories_are_the_groups_at_each_step(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    tables = rng.normal(size=(19, 500, 6)).astype(np.float32).cumsum(axis=0)
    kinds = rng.integers(0, 5, 500)
    series = log(tmp_path, *tables, kind=kinds)
    found = series.group_trajectories("kind", 3)
    for at, step in enumerate(series.steps):
        groups = series.groups("kind", 3, step)
        for one, drift, path in zip(
            groups, found.drift[:, at], found.centroid_drift[:, at], strict=True
        ):
            assert (one.drift[1], np.float32(one.centroid_drift)) == (drift, path)


def test_groups_of_ones_own_may_overlap(tmp_path: Path) -> None:
    table = np.eye(4, dtype=np.float32)
    series = log(tmp_path, table, table[::-1])
    found = series.groups({"mine": ["t0", 2, 0], "all": range(4), "none": []}, 0, 1)
    assert [(one.name, one.rows.tolist()) for one in found] == [
        ("mine", [0, 2]),
        ("all", [0, 1, 2, 3]),
        ("none", []),
    ]
    assert np.isnan(found[2].drift).all()
    assert np.isnan(found[2].centroid_drift)


def test_what_makes_no_groups_is_refused_in_words(tmp_path: Path) -> None:
    table = np.ones((20_000, 1), np.float32)
    names = [str(row) for row in range(20_000)]
    series = log(tmp_path, table, table, name=names)
    with pytest.raises(NotFoundError, match=r"no column 'genre'; there are: .*'name'"):
        series.groups("genre", 0, 1)
    with pytest.raises(ValueError, match=r"'name' makes 20,000 groups; .* 10,000"):
        series.groups("name", 0, 1)
    measure: Any = "far"
    with pytest.raises(ValueError, match="measure is 'far'; expected one of"):
        series.groups({"a": [0]}, 0, 1, measure)


def test_the_command_line_ranks_groups(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = np.ones((6, 2), np.float32)
    after = before.copy()
    after[[1, 4]] *= 3
    log(tmp_path, before, after, kind=KINDS)
    line = ["drift", str(tmp_path), "--group-by", "kind", "--measure", "relative"]
    assert main([*line, "--format", "csv"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.startswith("kind,count,drift_p10,drift_p50,drift_p90,norm_p10,")
    assert [row.split(",")[:4] for row in rows] == [
        ["y", "2", "2.0", "2.0"],
        ["x", "3", "0.0", "0.0"],
    ]
    assert main([*line, "-k", "1", "--format", "json"]) == 0
    inside = {row["kind"]: row for row in json.loads(capsys.readouterr().out)}
    for group in tb_wordembed.open(tmp_path).series().groups("kind", 0, 1, k=1):
        row = inside[group.name]
        assert row["neighbors_inside_before"] == group.inside_before
        assert row["neighbors_inside_after"] == group.inside_after
    assert main([*line, "--breaks"]) != 0
    assert "--group-by and --breaks don't go together" in capsys.readouterr().err
