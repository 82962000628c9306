"""Under-trained tokens, as the page asks for them, and as a finding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from questions import ask_until_done

import tb_wordembed
from tb_wordembed.read.log import Log

WORDS, DIM, UNUSED, UNTRAINED = 400, 16, 40, 6


def write_log(directory: Path, unused: int = UNUSED, near: float = 0.05) -> Log:
    """Words, rows that are called unused, and six tokens that lie among those."""
    rng = np.random.default_rng(0)
    table = rng.normal(size=(WORDS, DIM))
    few = unused + UNTRAINED
    table[:few] = 0.3 + near * rng.normal(size=(few, DIM))
    # Well inside of the cloud of the unused rows.
    table[unused:few] = 0.3 + near / 2 * rng.normal(size=(UNTRAINED, DIM))
    tokens = [f"word{row}" for row in range(WORDS)]
    tokens[:unused] = [f"[unused{row}]" for row in range(unused)]
    with tb_wordembed.SnapshotWriter(directory) as writer:
        writer.embedding("words", table.astype(np.float32), 0, tokens=tokens)
    return tb_wordembed.open(directory)


def found_in(log: Log) -> list[Any]:
    findings = ask_until_done(log, "findings").findings
    return [one for one in findings if one.kind == "undertrained"]


def test_the_route_answers_as_python_does(tmp_path: Path) -> None:
    log = write_log(tmp_path)
    answer = ask_until_done(log, "undertrained", step=0)
    expected = log.series().undertrained(0)
    assert (answer.indicator, answer.known_unused) == ("euclidean", UNUSED)
    np.testing.assert_array_equal(answer.values, expected.values)


def test_tokens_among_the_unused_rows_are_candidates(tmp_path: Path) -> None:
    (one,) = found_in(write_log(tmp_path))
    assert set(one.view.indices) == set(range(UNUSED, UNUSED + UNTRAINED))
    assert (one.view.name, one.view.measure) == ("table", "indicator")
    assert "mean of the 40 unused rows" in one.sentence
    assert one.severity == "notice"


@pytest.mark.parametrize(
    "odd",
    [{"unused": 9}, {"unused": 0}, {"near": 1.0}],
    ids=["few unused rows", "no unused row", "unused rows as far apart as the others"],
)
def test_no_candidate_is_named_where_unused_rows_tell_little(
    tmp_path: Path, odd: Any
) -> None:
    assert found_in(write_log(tmp_path, **odd)) == []
