from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from noted_progress import noted
from sklearn.manifold import trustworthiness
from strategies import blocks

from tb_wordembed.analysis import neighbor_ranks
from tb_wordembed.analysis.layout_quality import Quality, quality, token_trust
from tb_wordembed.analysis.neighbors.metrics import Metric
from tb_wordembed.engine import large_arrays


def measured(table: Any, positions: Any, k: int = 10, **more: Any) -> Quality:
    return quality(lambda: blocks(table, 37), positions, k, **more)


def cloud(rows: int, dim: int, seed: int) -> Any:
    """No two rows equally far from a third."""
    return np.random.default_rng(seed).normal(size=(rows, dim)).astype(np.float32)


@given(
    st.integers(3, 60),
    st.integers(1, 10),
    st.integers(2, 8),
    st.sampled_from(["cosine", "euclidean"]),
    st.integers(0, 999),
)
def test_equal_to_scikit_learn(
    rows: int, k: int, dim: int, metric: Metric, seed: int
) -> None:
    if rows <= 2 * k:
        return
    table, positions = cloud(rows, dim, seed), cloud(rows, 2, seed + 1)
    positions += table[:, :2]
    found = measured(table, positions, k, metric=metric)
    oracle = trustworthiness(
        table.astype(float), positions.astype(float), n_neighbors=k, metric=metric
    )
    assert found.trustworthiness == pytest.approx(oracle, abs=1e-9)
    assert found.sampled == rows
    assert 0 <= found.continuity <= 1
    if metric == "euclidean":
        oracle = trustworthiness(
            positions.astype(float), table.astype(float), n_neighbors=k
        )
        assert found.continuity == pytest.approx(oracle, abs=1e-9)


def test_the_table_itself_is_its_best_layout() -> None:
    table = cloud(200, 3, 0)
    found = measured(table, 3 * table - 1, metric="euclidean")
    assert (found.trustworthiness, found.continuity) == (1, 1)


def test_counted_by_hand() -> None:
    # On a line, token 0 is shown beside token 3, which is the last of its neighbors.
    table = np.array([[0], [1], [2.5], [4.5]], np.float32)
    positions = np.array([[5.5], [1], [2.5], [4.5]], np.float32)
    found = measured(table, positions, k=1, metric="euclidean")
    # 0 shows 3 (rank 3), 1 shows 2 (rank 2), 2 shows 1, 3 shows 0 (rank 3).
    assert found.trustworthiness == pytest.approx(1 - 2 / (4 * 4) * (2 + 1 + 2))
    # 0 lost 1 (rank 3), 1 lost 0 (rank 3), 3 lost 2 (rank 2).
    assert found.continuity == pytest.approx(1 - 2 / (4 * 4) * (2 + 2 + 1))


def test_a_sample_of_tokens_is_ranked_among_all() -> None:
    table = cloud(1500, 10, 1)
    positions = table[:, :2]
    whole = measured(table, positions, metric="euclidean", most=1500)
    part = measured(table, positions, metric="euclidean", most=300)
    assert (whole.sampled, part.sampled) == (1500, 300)
    assert (whole.population, part.population) == (1500, 1500)
    oracle = trustworthiness(
        table.astype(float), positions.astype(float), n_neighbors=10
    )
    assert whole.trustworthiness == pytest.approx(oracle, abs=1e-9)
    assert part.trustworthiness == pytest.approx(oracle, abs=0.02)
    assert part.trustworthiness != whole.trustworthiness
    assert part == measured(table, positions, metric="euclidean", most=300)
    # The mean over every token by itself is the mean over all.
    samples = [
        measured(table, positions, metric="euclidean", most=300, seed=seed)
        for seed in range(8)
    ]
    mean = np.mean([one.trustworthiness for one in samples])
    assert mean == pytest.approx(oracle, abs=0.007)


def test_ranks_in_a_large_table_are_taken_from_some_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = cloud(6000, 10, 1)
    positions = table[:, :2]
    exact = measured(table, positions)
    monkeypatch.setattr(neighbor_ranks, "MOST_COMPARED", 2500)
    found = measured(table, positions)
    assert found.trustworthiness == pytest.approx(exact.trustworthiness, abs=0.01)
    assert found.continuity == pytest.approx(exact.continuity, abs=0.01)
    assert found != exact
    assert found == quality(lambda: blocks(table, 5999), positions)


def test_blocks_do_not_matter() -> None:
    table, positions = cloud(400, 6, 2), cloud(400, 2, 3)
    whole = quality(lambda: [(0, table)], positions, most=90)
    for size in (1, 7, 399):
        found = quality(partial(blocks, table, size), positions, most=90)
        assert found.trustworthiness == pytest.approx(whole.trustworthiness)
        assert found.continuity == pytest.approx(whole.continuity)


def test_it_tells_how_far_it_is() -> None:
    table = np.random.default_rng(0).normal(size=(60, 5)).astype(np.float32)
    shares: list[float] = []
    quality(lambda: blocks(table, 7), table[:, :2], progress=noted(shares))
    assert shares == sorted(shares)
    assert 0 == shares[0] < shares[-1] < 1
    with pytest.raises(KeyboardInterrupt):
        quality(lambda: blocks(table, 7), table[:, :2], progress=interrupt)


def interrupt(share: float, message: str = "") -> None:
    if share > 0.5:
        raise KeyboardInterrupt


@pytest.mark.parametrize("most", [1000, 40])
@pytest.mark.parametrize("rows_at_once", [1 << 20, 7])
def test_what_has_no_place_is_left_out(
    most: int, rows_at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large_arrays, "ROWS_AT_ONCE", rows_at_once)
    table, positions = cloud(100, 5, 4), cloud(100, 2, 5)
    kept = np.ones(100, bool)
    kept[[3, 40, 99, 7]] = False
    clean = measured(table[kept], positions[kept], most=most)
    table[3, 1], table[40, 0], table[7] = np.nan, np.inf, 0
    positions[99] = np.nan
    found = measured(table, positions, most=most)
    sampled = min(96, most)
    assert found == Quality(clean.trustworthiness, clean.continuity, sampled, 96)
    # Zero is a place like any other where there are no directions.
    assert measured(table, positions, metric="euclidean").sampled == 97


def test_scale_and_place_of_the_layout_do_not_matter() -> None:
    table, positions = cloud(150, 5, 6), cloud(150, 2, 7)
    assert measured(table, positions) == measured(table, 8 * positions)
    turned = measured(4 * table, positions[:, ::-1] * [-1, 1])
    assert turned == measured(table, positions)


@pytest.mark.parametrize("rows", [0, 1, 2, 20])
def test_too_few_tokens(rows: int) -> None:
    found = measured(cloud(rows, 3, 8), cloud(rows, 2, 9), k=10)
    assert np.isnan([found.trustworthiness, found.continuity]).all()
    assert found.sampled == rows


def test_equal_rows_and_a_layout_of_one_point() -> None:
    for table in (np.ones((50, 4), np.float32), cloud(50, 4, 10)):
        found = measured(table, np.zeros((50, 2)))
        assert 0 <= found.trustworthiness <= 1
        assert 0 <= found.continuity <= 1


def test_clear_errors() -> None:
    table = cloud(30, 3, 11)
    with pytest.raises(ValueError, match="k is 0; expected 1 or more"):
        measured(table, table, 0)
    with pytest.raises(ValueError, match="'dot'; expected one of"):
        measured(table, table, metric="dot")
    with pytest.raises(ValueError, match="29 positions for 30 rows"):
        measured(table, table[1:])


def by_definition(table: Any, positions: Any, k: int) -> Any:
    """The trustworthiness of each token, from the ranks of all pairs, counted out."""
    rows = len(table)
    inside = np.linalg.norm(table[:, None].astype(float) - table[None], axis=2)
    shown = np.linalg.norm(positions[:, None].astype(float) - positions[None], axis=2)
    values = []
    for i in range(rows):
        others = [j for j in range(rows) if j != i]
        ranked = sorted(others, key=lambda j: inside[i, j])
        near = sorted(others, key=lambda j: shown[i, j])[:k]
        excess = sum(max(ranked.index(j) + 1 - k, 0) for j in near)
        values.append(1 - 2 / (k * (2 * rows - 3 * k - 1)) * excess)
    return np.array(values)


def test_token_by_token_as_defined() -> None:
    table, positions = cloud(80, 5, 12), cloud(80, 2, 13)
    found = token_trust(lambda: blocks(table, 37), positions, 6, "euclidean")
    np.testing.assert_allclose(
        found.values, by_definition(table, positions, 6), rtol=1e-6
    )
    assert (found.sampled, found.population) == (80, 80)


@given(
    st.integers(30, 90), st.sampled_from(["cosine", "euclidean"]), st.integers(0, 99)
)
def test_the_mean_over_tokens_is_that_of_scikit_learn(
    rows: int, metric: Metric, seed: int
) -> None:
    table, positions = cloud(rows, 6, seed), cloud(rows, 2, seed + 1)
    found = token_trust(lambda: blocks(table, 37), positions, 5, metric)
    oracle = trustworthiness(
        table.astype(float), positions.astype(float), n_neighbors=5, metric=metric
    )
    assert found.values.mean() == pytest.approx(oracle, abs=1e-6)


def test_tokens_that_were_drawn_have_the_values_that_they_have_among_all() -> None:
    table = cloud(400, 5, 14)
    table[7], table[9, 1] = 0, np.nan
    positions = table[:, :2]
    whole = token_trust(lambda: blocks(table, 37), positions)
    some = token_trust(lambda: blocks(table, 37), positions, most=60)
    drawn = np.isfinite(some.values)
    assert (some.sampled, some.population, drawn.sum()) == (60, 398, 60)
    np.testing.assert_array_equal(some.values[drawn], whole.values[drawn])
    assert np.flatnonzero(np.isnan(whole.values)).tolist() == [7, 9]
    few = token_trust(lambda: blocks(table[:20], 7), positions[:20])
    assert np.isnan(few.values).all()
