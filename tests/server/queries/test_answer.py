"""Answers to the contract's questions, compared with those the page's tests read."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from golden_log import GOLDEN, QUESTIONS, STEPS, TOKENS, write_log
from logs import FILE_NAME, event, random_tables, table_value, write
from questions import ROUTES, ask

import tb_wordembed
from tb_wordembed.contract.logged import Tokens
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read.log import Log
from tb_wordembed.server import wire
from tb_wordembed.server.queries import context, logged
from tb_wordembed.server.queries.to_contract import filled

WORDS = {"run": "embeddings", "tag": "words"}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    directory = tmp_path_factory.mktemp("golden")
    write_log(directory)
    return tb_wordembed.open(directory)


# Jobs have names that differ from log to log: the tests beside this one ask them.
JOBS = {
    *("turnover", "second_order_drift", "breaks", "noise", "rows_in_reference"),
    *("findings_between", "cancel"),
}


def test_every_route_has_a_question() -> None:
    assert set(QUESTIONS) | JOBS == set(ROUTES)


@pytest.mark.parametrize("route", QUESTIONS)
def test_answers_are_those_recorded(
    log: Log, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "PROMPT_SECONDS", 60)
    monkeypatch.setattr(logged, "can_lay_out", lambda: True)
    recorded = json.loads((GOLDEN / f"{route}.json").read_text("utf-8"))
    assert [one["request"] for one in recorded] == QUESTIONS[route]
    for one in recorded:
        body, kind = wire.encode(ask(log, route, **one["request"]))
        if kind == wire.JSON:
            assert_close(json.loads(body), one["response"])
        else:
            golden = (GOLDEN / one["frame"]).read_bytes()
            ours, theirs = map(safetensors.numpy.load, (body, golden))
            assert ours.keys() == theirs.keys()
            for name, array in ours.items():
                np.testing.assert_allclose(array, theirs[name], atol=1e-6)
            assert_close(fields_of(body), fields_of(golden))


def fields_of(frame: bytes) -> Any:
    """The fields of a response beside its arrays."""
    header = json.loads(frame[8 : 8 + int.from_bytes(frame[:8], "little")])
    return json.loads(header["__metadata__"]["response"])


def assert_close(ours: Any, theirs: Any) -> None:
    """Equal but for the last bits of floats, which differ between processors."""
    if isinstance(theirs, dict):
        assert ours.keys() == theirs.keys()
        for name in theirs:
            assert_close(ours[name], theirs[name])
    elif isinstance(theirs, list):
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            assert_close(one, other)
    elif isinstance(theirs, float):
        assert ours == pytest.approx(theirs, abs=1e-6)
    else:
        assert ours == theirs


def test_a_method_is_not_taken_for_the_value_of_a_field() -> None:
    class Found:
        def tokens(self) -> None: ...

    found = filled(Tokens, Found(), SimpleNamespace(tokens=["good"]))
    assert found == Tokens(["good"])
    with pytest.raises(AttributeError, match="tokens of Tokens"):
        filled(Tokens, Found())


def test_the_index_says_what_was_logged(log: Log) -> None:
    index = ask(log, "index")
    (series,) = index.series
    assert (series.run, series.tag, series.steps) == ("embeddings", "words", STEPS)
    assert (series.vocab_size, series.embedding_dim) == (8, 4)
    assert series.has_tokens
    assert not index.scanning
    assert ask(log, "tokens", **WORDS).tokens == TOKENS


def test_the_index_leaves_out_a_layout_whose_package_is_missing(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openTSNE", None)
    assert ask(log, "index").layouts == ["pca", "axes"]


def test_the_index_tells_which_steps_a_restart_replaced(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    first, *others = random_tables(4, 6, 3)
    write(path, *(event(s, table_value("words", one)) for s, one in enumerate(others)))
    log = tb_wordembed.open(tmp_path)
    before = ask(log, "index").series[0].checksums
    write(path, event(1, table_value("words", first)))
    log.refresh()
    (series,) = ask(log, "index").series
    assert series.steps == [0, 1]
    assert series.replaced_steps == 2
    assert series.checksums[0] == before[0]
    assert series.checksums[1] != before[1]


def test_the_index_names_the_steps_of_the_basis(tmp_path: Path) -> None:
    tables = random_tables(20, 6, 3)
    events = (event(step, table_value("words", one)) for step, one in enumerate(tables))
    write(tmp_path / FILE_NAME, *events)
    log = tb_wordembed.open(tmp_path)
    (series,) = ask(log, "index").series
    assert series.basis_steps == list(range(0, 20, 2))
    positions = ask(log, "positions", run=series.run, tag="words", step=1)
    assert positions.basis_steps == series.basis_steps


def test_positions_of_all_steps_share_one_basis(log: Log) -> None:
    # Row 4 stays where it is in the table, so it stays in the layout.
    places = [ask(log, "positions", **WORDS, step=s).positions[4] for s in STEPS]
    for place in places[1:]:
        np.testing.assert_array_equal(place, places[0])
    (trail,) = ask(log, "trails", **WORDS, indices="4").trails
    np.testing.assert_allclose(trail, places, atol=1e-6)


def test_what_is_not_finite_is_null(log: Log) -> None:
    trajectory = ask(log, "trajectories", **WORDS, indices="7", reference_step=0)
    assert np.isnan(trajectory.drift[0, -1])
    assert np.isnan(trajectory.norm[0, -1])
    (trail,) = ask(log, "trails", **WORDS, indices="7").trails
    assert np.isnan(trail[-1]).all()
    assert ask(log, "health", **WORDS).non_finite_rows == [0, 0, 0, 1]
    nobody = ask(log, "neighbor_change", **WORDS, index=6, from_step=0, to_step=5)
    assert (nobody.overlap, nobody.before) == (None, [])


@pytest.mark.parametrize(
    ("route", "parameters", "message"),
    [
        ("tokens", {"run": "nope", "tag": "words"}, r"no run 'nope'.*'embeddings'"),
        ("tokens", {"run": "embeddings", "tag": "x"}, r"no tag 'x'.*'words'"),
        ("positions", {**WORDS, "step": 3}, r"no step 3; there are: 0, 1, 2, 5"),
        ("column", {**WORDS, "column": "x"}, r"no column 'x'.*'frequency'"),
        ("neighbors", {**WORDS, "index": 8, "step": 0}, "index 8.*expected 0 to 7"),
    ],
)
def test_what_is_not_there_is_named(
    log: Log, route: str, parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(NotFoundError, match=message):
        ask(log, route, **parameters)


def test_a_damaged_snapshot_is_left_out_of_all_answers(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    write(
        path,
        *(
            event(step, table_value("words", table))
            for step, table in enumerate(random_tables(4, 6, 3))
        ),
    )
    log = tb_wordembed.open(tmp_path)
    series = {"run": ".", "tag": "words"}
    data = bytearray(path.read_bytes())
    data[-40] ^= 1
    path.write_bytes(data)
    assert ask(log, "health", **series).steps == [0, 1, 2]
    assert ask(log, "positions", **series, step=0).basis_steps == [0, 1, 2]
    with pytest.raises(NotFoundError, match="no step 3"):
        ask(log, "positions", **series, step=3)
    (problem,) = ask(log, "index").problems
    assert "checksum" in problem.message


def test_trajectories_are_those_of_each_token(log: Log) -> None:
    many = ask(log, "trajectories", **WORDS, indices="7.0.4", reference_step=1)
    assert (many.indices, many.steps) == ([7, 0, 4], STEPS)
    for at, index in enumerate(many.indices):
        one = ask(log, "trajectories", **WORDS, indices=str(index), reference_step=1)
        for name in ("drift", "norm"):
            np.testing.assert_array_equal(
                getattr(many, name)[at], getattr(one, name)[0]
            )


@pytest.mark.parametrize("indices", ["", "1.", "1,2", "-1", "x", "1..2", "٣"])
def test_malformed_rows_are_refused_in_words(log: Log, indices: str) -> None:
    with pytest.raises(ValueError, match=r"expected rows separated by dots"):
        ask(log, "trajectories", **WORDS, indices=indices, reference_step=0)


def test_rows_that_are_not_there_are_not_found(log: Log) -> None:
    with pytest.raises(NotFoundError, match="index 8 is not a row"):
        ask(log, "trajectories", **WORDS, indices="1.8", reference_step=0)
    too_many = ".".join(["1"] * 501)
    with pytest.raises(ValueError, match="'indices' has 501 rows"):
        ask(log, "trajectories", **WORDS, indices=too_many, reference_step=0)
