"""The measures of a series: the definitions in ``analysis``, on what was logged."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from logs import FILE_NAME, random_tables, write_series
from noted_progress import noted
from scipy import linalg
from sklearn.manifold import trustworthiness
from whole_tables import pair_of

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.analysis.findings.sentences import sentence
from tb_wordembed.analysis.health import similarity
from tb_wordembed.read import drift
from tb_wordembed.read.series import Series
from tb_wordembed.snapshots.index_entries import Snapshot
from tb_wordembed.snapshots.store import Store

WORDS = ["king", "queen", "man", "woman", "good", "bad", "apple", "pear"] + [
    f"word {number}" for number in range(32)
]
TABLES = random_tables(20, len(WORDS), 6, seed=4)


@pytest.fixture
def words(tmp_path: Path) -> Series:
    write_series(tmp_path / FILE_NAME, TABLES, tokens=WORDS)
    return tb_wordembed.open(tmp_path).series()


def test_the_path_of_a_token_is_the_sum_of_its_displacements(words: Series) -> None:
    ways = np.linalg.norm(np.diff(TABLES, axis=0).astype(float), axis=2).sum(axis=0)
    net = np.linalg.norm(TABLES[-1].astype(float) - TABLES[0], axis=1)
    path = words.path()
    np.testing.assert_allclose(path.length, ways, rtol=1e-6)
    np.testing.assert_allclose(path.displacement, net, rtol=1e-5)
    np.testing.assert_allclose(path.straightness, net / ways, rtol=1e-5)


def test_a_row_that_is_not_finite_at_the_last_step_has_no_path(tmp_path: Path) -> None:
    tables = np.stack(TABLES[:2])
    tables[:, 0], tables[1, 1], tables[0, 2] = np.nan, np.inf, np.nan
    with SnapshotWriter(tmp_path) as writer:
        for step, table in enumerate(tables):
            writer.embedding("words", table, step)
    path = tb_wordembed.open(tmp_path).series().path()
    assert np.isnan(path.length[:2]).all()
    assert path.length[2] == 0
    assert np.isnan(path.straightness[:3]).all()


def test_health_compares_with_the_first_and_the_previous_step(words: Series) -> None:
    found = words.health()
    assert found[0].to_first is None
    assert found[0].frozen_rows is None
    like = similarity(pair_of(TABLES[0], TABLES[17]))
    assert found[17].to_first is not None
    assert found[17].to_first.cka == pytest.approx(like.cka, abs=1e-6)
    like = similarity(pair_of(TABLES[16], TABLES[17]))
    assert found[17].to_previous is not None
    assert found[17].to_previous.pip_loss == pytest.approx(like.pip_loss, abs=1e-4)


def test_a_new_step_is_measured_without_reading_the_others_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SnapshotWriter(tmp_path) as writer:
        for step, table in enumerate(TABLES[:12]):
            writer.embedding("words", table, step, tokens=WORDS)
        log = tb_wordembed.open(tmp_path)
        read: list[int] = []
        blocks = Store.blocks

        def watched(self: Store, snapshot: Snapshot, *given: Any) -> Iterator[Any]:
            read.append(snapshot.step)
            return blocks(self, snapshot, *given)

        monkeypatch.setattr(Store, "blocks", watched)
        before = log.series().health()
        # Each once; a second turn is compared with the first step and the last one.
        assert sorted(read) == sorted([*range(12), 0, 7])
        read.clear()
        assert log.series().health() == before
        assert read == []
        writer.embedding("words", TABLES[12], 12, tokens=WORDS)
        log.refresh()
        assert len(log.series().health()) == 13
        assert sorted(read) == [0, 11, 12]
    monkeypatch.undo()
    fresh = tb_wordembed.open(tmp_path).series().health()
    for ours, theirs in zip(log.series().health(), fresh, strict=True):
        assert ours.effective_rank == pytest.approx(theirs.effective_rank, rel=1e-6)
        np.testing.assert_allclose(ours.drift_from_first, theirs.drift_from_first)


def test_rows_that_came_later_are_not_counted_as_broken(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", TABLES[0][:5], 0, tokens=WORDS[:5])
        writer.embedding("words", TABLES[1][:8], 1, tokens=WORDS[:8])
    health = tb_wordembed.open(tmp_path).series().health()
    assert [one.non_finite_rows for one in health] == [0, 0]


def test_norms_are_those_of_the_rows(tmp_path: Path) -> None:
    table = TABLES[0].copy()
    table[4, 1], table[5] = np.inf, 0
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", table, 3)
    found = tb_wordembed.open(tmp_path).series().norms(3)
    expected = linalg.norm(np.delete(table, 4, axis=0), axis=1)
    np.testing.assert_allclose(np.delete(found, 4), expected, rtol=1e-6)
    assert np.isnan(found[4])
    assert found[5] == 0


def test_all_neighbors_are_those_of_each_token(words: Series) -> None:
    found = words.all_neighbors(3, k=5)
    for row in (0, 7, 39):
        near = words.neighbors(row, 3, k=5)
        assert found.indices[row].tolist() == [one.index for one in near]
        assert found.distances[row].tolist() == [one.distance for one in near]


def test_turnover_is_the_overlap_of_each_token(words: Series) -> None:
    shares: list[float] = []
    found = words.turnover(0, 19, k=5, progress=noted(shares))
    for row in (0, 7, 39):
        changed = words.neighbor_change(row, 0, 19, k=5).change
        assert found.overlap[row] == pytest.approx(changed.overlap)
        assert found.jaccard[row] == pytest.approx(changed.jaccard)
    assert shares == sorted(shares)
    estimate = words.turnover_estimate(0, 19, k=5, sample=1000)
    assert estimate.mean_overlap == pytest.approx(found.mean_overlap)
    assert estimate.standard_error == 0


def test_second_order_drift_of_one_is_that_among_all(words: Series) -> None:
    everyone = words.all_second_order_drift(0, 5, k=5)
    for token in ("king", "pear"):
        one = words.second_order_drift(token, 0, 5, k=5)
        assert everyone[words.index_of(token)] == pytest.approx(one, abs=1e-6)


def test_a_token_that_moves_with_its_neighbors_shares_its_motion(
    tmp_path: Path,
) -> None:
    before = TABLES[0].copy()
    before[:6] = before[0] + 0.01 * before[:6]
    after = before.copy()
    after[:6] += 5.0
    after[5] += np.array([0, 0, 0, 0, 3, -3], np.float32)
    write_series(tmp_path / FILE_NAME, [before, after], tokens=WORDS)
    series = tb_wordembed.open(tmp_path).series()
    found = series.motion("king", 0, 1, k=4, n=3)
    assert found.shared_share > 0.95
    assert found.shared_share + found.own_share == pytest.approx(1)
    assert {one.index for one in found.parallel} <= set(range(1, 6))
    assert np.isnan(series.motion("pear", 0, 1).shared_share)


def test_a_token_from_a_random_start_shares_the_motion_of_the_cluster_it_joins(
    tmp_path: Path,
) -> None:
    rng = np.random.default_rng(3)
    start = rng.normal(size=(300, 16)).astype(np.float32)
    goals = 4 * rng.normal(size=(6, 16))[np.arange(300) % 6]
    tables = [start]
    for _ in range(20):
        noise = 0.05 * rng.normal(size=start.shape)
        step = 0.15 * (goals - tables[-1]) + noise
        tables.append((tables[-1] + step).astype(np.float32))
    write_series(tmp_path / "together" / FILE_NAME, tables)
    alone = [start]
    for before, after in itertools.pairwise(tables):
        # The same displacements but for their mean, dealt out at random.
        dealt = rng.permutation(after - before)
        alone.append(alone[-1] + dealt - dealt.mean(axis=0))
    write_series(tmp_path / "alone" / FILE_NAME, alone)
    log = tb_wordembed.open(tmp_path)
    together = log.series("together").motion(7, 0, 20)
    assert together.shared_share > 0.8
    assert len(together.steps) == 8
    assert together.steps == sorted({0, *together.steps} - {20})
    assert log.series("alone").motion(7, 0, 20).shared_share < 0.4


def test_an_axis_and_an_analogy(tmp_path: Path) -> None:
    table = TABLES[0].copy()
    table[3] = table[0] / np.linalg.norm(table[0]) - table[2] / np.linalg.norm(table[2])
    table[3] += table[1] / np.linalg.norm(table[1])
    write_series(tmp_path / FILE_NAME, [table], tokens=WORDS)
    series = tb_wordembed.open(tmp_path).series()
    nearest = series.analogy("king - man + queen", 0, n=2)
    assert nearest[0].token == "woman"
    assert nearest[0].cosine == pytest.approx(1)
    axis = series.axis("good - bad", 0)
    assert axis.shape == (len(WORDS),)
    assert axis[WORDS.index("good")] > 0 > axis[WORDS.index("bad")]
    with pytest.raises(ValueError, match="'missing' at position 8"):
        series.axis("good - missing", 0)


def test_a_token_that_jumps_breaks_and_others_do_not(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    start = rng.normal(size=(20, 16))
    way = rng.normal(size=(20, 16)) * 0.02
    tables = []
    for step in range(24):
        noise = rng.normal(size=(20, 16)) * 1e-3
        tables.append(start + way * step + noise)
        tables[step][4] += 3 * (step >= 13)
    write_series(tmp_path / FILE_NAME, [one.astype(np.float32) for one in tables])
    found = tb_wordembed.open(tmp_path).series().breaks()
    assert np.flatnonzero(found.positions >= 0).tolist() == [4]
    assert found.positions[4] == 13


@pytest.mark.parametrize("kept", [1 << 20, 0])
def test_breaks_of_a_growing_series_are_those_of_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    rng = np.random.default_rng(5)
    way = np.cumsum(rng.normal(size=(12, 300, 8)), axis=0).astype(np.float32)
    way[8:, 7] += 50
    way[4, 9] = np.nan
    write_series(tmp_path / "whole" / FILE_NAME, list(way))
    whole = tb_wordembed.open(tmp_path / "whole").series()
    read: list[int] = []
    blocks = Series.row_blocks

    def counting(self: Series, step: int, *given: Any) -> Any:
        read.append(step)
        return blocks(self, step, *given)

    monkeypatch.setattr(Series, "row_blocks", counting)
    # Blocks of few rows, beside what is kept.
    monkeypatch.setattr(drift, "CURVES_BYTES", kept or 4 * 300)
    with SnapshotWriter(tmp_path / "grows") as writer:
        for step, table in enumerate(way[:10]):
            writer.embedding("embedding", table, step=step)
        writer.flush()
        log = tb_wordembed.open(tmp_path / "grows")
        log.series().breaks()
        writer.embedding("embedding", way[10], step=10)
        writer.embedding("embedding", way[11], step=11)
    log.refresh()
    read.clear()
    found = log.series().breaks()
    assert read == ([0, 10, 11] if kept else list(range(12)))
    monkeypatch.undo()
    for name in ("positions", "strengths", "jumps"):
        assert np.array_equal(
            getattr(found, name), getattr(whole.breaks(), name), equal_nan=True
        )


def test_a_table_that_hardly_moves_any_more_is_settled(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    table, tables = rng.normal(size=(30, 8)), []
    for step in range(12):
        table = table + rng.normal(size=(30, 8)) * (1.0 if step < 6 else 0.01)
        tables.append(table.astype(np.float32))
    write_series(tmp_path / FILE_NAME, tables)
    assert tb_wordembed.open(tmp_path).series().settled_step() == 5
    write_series(tmp_path / "moving" / FILE_NAME, tables[:6])
    assert tb_wordembed.open(tmp_path / "moving").series().settled_step() is None


def planted(path: Path) -> Series:
    """Words 0 to 2 are never updated, 10 and 11 become one at step 12, and 20 changes
    places with 21 at step 14; the others learn, each by itself."""
    rng = np.random.default_rng(8)
    table = rng.normal(size=(60, 12))
    goal = rng.normal(size=(60, 12))
    with SnapshotWriter(path) as writer:
        for step in range(24):
            moved = table + 0.1 * (goal - table) + rng.normal(size=(60, 12)) * 0.01
            moved[:3] = table[:3]
            if step == 12:
                goal[11] = goal[10]
            if step >= 12:
                moved[11] = moved[10]
            if step == 14:
                moved[[20, 21]], goal[[20, 21]] = moved[[21, 20]], goal[[21, 20]]
            table = moved
            tokens = [f"word {row}" for row in range(60)]
            writer.embedding("words", table.astype(np.float32), step, tokens=tokens)
    return tb_wordembed.open(path).series()


def test_findings_name_what_was_planted(tmp_path: Path) -> None:
    series = planted(tmp_path)
    shares: list[float] = []
    found = series.findings(with_neighbors=True, progress=noted(shares))
    rows = {one.kind: sorted(one.rows.tolist()) for one in found}
    assert rows["never_updated"] == [0, 1, 2]
    assert rows["collapsed"] == [10, 11]
    assert rows["swapped"] == [20, 21]
    assert shares[-1] == 1
    said = [sentence(one, series.tokens) for one in found]
    assert any("“word 0”" in one and "never" in one for one in said)
    assert not set(rows) & {"norms_exploding", "rank_collapsing", "not_finite"}


def test_the_quality_of_the_map_is_scikit_learns(words: Series) -> None:
    found = words.quality(0, components=2, k=5, metric="euclidean")
    expected = trustworthiness(
        TABLES[0].astype(float), words.positions(0)[:, :2].astype(float), n_neighbors=5
    )
    assert found.trustworthiness == pytest.approx(expected, abs=1e-6)
    assert 0 < found.continuity <= 1
