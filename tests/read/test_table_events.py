"""What happened to a table or some rows, planted in real trainings: kind and step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from faults import (
    FAULTS,
    ROW_FAULTS,
    factorization,
    kind_of,
    planted,
    planted_rows,
    some_rows,
)

import tb_wordembed
from tb_wordembed.analysis.findings.sentences import sentence
from tb_wordembed.read.series import Series

AT = 10

SAID = {
    "rotated": "was rotated or reflected at step 100",
    "reflected": "was rotated or reflected at step 100",
    "rows_shuffled": "were shuffled at step 100",
    "began_anew": "began anew at step 100",
    "rescaled": "rescaled at step 100: all norms became 0.",
    "rank_changed": "fell from",
    "narrow_cone": "one common direction at step 100",
}


def log(folder: Path, tables: Any, fixed_rows: Any = None) -> Series:
    with tb_wordembed.SnapshotWriter(folder) as writer:
        for position, table in enumerate(tables):
            writer.embedding("items", table, 10 * position, fixed_rows=fixed_rows)
    return tb_wordembed.open(folder).series()


def test_findings_begin_behind_a_step_that_lacked_a_token(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    walk = rng.normal(size=(100, 16)) + 0.05 * rng.normal(size=(20, 100, 16)).cumsum(0)
    walk[6:] *= 30
    walk[14:] /= 30
    tokens = [f"w{row}" for row in range(100)]
    logs = {"whole": range(20), "rest": range(10, 20)}
    for run, steps in logs.items():
        with tb_wordembed.SnapshotWriter(tmp_path / run) as writer:
            for step in steps:
                count = 99 if step == 9 else 100
                table = walk[step, :count].astype(np.float32)
                writer.embedding("words", table, step, tokens=tokens[:count])
    found, rest = (tb_wordembed.open(tmp_path / run).series() for run in logs)
    assert [(one.kind, one.step) for one in found.findings()] == [("rescaled", 14)]
    assert list(map(repr, found.findings())) == list(map(repr, rest.findings()))
    assert found.settled_step() == rest.settled_step()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("fault", FAULTS)
def test_names_what_happened_and_when(tmp_path: Path, fault: str, seed: int) -> None:
    kind = kind_of(fault)
    series = log(tmp_path, planted(factorization(seed), fault, AT))
    found = series.findings()
    warnings = [one for one in found if one.severity == "warning"]
    assert [(one.kind, one.step) for one in warnings] == [(kind, 10 * AT)]
    assert SAID[fault] in sentence(warnings[0], series.tokens)
    assert warnings[0].view.name == "health"
    assert (warnings[0].view.reference_step, warnings[0].view.step) == (90, 100)
    # Nothing says that the table is at rest while this happened.
    settled = series.settled_step()
    assert settled is None or settled > 10 * AT
    assert all((one.step or 0) > 10 * AT for one in found if one.kind == "settled")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("fault", ROW_FAULTS)
def test_names_the_rows_to_which_it_happened(
    tmp_path: Path, fault: str, seed: int
) -> None:
    tables = factorization(seed)
    rows = some_rows(tables, 20, seed)
    fixed = rows if fault == "fixed_rows_moved" else None
    found = log(tmp_path, planted_rows(tables, fault, AT, rows), fixed).findings()
    named = [(one.kind, one.step, sorted(one.rows)) for one in found if len(one.rows)]
    step = None if fault == "never_updated" else 10 * AT
    expected = [(kind_of(fault), step, rows.tolist())]
    if fault == "returned":
        # They also stay as they are.
        expected.append(("frozen_since", step, rows.tolist()))
    assert named == expected


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam", "adagrad"])
@pytest.mark.parametrize("rate", [0.1, 1.0])
def test_is_silent_on_a_training(tmp_path: Path, optimizer: Any, rate: float) -> None:
    found = log(tmp_path, factorization(0, optimizer, rate)).findings()
    assert [one.kind for one in found if one.severity == "warning"] == []


def test_a_table_that_is_rotated_at_its_last_step(tmp_path: Path) -> None:
    tables = planted(factorization(0), "rotated", AT)[: AT + 1]
    found = log(tmp_path, tables).findings()
    assert [(one.kind, one.step) for one in found] == [("rotated", 10 * AT)]


def test_few_rows_that_any_rotation_explains_are_not_rotated(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    tables = np.cumsum(rng.normal(size=(8, 6, 12)), axis=0).astype(np.float32)
    found = log(tmp_path, tables).findings()
    assert "rotated" not in {one.kind for one in found}


def test_a_table_did_not_settle_when_its_rows_were_shuffled(tmp_path: Path) -> None:
    # So early, only a look at the rows tells it from learning.
    rng = np.random.default_rng(0)
    start, learned = factorization(0)[[0, 1]]
    shuffled = learned[rng.permutation(len(learned))]
    at_rest = [shuffled + 1e-4 * rng.normal(size=shuffled.shape) for _ in range(8)]
    found = log(tmp_path, np.stack([start, learned, *at_rest]).astype("f4")).findings()
    kinds = {(one.kind, one.step) for one in found}
    assert ("rows_shuffled", 20) in kinds
    assert ("settled", 20) not in kinds
