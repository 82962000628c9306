"""The basis of large tables, of which rows are sampled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.decomposition import PCA

import tb_wordembed
from tb_wordembed.read import basis
from tb_wordembed.snapshots.store import STRETCH_ROWS


def write_log(directory: Path, dtype: str | None = None) -> list[np.ndarray]:
    """Sorted by what spreads them, as vocabularies are by frequency."""
    rng = np.random.default_rng(0)
    along = np.linspace(-3, 3, 20_000)[:, None] * rng.normal(size=8)
    tables = []
    with tb_wordembed.SnapshotWriter(directory) as writer:
        for step in range(3):
            table = along + rng.normal(size=along.shape) * [2, 1.5, *[0.4] * 6]
            tables.append(table.astype(np.float32))
            writer.embedding("words", tables[-1], step, dtype=dtype)
    return tables


@pytest.mark.parametrize("dtype", [None, "float16"])
def test_few_rows_give_nearly_the_basis_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dtype: str | None
) -> None:
    tables = write_log(tmp_path, dtype)
    monkeypatch.setattr(basis, "MOST_BASIS_ROWS", 3 * 4 * STRETCH_ROWS)
    series = tb_wordembed.open(tmp_path).series()
    oracle = PCA(3).fit(np.concatenate(tables))
    cosines = (series.basis().components * oracle.components_).sum(axis=1)
    assert np.abs(cosines).min() > 0.995
    # What a direction shows is told of all rows.
    positions = series.positions(2).astype(float)
    assert len(positions) == len(tables[2])
    np.testing.assert_allclose(
        series.explained_variance_ratio(2),
        positions.var(axis=0) / tables[2].astype(float).var(axis=0).sum(),
        rtol=1e-3,
    )


def test_a_sample_is_spread_over_the_whole_table(tmp_path: Path) -> None:
    (table, *_) = write_log(tmp_path)
    series = tb_wordembed.open(tmp_path).series()
    blocks = [(start, rows.copy()) for start, rows in series.sample_blocks(0, 4096)]
    assert [start for start, _ in blocks] == [0, 6325, 12651, 18976]
    for start, rows in blocks:
        np.testing.assert_array_equal(rows, table[start : start + STRETCH_ROWS])
    assert blocks[-1][0] + STRETCH_ROWS == len(table)


def test_a_small_table_is_pooled_whole(tmp_path: Path) -> None:
    (table, *_) = write_log(tmp_path)
    series = tb_wordembed.open(tmp_path).series()
    rows = sum(len(rows) for _, rows in series.sample_blocks(0, 15_000))
    assert rows == len(table)
