"""What is told of a table while it trains, against faults that were planted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from faults import FAULTS, factorization, kind_of, planted, planted_rows, some_rows

from tb_wordembed.analysis.findings.during_training import Watch
from tb_wordembed.analysis.findings.finding import Finding
from tb_wordembed.analysis.health import Similarity
from tb_wordembed.analysis.measure_steps import measure_steps
from tb_wordembed.analysis.sampled_rows import MOST_ROWS

AT, ROWS = 10, 2 * MOST_ROWS


def told(tables: Any, fixed: Sequence[int] = ()) -> dict[tuple[str, Any], Any]:
    """The step at which each finding was known first, and the finding."""
    watch = Watch(tables[0].shape, np.array(fixed, np.int64))
    found: dict[tuple[str, Any], tuple[int, Finding]] = {}
    for step, table in enumerate(tables):
        for one in watch.add(step, table.__getitem__):
            found.setdefault((one.kind, one.step), (step, one))
    return found


def when(tables: Any, fixed: Sequence[int] = ()) -> list[tuple[str, Any, int]]:
    return [(*key, step) for key, (step, _) in told(tables, fixed).items()]


def known_at(fault: str) -> int:
    """The step at which a fault of the whole table is known: a jump, when the next step
    shows that it doesn't go on."""
    return AT + (fault in ("rescaled", "rank_changed", "narrow_cone"))


def walk(rows: int, dim: int = 8, steps: int = 12) -> Any:
    """A table of many rows that learns, slower and slower."""
    rng = np.random.default_rng(0)
    moves = rng.normal(size=(steps, rows, dim)) * 0.3 ** np.arange(steps)[:, None, None]
    return np.cumsum(moves, axis=0).astype(np.float32)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("fault", FAULTS)
def test_tells_at_once_what_happened_to_the_table(fault: str, seed: int) -> None:
    found = when(planted(factorization(seed), fault, AT))
    assert found == [(kind_of(fault), AT, known_at(fault))]


@pytest.mark.parametrize("fault", FAULTS)
def test_tells_it_of_a_table_that_is_measured_in_part(fault: str) -> None:
    found = when(planted(walk(ROWS), fault, AT))
    assert found == [(kind_of(fault), AT, known_at(fault))]


# With so few rows, a rotation explains whatever moves them.
@pytest.mark.parametrize("fault", sorted({*FAULTS} - {"rows_shuffled", "began_anew"}))
def test_tells_it_of_a_table_with_many_more_columns_than_rows(fault: str) -> None:
    found = when(planted(walk(100, 300), fault, AT))
    assert found == [(kind_of(fault), AT, known_at(fault))]


@pytest.mark.parametrize("angle", [0.01, 1.0])
def test_measures_of_many_more_columns_than_rows_are_those_of_the_rows(
    angle: float,
) -> None:
    rng = np.random.default_rng(0)
    before = rng.normal(0.5, size=(40, 300)).astype(np.float32)
    after = before + angle * rng.normal(size=before.shape).astype(np.float32)
    after[:3], after[3], before[4], after[5] = before[:3], 0, np.nan, after[6]
    watch = Watch(before.shape, np.array([], np.int64))
    for step, table in enumerate((before, after)):
        watch.add(step, table.__getitem__)
    expected = measure_steps([[(0, before)], [(0, after)]], before.shape)
    for ours, theirs in zip(watch._health, expected, strict=True):
        for name in vars(ours).keys() - {"to_first", "drift_from_first", "cold_share"}:
            found, value = getattr(ours, name), getattr(theirs.health, name)
            if isinstance(value, Similarity):
                # It is measured where half of the rows turned far.
                assert (found is None) == (angle < 0.1)
                found, value = vars(found or value), vars(value)
            if value is not None:
                value = pytest.approx(value, rel=1e-4, abs=1e-6, nan_ok=True)
            assert found == value, name


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam", "adagrad"])
@pytest.mark.parametrize("rate", [0.1, 1.0])
def test_is_silent_on_a_training(optimizer: Any, rate: float) -> None:
    assert when(factorization(0, optimizer, rate)) == []


@pytest.mark.parametrize(
    ("fault", "known"), [("not_finite", AT), ("norms_exploding", AT + 2)]
)
def test_names_rows_wherever_they_are(fault: str, known: int) -> None:
    tables = factorization(0)
    rows = some_rows(tables, 20)
    tables = planted_rows(tables, fault, AT, rows)
    before = 0.1 * np.random.default_rng(0).normal(size=(1, ROWS, 12))
    tables = np.concatenate([before.repeat(len(tables), 0), tables], axis=1)
    found = told(tables.astype(np.float32))
    assert list(found) == [(fault, AT)]
    step, finding = found[fault, AT]
    assert step == known
    assert sorted(finding.rows) == (rows + ROWS).tolist()


def test_names_fixed_rows_that_moved() -> None:
    tables = walk(ROWS)
    tables[:, [1, 3, 5]] = 1
    tables[7:, 3, 2] = np.nextafter(np.float32(1), np.float32(2))
    found = told(tables, fixed=[1, 3, 5])
    assert {key: one.rows.tolist() for key, (_, one) in found.items()} == {
        ("fixed_rows_moved", 7): [3]
    }


def test_a_table_that_never_changes() -> None:
    assert when(walk(ROWS)[:1].repeat(4, 0)) == [("never_updated", None, 1)]


def test_one_row_that_is_not_measured_is_a_change() -> None:
    tables = walk(ROWS)[:1].repeat(4, 0)
    tables[1:, 1] *= 1.5
    assert when(tables) == []


def test_a_table_that_becomes_zero() -> None:
    tables = walk(ROWS)
    tables[6:] = 0
    kinds = {key for key, _ in told(tables).items()}
    assert ("all_equal", 6) in kinds
