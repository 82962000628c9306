"""Trajectories hold what whole tables say of the same rows, step by step."""

from __future__ import annotations

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.rows import narrow
from tb_wordembed.read import trajectories
from tb_wordembed.read.series import Series

STEPS, ROWS, DIM = 7, 12, 4
TOKENS = [3, 0, 11]


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Series:
    logdir = tmp_path_factory.mktemp("log")
    rng = np.random.default_rng(0)
    table = rng.standard_normal((ROWS, DIM), np.float32)
    with tb_wordembed.SnapshotWriter(logdir) as log:
        for step in range(STEPS):
            table += rng.standard_normal(table.shape, np.float32) / 4
            # A row that is not finite, one that is tiny, and one that stays.
            table[11], table[0] = np.inf if step == 2 else step, 1e-30 * step
            log.embedding("words", table, step)
    return tb_wordembed.open(logdir).series()


@pytest.mark.parametrize("numbers_at_once", [1, 24, 36, 1 << 20])
@pytest.mark.parametrize("measure", ["cosine", "euclidean", "relative", "norm_change"])
def test_trajectories_are_those_of_whole_tables(
    series: Series,
    measure: Measure,
    numbers_at_once: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trajectories, "_NUMBERS_AT_ONCE", numbers_at_once)
    found = series.trajectories(TOKENS, 1, measure)
    assert found.trail.shape == (len(TOKENS), STEPS, 3)
    assert np.isnan(found.step_drift[:, 0]).all()
    for at, step in enumerate(series.steps):
        drift = series.drift(1, step, measure)[TOKENS]
        np.testing.assert_array_equal(found.drift[:, at], drift)
        np.testing.assert_allclose(
            narrow(found.norm[:, at]), series.norms(step)[TOKENS], rtol=1e-6
        )
        places = series.positions(step)[TOKENS]
        np.testing.assert_allclose(found.trail[:, at], places, rtol=1e-5, atol=1e-6)
        if at:
            moved = series.drift(series.steps[at - 1], step, measure)[TOKENS]
            np.testing.assert_array_equal(found.step_drift[:, at], moved)


def test_no_tokens_have_no_trajectories(series: Series) -> None:
    found = series.trajectories([], 0)
    assert found.drift.shape == found.norm.shape == (0, STEPS)
    assert found.trail.shape == (0, STEPS, 3)
