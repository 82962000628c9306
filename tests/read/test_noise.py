"""The jitter of a training that settled, as the noise between its steps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.cli import main
from tb_wordembed.errors import NotFoundError
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


def test_drift_is_ranked_beside_its_noise(
    runs: tuple[Series, Series], capsys: pytest.CaptureFixture[str]
) -> None:
    directory = str(Path(runs[0].directory).parent)
    asked = ["drift", directory, "--run", "long", "--from", "14", "--noise"]
    assert main([*asked, "--top", "21"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0].split()[4:6] == ["p_value", "q_value"]
    assert "noise of 9 intervals since step 6, of 111 tokens together" in err
    assert "tokens changed at a false discovery rate of 0.05" in err
    assert main([*asked, "--measure", "norm_change"]) == 2
    assert "with --noise, expected one of" in capsys.readouterr().err
    assert main([*asked, "--group-by", "frequency"]) == 2
    assert "--group-by and --noise don't go together" in capsys.readouterr().err
