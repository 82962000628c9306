"""Groups of tokens equal what pandas says of the same vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import tb_wordembed
from tb_wordembed.analysis.groups import QUANTILES

ROWS, DIM = 600, 8


def test_groups_of_a_column_equal_pandas(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    genres = rng.choice(["Drama", "Horror", "War", ""], ROWS, p=[0.5, 0.3, 0.1, 0.1])
    before = rng.normal(size=(ROWS, DIM)).astype(np.float32)
    after = before + rng.normal(size=(ROWS, DIM)).astype(np.float32)
    after[::7] = before[::7]
    with tb_wordembed.SnapshotWriter(tmp_path) as writer:
        for step, table in enumerate((before, after)):
            writer.embedding("items", table, step, metadata={"genre": genres.tolist()})
    found = tb_wordembed.open(tmp_path).series().groups("genre", 0, 1, "euclidean")

    frame = pd.DataFrame(
        {
            "genre": genres,
            "drift": np.linalg.norm(after.astype(float) - before, axis=1),
            "norm": np.linalg.norm(after.astype(float), axis=1),
            "unchanged": (before == after).all(axis=1),
        }
    )
    for name, table in (("before", before), ("after", after)):
        centroids = pd.DataFrame(table.astype(float)).groupby(genres).transform("mean")
        frame[name] = ((table - centroids) ** 2).sum(axis=1)
    by_genre = frame[frame.genre != ""].groupby("genre")
    assert [one.name for one in found] == list(by_genre.groups)
    assert [one.count for one in found] == by_genre.size().tolist()
    for one in found:
        rows = by_genre.get_group(one.name)
        assert one.rows.tolist() == rows.index.tolist()
        assert one.unchanged == pytest.approx(rows.unchanged.mean())
        for values, quantiles in ((rows.drift, one.drift), (rows.norm, one.norm)):
            expected = values.quantile(list(QUANTILES)).tolist()
            assert quantiles.tolist() == pytest.approx(expected, rel=1e-5)
        spreads = [one.spread_before, one.spread_after]
        expected = [rows.before.mean() ** 0.5, rows.after.mean() ** 0.5]
        assert spreads == pytest.approx(expected, rel=1e-5)
        members = genres == one.name
        moved = after[members].mean(axis=0) - before[members].mean(axis=0)
        assert one.centroid_drift == pytest.approx(np.linalg.norm(moved), rel=1e-4)
