from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from strategies import elements
from whole_tables import moments_of, pair_of

from tb_wordembed.analysis import health
from tb_wordembed.analysis.drift import Measure, drift, straightness
from tb_wordembed.analysis.measure_steps import Step, measure_steps
from tb_wordembed.analysis.rows import norms
from tb_wordembed.engine.local import LocalEngine

RNG = np.random.default_rng(0)

KEPT: tuple[Measure, ...] = ("cosine", "euclidean")
"""The measures of drift that steps have."""


def reused(table: Any, rows: int = 7, buffers: int = 1) -> Iterator[tuple[int, Any]]:
    """Row blocks in buffers that are overwritten, as a reader of files has them."""
    room = [np.empty_like(table[:rows]) for _ in range(buffers)]
    for number, start in enumerate(range(0, len(table), rows)):
        part = room[number % buffers][: len(table[start : start + rows])]
        part[:] = table[start : start + rows]
        yield start, part
        room[(number + 1) % buffers][:] = 12345


def measured(tables: Any, **options: Any) -> list[Step]:
    """All steps of a series, together."""
    blocks = [reused(one) for one in tables]
    return [*measure_steps(blocks, tables[0].shape, **options)]


def one_by_one(tables: Any, **options: Any) -> list[Step]:
    """All steps of a series, each when it arrives."""
    found: list[Step] = []
    for index, table in enumerate(tables):
        found += measure_steps(
            [reused(table)],
            table.shape,
            previous=(found[-1], reused(tables[index - 1])) if index else None,
            first=(found[0], reused(tables[0])) if index > 1 else None,
            **options,
        )
    return found


def walk(steps: int, rows: int = 40, dim: int = 6) -> Any:
    change = RNG.normal(size=(steps, rows, dim)) * 0.3
    return change.cumsum(axis=0).astype(np.float32)


@given(
    st_numpy.arrays(
        np.float32,
        st.tuples(st.integers(1, 5), st.integers(1, 12), st.integers(1, 5)),
        elements=elements,
    )
)
def test_what_is_measured_per_token_is_what_each_measure_says(tables: Any) -> None:
    found = measured(tables)
    path = np.zeros(len(tables[0]))
    for index, (step, table) in enumerate(zip(found, tables, strict=True)):
        np.testing.assert_allclose(step.norm, norms(table))
        if not index:
            assert step.from_first is None
            assert step.from_previous is None
            continue
        assert step.from_first is not None
        assert step.from_previous is not None
        for name in KEPT:
            np.testing.assert_allclose(
                getattr(step.from_first, name), drift(tables[0], table, name), rtol=1e-6
            )
            np.testing.assert_allclose(
                getattr(step.from_previous, name),
                drift(tables[index - 1], table, name),
                rtol=1e-6,
            )
        path += np.linalg.norm(table.astype(float) - tables[index - 1], axis=1)
        np.testing.assert_allclose(step.path, path, rtol=1e-6)


def test_the_way_of_a_token_by_hand() -> None:
    way = np.array([[0, 0], [3, 4], [3, 4], [3, 0], [0, 0]], np.float32)
    found = measured(way[:, None, :])
    assert [step.path[0] for step in found] == [0, 5, 5, 9, 12]
    net = [step.from_first.euclidean for step in found[1:] if step.from_first]
    paths = [step.path for step in found[1:]]
    straight = [straightness(*of) for of in zip(net, paths, strict=True)]
    np.testing.assert_allclose(np.concatenate(straight), [1, 1, 3 / 9, 0])


@pytest.mark.parametrize("measure", [measured, one_by_one])
def test_changes_and_how_long_ago_the_last_was(measure: Any) -> None:
    x = np.nan
    ways = [[0, 0, 0, 0, 0], [0, 1, 1, 2, 2], [1, 1, 2, 1, 1], [x, x, 1, 1, 2]]
    tables = np.array([*ways, [0, -0.0, 0, x, 1]], np.float32).T[:, :, None]
    found = measure(tables)
    assert found[-1].changes.tolist() == [0, 2, 2, 1, 0]
    assert found[-1].idle.tolist() == [-1, 1, 1, 0, -1]
    cold = [step.health.cold_share for step in found]
    np.testing.assert_allclose(cold, [x, 3 / 4, 3 / 5, 2 / 4, 2 / 5])


def test_health_is_what_each_measure_says() -> None:
    tables = walk(4)
    found = measured(tables)[3].health
    moments = moments_of(tables[3])
    singular = np.linalg.svd(tables[3].astype(float), compute_uv=False)
    np.testing.assert_allclose(found.spectrum, singular, rtol=1e-4)
    assert found.effective_rank == pytest.approx(health.effective_rank(singular))
    assert found.participation_ratio == pytest.approx(
        health.participation_ratio(moments), rel=1e-5
    )
    assert found.iso_score == pytest.approx(health.iso_score(moments), rel=1e-4)
    at = [0.1, 0.5, 0.9, 1.0]
    for ours, values in (
        (found.norm, norms(tables[3]).astype(np.float32)),
        (found.drift_from_first, drift(tables[0], tables[3])),
        (found.drift_from_previous, drift(tables[2], tables[3])),
    ):
        np.testing.assert_allclose(ours, np.quantile(values, at), rtol=1e-5)
    for similarity, other in ((found.to_first, 0), (found.to_previous, 2)):
        expected = health.similarity(pair_of(tables[other], tables[3]))
        for name in ("cka", "pip_loss", "procrustes_residual"):
            assert getattr(similarity, name) == pytest.approx(
                getattr(expected, name), abs=1e-5
            )
    unit = tables[3] / norms(tables[3])[:, None]
    total = unit.sum(axis=0)
    assert found.mean_pairwise_cosine == pytest.approx((total @ total - 40) / 1560)


def test_the_first_step_has_nothing_to_compare_with() -> None:
    found = measured(walk(1))[0].health
    assert found.frozen_rows is None
    assert found.to_first is None
    assert found.to_previous is None
    assert np.isnan(found.drift_from_first).all()
    assert np.isnan(found.drift_from_previous).all()


def test_the_second_step_is_compared_once() -> None:
    found = measured(walk(2))[1]
    assert found.from_first is found.from_previous
    assert found.health.to_first is found.health.to_previous


def test_the_similarity_to_steps_that_are_hardly_different_may_be_left_out() -> None:
    far, near = walk(2), walk(1)
    tables = np.concatenate([far, far[-1:] + 0.001 * near])
    _, moved, settled = measured(tables, least_drift=0.01)
    _, same, whole = measured(tables)
    assert settled.health.to_previous is None
    assert whole.health.to_previous is not None
    assert moved.health.to_previous == same.health.to_previous is not None
    assert settled.health.effective_rank == whole.health.effective_rank


def test_a_settled_table() -> None:
    table = walk(1)[0]
    found = measured([table, table, table])[2]
    for similarity in (found.health.to_first, found.health.to_previous):
        assert similarity is not None
        assert similarity.cka == pytest.approx(1, abs=1e-12)
        assert similarity.pip_loss == 0
        assert similarity.procrustes_residual < 1e-6
    assert found.health.frozen_rows == len(table)
    assert (found.path == 0).all()
    assert found.from_first is not None
    assert np.isnan(straightness(found.from_first.euclidean, found.path)).all()


def test_counts() -> None:
    before = RNG.normal(size=(12, 2)).astype(np.float32)
    before[:2], before[6] = 0, np.nan
    table = before.copy()
    table[1] = -0.0
    table[3, 0] = np.nan
    table[4, 1] = np.inf
    table[5, 1] = np.nextafter(table[5, 1], np.float32(9))
    table[8:10] = table[7]
    found = measured([before, table])[1].health
    assert (found.zero_rows, found.non_finite_rows) == (2, 3)
    # 0 and 1, 2, 7, 10, 11: -0.0 is 0.0, and row 6 is no row to speak of.
    assert found.frozen_rows == 6
    assert found.duplicate_rows == 3  # 1, 8, 9


def test_rows_that_are_not_finite_change_nothing_for_the_others() -> None:
    tables = walk(3)
    clean = measured(tables[:, 9:])[2]
    tables[0, :3], tables[1, 3:6], tables[2, 6:9] = np.nan, np.inf, np.nan
    found = measured(tables)[2]
    for name in KEPT:
        np.testing.assert_allclose(
            getattr(found.from_first, name)[9:],
            getattr(clean.from_first, name),
            rtol=1e-5,
        )
    np.testing.assert_allclose(found.path[9:], clean.path, rtol=1e-6)
    assert np.isnan(found.path[3:9]).all()
    expected = health.similarity(pair_of(tables[0], tables[2]))
    assert found.health.to_first is not None
    assert found.health.to_first.cka == pytest.approx(expected.cka, abs=1e-6)
    assert found.health.to_first.pip_loss == pytest.approx(expected.pip_loss, abs=1e-5)
    kept = np.isfinite(tables[0] + tables[2]).all(axis=1)
    expected = health.similarity(pair_of(tables[0][kept], tables[2][kept]))
    assert found.health.to_first.cka == pytest.approx(expected.cka, abs=1e-6)
    assert found.health.to_first.pip_loss == pytest.approx(expected.pip_loss, abs=1e-5)


def test_nothing_finite() -> None:
    table = np.full((3, 2), np.nan, np.float32)
    found = measured([table, table])[1].health
    assert (found.non_finite_rows, found.zero_rows, found.frozen_rows) == (3, 0, 0)
    for value in (found.effective_rank, found.iso_score, found.mean_pairwise_cosine):
        assert np.isnan(value)
    assert found.to_first is not None
    assert np.isnan(found.to_first.cka)


def test_a_vocabulary_that_grows() -> None:
    tables = walk(3)
    short = tables[0][:30]
    padded = tables[0].copy()
    padded[30:] = np.nan
    start = measured([short])[0]
    (grown,) = measure_steps(
        [reused(tables[1])], (40, 6), previous=(start, reused(padded))
    )
    (last,) = measure_steps(
        [reused(tables[2])],
        (40, 6),
        previous=(grown, reused(tables[1])),
        first=(start, reused(padded)),
    )
    expected = measured([padded, tables[1], tables[2]], absent=[10, 0, 0])[2]
    for one in (last, expected):
        assert one.from_first is not None
        assert np.isnan(one.from_first.cosine[30:]).all()
        # The way of a new row begins where it is first seen.
        moved = drift(tables[1][30:], tables[2][30:], "euclidean")
        np.testing.assert_allclose(one.path[30:], moved, rtol=1e-6)
        assert one.health.to_first is not None
        assert one.health.to_first.cka == pytest.approx(
            health.linear_cka(pair_of(short, tables[2][:30])), abs=1e-6
        )
        assert one.health.non_finite_rows == 0


def test_absent_rows_are_not_counted_as_not_finite() -> None:
    table = walk(1)[0]
    table[30:], table[3] = np.nan, np.nan
    found = measured([table], absent=[10])[0].health
    assert found.non_finite_rows == 1


def assert_same_health(found: Step, expected: Step) -> None:
    ours, theirs = found.health, expected.health
    assert ours.effective_rank == pytest.approx(theirs.effective_rank, rel=1e-4)
    assert ours.frozen_rows == theirs.frozen_rows
    for name in ("to_first", "to_previous"):
        for measure in ("cka", "pip_loss", "procrustes_residual"):
            one, other = (getattr(getattr(h, name), measure) for h in (ours, theirs))
            assert one == pytest.approx(other, abs=1e-4)


def assert_same_tokens(found: Step, expected: Step) -> None:
    np.testing.assert_array_equal(found.norm, expected.norm)
    np.testing.assert_array_equal(found.path, expected.path)
    for ours, theirs in (
        (found.from_first, expected.from_first),
        (found.from_previous, expected.from_previous),
    ):
        assert (ours is None) == (theirs is None)
        if ours is not None:
            for name in (*KEPT, "unchanged"):
                np.testing.assert_array_equal(
                    getattr(ours, name), getattr(theirs, name)
                )


def test_a_step_that_arrives_later_is_measured_as_together_with_the_others() -> None:
    tables = walk(5)
    tables[3] = tables[2]
    tables[2, 4], tables[1, 5] = np.nan, 0
    for found, expected in zip(one_by_one(tables), measured(tables), strict=True):
        assert_same_tokens(found, expected)
        if expected.from_first is not None:
            assert_same_health(found, expected)


@pytest.mark.parametrize("rows", [1, 3, 40, 100])
def test_the_size_of_the_blocks_does_not_matter(rows: int) -> None:
    tables = walk(3)
    found = [*measure_steps([reused(one, rows) for one in tables], (40, 6))]
    for ours, theirs in zip(found, measured(tables), strict=True):
        assert_same_tokens(ours, theirs)
    assert_same_health(found[2], measured(tables)[2])


@pytest.mark.parametrize("workers", [1, 2, 4])
@pytest.mark.parametrize("steps", [1, 3])
def test_several_workers_measure_the_same_to_the_last_bit(
    workers: int, steps: int
) -> None:
    tables = walk(steps, rows=400, dim=24)
    tables[-1, 30:60], tables[0, 50:90], tables[-1, 100] = np.nan, np.inf, 0
    expected = measured(tables)
    for _ in range(10):
        found = measure_steps(
            [reused(one, buffers=workers) for one in tables],
            (400, 24),
            engine=LocalEngine(workers),
        )
        for ours, theirs in zip(found, expected, strict=True):
            assert_same_tokens(ours, theirs)
            np.testing.assert_equal(asdict(ours), asdict(theirs))


def measured_as(tables: Any, rows: int) -> list[Step]:
    return [*measure_steps([reused(one) for one in tables], (rows, 6))]


def test_clear_errors() -> None:
    tables = walk(2)
    with pytest.raises(ValueError, match=r"from row 40 .* and 41 rows in all"):
        measured_as(tables[:1], 41)
    with pytest.raises(ValueError, match="more than the expected 35 rows"):
        measured_as(tables[:1], 35)
    with pytest.raises(ValueError, match=r"\(40, 6\) at row 5"):
        list(measure_steps([[(5, tables[0])]], (40, 6)))
    with pytest.raises(ValueError, match=r"from row 0 .* \(5, 6\) .* \(7, 6\)"):
        list(measure_steps([reused(tables[0]), reused(tables[1], 5)], (40, 6)))
    with pytest.raises(ValueError, match=r"\(7, 6\) at row 0; expected \(7, 5\)"):
        list(measure_steps([reused(tables[0])], (40, 5)))
