"""Tables and columns in parts: which of them make a snapshot, and what is said of the
others."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from logs import (
    FILE_NAME,
    column_parts,
    column_value,
    event,
    part_of,
    random_tables,
    table_parts,
    table_value,
    write,
)
from tensorboard.compat.proto import summary_pb2

from tb_wordembed.snapshots.index_entries import SeriesIndex
from tb_wordembed.snapshots.local_files import FileChangedError
from tb_wordembed.snapshots.store import Store
from tb_wordembed.snapshots.verified_records import DamagedSnapshotError

TABLES = random_tables(4, 20, 3)


def store_of(directory: Path) -> Store:
    store = Store([("", str(directory))])
    store.refresh()
    return store


def only(store: Store) -> SeriesIndex:
    (series,) = store.index.series
    return series


def steps(store: Store) -> dict[int, Any]:
    """The tables by step, as far as they can be shown."""
    if not store.index.series:
        return {}
    return {one.step: store.table(one) for one in only(store).snapshots}


def same(found: dict[int, Any], wanted: dict[int, Any]) -> bool:
    return found.keys() == wanted.keys() and all(
        np.array_equal(found[step], wanted[step]) for step in wanted
    )


def messages(store: Store) -> list[str]:
    return [one.message for one in store.index.incomplete]


def problems(store: Store) -> list[str]:
    return [one.message for one in store.index.problems]


class Rank:
    """A process of a training: its rows, and its event file in the run."""

    def __init__(self, directory: Path, number: int, start: int, stop: int) -> None:
        self.path = directory / f"{FILE_NAME}.{number}"
        self.rows = slice(start, stop)

    def log(self, step: int, table: Any, time: float) -> None:
        part = table_value("words", table[self.rows])
        value = part_of(part, self.rows.start, len(table))
        write(self.path, event(step, value, wall_time=time))


def ranks(directory: Path, first: int, *cuts: int) -> list[Rank]:
    bounds = itertools.pairwise([0, *cuts, 20])
    return [Rank(directory, first + at, *rows) for at, rows in enumerate(bounds)]


CUTS = st.lists(st.integers(1, 19), max_size=6, unique=True).map(sorted)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=CUTS, order=st.randoms(), dtype=st.sampled_from(["f4", "f8", "f2"]))
def test_parts_in_any_order_make_the_table(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], order: Any, dtype: str
) -> None:
    directory = tmp_path_factory.mktemp("log")
    table = TABLES[0].astype(dtype)
    parts = table_parts("words", table, cuts)
    order.shuffle(parts)
    write(directory / FILE_NAME, *(event(3, part) for part in parts))
    store = store_of(directory)
    (snapshot,) = only(store).snapshots
    wanted = table.astype(np.float32)
    np.testing.assert_array_equal(store.table(snapshot), wanted)
    for rows in (1, 3, 7, 20):
        blocks = [(at, block.copy()) for at, block in store.blocks(snapshot, rows)]
        assert [at for at, _ in blocks] == list(range(0, 20, rows))
        np.testing.assert_array_equal(np.concatenate([b for _, b in blocks]), wanted)
    some = [19, 0, 7, 7, *cuts]
    np.testing.assert_array_equal(store.rows(snapshot, some), wanted[some])
    assert not store.index.problems
    assert not store.index.incomplete


def test_numbers_that_a_message_lists_are_a_part_like_any_other(tmp_path: Path) -> None:
    first, second, third = table_parts("words", TABLES[0], [5, 11])
    second.tensor.ClearField("tensor_content")
    second.tensor.float_val.extend(TABLES[0][5:11].ravel().tolist())
    write(tmp_path / FILE_NAME, event(0, first), event(0, second), event(0, third))
    store = store_of(tmp_path)
    (snapshot,) = only(store).snapshots
    np.testing.assert_array_equal(store.table(snapshot), TABLES[0])
    np.testing.assert_array_equal(
        store.rows(snapshot, [4, 5, 10]), TABLES[0][[4, 5, 10]]
    )


def test_a_sample_takes_rows_across_parts(tmp_path: Path) -> None:
    table = np.arange(30_000 * 2, dtype=np.float32).reshape(-1, 2)
    parts = table_parts("words", table, [1, 500, 14_000, 14_001])
    write(tmp_path / FILE_NAME, *(event(0, part) for part in parts))
    store = store_of(tmp_path)
    (snapshot,) = only(store).snapshots
    for start, block in store.sample(snapshot, 5000):
        np.testing.assert_array_equal(block, table[start : start + len(block)])


def test_rows_far_apart_are_picked_from_all_parts(tmp_path: Path) -> None:
    table = np.arange(60_000 * 8, dtype=np.float32).reshape(-1, 8)
    parts = table_parts("words", table, [1, 500, 40_000, 40_001])
    parts[2].tensor.ClearField("tensor_content")
    parts[2].tensor.float_val.extend(table[500:40_000].ravel().tolist())
    path = write(tmp_path / FILE_NAME, *(event(0, part) for part in parts))
    store = store_of(tmp_path)
    (snapshot,) = only(store).snapshots
    rows = np.random.default_rng(0).integers(0, 60_000, 400)
    rows[:6] = [59_999, 0, 1, 40_000, 40_000, 40_001]
    np.testing.assert_array_equal(store.rows(snapshot, rows.tolist()), table[rows])
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 1000)
    with pytest.raises(FileChangedError, match="cut short"):
        store.rows(snapshot, rows.tolist())


def test_a_snapshot_is_shown_when_its_last_part_has_come(tmp_path: Path) -> None:
    first, second, third = ranks(tmp_path, 0, 5, 12)
    first.log(0, TABLES[0], 1)
    third.log(0, TABLES[0], 2)
    store = store_of(tmp_path)
    assert not store.index.series
    assert messages(store) == [
        "step 0 of '.' 'words' is still being written: rows 5 to 11 of 20 are missing"
    ]
    second.log(0, TABLES[0], 3)
    store.refresh()
    assert same(steps(store), {0: TABLES[0]})
    assert not messages(store)
    third.log(1, TABLES[1], 4)
    store.refresh()
    assert same(steps(store), {0: TABLES[0]})
    assert messages(store) == [
        "step 1 of '.' 'words' is still being written: rows 0 to 11 of 20 are missing"
    ]


def test_one_missing_row_and_many_ranges_are_named(tmp_path: Path) -> None:
    parts = table_parts("words", TABLES[0], range(1, 20))
    write(tmp_path / FILE_NAME, *(event(0, one) for one in parts[1:]))
    write(tmp_path / FILE_NAME, *(event(1, one) for one in parts[1::2]))
    said = " of '.' 'words' is still being written: "
    assert messages(store_of(tmp_path)) == [
        f"step 0{said}row 0 of 20 is missing",
        f"step 1{said}row 0, row 2, row 4 and 7 more ranges of rows of 20 are missing",
    ]


def test_a_rank_that_is_ahead_replaces_nothing(tmp_path: Path) -> None:
    first, second = ranks(tmp_path, 0, 8)
    for step in range(4):
        first.log(step, TABLES[step], step)
    for step in range(4):
        second.log(step, TABLES[step], 10 + step)
    store = store_of(tmp_path)
    assert same(steps(store), dict(enumerate(TABLES)))
    assert not only(store).superseded


def test_a_step_that_is_written_again_takes_the_place_of_its_parts(
    tmp_path: Path,
) -> None:
    pair = ranks(tmp_path, 0, 8)
    for time, table in enumerate(TABLES[:2]):
        for at, rank in enumerate(pair):
            rank.log(7, table, time + at / 10)
    store = store_of(tmp_path)
    assert same(steps(store), {7: TABLES[1]})
    assert len(only(store).superseded) == 1
    assert same({0: store.table(only(store).superseded[0])}, {0: TABLES[0]})


@pytest.mark.parametrize("cuts", [[8], [5, 9], []])
def test_a_restart_replaces_steps_also_with_other_ranks(
    tmp_path: Path, cuts: list[int]
) -> None:
    for rank in ranks(tmp_path, 0, 8):
        for step in range(4):
            rank.log(step, TABLES[step], step)
    resumed = ranks(tmp_path, 2, *cuts)
    resumed[0].log(1, -TABLES[1], 100)
    store = store_of(tmp_path)
    # No table is made of rows before and after the restart.
    assert same(steps(store), {0: TABLES[0], **({} if cuts else {1: -TABLES[1]})})
    for rank in resumed[1:]:
        rank.log(1, -TABLES[1], 101)
    for rank in resumed:
        rank.log(2, -TABLES[2], 110)
    store.refresh()
    assert same(steps(store), {0: TABLES[0], 1: -TABLES[1], 2: -TABLES[2]})
    assert [one.step for one in only(store).superseded] == [1, 2, 3]
    assert not messages(store)
    assert not problems(store)


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_a_training_goes_on_after_a_rank_was_killed(
    tmp_path: Path, order: list[int]
) -> None:
    first, killed = ranks(tmp_path, 0, 8)
    for step in range(3):
        first.log(step, TABLES[step], step)
    killed.log(0, TABLES[0], 0.5)
    store = store_of(tmp_path)
    assert same(steps(store), {0: TABLES[0]})
    assert [message.split(" ")[1] for message in messages(store)] == ["1", "2"]
    resumed = ranks(tmp_path, 2, 8)
    for step in (1, 2):
        for at, rank in enumerate(order):
            resumed[rank].log(step, -TABLES[step], 100 + step + at / 10)
    store.refresh()
    assert same(steps(store), {0: TABLES[0], 1: -TABLES[1], 2: -TABLES[2]})
    assert not messages(store)


def test_parts_that_overlap_are_reported_and_never_shown(tmp_path: Path) -> None:
    table = TABLES[0]
    write(
        tmp_path / f"{FILE_NAME}.0",
        event(0, part_of(table_value("words", table[:12]), 0, 20)),
    )
    path = tmp_path / f"{FILE_NAME}.1"
    write(path, event(0, part_of(table_value("words", table[10:]), 10, 20)))
    store = store_of(tmp_path)
    assert not store.index.series
    (problem,) = store.index.problems
    assert problem.path == str(path)
    assert problem.message.startswith(
        "step 0 of '.' 'words': rows 10 to 19 overlap rows 0 to 11 in "
    )
    assert f"{FILE_NAME}.0 at byte 40; left out" in problem.message
    assert not store.index.incomplete


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (table_value("words", TABLES[0][8:, :2]), "20 x 2 float32"),
        (table_value("words", TABLES[0][8:].astype(np.float64)), "20 x 3 float64"),
    ],
)
def test_parts_of_different_tables_are_reported(
    tmp_path: Path, other: summary_pb2.Summary.Value, said: str
) -> None:
    first, _ = table_parts("words", TABLES[0], [8])
    write(tmp_path / FILE_NAME, event(0, first), event(0, part_of(other, 8, 20)))
    store = store_of(tmp_path)
    assert not store.index.series
    (message,) = problems(store)
    assert f"rows 8 to 19 are of {said}, and rows 0 to 7 in " in message
    assert message.endswith("of 20 x 3 float32; left out")


@pytest.mark.parametrize("lie", [8, 12, 21, 10**18])
def test_a_vocab_size_that_lies_is_reported(tmp_path: Path, lie: int) -> None:
    first, second = table_parts("words", TABLES[0], [8])
    part_of(first, 0, lie)
    write(tmp_path / FILE_NAME, event(0, first), event(0, second))
    (message,) = problems(store_of(tmp_path))
    assert f"of {lie:,} x 3 float32; left out" in message


def test_a_part_beyond_the_end_is_left_out_as_a_value(tmp_path: Path) -> None:
    first, second = table_parts("words", TABLES[0], [8])
    part_of(second, 9, 20)
    write(tmp_path / FILE_NAME, event(0, first), event(0, second))
    store = store_of(tmp_path)
    assert problems(store) == [
        "a part of 12 rows from row 9 on ends beyond the 20 rows that its table has"
    ]
    assert len(messages(store)) == 1


def test_parts_of_different_steps_are_two_incomplete_snapshots(tmp_path: Path) -> None:
    first, second = table_parts("words", TABLES[0], [8])
    write(tmp_path / FILE_NAME, event(0, first), event(1, second))
    assert [one.partition(": ")[2] for one in messages(store_of(tmp_path))] == [
        "rows 8 to 19 of 20 are missing",
        "rows 0 to 7 of 20 are missing",
    ]


def test_a_table_of_all_ranks_is_refused_where_one_part_is_damaged(
    tmp_path: Path,
) -> None:
    pair = ranks(tmp_path, 0, 8)
    for step in range(2):
        for rank in pair:
            rank.log(step, TABLES[step], step)
    content = bytearray(pair[1].path.read_bytes())
    content[-150] ^= 1
    pair[1].path.write_bytes(content)
    store = store_of(tmp_path)
    with pytest.raises(DamagedSnapshotError, match="step 1 of"):
        store.table(only(store).snapshots[1])
    assert same(steps(store), {0: TABLES[0]})
    (problem,) = store.index.problems
    assert problem.path == str(pair[1].path)
    assert not messages(store)


def test_a_log_of_many_incomplete_steps_names_the_last(tmp_path: Path) -> None:
    first, _ = ranks(tmp_path, 0, 8)
    for step in range(30):
        first.log(step, TABLES[0], step)
    said = messages(store_of(tmp_path))
    assert len(said) == 21
    assert said[0] == "there are 10 more such steps before"
    assert said[-1].startswith("step 29 of")


# -------------------------------------------------------------------------- columns


WORDS = [f"word {row}" for row in range(20)]


def columns(store: Store) -> dict[tuple[str, int], Any]:
    return {(one.name, one.step): store.column(one) for one in only(store).columns}


def test_columns_are_joined_too(tmp_path: Path) -> None:
    counts = np.arange(20)
    values = [
        *column_parts("words", "token", WORDS, [3, 9]),
        *column_parts("words", "count", counts, [9]),
        table_value("words", TABLES[0]),
    ]
    write(tmp_path / FILE_NAME, *(event(0, value) for value in values))
    found = columns(store_of(tmp_path))
    assert found["token", 0] == WORDS
    np.testing.assert_array_equal(found["count", 0], counts.astype(np.float64))


def test_a_part_of_a_column_that_changes_leaves_the_others(tmp_path: Path) -> None:
    parts = column_parts("words", "token", WORDS, [3, 9])
    write(tmp_path / FILE_NAME, *(event(0, one) for one in parts))
    new = [one.upper() for one in WORDS[3:9]]
    changed = part_of(column_value("words", "token", new), 3, 20)
    tables = (event(step, table_value("words", TABLES[step])) for step in (0, 5 - 4))
    write(tmp_path / FILE_NAME, next(tables), event(1, changed), next(tables))
    found = columns(store_of(tmp_path))
    assert found["token", 0] == WORDS
    assert found["token", 1] == [*WORDS[:3], *new, *WORDS[9:]]


def test_a_column_is_left_out_until_all_of_its_parts_are_there(tmp_path: Path) -> None:
    parts = column_parts("words", "token", WORDS, [3, 9])
    write(
        tmp_path / FILE_NAME,
        event(0, parts[0]),
        event(0, table_value("words", TABLES[0])),
    )
    store = store_of(tmp_path)
    assert not columns(store)
    assert messages(store) == [
        "column 'token' of '.' 'words' is still being written: rows 3 to 19 of 20 are "
        "missing"
    ]
    write(tmp_path / FILE_NAME, event(0, parts[1]), event(0, parts[2]))
    store.refresh()
    assert columns(store)["token", 0] == WORDS
    assert not messages(store)


def test_parts_of_a_column_that_overlap_are_reported(tmp_path: Path) -> None:
    for start in (0, 5):
        one = part_of(
            column_value("words", "token", WORDS[start : start + 15]), start, 20
        )
        write(tmp_path / FILE_NAME, event(0, one))
    write(tmp_path / FILE_NAME, event(0, table_value("words", TABLES[0])))
    store = store_of(tmp_path)
    assert not columns(store)
    (message,) = problems(store)
    assert message.startswith(
        "column 'token' of '.' 'words' at step 0: rows 5 to 19 overlap rows 0 to 14 in "
    )


def test_texts_and_numbers_make_no_column_together(tmp_path: Path) -> None:
    first = part_of(column_value("words", "class", WORDS[:9]), 0, 20)
    second = part_of(column_value("words", "class", np.arange(11)), 9, 20)
    table = event(0, table_value("words", TABLES[0]))
    write(tmp_path / FILE_NAME, event(0, first), event(0, second), table)
    store = store_of(tmp_path)
    assert not columns(store)
    assert "of 20 numbers, and rows 0 to 8 in" in problems(store)[0]
