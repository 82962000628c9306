"""Reading tables: the very numbers that were logged, or none."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from logs import FILE_NAME, column_value, event, random_tables, table_value, write
from tensorboard.compat.proto import tensor_pb2, types_pb2

from tb_wordembed.snapshots.index_entries import Snapshot
from tb_wordembed.snapshots.local_files import FileChangedError
from tb_wordembed.snapshots.store import Store
from tb_wordembed.snapshots.verified_records import DamagedSnapshotError

TABLE = random_tables(1, 7, 5)[0]


def store_of(directory: Path) -> Store:
    store = Store([("", str(directory))])
    store.refresh()
    return store


def only(store: Store) -> Snapshot:
    ((snapshot,),) = (one.snapshots for one in store.index.series)
    return snapshot


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
def test_every_dtype_comes_as_float32(tmp_path: Path, dtype: str) -> None:
    table = TABLE.astype(dtype)
    write(tmp_path / FILE_NAME, event(0, table_value("words", table)))
    store = store_of(tmp_path)
    read = store.table(only(store))
    assert read.dtype == np.float32
    np.testing.assert_array_equal(read, table.astype(np.float32))


def test_bfloat16_is_the_upper_half_of_float32(tmp_path: Path) -> None:
    value = table_value("words", TABLE)
    bits = TABLE.view(np.uint32) >> 16
    value.tensor.dtype = types_pb2.DT_BFLOAT16
    value.tensor.tensor_content = bits.astype(np.uint16).tobytes()
    write(tmp_path / FILE_NAME, event(0, value))
    store = store_of(tmp_path)
    np.testing.assert_array_equal(
        store.table(only(store)), (bits << 16).astype(np.uint32).view(np.float32)
    )


def test_numbers_listed_one_by_one_are_read_too(tmp_path: Path) -> None:
    value = table_value("words", TABLE)
    tensor = tensor_pb2.TensorProto(
        dtype=types_pb2.DT_FLOAT,
        tensor_shape=value.tensor.tensor_shape,
        float_val=TABLE.ravel().tolist(),
    )
    value.tensor.CopyFrom(tensor)
    write(tmp_path / FILE_NAME, event(0, value))
    store = store_of(tmp_path)
    np.testing.assert_array_equal(store.table(only(store)), TABLE)
    np.testing.assert_array_equal(store.rows(only(store), [6, 0]), TABLE[[6, 0]])


def test_bfloat16_listed_one_by_one_is_read_too(tmp_path: Path) -> None:
    value = table_value("words", TABLE)
    bits = TABLE.view(np.uint32) >> 16
    tensor = tensor_pb2.TensorProto(
        dtype=types_pb2.DT_BFLOAT16,
        tensor_shape=value.tensor.tensor_shape,
        half_val=bits.ravel().tolist(),
    )
    value.tensor.CopyFrom(tensor)
    write(tmp_path / FILE_NAME, event(0, value))
    store = store_of(tmp_path)
    np.testing.assert_array_equal(
        store.table(only(store)), (bits << 16).astype(np.uint32).view(np.float32)
    )


def test_doubles_too_large_for_float32_become_infinite(tmp_path: Path) -> None:
    table = np.array([[1e300, 1.0]])
    write(tmp_path / FILE_NAME, event(0, table_value("words", table)))
    store = store_of(tmp_path)
    assert store.table(only(store)).tolist() == [[np.inf, 1.0]]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(block_rows=st.integers(1, 10), indices=st.lists(st.integers(0, 6), max_size=9))
def test_blocks_and_rows_are_parts_of_the_table(
    tmp_path: Path, block_rows: int, indices: list[int]
) -> None:
    path = tmp_path / FILE_NAME
    if not path.exists():
        write(path, event(0, table_value("words", TABLE)))
    store = store_of(tmp_path)
    parts = [
        (start, block.copy()) for start, block in store.blocks(only(store), block_rows)
    ]
    assert [start for start, _ in parts] == list(range(0, 7, block_rows))
    np.testing.assert_array_equal(np.concatenate([b for _, b in parts]), TABLE)
    np.testing.assert_array_equal(store.rows(only(store), indices), TABLE[indices])


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_a_block_stays_until_as_many_more_are_asked_for_as_there_are_buffers(
    tmp_path: Path, dtype: Any
) -> None:
    value = table_value("words", TABLE.astype(dtype))
    write(tmp_path / FILE_NAME, event(0, value))
    store = store_of(tmp_path)
    held = list(store.blocks(only(store), 2, buffers=4))
    for start, block in held:
        np.testing.assert_array_equal(
            block, TABLE[start : start + 2].astype(dtype).astype(np.float32)
        )


@pytest.mark.parametrize("index", [-1, 7])
def test_a_row_that_is_not_there(tmp_path: Path, index: int) -> None:
    write(tmp_path / FILE_NAME, event(0, table_value("words", TABLE)))
    store = store_of(tmp_path)
    with pytest.raises(IndexError, match=f"row {index} .* 7 rows"):
        store.rows(only(store), [0, index])


def test_a_damaged_snapshot_is_reported_and_never_shown(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    write(path, *(event(n, table_value("words", TABLE + n)) for n in range(3)))
    store = store_of(tmp_path)
    middle = store.index.series[0].snapshots[1]
    data = bytearray(path.read_bytes())
    data[middle.table.parts[0].start + 3] ^= 1
    path.write_bytes(data)

    blocks = store.blocks(middle, 2)
    assert [start for start, _ in itertools.islice(blocks, 3)] == [0, 2, 4]
    with pytest.raises(
        DamagedSnapshotError, match=r"at byte \d+: step 1 of .*: the checksum"
    ):
        next(blocks)
    (series,) = store.index.series
    assert [one.step for one in series.snapshots] == [0, 2]
    (problem,) = store.index.problems
    assert (problem.path, problem.offset) == (
        str(path),
        middle.table.parts[0].record_offset,
    )
    np.testing.assert_array_equal(store.table(series.snapshots[1]), TABLE + 2)
    # What follows from a series is kept as long as the series is the same object.
    assert store.index.series[0] is series
    for read in (store.table, lambda one: store.rows(one, [0])):
        with pytest.raises(DamagedSnapshotError):
            read(middle)


def test_a_table_that_was_not_read_to_its_end_is_still_to_be_checked(
    tmp_path: Path,
) -> None:
    path = write(tmp_path / FILE_NAME, event(0, table_value("words", TABLE)))
    store = store_of(tmp_path)
    snapshot = only(store)
    data = bytearray(path.read_bytes())
    data[snapshot.table.parts[0].start + snapshot.table.parts[0].length - 1] ^= 1
    path.write_bytes(data)
    next(store.blocks(snapshot, 2))
    with pytest.raises(DamagedSnapshotError):
        store.table(snapshot)


def test_a_file_cut_short_under_the_reader(tmp_path: Path) -> None:
    path = write(tmp_path / FILE_NAME, event(0, table_value("words", TABLE)))
    store = store_of(tmp_path)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 20)
    with pytest.raises(FileChangedError, match="cut short"):
        store.table(only(store))
    assert store.refresh().series == ()


def test_another_file_in_its_place_is_not_read_as_the_one_indexed(
    tmp_path: Path,
) -> None:
    path = write(tmp_path / FILE_NAME, event(0, table_value("words", TABLE)))
    store = store_of(tmp_path)
    snapshot = only(store)
    store.table(snapshot)
    other = write(tmp_path / "other", event(0, table_value("words", TABLE + 1)))
    other.replace(path)
    with pytest.raises(FileChangedError, match="replaced"):
        store.rows(snapshot, [0])
    store.refresh()
    np.testing.assert_array_equal(store.table(only(store)), TABLE + 1)


def test_a_repaired_file_is_trusted_again(tmp_path: Path) -> None:
    path = write(tmp_path / FILE_NAME, event(0, table_value("words", TABLE)))
    good = path.read_bytes()
    store = store_of(tmp_path)
    bad = bytearray(good)
    bad[only(store).table.parts[0].start] ^= 1
    path.write_bytes(bad)
    with pytest.raises(DamagedSnapshotError):
        store.table(only(store))
    assert store.index.series == ()
    copy = tmp_path / "copy"
    copy.write_bytes(good)
    copy.replace(path)
    assert not store.refresh().problems
    np.testing.assert_array_equal(store.table(only(store)), TABLE)
    path.unlink()
    assert not store.refresh().problems


@pytest.mark.parametrize(
    "values",
    [
        ["a", "", "naïve", "日本", "\t\n", "<b>", "x" * 5000],
        np.arange(7),
        np.linspace(0, 1, 7),
        np.arange(7, dtype=np.float32),
    ],
)
def test_columns_come_as_they_were_logged(tmp_path: Path, values: object) -> None:
    assert isinstance(values, list | np.ndarray)
    write(
        tmp_path / FILE_NAME,
        event(0, column_value("words", "c", values), table_value("words", TABLE)),
    )
    store = store_of(tmp_path)
    (column,) = store.index.series[0].columns
    read = store.column(column)
    if isinstance(values, list):
        assert read == values
    else:
        np.testing.assert_array_equal(read, values)
