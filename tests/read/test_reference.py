"""Drift from a step of another series: another run, seed, tag or vocabulary."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import linalg

import tb_wordembed
from tb_wordembed import Reference, SnapshotWriter
from tb_wordembed.read.series import Series
from tb_wordembed.snapshots.verified_records import DamagedSnapshotError

ROWS, DIM = 60, 6
WORDS = [f"w{row}" for row in range(ROWS)]


def turned(rng: np.random.Generator, table: np.ndarray) -> np.ndarray:
    """A table in another basis, with a little noise."""
    rotation = linalg.qr(rng.normal(size=(table.shape[1], table.shape[1])))[0]
    noise = 0.01 * rng.normal(size=table.shape)
    return np.asarray((table + noise) @ rotation, np.float32)


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Series, Series]:
    """Two runs: the other one is turned, in another order, lacks w1, has "new", and w7
    is somewhere else there."""
    rng = np.random.default_rng(0)
    table = rng.normal(size=(ROWS, DIM)).astype(np.float32)
    other = turned(rng, table)
    other[7] = rng.normal(size=DIM)
    order = rng.permutation(np.delete(np.arange(ROWS), 1))
    tokens = [WORDS[row] for row in order] + ["new"]
    other = np.concatenate([other[order], np.ones((1, DIM), np.float32)])
    kinds = ["noun" if row % 2 else "verb" for row in range(ROWS)]
    with SnapshotWriter(tmp_path / "a") as writer:
        writer.embedding("words", table, 5, tokens=WORDS, metadata={"kind": kinds})
    with SnapshotWriter(tmp_path / "b") as writer:
        writer.embedding("words", other, 3, tokens=tokens)
    log = tb_wordembed.open(tmp_path)
    return log.series("a"), log.series("b")


def matched(runs: tuple[Series, Series]) -> tuple[np.ndarray, np.ndarray]:
    """The tables of the common tokens, in one order: of b, and of a."""
    ours, theirs = runs
    common = [one for one in ours.tokens if one in theirs.tokens]
    return (
        theirs.table(3)[[theirs.index_of(one) for one in common]].astype(float),
        ours.table(5)[[ours.index_of(one) for one in common]].astype(float),
    )


def test_drift_is_that_after_procrustes_of_scipy(runs: tuple[Series, Series]) -> None:
    ours, theirs = runs
    before, after = matched(runs)
    rotation, _ = linalg.orthogonal_procrustes(before, after)
    found = ours.alignment(3, 5, theirs)
    np.testing.assert_allclose(found.rotation, rotation, atol=1e-5)
    assert found.count == ROWS - 1
    expected = linalg.norm(before @ rotation - after, axis=1)
    drift = ours.drift(3, 5, "euclidean", reference=theirs)
    np.testing.assert_allclose(np.delete(drift, 1), expected, rtol=1e-4)
    assert np.isnan(drift[1])
    assert np.nanargmax(ours.drift(3, 5, reference=theirs)) == 7
    assert np.nanmedian(ours.drift(3, 5, reference=theirs)) < 0.02


def test_a_shift_of_the_whole_table_is_no_drift_when_centered(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    table = rng.normal(size=(ROWS, DIM)).astype(np.float32)
    for run, one in (("a", table), ("b", turned(rng, table) + 3)):
        with SnapshotWriter(tmp_path / run) as writer:
            writer.embedding("words", one, 0)
    log = tb_wordembed.open(tmp_path)
    ours, theirs = log.series("a"), log.series("b")
    assert ours.drift(0, 0, reference=theirs).max() > 0.1
    assert ours.drift(0, 0, reference=Reference(theirs, centered=True)).max() < 0.1


@pytest.mark.parametrize("form", [list, iter, np.array])
def test_anchors_alone_are_aligned(
    runs: tuple[Series, Series], form: Callable[[list[str]], Any]
) -> None:
    ours, theirs = runs
    anchors = [f"w{row}" for row in range(10, 30)]
    reference = Reference(theirs, anchors=form(anchors))
    found = ours.alignment(3, 5, reference)
    assert found.count == 20
    # Of neighbors, none are turned.
    kept = ours.turnover_estimate(3, 5, reference=reference)
    assert kept == ours.turnover_estimate(3, 5, reference=theirs)
    ours.drift(3, 5, reference=reference)
    before, after = (
        one.rows(step, [one.index_of(token) for token in anchors]).astype(float)
        for one, step in ((theirs, 3), (ours, 5))
    )
    expected, _ = linalg.orthogonal_procrustes(before, after)
    np.testing.assert_allclose(found.rotation, expected, atol=1e-4)
    with pytest.raises(ValueError, match=r"5 of the anchors in common; expected 6"):
        ours.alignment(3, 5, Reference(theirs, anchors=WORDS[2:7]))


def test_tokens_of_one_side_are_listed(runs: tuple[Series, Series]) -> None:
    ours, theirs = runs
    assert np.flatnonzero(ours.rows_in_reference(theirs) < 0).tolist() == [1]
    assert ours.only_in_reference(theirs) == ["new"]


def test_tokens_of_one_side_are_missing_and_not_measured(
    runs: tuple[Series, Series],
) -> None:
    ours, theirs = runs
    found = ours.turnover(3, 5, 5, reference=theirs)
    assert found.missing.tolist() == [1]
    assert np.flatnonzero(np.isnan(found.overlap)).tolist() == [1]
    assert found.mean_overlap == pytest.approx(np.delete(found.overlap, 1).mean())
    estimate = ours.turnover_estimate(3, 5, 5, reference=theirs)
    assert (estimate.sampled, estimate.population) == (ROWS - 1, ROWS - 1)
    assert estimate.mean_overlap == pytest.approx(found.mean_overlap)
    assert np.isnan(ours.neighbor_change(1, 3, 5, reference=theirs).change.overlap)
    back = theirs.turnover(5, 3, 5, reference=ours)
    assert back.missing.tolist() == [theirs.index_of("new")]


def test_neighbors_need_neither_alignment_nor_equal_dimensions(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    table = rng.normal(size=(ROWS, DIM)).astype(np.float32)
    wide = turned(rng, np.pad(table, ((0, 0), (0, 3)))).astype(np.float32)
    for run, one in (("a", table), ("b", wide)):
        with SnapshotWriter(tmp_path / run) as writer:
            writer.embedding("words", one, 0, tokens=WORDS)
    log = tb_wordembed.open(tmp_path)
    ours, theirs = log.series("a"), log.series("b")
    assert ours.turnover(0, 0, k=5, reference=theirs).mean_overlap > 0.9
    assert ours.turnover_estimate(0, 0, 5, reference=theirs).mean_overlap > 0.9
    assert ours.all_second_order_drift(0, 0, 5, reference=theirs).max() < 0.01
    of_one = ours.second_order_drift("w3", 0, 0, 5, reference=theirs)
    every = ours.all_second_order_drift(0, 0, 5, reference=theirs)
    assert of_one == pytest.approx(every[3], abs=1e-6)
    near = ours.neighbor_change("w3", 0, 0, 5, reference=theirs)
    assert [one.token for one in near.before] == [
        one.token for one in theirs.neighbors("w3", 0, 5)
    ]
    with pytest.raises(ValueError, match=r"9 dimensions .* 6: only tables of as many"):
        ours.drift(0, 0, reference=theirs)


def test_groups_are_measured_after_the_alignment(runs: tuple[Series, Series]) -> None:
    ours, theirs = runs
    drift = ours.drift(3, 5, reference=theirs)
    for one in ours.groups("kind", 3, 5, reference=theirs, k=3):
        expected = np.nanmedian(drift[one.rows])
        assert one.drift[1] == pytest.approx(expected, rel=1e-4)
        assert one.centroid_drift < 0.2


def test_what_is_no_reference_is_refused(runs: tuple[Series, Series]) -> None:
    with pytest.raises(TypeError, match="expected a series"):
        runs[0].drift(3, 5, reference="b")  # type: ignore[arg-type]


def test_tables_without_a_token_in_common_are_refused(tmp_path: Path) -> None:
    for run, tokens in (("a", ["x", "y"]), ("b", ["p", "q"])):
        with SnapshotWriter(tmp_path / run) as writer:
            writer.embedding("words", np.eye(2, dtype=np.float32), 0, tokens=tokens)
    log = tb_wordembed.open(tmp_path)
    with pytest.raises(ValueError, match=r"no token in common: .* 'x', 'y'.* 'p', 'q'"):
        log.series("a").drift(0, 0, reference=log.series("b"))


def test_positions_of_a_reference_are_those_of_its_turned_rows(
    runs: tuple[Series, Series],
) -> None:
    ours, theirs = runs
    before, after = matched(runs)
    rotation, _ = linalg.orthogonal_procrustes(before, after)
    basis = ours.basis((1, 2))
    expected = (before @ rotation - basis.mean) @ basis.components.T
    found = ours.reference_positions(3, 5, theirs, (1, 2))
    assert found.shape == (ROWS, 2)
    np.testing.assert_allclose(np.delete(found, 1, axis=0), expected, atol=1e-4)
    assert np.isnan(found[1]).all()
    apart = np.linalg.norm(found - ours.positions(5, (1, 2)), axis=1)
    assert np.nanmedian(apart) < 0.1


def test_trajectories_from_another_run_are_aligned_at_each_step(
    tmp_path: Path,
) -> None:
    rng = np.random.default_rng(3)
    table = rng.normal(size=(ROWS, DIM)).astype(np.float32)
    with SnapshotWriter(tmp_path / "b") as writer:
        writer.embedding("words", turned(rng, table), 3, tokens=WORDS)
    with SnapshotWriter(tmp_path / "a") as writer:
        for step in range(3):
            moved = turned(rng, table)
            moved[7] += step
            writer.embedding("words", moved, step, tokens=WORDS)
    log = tb_wordembed.open(tmp_path)
    ours, theirs = log.series("a"), log.series("b")
    found = ours.trajectories([7, 9], 3, "euclidean", reference=theirs)
    for at, step in enumerate(ours.steps):
        expected = ours.drift(3, step, "euclidean", reference=theirs)[[7, 9]]
        np.testing.assert_allclose(found.drift[:, at], expected, rtol=1e-4)
    assert found.drift[0].argmax() == 2
    own = ours.trajectories([7, 9], 0, "euclidean")
    np.testing.assert_array_equal(found.norm, own.norm)
    np.testing.assert_array_equal(found.step_drift, own.step_drift)
    one = ours.trajectory("w7", 3, "euclidean", reference=theirs)
    np.testing.assert_allclose(one.drift, found.drift[0], rtol=1e-5)


@pytest.mark.parametrize("centered", [False, True])
@pytest.mark.parametrize("measure", ["cosine", "euclidean", "relative", "norm_change"])
def test_group_trajectories_from_another_run_are_those_of_scipy(
    tmp_path: Path, measure: Any, centered: bool
) -> None:
    """In both directions, of runs with other tokens in another order at other steps;
    of few rows, which are read alone, and of all."""
    rng = np.random.default_rng(5)
    table = rng.normal(size=(ROWS, DIM)) + 2
    order = rng.permutation(ROWS - 5)
    for run, rows, steps in (("a", np.arange(ROWS), 9), ("b", order, 2)):
        with SnapshotWriter(tmp_path / run) as writer:
            for step in range(steps):
                moved = turned(rng, table + 0.1 * step * rng.normal(size=table.shape))
                tokens = [WORDS[row] for row in rows]
                writer.embedding("words", moved[rows], 10 * step, tokens=tokens)
    log = tb_wordembed.open(tmp_path)
    by = {"three": ["w2", "w9", "w30"], "half": WORDS[:30], "lone": WORDS[-3:]}
    for ours, theirs, step in (
        (log.series("a"), log.series("b"), 10),
        (log.series("b"), log.series("a"), 30),
    ):
        known = {
            name: [one for one in members if one in ours.tokens]
            for name, members in by.items()
        }
        reference = Reference(theirs, centered)
        found = ours.group_trajectories(known, step, measure, reference=reference)
        assert (found.names, found.steps) == ([*known], ours.steps)
        few = {"three": known["three"]}
        alone = ours.group_trajectories(few, step, measure, reference=reference)
        for values in ("drift", "centroid_drift"):
            some = getattr(alone, values)
            np.testing.assert_allclose(some[0], getattr(found, values)[0], rtol=1e-4)
        for at, to_step in enumerate(ours.steps):
            expected = drift_by_scipy(ours, theirs, step, to_step, measure, centered)
            for drift, members in zip(found.drift, known.values(), strict=True):
                some = [expected[one] for one in members if one in expected]
                if not some:
                    assert np.isnan(drift[at])
                    continue
                assert drift[at] == pytest.approx(np.median(some), rel=1e-3, abs=1e-5)
            [moved_far] = found.centroid_drift[1:2, at]
            expected = drift_by_scipy(
                ours, theirs, step, to_step, measure, centered, known["half"]
            )
            common = [one for one in known["half"] if one in theirs.tokens]
            assert len(common) == len(known["half"])
            assert moved_far == pytest.approx(expected["mean"], rel=1e-3, abs=1e-5)


def drift_by_scipy(
    ours: Series,
    theirs: Series,
    from_step: int,
    to_step: int,
    measure: str,
    centered: bool,
    of_mean: Any = (),
) -> dict[str, float]:
    """The drift of the common tokens, or of the mean of some as "mean"."""
    common = [one for one in ours.tokens if one in theirs.tokens]
    places = [[one.index_of(token) for token in common] for one in (theirs, ours)]
    before = theirs.table(from_step)[places[0]].astype(float)
    after = ours.table(to_step)[places[1]].astype(float)
    means = [one.mean(axis=0) if centered else 0 for one in (before, after)]
    before, after = before - means[0], after - means[1]
    rotation, _ = linalg.orthogonal_procrustes(before, after)
    before, after = before @ rotation + means[1], after + means[1]
    if len(of_mean):
        some = [common.index(one) for one in of_mean]
        before, after = (one[some].mean(axis=0)[None] for one in (before, after))
        common = ["mean"]
    moved = linalg.norm(after - before, axis=1)
    sizes = linalg.norm(before, axis=1), linalg.norm(after, axis=1)
    by_measure = {
        "cosine": 1 - (before * after).sum(axis=1) / (sizes[0] * sizes[1]),
        "euclidean": moved,
        "relative": moved / sizes[0],
        "norm_change": sizes[1] - sizes[0],
    }
    return dict(zip(common, by_measure[measure], strict=True))


def test_motion_between_runs_is_told_from_the_rotation(tmp_path: Path) -> None:
    """Some tokens near each other went the same way in one of the runs; w0 went
    alone."""
    rng = np.random.default_rng(4)
    table = rng.normal(size=(400, DIM)).astype(np.float32)
    table[10:20] = table[10] + 0.01 * rng.normal(size=(10, DIM))
    moved = table.copy()
    moved[10:20] += np.float32(0.5)
    moved[0] -= np.float32(2)
    for run, one in (("a", moved), ("b", turned(rng, table))):
        with SnapshotWriter(tmp_path / run) as writer:
            writer.embedding("words", one, 0)
    log = tb_wordembed.open(tmp_path)
    ours, theirs = log.series("a"), log.series("b")
    together = ours.motion(10, 0, 0, k=9, n=9, reference=theirs)
    assert together.shared_share > 0.9
    assert {one.index for one in together.parallel} == set(range(11, 20))
    assert together.steps == [0]
    assert ours.motion(0, 0, 0, k=9, reference=theirs).own_share > 0.9


def test_a_damaged_reference_is_named(runs: tuple[Series, Series]) -> None:
    ours, theirs = runs
    (path,) = Path(theirs.directory).iterdir()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    log = tb_wordembed.open(path.parents[1])
    ours, theirs = log.series("a"), log.series("b")
    with pytest.raises(DamagedSnapshotError, match="checksum"):
        ours.skip_damaged(lambda: theirs.table(3))
