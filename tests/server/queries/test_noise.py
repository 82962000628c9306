"""Which tokens changed by more than noise, asked for until it is known."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from questions import ask, ask_until_done
from scipy import stats

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.read.log import Log

ROWS, CHANGED = 200, 20
SEEDS = [f"seed {number}" for number in range(5)]
OURS = {"run": SEEDS[0], "from_step": 1, "to_step": 1}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """Five runs that differ in nothing but chance, and a sixth one in which the first
    20 tokens are elsewhere."""
    directory = tmp_path_factory.mktemp("seeds")
    rng = np.random.default_rng(0)
    table = rng.normal(size=(ROWS, 8))
    for run in (*SEEDS, "other"):
        turn = np.linalg.qr(rng.normal(size=(8, 8)))[0]
        found = table + rng.normal(size=table.shape) / 10
        if run == "other":
            found[:CHANGED] = rng.normal(size=(CHANGED, 8))
        with SnapshotWriter(directory / run) as writer:
            writer.embedding("words", (found @ turn).astype(np.float32), 1)
    return tb_wordembed.open(directory)


def test_tokens_that_changed_stand_out_of_the_noise_of_seeds(log: Log) -> None:
    seeds = json.dumps(SEEDS)
    found = ask_until_done(log, "noise", **OURS, reference_run="other", seeds=seeds)
    assert (found.job.state, found.pairs, found.pooled) == ("done", 10, ROWS)
    changed = np.flatnonzero(found.q_values <= 0.05)
    assert set(changed) >= set(range(CHANGED - 1))
    assert len(changed) <= CHANGED + 3
    q_values = stats.false_discovery_control(found.p_values.astype(np.float64))
    np.testing.assert_allclose(found.q_values, q_values, rtol=1e-5)


@pytest.mark.parametrize("measure", ["euclidean", "overlap"])
def test_noise_is_that_of_the_series(log: Log, measure: str) -> None:
    asked = {**OURS, "reference_run": "other", "seeds": json.dumps(SEEDS[1:])}
    found = ask_until_done(log, "noise", **asked, measure=measure, k=5)
    series, other = log.series(SEEDS[0]), log.series("other")
    seeds = [log.series(run) for run in SEEDS[1:]]
    floor = series.noise_floor(seeds, measure=measure, k=5)  # type: ignore[arg-type]
    changes = (
        series.drift(1, 1, "euclidean", reference=other)
        if measure == "euclidean"
        else 1 - series.turnover(1, 1, 5, reference=other).overlap
    )
    expected = floor.p_values(changes).astype(np.float32)
    np.testing.assert_array_equal(found.p_values, expected)
    if measure == "euclidean":
        assert found.usual_overlap is None
        return
    pairs = itertools.combinations(seeds, 2)
    kept = [one.turnover(1, 1, 5, reference=two).mean_overlap for one, two in pairs]
    assert found.usual_overlap == pytest.approx(np.mean(kept), abs=1e-6)


def test_without_seeds_it_is_the_jitter_of_the_series(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    table = rng.normal(size=(50, 4))
    with SnapshotWriter(tmp_path) as writer:
        for step in range(12):
            moved = table + rng.normal(size=table.shape) / (200 if step > 4 else 2)
            writer.embedding("words", moved.astype(np.float32), step)
    log = tb_wordembed.open(tmp_path)
    found = ask_until_done(log, "noise", from_step=10, to_step=11)
    assert found.job.error == ""
    assert found.pairs == 11 - (log.series().settled_step() or 0)
    assert (found.q_values > 0.05).mean() > 0.9


@pytest.mark.parametrize(
    ("seeds", "message"),
    [
        ("", "'seeds' is empty"),
        ("seed 1", "names of runs as a JSON list"),
        ("[1, 2]", "names of runs as a JSON list"),
        ('["seed 1"]', "names 1 runs; expected 2 to 20"),
        ('["seed 1", "seed 1"]', "2 to 20 different"),
        (json.dumps([str(number) for number in range(21)]), "names 21 runs"),
        ('["seed 1", "seed"]', "no run 'seed'"),
    ],
)
def test_what_is_no_list_of_seeds_is_refused(
    log: Log, seeds: str, message: str
) -> None:
    with pytest.raises((ValueError, LookupError), match=message):
        ask(log, "noise", **OURS, reference_run="other", seeds=seeds)


def test_findings_between_runs_are_those_of_the_series(log: Log) -> None:
    asked = {**OURS, "reference_run": "other", "seeds": json.dumps(SEEDS)}
    found = ask_until_done(log, "findings_between", **asked)
    series, seeds = log.series(SEEDS[0]), [log.series(run) for run in SEEDS]
    (expected,) = series.findings_between(log.series("other"), seeds)
    (one,) = found.findings
    assert (one.kind, one.count) == ("changed_beyond_noise", len(expected.rows))
    assert set(one.view.indices) >= set(range(CHANGED - 1))
    assert one.sentence.startswith(f"{one.count} of {ROWS} tokens (")
    assert "by cosine drift: at least" in one.sentence
    for missing in ("seeds", "reference_run"):
        with pytest.raises(ValueError, match=f"parameter '{missing}' is empty"):
            ask(log, "findings_between", **{**asked, missing: ""})


def test_the_noise_is_aligned_over_the_same_anchors(log: Log) -> None:
    asked = {**OURS, "reference_run": "other", "seeds": json.dumps(SEEDS)}
    anchors = range(CHANGED, CHANGED + 40)
    named = ".".join(map(str, anchors))
    found = ask_until_done(log, "noise", **asked, anchors=named, centered=True)
    series, seeds = log.series(SEEDS[0]), [log.series(run) for run in SEEDS]
    floor = series.noise_floor(seeds, centered=True, anchors=anchors)
    reference = tb_wordembed.Reference(log.series("other"), True, [*anchors])
    drift = series.drift(1, 1, reference=reference)
    np.testing.assert_allclose(found.p_values, floor.p_values(drift), rtol=1e-6)
