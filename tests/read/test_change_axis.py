"""Tests the component of change, and the rule that shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from logs import FILE_NAME, lengthening, random_tables, write_series

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.read.series import Series


def series_of(directory: Path, tables: Any) -> Series:
    write_series(directory / FILE_NAME, tables)
    return tb_wordembed.open(directory).series()


def test_change_is_shown_where_the_second_component_is_like_any_other(
    tmp_path: Path,
) -> None:
    series = series_of(tmp_path, lengthening())
    assert series.shown_components() == [1, 0, 2]


def test_its_axis_is_where_changes_differ_most_beside_the_first(tmp_path: Path) -> None:
    tables = [table.astype(float) for table in lengthening()]
    series = series_of(tmp_path, lengthening())
    first, along = series.basis([1, 0]).components
    assert first @ along == pytest.approx(0, abs=1e-6)
    changes = np.concatenate([table - tables[0] for table in tables])
    beside = changes - np.outer(changes @ first, first)
    expected = np.linalg.svd(beside - beside.mean(0), full_matrices=False)[2][0]
    assert abs(along @ expected) == pytest.approx(1, abs=1e-8)

    for step, table in enumerate(tables):
        found = series.positions(step, [2, 0, 1])
        np.testing.assert_allclose(found[:, 1], (table - tables[0]) @ along, atol=1e-5)
        plain = series.positions(step, [1, 2])
        np.testing.assert_allclose(found[:, [2, 0]], plain, atol=1e-5)
    assert not series.positions(0, [1, 0])[:, 1].any()
    trails = series.trails([3, 8], [0, 1])
    np.testing.assert_allclose(
        trails[:, -1], series.positions(len(tables) - 1, [0, 1])[[3, 8]], atol=1e-5
    )
    shares = series.explained_variance_ratio(1, [0, 1])
    assert np.isnan(shares[0])
    assert shares[1] == pytest.approx(series.explained_variance_ratio(1, [1])[0])


def test_a_reference_is_measured_from_its_own_first_step(tmp_path: Path) -> None:
    tables = lengthening()
    chance = 0.02 * np.random.default_rng(9).normal(size=tables[0].shape)
    write_series(tmp_path / "one" / FILE_NAME, tables)
    started_elsewhere = [(table + chance).astype(np.float32) for table in tables]
    write_series(tmp_path / "other" / FILE_NAME, started_elsewhere)
    log = tb_wordembed.open(tmp_path)
    one, other = log.series("one"), log.series("other")
    found = one.reference_positions(3, 3, other, [1, 0])[:, 1]
    own = one.positions(3, [1, 0])[:, 1]
    assert np.corrcoef(found, own)[0, 1] > 0.9
    np.testing.assert_allclose(
        one.reference_positions(0, 3, other, [0, 1])[:, 0], 0, atol=1e-6
    )


def second_direction(tables: list[Any]) -> list[Any]:
    """As the tables, with another direction that tokens differ in."""
    aside = np.random.default_rng(5).normal(size=len(tables[0])).astype(np.float32)
    found = [table.copy() for table in tables]
    for table in found:
        table[:, 0] += 2 * aside
    return found


@pytest.mark.parametrize(
    "tables",
    [
        random_tables(3, 400, 8),
        second_direction(lengthening()),
        lengthening()[-1:],
        [lengthening()[-1]] * 3,
        [np.ones((400, 8), np.float32)] * 3,
        [np.full((400, 8), np.nan, np.float32)] * 3,
        [table[:, :3] for table in lengthening()],
    ],
    ids=["alike", "second", "one step", "still", "equal", "no numbers", "narrow"],
)
def test_the_first_three_are_shown_elsewhere(tmp_path: Path, tables: Any) -> None:
    assert series_of(tmp_path, tables).shown_components() == [1, 2, 3]


def test_tokens_that_come_later_keep_their_place(tmp_path: Path) -> None:
    tables = lengthening()
    with SnapshotWriter(tmp_path) as writer:
        for step, table in enumerate(tables):
            rows = table if step else table[:-5]
            names = [f"t{row}" for row in range(len(rows))]
            writer.embedding("words", rows, step, tokens=names)
    series = tb_wordembed.open(tmp_path).series()
    assert series.shown_components() == [1, 2, 3]
    assert np.isfinite(series.positions(1, series.shown_components())).all()
