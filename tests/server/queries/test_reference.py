"""Questions about a series and another one that it is compared with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from questions import ask, ask_until_done
from scipy import linalg

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read.log import Log

WORDS = [f"w{row}" for row in range(40)]
OURS = {"run": "ours"}
STEPS = {"from_step": 3, "to_step": 5}
THEIRS = {**OURS, "reference_run": "theirs", **STEPS}


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """Two runs: the other one is turned, begins with two tokens of its own, lacks w1,
    and has w7 somewhere else; a third one has more dimensions."""
    rng = np.random.default_rng(0)
    table = rng.normal(size=(40, 5))
    other = table @ linalg.qr(rng.normal(size=(5, 5)))[0]
    other[7] = rng.normal(size=5)
    own = rng.normal(size=(2, 5))
    other = np.concatenate([own, np.delete(other, 1, axis=0)])
    wide = np.concatenate([table, np.zeros((40, 3))], axis=1)
    kinds = ["noun" if row % 2 else "verb" for row in range(40)]
    for run, step, values, tokens in [
        ("ours", 5, table, WORDS),
        ("theirs", 3, other, ["new", "newer", WORDS[0], *WORDS[2:]]),
        ("wide", 3, wide, WORDS),
    ]:
        columns = {"kind": kinds} if run == "ours" else {}
        with SnapshotWriter(tmp_path / run) as writer:
            numbers = values.astype(np.float32)
            writer.embedding("words", numbers, step, tokens=tokens, metadata=columns)
    return tb_wordembed.open(tmp_path)


def test_drift_from_another_run_is_aligned_and_says_over_what(log: Log) -> None:
    found = ask(log, "drift", **THEIRS)
    aligned = found.alignment
    assert (aligned.run, aligned.tag, aligned.common) == ("theirs", "words", 39)
    assert 0 < aligned.residual < 0.3
    assert (aligned.anchored, aligned.centered) == (False, False)
    assert np.flatnonzero(np.isnan(found.values)).tolist() == [1]
    assert np.nanargmax(found.values) == 7
    assert np.nanmedian(found.values) < 0.05
    assert ask(log, "drift", **OURS, from_step=5, to_step=5).alignment is None


def test_a_reference_that_is_the_series_itself_is_none(log: Log) -> None:
    steps = {**OURS, "from_step": 5, "to_step": 5}
    found = ask(log, "drift", **steps, reference_run="ours", reference_tag="words")
    assert found.alignment is None


def test_anchors_and_the_mean_are_those_of_the_question(log: Log) -> None:
    anchors = ".".join(str(row) for row in range(10, 30))
    found = ask(log, "drift", **THEIRS, anchors=anchors, centered=True)
    assert found.alignment.common == 20
    assert found.alignment.anchored
    assert found.alignment.centered
    assert found.values[30:].max() < 1e-5
    with pytest.raises(ValueError, match=r"'anchors' is 'w3'.*3\.14\.15"):
        ask(log, "drift", **THEIRS, anchors="w3")


def test_neighbors_are_those_of_both_runs(log: Log) -> None:
    found = ask_until_done(log, "neighbor_change", **THEIRS, index=3, k=5)
    assert (found.reference_run, found.reference_tag) == ("theirs", "words")
    series, other = log.series("ours"), log.series("theirs")
    assert [one.token for one in found.after] == [
        one.token for one in series.neighbors("w3", 5, 5)
    ]
    theirs = [one.token for one in other.neighbors("w3", 3, 8)]
    common = [token for token in theirs if token.startswith("w")]
    assert [one.token for one in found.before] == common[:5]
    own = ask_until_done(
        log, "neighbor_change", **OURS, index=3, from_step=5, to_step=5
    )
    assert own.reference_run == ""


def test_motion_from_another_run_says_so(log: Log) -> None:
    found = ask_until_done(log, "motion", **THEIRS, index=7, k=5)
    assert (found.reference_run, found.reference_tag) == ("theirs", "words")
    expected = log.series("ours").motion(7, 3, 5, 5, reference=log.series("theirs"))
    assert found.shared_share == pytest.approx(expected.shared_share)
    # It is the only one that is somewhere else.
    assert found.shared_share < 0.5


@pytest.mark.parametrize("route", ["turnover", "second_order_drift"])
def test_measures_of_neighbors_need_no_like_dimensions(log: Log, route: str) -> None:
    found = ask_until_done(log, route, **OURS, **STEPS, reference_run="wide", k=5)
    if route == "turnover":
        assert (found.overlap == 1).all()
    else:
        assert np.abs(found.values).max() < 1e-5
    with pytest.raises(ValueError, match=r"8 dimensions and .* 5: only tables of as"):
        ask(log, "drift", **OURS, **STEPS, reference_run="wide")


def test_groups_are_measured_from_another_run(log: Log) -> None:
    found = ask_until_done(log, "groups", **THEIRS, column="kind")
    drift = ask(log, "drift", **THEIRS).values
    for at, name in enumerate(found.names):
        of_group = drift[(np.arange(40) % 2 == 1) == (name == "noun")]
        assert found.drift[at, 1] == pytest.approx(np.nanmedian(of_group), abs=1e-6)


def test_curves_over_the_steps_begin_in_another_run(log: Log) -> None:
    asked = {**OURS, "reference_run": "theirs", "reference_step": 3}
    drift = ask(log, "drift", **THEIRS).values
    found = ask_until_done(log, "trajectories", **asked, indices="7.1.4")
    assert found.job.state == "done"
    assert (found.reference_run, found.reference_tag) == ("theirs", "words")
    assert (found.reference_step, found.steps) == (3, [5])
    np.testing.assert_allclose(found.drift[:, 0], drift[[7, 1, 4]], atol=1e-6)
    groups = ask_until_done(log, "group_trajectories", **asked, rows="7,2.3.4,1")
    assert (groups.reference_run, groups.reference_step) == ("theirs", 3)
    medians = [drift[7], np.median(drift[2:5]), np.nan]
    np.testing.assert_allclose(groups.drift[:, 0], medians, atol=1e-6)
    own = ask(log, "trajectories", **OURS, reference_step=5, indices="7")
    assert (own.job, own.reference_run) == (None, "")


def test_curves_follow_the_alignment_of_the_question(log: Log) -> None:
    anchors = ".".join(str(row) for row in range(10, 30))
    how = {"anchors": anchors, "centered": True}
    drift = ask(log, "drift", **THEIRS, **how).values
    asked = {**OURS, "reference_run": "theirs", "reference_step": 3, **how}
    found = ask_until_done(log, "trajectories", **asked, indices="7.4")
    np.testing.assert_allclose(found.drift[:, 0], drift[[7, 4]], atol=1e-6)
    groups = ask_until_done(log, "group_trajectories", **asked, rows="7,4")
    np.testing.assert_allclose(groups.drift[:, 0], drift[[7, 4]], atol=1e-6)


def test_curves_from_tables_of_other_dimensions_are_refused_in_words(log: Log) -> None:
    asked = {**OURS, "reference_run": "wide", "reference_step": 3}
    for route, some in (("trajectories", "indices"), ("group_trajectories", "rows")):
        found = ask_until_done(log, route, **asked, **{some: "1"})
        assert found.job.state == "failed"
        assert "only tables of as many dimensions can be aligned" in found.job.error
    with pytest.raises(NotFoundError, match="step 4"):
        ask(log, "trajectories", **asked | {"reference_step": 4}, indices="1")
    with pytest.raises(NotFoundError, match="index 40 is not a row"):
        ask(log, "trajectories", **asked, indices="40")


def test_tokens_that_one_side_has_are_listed(log: Log) -> None:
    found: Any = ask(log, "rows_in_reference", **OURS, reference_run="theirs")
    assert found.rows.tolist() == [2, -1, *range(3, 41)]
    assert found.only_in_reference == ["new", "newer"]
    assert found.count_only_in_reference == 2


def test_a_reference_that_is_not_there_is_named(log: Log) -> None:
    with pytest.raises(
        NotFoundError, match="no run 'their'; there are: 'ours', 'theirs'"
    ):
        ask(log, "drift", **OURS, **STEPS, reference_run="their")
