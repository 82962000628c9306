"""Row blocks that other processes read, and the checksum of all of them together."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from crc32c import crc32c
from hypothesis import given
from hypothesis import strategies as st
from logs import FILE_NAME, random_tables, write_series

from tb_wordembed import SnapshotWriter
from tb_wordembed.snapshots.checksums import joined
from tb_wordembed.snapshots.row_blocks import TableBlocks
from tb_wordembed.snapshots.store import Store
from tb_wordembed.snapshots.verified_records import DamagedSnapshotError

sums = st.binary(max_size=40).map(lambda data: (data, (len(data), crc32c(data))))


@given(sums, sums, sums)
def test_checksums_of_parts_give_that_of_all(one: Any, two: Any, rest: Any) -> None:
    data = one[0] + two[0] + rest[0]
    whole = len(data), crc32c(data)
    assert joined(joined(one[1], two[1]), rest[1]) == whole
    assert joined(one[1], joined(two[1], rest[1])) == whole


@pytest.mark.parametrize("length", [1, 255, 4096, 1 << 20, (1 << 20) + 7])
def test_checksums_of_long_parts(length: int) -> None:
    data = np.random.default_rng(0).bytes(length)
    parts = (length, crc32c(data)), (length, crc32c(data[::-1]))
    assert joined(*parts)[1] == crc32c(data + data[::-1])


def stored(path: Path) -> tuple[Store, Any]:
    store = Store([("", str(path))])
    (series,) = store.refresh().series
    return store, series.snapshots[0]


def read_in_segments(blocks: TableBlocks) -> None:
    for segment in blocks.segments(2) or []:
        list(segment)
        blocks.accept(segment.receipt())


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "bfloat16"])
def test_segments_read_the_rows_of_the_table_in_any_process(
    tmp_path: Path, dtype: str
) -> None:
    kind = ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype
    table = random_tables(1, 23, 5)[0].astype(kind)
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", table, 0)
    store, snapshot = stored(tmp_path)
    blocks = store.row_blocks(snapshot, most_rows=3)
    segments = blocks.segments(2)
    assert segments is not None
    found = np.full(table.shape, np.nan, np.float32)
    receipts = []
    # The last segment first, as another process would get it.
    for segment in [pickle.loads(pickle.dumps(one)) for one in segments[::-1]]:
        for start, rows in segment:
            assert len(rows) == min(3, 23 - start)
            found[start : start + len(rows)] = rows
        receipts.append(segment.receipt())
    np.testing.assert_array_equal(found, table.astype(np.float32))
    for receipt in receipts[::-1]:
        blocks.accept(receipt)


def test_a_flipped_bit_is_found_when_all_runs_are_read(tmp_path: Path) -> None:
    file = write_series(tmp_path / FILE_NAME, random_tables(1, 40, 4))
    data = bytearray(file.read_bytes())
    data[-300] ^= 1
    file.write_bytes(data)
    store, snapshot = stored(tmp_path)
    blocks = store.row_blocks(snapshot, most_rows=4)
    segments = blocks.segments(3)
    assert segments is not None
    for segment in segments[:-1]:
        list(segment)
        blocks.accept(segment.receipt())
    list(segments[-1])
    with pytest.raises(DamagedSnapshotError, match="checksum of the data is wrong"):
        blocks.accept(segments[-1].receipt())
    assert store.index.problems
    with pytest.raises(DamagedSnapshotError):
        store.table(snapshot)


def test_a_run_refuses_a_file_that_was_cut(tmp_path: Path) -> None:
    file = write_series(tmp_path / FILE_NAME, random_tables(1, 40, 4))
    store, snapshot = stored(tmp_path)
    segments = store.row_blocks(snapshot, most_rows=4).segments(3)
    assert segments is not None
    file.write_bytes(file.read_bytes()[:-400])
    with pytest.raises(OSError, match="was cut short"):
        list(segments[-1])


def stored_in_parts(path: Path, table: Any, sizes: list[int]) -> tuple[Store, Any]:
    start = 0
    for number, rows in enumerate(sizes):
        with SnapshotWriter(path, filename_suffix=f".{number}") as writer:
            part = table[start : start + rows]
            writer.embedding("words", part, 0, part=(start, len(table)))
        start += rows
    return stored(path)


def test_a_segment_can_be_read_twice_at_a_time(tmp_path: Path) -> None:
    store, snapshot = stored_in_parts(tmp_path, random_tables(1, 23, 5)[0], [11, 12])
    blocks = store.row_blocks(snapshot, most_rows=4)
    (segment,) = blocks.segments(6) or []
    first, second = iter(segment), iter(segment)
    for ahead in range(4):
        next(first)
        if ahead:
            next(second)
    # The first one reads the second part, and the second one the first.
    assert len([*first]) + len([*second]) == 2 + 3
    assert [(at, checksum[0]) for at, checksum in segment.receipt()] == [
        (0, 11 * 20),
        (1, 12 * 20),
    ]
    blocks.accept(segment.receipt())
    assert not store.index.problems


@pytest.mark.parametrize("sizes", [[1] * 23, [20, 3], [3, 7, 2, 11], [6, 6, 6, 5]])
def test_segments_read_the_rows_of_tables_in_parts(
    tmp_path: Path, sizes: list[int]
) -> None:
    table = random_tables(1, 23, 5)[0]
    store, snapshot = stored_in_parts(tmp_path, table, sizes)
    for most_rows, size in ((3, 2), (1, 1), (100, 1), (2, 5)):
        blocks = store.row_blocks(snapshot, most_rows=most_rows)
        segments = blocks.segments(size)
        assert segments is not None
        store.distrust()
        for segment in segments:
            for at, rows_read in pickle.loads(pickle.dumps(segment)):
                np.testing.assert_array_equal(
                    rows_read, table[at : at + len(rows_read)]
                )
            list(segment)
            blocks.accept(segment.receipt())
    for part in snapshot.table.parts:
        file = Path(part.file.path)
        sound = file.read_bytes()
        damaged = bytearray(sound)
        damaged[part.start] ^= 1
        file.write_bytes(damaged)
        store, snapshot = stored(tmp_path)
        blocks = store.row_blocks(snapshot, most_rows=3)
        with pytest.raises(DamagedSnapshotError):
            read_in_segments(blocks)
        file.write_bytes(sound)
