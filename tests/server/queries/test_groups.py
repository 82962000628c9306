"""Groups over HTTP: the numbers of the Python API, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
import safetensors.numpy
from golden_log import write_log
from plugins import plugin_on
from questions import ask_until_done
from tensorboard.backend import application
from werkzeug import test as werkzeug_test

import tb_wordembed
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read.log import Log

WORDS = {"run": "embeddings", "tag": "words"}
BETWEEN = {**WORDS, "from_step": 0, "to_step": 5}


@pytest.fixture
def log(tmp_path: Path) -> Log:
    write_log(tmp_path)
    return tb_wordembed.open(tmp_path)


def test_groups_of_a_column_are_those_of_the_python_api(log: Log) -> None:
    found = ask_until_done(log, "groups", **BETWEEN, column="part_of_speech", k=2)
    expected = log.series().groups("part_of_speech", 0, 5, k=2)
    assert found.names == ["a", "n", "x"]
    assert found.counts == [4, 3, 1]
    assert found.members.tolist() == [0, 0, 0, 0, 1, 1, 1, 2]
    for name in ("drift", "norm", "unchanged", "centroid_drift", "spread_before"):
        ours = getattr(found, name)
        theirs = np.array([getattr(one, name) for one in expected], np.float32)
        np.testing.assert_array_equal(ours, theirs)
    assert found.inside_after.tolist() == pytest.approx(
        [one.inside_after for one in expected], nan_ok=True
    )


def test_all_tokens_are_one_group_and_rows_are_groups_of_ones_own(log: Log) -> None:
    everyone = ask_until_done(log, "groups", **BETWEEN, measure="euclidean")
    assert (everyone.counts, everyone.members.tolist()) == ([8], [])
    drift = log.series().drift(0, 5, "euclidean")
    np.testing.assert_allclose(
        everyone.drift[0], np.nanquantile(drift, [0.1, 0.5, 0.9]), rtol=1e-6
    )
    two = ask_until_done(log, "groups", **BETWEEN, rows="1.0.1,4", measure="euclidean")
    assert (two.names, two.counts) == (["1", "2"], [2, 1])
    assert two.drift[0].tolist() == [3, 3, 3]
    assert (two.unchanged.tolist(), two.centroid_drift.tolist()) == ([0, 1], [3, 0])


def test_the_path_of_a_centroid_is_hand_checked(log: Log) -> None:
    found = ask_until_done(
        log,
        "group_trajectories",
        **WORDS,
        reference_step=0,
        rows="0.1,0.2,4",
        measure="euclidean",
    )
    # Rows 0 and 1 go one way by 1 a step, row 2 the other way.
    assert found.steps == [0, 1, 2, 5]
    way = [0, 1, 2, 3]
    np.testing.assert_allclose(found.drift, [way, way, [0] * 4], atol=1e-6)
    centroids = [way, [0] * 4, [0] * 4]
    np.testing.assert_allclose(found.centroid_drift, centroids, atol=1e-6)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"column": "x", "rows": "1"}, "'column' is 'x' and 'rows' is '1'"),
        ({"rows": "1,,2"}, "'rows' is ''; expected rows separated by dots"),
        ({"rows": "1,b"}, "'rows' is 'b'; expected rows separated by dots"),
        ({"rows": ",".join("1" * 101)}, "'rows' has 101 groups; expected 100"),
        ({"k": 10_000}, "'k' is 10000; expected 0 to"),
    ],
)
def test_wrong_groups_get_words(
    log: Log, parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        ask_until_done(log, "groups", **BETWEEN, **parameters)


def test_what_is_not_there_is_named(log: Log) -> None:
    with pytest.raises(NotFoundError, match="no column 'genre'"):
        ask_until_done(log, "groups", **BETWEEN, column="genre")
    with pytest.raises(NotFoundError, match="no step 4"):
        ask_until_done(log, "group_trajectories", **WORDS, reference_step=4)


def test_a_question_longer_than_an_address_is_posted(tmp_path: Path) -> None:
    write_log(tmp_path)
    plugin = plugin_on(logdir=str(tmp_path))
    client = werkzeug_test.Client(application.TensorBoardWSGI([plugin]))
    address = "/data/plugin/wordembed/groups"
    rows = ".".join(["0.1"] * 100_000)
    response = client.post(address, data=urlencode({**BETWEEN, "rows": rows}))
    assert response.status_code == 200
    found = safetensors.numpy.load(response.data)
    assert found["drift"].shape == (1, 3)
    for body, message in [
        (b"x" * (1 << 24) + b"x", "longer than 16,777,216 bytes"),
        (b"run=\xff", "not UTF-8"),
        (b"run=%FF", "not UTF-8"),
        (b"&".join(b"%d=1" % number for number in range(101)), "more than 100"),
    ]:
        refused = client.post(address, data=body)
        assert (refused.status_code, message in refused.text) == (400, True)


def test_a_row_that_is_not_there_fails_the_job_in_words(log: Log) -> None:
    found = ask_until_done(log, "groups", **BETWEEN, rows="1.8")
    assert found.job.state == "failed"
    assert "index 8 is not a row; expected 0 to 7" in found.job.error
