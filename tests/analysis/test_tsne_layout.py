from __future__ import annotations

import sys
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from strategies import blocks, tables

from tb_wordembed.analysis.neighbors.metrics import Metric
from tb_wordembed.analysis.tsne_layout import layout

CLUSTERS = 6


def laid_out(*steps: Any, chosen: Any = None, size: int = 64, **more: Any) -> list[Any]:
    pytest.importorskip("openTSNE", reason="the layout extra is not installed")
    rows = range(len(steps[0])) if chosen is None else chosen
    return list(layout([partial(blocks, one, size) for one in steps], rows, **more))


def clusters(rows: int, seed: int = 0) -> Any:
    """Token i is of cluster ``i % CLUSTERS``."""
    rng = np.random.default_rng(seed)
    centers = 3 * rng.normal(size=(CLUSTERS, 16))
    noise = rng.normal(size=(rows, 16))
    return (centers[np.arange(rows) % CLUSTERS] + noise).astype(np.float32)


def trust(table: Any, positions: Any, metric: Metric = "cosine") -> float:
    """As scikit-learn has it."""
    wide = table.astype(float)
    found: float = trustworthiness(wide, positions, n_neighbors=10, metric=metric)
    return found


def radius(positions: Any) -> Any:
    return np.sqrt(((positions - positions.mean(axis=0)) ** 2).sum(axis=1).mean())


def moves(before: Any, after: Any) -> Any:
    return np.linalg.norm(after - before, axis=1) / radius(after)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_it_shows_neighbors_that_principal_components_do_not(metric: Metric) -> None:
    table = clusters(300)
    (positions,) = laid_out(table, metric=metric)
    assert positions.shape == (300, 2)
    assert positions.dtype == np.float32
    linear = PCA(2).fit_transform(table)
    assert trust(table, positions, metric) > 0.95
    assert trust(table, positions, metric) > trust(table, linear, metric) + 0.03


def test_what_keeps_its_neighbors_keeps_its_place_and_the_others_move() -> None:
    before = clusters(300)
    after = before + 0.05 * np.random.default_rng(1).normal(size=before.shape)
    moved = np.arange(0, 60, CLUSTERS)
    after[moved] += before[1::CLUSTERS].mean(axis=0) - before[::CLUSTERS].mean(axis=0)
    first, second = laid_out(before, after.astype(np.float32))
    stayed = np.setdiff1d(np.arange(300), moved)
    assert np.median(moves(first, second)[stayed]) < 0.1
    goal, source = second[61::CLUSTERS].mean(axis=0), second[60::CLUSTERS].mean(axis=0)
    to_goal = np.linalg.norm(second[moved] - goal, axis=1)
    assert (to_goal < np.linalg.norm(second[moved] - source, axis=1)).all()
    assert trust(after, second) > 0.95


def test_a_table_at_rest_keeps_its_picture() -> None:
    table = clusters(300)
    frames = laid_out(table, table, table)
    for before, after in pairwise(frames):
        assert np.median(moves(before, after)) < 0.05


def test_a_table_that_became_another_is_laid_out_anew() -> None:
    noise = np.random.default_rng(2).normal(size=(300, 16)).astype(np.float32)
    _, learned = laid_out(noise, clusters(300))
    assert trust(clusters(300), learned) > 0.95


def test_the_other_tokens_are_placed_by_their_neighbors() -> None:
    table = clusters(400)
    table[397] = 2 * table[3]
    (positions,) = laid_out(table, chosen=np.arange(199, -1, -1))
    assert np.isfinite(positions).all()
    np.testing.assert_allclose(positions[397], positions[3], atol=1e-3)
    assert trust(table, positions) > 0.93
    (alone,) = laid_out(table[:200])
    np.testing.assert_array_equal(positions[:200], alone)


def test_the_others_are_placed_in_a_table_far_from_the_origin() -> None:
    table = 1000 + clusters(300)
    (positions,) = laid_out(table, chosen=range(200), metric="euclidean")
    assert trust(table, positions, "euclidean") > 0.93


def test_nothing_is_random_and_blocks_do_not_matter() -> None:
    table = clusters(150)
    whole = laid_out(table, table[::-1], chosen=range(100), size=150)
    parts = laid_out(table, table[::-1], chosen=range(100), size=150)
    np.testing.assert_array_equal(whole, parts)
    other = laid_out(table, table[::-1], chosen=range(100), size=11)
    np.testing.assert_allclose(other, whole, rtol=0.01, atol=0.01)


def test_rows_that_are_not_finite_have_no_place_until_they_are() -> None:
    table, later = clusters(120), clusters(120)
    table[3, 0], table[4, 1], table[5], table[110, 2] = np.nan, np.inf, 0, np.nan
    later[7] = np.nan
    first, second = laid_out(table, later, chosen=range(100))
    lost = np.isnan(first).all(axis=1)
    assert np.flatnonzero(lost).tolist() == [3, 4, 5, 110]
    assert np.isfinite(first[~lost]).all()
    assert np.flatnonzero(np.isnan(second).any(axis=1)).tolist() == [7]
    usable = np.isfinite(second).all(axis=1)
    # Among its own, where it was never before.
    for token in (3, 4, 5):
        own = np.delete(np.arange(token % CLUSTERS, 100, CLUSTERS), 0)
        away = np.linalg.norm(second[own] - second[token], axis=1)
        assert np.median(away) < radius(second[usable])


@pytest.mark.parametrize("rows", [0, 1, 2, 3, 4, 5, 9, 17, 40])
def test_few_tokens(rows: int) -> None:
    table = np.random.default_rng(rows).normal(size=(rows, 5)).astype(np.float32)
    first, second = laid_out(table, table)
    for frame in (first, second):
        assert frame.shape == (rows, 2)
        assert np.isfinite(frame).all()
        assert len(np.unique(frame.round(6), axis=0)) == rows
    if rows in (2, 3):
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_equal_rows_lie_in_one_point_until_they_part(metric: Metric) -> None:
    equal = np.full((100, 4), 0.1, np.float32)
    same, parted = laid_out(equal, clusters(100)[:, :4], metric=metric)
    assert (same == 0).all()
    assert radius(parted) > 1


@given(tables())
@settings(max_examples=15)
def test_every_usable_row_has_a_place_and_no_other(table: Any) -> None:
    table[0] = np.nan
    first, second = laid_out(table, table[::-1])
    usable = np.isfinite(table).all(axis=1) & table.any(axis=1)
    np.testing.assert_array_equal(np.isfinite(first), np.repeat(usable[:, None], 2, 1))
    assert np.isfinite(second).all(axis=1).sum() == usable.sum()


def test_it_reports_how_far_it_is() -> None:
    told: list[tuple[float, str]] = []
    laid_out(
        clusters(100),
        clusters(100, 1),
        chosen=range(80),
        progress=lambda share, message="": told.append((share, message)),
    )
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert len(told) > 80
    assert told[0][1] == "step 1 of 2: reading"
    assert (0.25, "step 1 of 2: 750 of 750 iterations") in told


@pytest.mark.parametrize("until", ["finding neighbors", "250 of 750", "placing"])
def test_it_ends_when_the_report_raises(until: str) -> None:
    class Unwanted(Exception):  # noqa: N818
        pass

    last = ""

    def report(share: float, message: str = "") -> None:
        nonlocal last
        last = message
        if until in message:
            raise Unwanted

    with pytest.raises(Unwanted):
        laid_out(clusters(100), chosen=range(90), progress=report)
    assert until in last


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "openTSNE", None)
    with pytest.raises(ImportError, match=r"pip install tb_wordembed\[layout\]"):
        layout([], [])


def test_clear_errors() -> None:
    with pytest.raises(ValueError, match="'dot'; expected one of"):
        layout([], [], metric="dot")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="rows 1 to 30 are chosen; expected 0 to 9"):
        laid_out(clusters(10), chosen=[1, 30])
    with pytest.raises(ValueError, match="rows -1 to 2 are chosen; expected 0 to 9"):
        laid_out(clusters(10), chosen=[-1, 2])
