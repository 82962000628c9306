"""Answers about two runs: the matrix of all steps, and positions in one basis."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from logs import FILE_NAME, random_tables, write_series
from questions import ask, ask_until_done

import tb_wordembed
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read.log import Log


@pytest.fixture
def log(tmp_path: Path) -> Log:
    for seed, run in enumerate(("a", "b")):
        tables = random_tables(3 + seed, 30, 4, seed)
        write_series(tmp_path / run / FILE_NAME, tables)
    return tb_wordembed.open(tmp_path)


@pytest.mark.parametrize("measure", ["cka", "overlap"])
def test_all_steps_are_compared_as_a_job(log: Log, measure: str) -> None:
    found = ask_until_done(log, "similarity_matrix", run="a", measure=measure, k=3)
    expected = log.series("a").similarity_matrix(measure=measure, k=3)  # type: ignore[arg-type]
    assert found.from_steps == found.to_steps == [0, 1, 2]
    np.testing.assert_allclose(found.values, expected.values, atol=1e-6)
    assert (found.measure, found.sampled, found.population) == (measure, 30, 30)
    of_two = {"run": "a", "reference_run": "b", "measure": measure, "k": 3}
    found = ask_until_done(log, "similarity_matrix", **of_two)
    assert (found.from_steps, found.to_steps) == ([0, 1, 2, 3], [0, 1, 2])
    expected = log.series("a").similarity_matrix(
        measure=measure,  # type: ignore[arg-type]
        k=3,
        reference=log.series("b"),
    )
    np.testing.assert_allclose(found.values, expected.values, atol=1e-6)


def test_positions_of_another_run_are_in_the_basis_of_this_one(log: Log) -> None:
    of = {"run": "a", "reference_run": "b", "step": 3, "upon_step": 2}
    found = ask(log, "positions", **of, components="1.2")
    ours, theirs = log.series("a"), log.series("b")
    expected = ours.reference_positions(3, 2, theirs, (1, 2))
    np.testing.assert_allclose(found.positions, expected)
    assert (found.run, found.tag, found.step) == ("b", "words", 3)
    assert found.basis_steps == ours.basis_steps()
    over = {"centered": True, "anchors": "0.1.2.3.4.5"}
    some = ask(log, "positions", **of, components="1.2", **over)
    assert not np.allclose(some.positions, found.positions)
    with pytest.raises(ValueError, match="with a reference, expected 'pca'"):
        ask(log, "positions", **of, layout="axes", x="#1")


def test_a_reference_that_is_not_there_is_named(log: Log) -> None:
    of = {"run": "a", "step": 3, "upon_step": 2}
    with pytest.raises(NotFoundError, match="'c'"):
        ask(log, "positions", **of, reference_run="c")
    with pytest.raises(NotFoundError, match="'letters'"):
        ask(log, "positions", **of, reference_run="b", reference_tag="letters")
    with pytest.raises(NotFoundError, match="no step 4"):
        ask(log, "positions", **of | {"step": 4}, reference_run="b")
    with pytest.raises(NotFoundError, match="no step 3"):
        ask(log, "positions", **of | {"upon_step": 3}, reference_run="b")
    with pytest.raises(ValueError, match="expected rows separated by dots"):
        ask(log, "positions", **of, reference_run="b", anchors="w1")
