from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import orthogonal_procrustes
from scipy.spatial.distance import pdist
from scipy.stats import entropy
from sklearn.decomposition import PCA
from strategies import rotations, table_pairs, tables
from whole_tables import moments_of, pair_of

from tb_wordembed.analysis import health
from tb_wordembed.analysis.rows import norms

RNG = np.random.default_rng(0)


def effective_rank(table: Any) -> float:
    return health.effective_rank(health.singular_values(moments_of(table, 300)))


def test_singular_values_and_effective_rank_by_their_definitions() -> None:
    table = (RNG.normal(size=(900, 20)) * 0.7 ** np.arange(20)).astype(np.float32)
    singular = np.linalg.svd(table.astype(float), compute_uv=False)
    found = health.singular_values(moments_of(table, 300))
    np.testing.assert_allclose(found, singular, rtol=1e-3)
    assert effective_rank(table) == pytest.approx(np.exp(entropy(singular)), rel=1e-4)


@given(tables())
def test_effective_rank_of_any_table(table: Any) -> None:
    singular = np.linalg.svd(table.astype(float), compute_uv=False)
    found = effective_rank(table)
    if singular.sum() == 0:
        assert np.isnan(found)
    else:
        # Singular values too small to be told from rounding count as none.
        spread = np.linalg.norm(table - table.mean(axis=0, dtype=float))
        rounding = np.clip([4e-4 * spread, 6e-4 * spread], 1e-6 * singular[0], None)
        least, most = (
            np.exp(entropy(singular * (singular >= r))) for r in rounding[::-1]
        )
        assert least * (1 - 1e-3) <= found <= most * (1 + 1e-3)


@pytest.mark.parametrize("rank", [1, 3, 10, 100])
def test_effective_rank_of_equal_singular_values_is_the_rank(rank: int) -> None:
    left, _ = np.linalg.qr(RNG.normal(size=(900, rank)))
    right, _ = np.linalg.qr(RNG.normal(size=(100, rank)))
    table = (left @ right.T).astype(np.float32)
    assert effective_rank(table) == pytest.approx(rank, rel=1e-4)


def test_effective_rank_far_off_the_origin() -> None:
    table = (1000 + RNG.normal(size=(900, 20))).astype(np.float32)
    singular = np.linalg.svd(table.astype(float), compute_uv=False)
    assert effective_rank(table) == pytest.approx(np.exp(entropy(singular)), rel=1e-4)
    assert effective_rank(table * 0 + 5) == pytest.approx(1)


def test_participation_ratio_by_hand() -> None:
    # Variances 4 and 1 along the axes: (4 + 1)^2 / (16 + 1).
    table = np.array([[2, 0], [-2, 0], [0, 1], [0, -1]], np.float32) + 7
    assert health.participation_ratio(moments_of(table)) == pytest.approx(25 / 17)


def test_iso_score_by_hand() -> None:
    # n = 2, variances (4, 1) normalized to length sqrt 2: sqrt(2 / 17) (4, 1). Chord
    # to (1, 1): 4 - 10 sqrt(2 / 17); defect^2: that over 2 (2 - sqrt 2). Fraction:
    # (2 - (2 - 5 sqrt(2 / 17)))^2 / 4 = 25 / 34; score: (2 * 25 / 34 - 1) / (2 - 1).
    table = np.array([[2, 0], [-2, 0], [0, 1], [0, -1]], np.float32)
    assert health.iso_score(moments_of(table)) == pytest.approx(8 / 17)


def iso_score_by_its_definition(table: Any) -> float:
    """Step by step, as in section 4 of the paper."""
    dim = table.shape[1]
    turned = PCA().fit_transform(table.astype(float))
    variances = np.zeros(dim)
    variances[: turned.shape[1]] = turned.var(axis=0, ddof=1)
    normalized = np.sqrt(dim) * variances / np.linalg.norm(variances)
    defect = np.linalg.norm(normalized - 1) / np.sqrt(2 * (dim - np.sqrt(dim)))
    fraction = (dim - defect**2 * (dim - np.sqrt(dim))) ** 2 / dim**2
    return float((dim * fraction - 1) / (dim - 1))


@pytest.mark.parametrize("dim", [2, 3, 20])
def test_iso_score_by_its_definition(dim: int) -> None:
    table = (RNG.normal(size=(300, dim)) * RNG.random(dim) + 3).astype(np.float32)
    found = health.iso_score(moments_of(table))
    assert found == pytest.approx(iso_score_by_its_definition(table), abs=1e-5)


@pytest.mark.parametrize(
    ("dim", "score"),
    [(4, 0.40375197898508713), (10, 0.5366162122174545), (50, 0.48607865847195986)],
)
def test_iso_score_is_that_of_the_authors_package(dim: int, score: float) -> None:
    # IsoScore.IsoScore(table.T.astype(float)) of the package IsoScore 1.0 gives these.
    rng = np.random.RandomState(1337)
    table = (rng.randn(200, dim) * np.arange(1, dim + 1) + 3).astype(np.float32)
    assert health.iso_score(moments_of(table)) == pytest.approx(score, rel=1e-7)


def test_the_ends_of_iso_score_and_participation_ratio() -> None:
    even = np.concatenate([np.eye(5), -np.eye(5)]).astype(np.float32)
    assert health.iso_score(moments_of(even)) == pytest.approx(1)
    assert health.participation_ratio(moments_of(even)) == pytest.approx(5)
    line = np.zeros((10, 5), np.float32)
    line[:, 2] = np.arange(10)
    assert health.iso_score(moments_of(line)) == pytest.approx(0, abs=1e-9)
    assert health.participation_ratio(moments_of(line)) == pytest.approx(1)
    rng = np.random.default_rng(0)
    line = np.outer(rng.normal(size=1000), rng.normal(size=300)).astype(np.float32)
    assert 0 <= health.iso_score(moments_of(line)) < 1e-6
    assert 1 <= health.participation_ratio(moments_of(line)) < 1 + 1e-6
    assert np.isnan(health.iso_score(moments_of(line * 0 + 3)))
    assert np.isnan(health.participation_ratio(moments_of(line[:1])))
    assert np.isnan(health.iso_score(moments_of(line[:, :1])))


@given(tables(min_rows=3, min_dim=2), st.data())
def test_neither_rotation_nor_scale_nor_shift_matters(
    table: Any, data: st.DataObject
) -> None:
    rotation = data.draw(rotations(table.shape[1]))
    moved = ((table @ rotation) * 4 + 50).astype(np.float32)
    if table.std(axis=0).max() > 0.1:
        for measure in (health.participation_ratio, health.iso_score):
            expected = measure(moments_of(table))
            assert measure(moments_of(moved)) == pytest.approx(expected, abs=2e-2)


@given(tables(min_rows=2))
def test_mean_pairwise_cosine_is_the_mean_over_all_pairs(table: Any) -> None:
    rows = table[table.any(axis=1)].astype(float)
    total = health.sums_of_directions(table, norms(table))
    found = health.mean_pairwise_cosine(len(rows), total[0])
    if len(rows) < 2:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(1 - pdist(rows, "cosine").mean(), abs=1e-6)


def test_directions_of_huge_tiny_and_broken_rows() -> None:
    table = np.array([[3e38, 0], [0, 1e-40], [0, 0], [np.nan, 1], [0, 2]], np.float32)
    found = health.sums_of_directions(table, norms(table))
    np.testing.assert_allclose(found, [[1, 2], [1, 2]])


@given(tables(min_rows=2))
def test_spread_of_directions_is_the_deviation_of_rows_of_length_one(
    table: Any,
) -> None:
    rows = table[table.any(axis=1)].astype(float)
    found = health.direction_spread(
        len(rows), health.sums_of_directions(table, norms(table))
    )
    if not len(rows):
        assert np.isnan(found)
        return
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    expected = unit.std(axis=0).mean() * np.sqrt(table.shape[1])
    assert found == pytest.approx(expected, abs=2e-3)


def test_a_collapsed_table_has_no_abundance_and_no_spread() -> None:
    rng = np.random.default_rng(0)
    even = rng.normal(size=(5000, 16)).astype(np.float32)
    line = np.outer(rng.uniform(1, 2, 5000), rng.normal(size=16)).astype(np.float32)

    def both(table: Any) -> list[float]:
        singular = np.linalg.svd(table.astype(float), compute_uv=False)
        abundance = health.information_abundance(
            health.singular_values(moments_of(table))
        )
        # Guo et al. 2024, equation 4, from NumPy's own singular values.
        assert abundance == pytest.approx(singular.sum() / singular[0], rel=1e-2)
        sums = health.sums_of_directions(table, norms(table))
        return [abundance / 16, health.direction_spread(len(table), sums)]

    np.testing.assert_allclose(both(even), [0.95, 1], rtol=0.01)
    np.testing.assert_allclose(both(line), [1 / 16, 0], atol=2e-3)
    assert np.isnan(health.information_abundance(np.zeros(3)))


def cka_by_its_definition(x: Any, y: Any) -> float:
    """Through the similarities of all pairs of rows, as in section 3 of the paper."""
    centering = np.eye(len(x)) - 1 / len(x)
    k, other = (
        centering @ t @ t.T @ centering for t in (x.astype(float), y.astype(float))
    )
    return float((k * other).sum() / (np.linalg.norm(k) * np.linalg.norm(other)))


def pip_by_its_definition(x: Any, y: Any) -> float:
    k, other = (t @ t.T for t in (x.astype(float), y.astype(float)))
    size = np.linalg.norm(k) + np.linalg.norm(other)
    return float(np.linalg.norm(k - other) / size)


@pytest.mark.parametrize("size", [1e-5, 1e-4, 1e-3, 1e-2, 1.0, 100.0])
@pytest.mark.parametrize("mean", [0.0, 3.0, 100.0])
def test_cka_and_pip_loss_by_their_definitions(size: float, mean: float) -> None:
    before = (RNG.normal(size=(300, 9)) * 0.8 ** np.arange(9) + mean).astype(np.float32)
    after = (before + size * RNG.normal(size=before.shape)).astype(np.float32)
    found = health.similarity(pair_of(before, after, 70))
    expected = cka_by_its_definition(before, after)
    assert found.cka == pytest.approx(expected, abs=1e-6)
    loss = pip_by_its_definition(before, after)
    assert found.pip_loss == pytest.approx(loss, rel=2e-3)


@pytest.mark.parametrize("common", [2, 3, 30])
@pytest.mark.parametrize("share", [0, 0.5, 1])
def test_few_common_rows_are_as_exact_as_many(common: int, share: float) -> None:
    before = (3 + RNG.normal(size=(2000, 8))).astype(np.float32)
    after = (before + 0.3 * RNG.normal(size=before.shape)).astype(np.float32)
    there, is_new = RNG.permutation(2000) < common, RNG.random(2000) < share
    x, y = before[there], after[there]
    before[~there & is_new] = np.nan
    after[~there & ~is_new] = np.nan
    found = health.similarity(pair_of(before, after, 500))
    assert found.cka == pytest.approx(cka_by_its_definition(x, y), abs=1e-6)
    assert found.pip_loss == pytest.approx(pip_by_its_definition(x, y), abs=2e-6)
    _, nuclear = orthogonal_procrustes(x.astype(float), y.astype(float))
    size = (x.astype(float) ** 2).sum() + (y.astype(float) ** 2).sum()
    residual = np.sqrt(max(1 - 2 * nuclear / size, 0))
    assert found.procrustes_residual == pytest.approx(residual, abs=1e-5)


@given(table_pairs(min_dim=2), st.data())
def test_similarity_knows_no_rotation(pair: Any, data: st.DataObject) -> None:
    before, after = pair
    rotation = data.draw(rotations(before.shape[1]))
    turned = (after @ rotation).astype(np.float32)
    found = health.similarity(pair_of(before, turned))
    expected = health.similarity(pair_of(before, after))
    assert found.pip_loss == pytest.approx(expected.pip_loss, abs=2e-3, nan_ok=True)
    assert found.procrustes_residual == pytest.approx(
        expected.procrustes_residual, abs=2e-3, nan_ok=True
    )
    if min(before.std(axis=0).max(), after.std(axis=0).max()) > 0.1:
        assert found.cka == pytest.approx(expected.cka, abs=1e-3, nan_ok=True)


@given(table_pairs())
def test_similarity_is_symmetric_and_between_0_and_1(pair: Any) -> None:
    there = health.similarity(pair_of(*pair))
    back = health.similarity(pair_of(*pair[::-1]))
    for name in ("cka", "pip_loss", "procrustes_residual"):
        value = getattr(there, name)
        assert np.isnan(value) or 0 <= value <= 1
        assert value == pytest.approx(getattr(back, name), abs=2e-3, nan_ok=True)


@given(tables())
def test_a_table_is_like_itself(table: Any) -> None:
    found = health.similarity(pair_of(table, table))
    assert np.isnan(found.cka) or found.cka == pytest.approx(1, abs=1e-12)
    if table.any():
        assert found.pip_loss == 0
        assert found.procrustes_residual == pytest.approx(0, abs=1e-6)
    else:
        assert np.isnan(found.pip_loss)
        assert np.isnan(found.procrustes_residual)


def test_cka_knows_no_scale_and_no_shift() -> None:
    before, after = RNG.normal(size=(2, 200, 6)).astype(np.float32)
    expected = health.linear_cka(pair_of(before, after))
    found = health.linear_cka(pair_of(before * 8 + 1, after / 4 - 3))
    assert found == pytest.approx(expected, abs=1e-5)


def test_quantiles_leave_out_what_is_not_finite() -> None:
    values = np.append(RNG.normal(size=101), [np.nan, np.inf])
    np.testing.assert_allclose(
        health.quantiles(values), np.quantile(values[:101], [0.1, 0.5, 0.9, 1])
    )
    assert np.isnan(health.quantiles(values[101:])).all()


@pytest.mark.parametrize("rows", [1, 12, 40, 60])
def test_singular_values_of_fewer_rows_than_columns(rows: int) -> None:
    table = (RNG.normal(size=(rows, 130)) + 1).astype(np.float32)
    table[rows // 2] = table[0]
    singular = np.linalg.svd(table.astype(float), compute_uv=False)
    found = health.singular_values(moments_of(table))
    assert found.shape == (130,)
    np.testing.assert_allclose(found[: len(singular)], singular, atol=2e-3)
    assert not found[len(singular) :].any()
