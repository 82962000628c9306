"""How alike the tables at many steps are, of one run and between two."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.analysis.cka import SimilarityMeasure, table_cka
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read import similarity
from tb_wordembed.read.log import Log
from tb_wordembed.read.similarity import some_steps

ROWS = 120
WORDS = [f"w{row}" for row in range(ROWS)]
PHASES = [0, 1, 2, 10, 11, 12]
"""Steps of a training that goes elsewhere after the third."""


def log_of(directory: Path, **runs: dict[int, np.ndarray]) -> Log:
    for run, tables in runs.items():
        with SnapshotWriter(directory / run) as writer:
            for step, table in tables.items():
                words = WORDS[: len(table)]
                writer.embedding("words", table.astype("f4"), step, tokens=words)
    return tb_wordembed.open(directory)


def two_phases(rng: np.random.Generator, dim: int) -> dict[int, np.ndarray]:
    early, late = rng.normal(size=(2, ROWS, dim))
    return {
        step: (late if step >= 10 else early) + 0.2 * rng.normal(size=(ROWS, dim))
        for step in PHASES
    }


def test_phases_of_a_training_stand_out_as_blocks(tmp_path: Path) -> None:
    tables = two_phases(np.random.default_rng(0), 6)
    found = log_of(tmp_path, a=tables).series().similarity_matrix()
    assert found.from_steps == found.to_steps == PHASES
    assert (found.sampled, found.population) == (ROWS, ROWS)
    expected = [
        [table_cka(one, other, debiased=True) for other in tables.values()]
        for one in tables.values()
    ]
    np.testing.assert_allclose(found.values, expected, atol=1e-5)
    same = found.values[:3, :3].min(), found.values[3:, 3:].min()
    assert min(same) > 0.8 > 0.2 > found.values[:3, 3:].max()


def test_two_runs_of_other_dimensions_and_tokens_are_compared(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    ours, theirs = two_phases(rng, 6), {5: rng.normal(size=(ROWS - 30, 9))}
    log = log_of(tmp_path, a=ours, b=theirs)
    found = log.series("a").similarity_matrix(reference=log.series("b"))
    assert (found.from_steps, found.to_steps) == ([5], PHASES)
    assert (found.sampled, found.population) == (ROWS - 30, ROWS - 30)
    expected = [
        table_cka(theirs[5], one[: ROWS - 30], debiased=True) for one in ours.values()
    ]
    np.testing.assert_allclose(found.values, [expected], atol=1e-5)


def near(table: np.ndarray, rows: np.ndarray, k: int) -> list[set[int]]:
    search = NearestNeighbors(n_neighbors=k + 1, metric="cosine").fit(table)
    found = search.kneighbors(table[rows], return_distance=False)
    return [set(one) - {row} for row, one in zip(rows, found.tolist(), strict=True)]


@pytest.mark.parametrize("sample", [ROWS, 40])
def test_overlap_is_that_of_the_neighbors_of_scikit_learn(
    tmp_path: Path, sample: int
) -> None:
    rng = np.random.default_rng(2)
    ours, theirs = two_phases(rng, 6), two_phases(rng, 4)
    log = log_of(tmp_path, a=ours, b=theirs)
    rows = np.linspace(0, ROWS - 1, sample).round().astype(int)
    for other, reference in ((ours, None), (theirs, log.series("b"))):
        found = log.series("a").similarity_matrix(
            measure="overlap", k=5, reference=reference, sample=sample
        )
        expected = [
            [mean_overlap(near(one, rows, 5), near(two, rows, 5)) for two in both]
            for both in [list(ours.values())]
            for one in other.values()
        ]
        np.testing.assert_allclose(found.values, expected, atol=1e-6)
        assert (found.sampled, found.population) == (sample, ROWS)


def mean_overlap(before: Sequence[set[int]], after: Sequence[set[int]]) -> float:
    pairs = zip(before, after, strict=True)
    return float(np.mean([len(one & two) / 5 for one, two in pairs]))


def test_of_many_steps_some_are_compared_and_the_last(tmp_path: Path) -> None:
    assert some_steps(range(64)) == list(range(64))
    assert some_steps(range(65)) == [*range(0, 64, 2), 64]
    assert some_steps(range(66)) == [*range(0, 65, 2), 65]
    for count in (1, 2, 63, 127, 128, 129, 1000, 4097):
        found = some_steps(range(count))
        assert len(found) <= similarity.MOST_STEPS
        assert (found[0], found[-1]) == (0, count - 1)
    tables = dict.fromkeys(range(70), np.eye(8)[:, :3])
    series = log_of(tmp_path, a=tables).series()
    assert series.similarity_matrix().to_steps == some_steps(range(70))
    square, other = (
        series.similarity_matrix(to_steps=[3, 5]),
        series.similarity_matrix([1]),
    )
    assert (square.from_steps, square.to_steps) == ([3, 5], [3, 5])
    assert (other.from_steps, other.to_steps) == ([1], some_steps(range(70)))
    with pytest.raises(ValueError, match="65 steps; expected 1 to 64"):
        series.similarity_matrix(to_steps=range(65))
    with pytest.raises(NotFoundError, match="step 71"):
        series.similarity_matrix(to_steps=[71])
    with pytest.raises(ValueError, match="measure='cos': expected one of"):
        series.similarity_matrix(measure="cos")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"sample.*2,?000"):
        series.similarity_matrix(sample=2001)


def test_a_training_that_diverged_is_compared_up_to_there(tmp_path: Path) -> None:
    tables = two_phases(np.random.default_rng(3), 6)
    tables[12][:] = np.nan
    tables[11][:40] = np.inf
    series = log_of(tmp_path, a=tables).series()
    for measure in get_args(SimilarityMeasure):
        found = series.similarity_matrix(measure=measure)
        assert np.isnan(found.values[5]).all()
        assert np.isnan(found.values[:, 5]).all()
        assert np.isfinite(found.values[:5, :5]).all()
    assert series.similarity_matrix().sampled == ROWS - 40


def test_a_vocabulary_that_grew_is_compared_by_the_tokens_of_its_first(
    tmp_path: Path,
) -> None:
    rng = np.random.default_rng(4)
    tables = {0: rng.normal(size=(50, 6)), 1: rng.normal(size=(ROWS, 6))}
    found = log_of(tmp_path, a=tables).series().similarity_matrix(sample=50)
    assert (found.sampled, found.population) == (50, 50)
    expected = table_cka(tables[0], tables[1][:50], debiased=True)
    assert found.values[0, 1] == pytest.approx(expected, abs=1e-5)


def test_damaged_steps_of_either_run_are_left_out(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    log_of(tmp_path, a=two_phases(rng, 6), b=two_phases(rng, 6))
    for run, number in (("a", 2), ("b", 4)):
        (path,) = (tmp_path / run).iterdir()
        data = bytearray(path.read_bytes())
        data[len(data) * (2 * number + 1) // 12] ^= 0xFF
        path.write_bytes(data)
    log = tb_wordembed.open(tmp_path)
    found = log.series("a").similarity_matrix(
        measure="overlap", reference=log.series("b")
    )
    assert found.to_steps == [*PHASES[:2], *PHASES[3:]]
    assert found.from_steps == [*PHASES[:4], *PHASES[5:]]
    assert found.values.shape == (5, 5)
    assert np.isfinite(found.values).all()
