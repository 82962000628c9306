"""The jitter of a training that settled, as the noise between its steps."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed import Reference, SnapshotWriter
from tb_wordembed.cli import main
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read import seed_drift
from tb_wordembed.read.series import Series

ROWS, DIM, SETTLED = 3000, 8, 6
CHANGED = range(20)


def settling(rng: np.random.Generator, steps: int) -> list[np.ndarray]:
    """A training that wanders for some steps and only jitters from then on; rare tokens
    jitter most. At the last step some tokens go elsewhere."""
    table, jitter = rng.normal(size=(ROWS, DIM)), np.linspace(0.01, 0.05, ROWS)
    tables = []
    for step in range(steps):
        if step <= SETTLED:
            table = table + rng.normal(size=table.shape)
        tables.append(table + jitter[:, None] * rng.normal(size=table.shape))
    tables[-1][CHANGED] += 1
    return tables


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Series, Series]:
    """A training, and the same with one more step."""
    tables = settling(np.random.default_rng(0), 16)
    frequency = np.arange(ROWS, 0, -1)
    for run, some in (("short", tables[:-1]), ("long", tables)):
        with SnapshotWriter(tmp_path / run) as writer:
            for step, table in enumerate(some):
                writer.embedding(
                    "words",
                    table.astype(np.float32),
                    step,
                    metadata={"frequency": frequency},
                )
    log = tb_wordembed.open(tmp_path)
    return log.series("short"), log.series("long")


def test_a_further_step_jitters_as_the_floor_says(runs: tuple[Series, Series]) -> None:
    short, long = runs
    assert short.settled_step() == SETTLED
    floor = short.noise_floor()
    assert floor.pairs == 14 - SETTLED
    found = floor.p_values(long.drift(14, 15))
    others = np.setdiff1d(np.arange(ROWS), CHANGED)
    for band in np.array_split(others, 3):
        share = (found[band] <= 0.05).mean()
        error = np.sqrt(0.05 * 0.95 / len(band))
        assert share == pytest.approx(0.05, abs=4 * error)
    assert found[list(CHANGED)].max() < 0.01


@pytest.mark.parametrize("measure", ["cosine", "euclidean"])
def test_the_floor_is_that_of_the_drift_between_steps(
    runs: tuple[Series, Series], measure: str
) -> None:
    floor = runs[0].noise_floor(step=10, measure=measure)  # type: ignore[arg-type]
    drift = [runs[0].drift(step, step + 1, measure) for step in range(10, 14)]  # type: ignore[arg-type]
    np.testing.assert_allclose(floor.usual, np.mean(drift, axis=0), rtol=1e-5)


def test_a_training_that_has_not_settled_has_no_floor(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    with SnapshotWriter(tmp_path) as writer:
        for step in range(5):
            writer.embedding("words", rng.normal(size=(30, 4)).astype("f4"), step)
    series = tb_wordembed.open(tmp_path).series()
    with pytest.raises(ValueError, match="name seeds, or the step since"):
        series.noise_floor()
    assert series.noise_floor(step=2).pairs == 2
    with pytest.raises(ValueError, match="no step after 4"):
        series.noise_floor(step=4)
    with pytest.raises(NotFoundError, match="no step 7"):
        series.noise_floor(step=7)


def seeds_of(directory: Path, count: int = 5, **more: np.ndarray) -> list[Series]:
    """Trainings of one setting, each turned, and more tables."""
    rng = np.random.default_rng(5)
    table = rng.normal(size=(300, DIM))
    kinds = ["noun" if row < 60 else "verb" for row in range(300)]
    tables = {f"seed {one}": table for one in range(count)}
    for run, one in (tables | more).items():
        turn = np.linalg.qr(rng.normal(size=(DIM, DIM)))[0]
        noisy = one + 0.1 * rng.normal(size=one.shape) + 0.5
        with SnapshotWriter(directory / run) as writer:
            writer.embedding(
                "words", (noisy @ turn).astype("f4"), 0, metadata={"kind": kinds}
            )
    log = tb_wordembed.open(directory)
    return [log.series(run) for run in log.runs]


@pytest.mark.parametrize("measure", ["cosine", "euclidean"])
@pytest.mark.parametrize("centered", [False, True])
@pytest.mark.parametrize("at_once", [1, 64])
def test_seeds_are_compared_pair_by_pair(
    tmp_path: Path,
    measure: Any,
    centered: bool,
    at_once: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(seed_drift, "PRODUCT_BYTES", at_once * 8 * DIM**2)
    seeds = seeds_of(tmp_path)
    found = seeds[0].noise_floor(seeds, measure=measure, centered=centered)
    drift = [
        other.drift(0, 0, measure, reference=Reference(one, centered=centered))
        for one, other in itertools.combinations(seeds, 2)
    ]
    np.testing.assert_allclose(found.usual, np.mean(drift, axis=0), rtol=1e-4)


def test_seeds_with_rows_of_their_own_are_compared_over_these(tmp_path: Path) -> None:
    """One has a row that is not finite, one has its tokens in another order."""
    rng = np.random.default_rng(6)
    table = rng.normal(size=(60, 4)).astype(np.float32)
    for run in "abcde":
        one = table + 0.1 * rng.normal(size=table.shape).astype(np.float32)
        tokens = [f"w{row}" for row in range(60)]
        if run == "b":
            one[3] = np.nan
        if run == "c":
            one, tokens = one[::-1], tokens[::-1]
        with SnapshotWriter(tmp_path / run) as writer:
            writer.embedding("words", one, 0, tokens=tokens)
    log = tb_wordembed.open(tmp_path)
    for runs in ("abde", "acde", "abcde"):
        seeds = [log.series(run) for run in runs]
        found = seeds[0].noise_floor(seeds)
        drift = [
            other.drift(0, 0, reference=one)[seeds[0].rows_in_reference(other)]
            for one, other in itertools.combinations(seeds, 2)
        ]
        expected = np.nanmean(drift, axis=0)
        used = found.usual if len(runs) == 5 else np.nanmean(found.multiples, axis=1)
        np.testing.assert_allclose(used, expected, rtol=1e-4)


def test_the_floor_is_aligned_over_the_anchors_of_the_series(tmp_path: Path) -> None:
    seeds = seeds_of(tmp_path)
    anchors = [f"#{row}" for row in range(40)]
    by_rows = seeds[0].noise_floor(seeds, anchors=range(40))
    found = seeds[0].noise_floor(seeds, anchors=anchors)
    np.testing.assert_array_equal(found.usual, by_rows.usual)
    drift = [
        other.drift(0, 0, reference=Reference(one, anchors=anchors))
        for one, other in itertools.combinations(seeds, 2)
    ]
    np.testing.assert_allclose(found.usual, np.mean(drift, axis=0), rtol=1e-5)
    assert np.abs(found.usual - seeds[0].noise_floor(seeds).usual).max() > 1e-4


def test_findings_between_runs_are_above_the_noise(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    table = rng.normal(size=(300, DIM))
    changed, shifted = table.copy(), table.copy()
    changed[100:110] = rng.normal(size=(10, DIM))
    shifted[:60] += 0.05 * rng.normal(size=(60, DIM))
    seeds_of(tmp_path, 6, changed=changed, shifted=shifted)
    log = tb_wordembed.open(tmp_path)
    ours = log.series("seed 0")
    seeds = [log.series(f"seed {one}") for one in range(5)]
    (found,) = log.series("changed").findings_between(ours, seeds)
    assert found.kind == "changed_beyond_noise"
    assert set(found.rows.tolist()) >= set(range(100, 110))
    assert len(found.rows) <= 12
    assert found.view.measure == "cosine"
    groups = [
        one
        for one in log.series("shifted").findings_between(ours, seeds)
        if one.kind == "group_beyond_noise"
    ]
    assert [one.names for one in groups] == [("kind", "noun")]
    assert log.series("seed 5").findings_between(ours, seeds) == []


def test_findings_between_runs_list_what_is_new_and_gone(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    table = rng.normal(size=(40, 4))
    for run in ("a", "b", "c", "new"):
        first = 3 if run == "new" else 0
        tokens = [f"w{row + first}" for row in range(40)]
        noisy = (table + 0.1 * rng.normal(size=table.shape)).astype("f4")
        with SnapshotWriter(tmp_path / run) as writer:
            writer.embedding("words", noisy, 0, tokens=tokens)
    log = tb_wordembed.open(tmp_path)
    seeds = [log.series(run) for run in "abc"]
    found = log.series("new").findings_between(seeds[0], seeds, measure="overlap", k=3)
    new, gone = (one for one in found if one.kind.endswith("_tokens"))
    assert (new.kind, new.rows.tolist()) == ("new_tokens", [37, 38, 39])
    assert (gone.kind, gone.names) == ("gone_tokens", ("w0", "w1", "w2"))


def test_drift_is_ranked_beside_its_noise(
    runs: tuple[Series, Series], capsys: pytest.CaptureFixture[str]
) -> None:
    directory = str(Path(runs[0].directory).parent)
    asked = ["drift", directory, "--run", "long", "--from", "14", "--noise"]
    assert main([*asked, "--top", "21"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0].split()[4:6] == ["p_value", "q_value"]
    assert "noise of 9 intervals since step 6, of 200 tokens together" in err
    assert "tokens changed at a false discovery rate of 0.05" in err
    assert main([*asked, "--measure", "norm_change"]) == 2
    assert "with --noise, expected one of" in capsys.readouterr().err
    assert main([*asked, "--group-by", "frequency"]) == 2
    assert "--group-by and --noise don't go together" in capsys.readouterr().err
