"""Logs made to cost: no memory beyond reason, no message without end, no hang."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
from attacked import (
    GOOD,
    LONGEST_MESSAGE,
    ask_everything,
    in_time,
    put,
    put_event,
    seen,
    table_at,
)
from logs import column_value, event, part_of, record, scalar_value, table_value

import tb_wordembed
from tb_wordembed.errors import NotFoundError


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of one log after another."""
    return tmp_path_factory.mktemp("attacked")


def peak_bytes(work: Callable[[], object]) -> int:
    """Of work that starts no thread: one that ends as tracing begins or stops can crash
    Python (python/cpython#128679, mended in 3.12.9)."""

    def traced() -> int:
        work()
        tracemalloc.start()
        try:
            work()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    return in_time(traced)


HUGE = [
    [1 << 40, 1],
    [1, 1 << 40],
    [1 << 20, 1 << 20],
    [1 << 32, 1 << 32],
    [(1 << 63) - 1, (1 << 63) - 1],
    [-(1 << 63), -(1 << 63)],
    [-1, 3],
    [-1, -12],
    [0, 1 << 40],
    [1 << 40],
    [1] * 200_000,
]


@pytest.mark.parametrize("shape", HUGE, ids=lambda shape: str(shape[:2]))
@pytest.mark.parametrize("kind", ["raw", "empty", "listed", "one", "text"])
def test_a_huge_shape_takes_no_memory(
    directory: Path, shape: list[int], kind: str
) -> None:
    value = table_value("words", table_at(0))
    if kind == "text":
        value = column_value("words", "token", ["x"])
    if kind == "empty":
        value.tensor.tensor_content = b""
    if kind in ("listed", "one"):
        value.tensor.ClearField("tensor_content")
        value.tensor.float_val.extend([1.0] * (1 if kind == "one" else 12))
    del value.tensor.tensor_shape.dim[:]
    for size in shape:
        value.tensor.tensor_shape.dim.add(size=size)
    path = put_event(directory, event(0, value))

    def look() -> None:
        assert set(seen(tb_wordembed.open(directory))) == {"good"}

    assert peak_bytes(look) < 1_000_000 + 4 * path.stat().st_size


def test_one_text_for_many_rows_takes_no_memory(directory: Path) -> None:
    rows = 3000
    column = column_value("words", "token", ["x"] * rows)
    del column.tensor.string_val[:]
    column.tensor.string_val.append(b"y" * rows)
    table = table_value("words", np.ones((rows, 1), np.float16))
    path = put(directory, record(event(0, column, table)))

    def look() -> None:
        seen(tb_wordembed.open(directory))

    assert peak_bytes(look) < 1_000_000 + 20 * path.stat().st_size


@pytest.mark.parametrize("key", ["format_version", "kind", "table", "column"])
def test_a_long_text_is_not_repeated_in_full(directory: Path, key: str) -> None:
    content = {"format_version": 1, "kind": "column", "table": "words", "column": "x"}
    content[key] = "A" * (5 << 20)
    value = column_value("words", "x", np.arange(3))
    value.metadata.plugin_data.content = json.dumps(content).encode()
    table = table_value("words", table_at(0))
    put_event(directory, event(0, value, table))
    assert len(ask_everything(directory)["series"]) == 2


def test_a_long_tag_is_not_repeated_in_every_message(directory: Path) -> None:
    tag = "A" * (1 << 20)
    small = table_value(tag, np.ones((2, 2), np.float32))
    put(
        directory,
        record(event(0, table_value(tag, table_at(0)))) + record(event(1, small)),
    )
    (series,) = tb_wordembed.open(directory).all_series
    with pytest.raises(NotFoundError) as caught:
        series.table(77)
    assert len(str(caught.value)) <= LONGEST_MESSAGE
    ask_everything(directory)


def test_a_problem_in_every_record_is_not_a_list_of_them_all(directory: Path) -> None:
    value = table_value("words", table_at(0))
    value.metadata.plugin_data.content = b'{"format_version":3,"kind":"table"}'
    bad = [record(event(n, value)) for n in range(5000)]
    put(directory, b"".join([*bad, record(GOOD)]))
    index = ask_everything(directory)
    assert [one["tag"] for one in index["series"]] == ["good"]
    assert 0 < len(index["problems"]) <= 100


def test_many_tags_among_many_scalars(directory: Path) -> None:
    one = np.ones((1, 1), np.float32)
    tags = [table_value(f"tag{n}", one) for n in range(10_000)]
    scalars = [record(event(n, scalar_value("loss", 1))) for n in range(10_000)]
    put(directory, b"".join([record(event(0, *tags)), *scalars]))
    log = in_time(lambda: tb_wordembed.open(directory))
    assert len(log.all_series) == len(tags)


def test_many_small_tables_among_scalars(directory: Path) -> None:
    one = np.ones((1, 1), np.float32)
    events = [event(0, *(table_value(f"tag{n}", one) for n in range(500)))]
    for step in range(1, 4000):
        events.append(event(step, table_value(f"tag{step % 500}", one)))
        events += [event(step, scalar_value("loss", 1))] * 5
    put(directory, b"".join(map(record, events)))
    log = in_time(lambda: tb_wordembed.open(directory))
    assert sum(len(series.steps) for series in log.all_series) == 4499


def test_other_tokens_at_every_step(directory: Path) -> None:
    steps = range(1000)
    put(
        directory,
        b"".join(
            record(
                event(
                    step,
                    column_value("words", "token", ["a", f"b{step}"]),
                    table_value("words", np.full((2, 1), step, np.float32)),
                )
            )
            for step in steps
        ),
    )
    series = tb_wordembed.open(directory).series()
    trajectory = in_time(lambda: series.trajectory("a", 0))
    np.testing.assert_array_equal(trajectory.norm, steps)


PARTS = 8000


def part_records(places: Iterable[tuple[int, int, int, int]]) -> bytes:
    """Parts of the table ``words``: step, first row, rows and rows of the whole."""
    tables = {rows: np.ones((rows, 2), np.float32) for rows in range(1, 20)}
    return b"".join(
        record(
            event(step, part_of(table_value("words", tables[rows]), start, vocab_size))
        )
        for step, start, rows, vocab_size in places
    )


@pytest.mark.parametrize(
    "places",
    [
        pytest.param([(0, row, 1, PARTS) for row in range(PARTS)], id="a row each"),
        pytest.param([(row, row, 1, PARTS) for row in range(PARTS)], id="a step each"),
        pytest.param(
            [(n % 2, n // 2, 1, PARTS) for n in range(PARTS)], id="two steps by turns"
        ),
        pytest.param(
            [(PARTS - n, n % 7, 1, 7) for n in range(PARTS)], id="always further back"
        ),
        pytest.param(
            [(n, n // 2, 2 + n % 17, PARTS) for n in range(PARTS)], id="overlapping"
        ),
        pytest.param(
            [(0, n, 9, 10**18 + n) for n in range(PARTS)], id="of many tables"
        ),
        pytest.param(
            [(n, 2**60 + n, 9, 2**63 - 1) for n in range(PARTS)], id="huge and far"
        ),
    ],
)
def test_many_parts_are_joined_or_reported_in_time(
    directory: Path, places: list[tuple[int, int, int, int]]
) -> None:
    put(directory, part_records(places) + record(GOOD))
    index = ask_everything(directory)
    assert "good" in [one["tag"] for one in index["series"]]
    assert len(index["problems"]) <= 100


def test_a_column_of_many_parts_that_changes_at_each_step_takes_little_memory(
    directory: Path,
) -> None:
    one = column_value("words", "token", ["x"])
    first = [(0, row) for row in range(PARTS)]
    content = b"".join(
        record(event(step, part_of(one, row, PARTS)))
        for step, row in [*first, *((1 + row, row) for row in range(PARTS))]
    )
    table = table_value("words", np.ones((PARTS, 2), np.float32))
    put(directory, content + record(event(0, table)))
    opened = []
    work = lambda: opened.append(tb_wordembed.open(directory))  # noqa: E731
    assert peak_bytes(work) < 100 << 20
    (problem,) = opened[0].problems
    assert "changes in too many parts; left out from step 32 on" in problem.message
