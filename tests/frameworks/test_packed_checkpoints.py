"""Checkpoints in Parquet and zarr, which libraries unpack, are read where they lie."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed import cli
from tb_wordembed.read.measure_log import measuring
from tb_wordembed.snapshots.checkpoints import parquet_file, unpacked, zarr_arrays
from tb_wordembed.snapshots.checkpoints.parquet_file import ParquetRows
from tb_wordembed.snapshots.local_files import FileChangedError
from tb_wordembed.snapshots.verified_records import DamagedSnapshotError

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

ROWS, DIM = 5000, 8
TABLE = np.random.default_rng(0).standard_normal((ROWS, DIM), np.float32)


@pytest.fixture(autouse=True)
def _small_bands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Unpacks 100 rows at once, so that there are many pieces."""
    monkeypatch.setattr(unpacked, "_BAND_BYTES", 100 * DIM * 4)
    monkeypatch.setenv("TB_WORDEMBED_CACHE_DIR", str(tmp_path / "cache"))


def write(
    path: Path, *columns: Any, names: Iterable[str] = "v", **options: Any
) -> None:
    path.parent.mkdir(exist_ok=True, parents=True)
    pq.write_table(pa.table([*columns], [*names]), path, **options)


def lists(table: Any, dtype: Any = None) -> Any:
    return pa.array([*table], pa.list_(dtype or pa.float32()))


def zarr_array(path: Path, table: Any, **options: Any) -> None:
    zarr = pytest.importorskip("zarr", minversion="3")
    options = {"chunks": (300, DIM), **options}
    kind = {"shape": table.shape, "dtype": table.dtype}
    zarr.open_array(str(path), mode="w", **kind, **options)[...] = table


def problems(folder: Path) -> str:
    return " ".join(map(str, tb_wordembed.open(folder).problems))


ORDER = [4999, 0, 4321, 17, 17, 333, 2999, 3000, 1]


@pytest.mark.parametrize("size", [64, 700, 1 << 20])
@pytest.mark.parametrize("version", ["1.0", "2.6"])
def test_rows_in_any_order_are_those_of_numpy(
    tmp_path: Path, size: int, version: str
) -> None:
    options: dict[str, Any] = {
        "row_group_size": size,
        "version": version,
        "data_page_size": 512,
    }
    write(tmp_path / "w.parquet", lists(TABLE), **options)
    series = tb_wordembed.open(tmp_path).series()
    np.testing.assert_array_equal(series.rows(0, ORDER), TABLE[ORDER])
    np.testing.assert_array_equal(series.table(0), TABLE)


def test_a_row_group_is_never_whole_in_memory(tmp_path: Path) -> None:
    table = np.random.default_rng(0).random((200_000, 32), np.float32)
    values = pa.FixedSizeListArray.from_arrays(table.ravel(), 32)
    write(tmp_path / "w.parquet", values)
    before, most = pa.total_allocated_bytes(), 0
    with ParquetRows(tmp_path / "w.parquet", "v", "float32", table.shape) as rows:
        for at in range(0, table.nbytes, 1 << 20):
            piece = rows.read(at, min(1 << 20, table.nbytes - at))
            assert piece == table.tobytes()[at : at + (1 << 20)]
            most = max(most, pa.total_allocated_bytes() - before)
    assert most < table.nbytes / 4


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("kind", ["parquet", "zarr"])
def test_each_dtype_is_kept(tmp_path: Path, dtype: str, kind: str) -> None:
    table = TABLE.astype(dtype)
    if kind == "parquet":
        write(tmp_path / "w.parquet", lists(table, pa.from_numpy_dtype(dtype)))
    else:
        big = table.astype(table.dtype.newbyteorder(">"))
        zarr_array(tmp_path / "w.zarr", big, zarr_format=2)
    series = tb_wordembed.open(tmp_path).series()
    assert series.dtype == dtype
    np.testing.assert_array_equal(series.table(0), table.astype(np.float32))


def test_empty_row_groups_and_files_are_passed_over(tmp_path: Path) -> None:
    rows = pa.table({"v": lists(TABLE)})
    with pq.ParquetWriter(tmp_path / "part-0.parquet", rows.schema) as writer:
        for start, stop in ((0, 0), (0, 7), (7, 7), (7, 7), (7, 20), (20, 20)):
            writer.write_table(rows.slice(start, stop - start))
    write(tmp_path / "part-1.parquet", lists(TABLE[:0]))
    write(tmp_path / "part-2.parquet", lists(TABLE[20:]))
    series = tb_wordembed.open(tmp_path).series()
    np.testing.assert_array_equal(series.table(0), TABLE)
    np.testing.assert_array_equal(series.rows(0, ORDER), TABLE[ORDER])
    write(tmp_path / "empty" / "w.parquet", lists(TABLE[:0]))
    assert tb_wordembed.open(tmp_path / "empty").all_series == []


def test_the_parts_of_a_directory_are_in_the_order_of_their_numbers(
    tmp_path: Path,
) -> None:
    for step in (1, 2, 3):
        at = tmp_path / f"epoch={step}.parquet"
        for number, rows in enumerate(np.split(TABLE * step, 20)):
            write(at / f"piece{number}.snappy.parquet", lists(rows))
        (at / "_SUCCESS").touch()
    series = tb_wordembed.open(tmp_path).series()
    assert series.steps == [1, 2, 3]
    np.testing.assert_array_equal(series.table(2), TABLE * 2)
    (tmp_path / "epoch=1.parquet" / "_temporary").mkdir()
    assert tb_wordembed.open(tmp_path).series().steps == [2, 3]
    assert "still being written" in problems(tmp_path)


def test_missing_numbers_are_no_numbers(tmp_path: Path) -> None:
    rows = [[1.0, None], [3.0, 4.0], [None, None]]
    expected = np.array(rows, np.float32)
    write(tmp_path / "a" / "w.parquet", pa.array(rows, pa.list_(pa.float32())))
    columns = [pa.array(one, pa.float32()) for one in zip(*rows, strict=True)]
    write(tmp_path / "b" / "w.parquet", *columns, names="vw")
    for folder in "ab":
        series = tb_wordembed.open(tmp_path / folder).series()
        np.testing.assert_array_equal(series.table(0), expected)


@pytest.mark.parametrize("columns", [[lists(TABLE)] * 2, [TABLE[:, 0]] * 2])
def test_columns_of_one_name_are_refused(tmp_path: Path, columns: Any) -> None:
    write(tmp_path / "w.parquet", *columns, names="vv")
    assert "has more than one column called 'v'" in problems(tmp_path)


@pytest.mark.parametrize(
    "rows", [[[1.0, 2.0], [1.0]], [[1.0, 2.0], []], [[], []], [[1.0, 2.0], None]]
)
def test_rows_that_make_no_table_are_told_before_anything_is_read(
    tmp_path: Path, rows: Any
) -> None:
    write(tmp_path / "w.parquet", pa.array(rows, pa.list_(pa.float32())))
    assert tb_wordembed.open(tmp_path).all_series == []
    assert "vectors of different lengths, or none" in problems(tmp_path)


def test_rows_that_only_reading_finds_wrong_leave_out_their_step(
    tmp_path: Path,
) -> None:
    # As many numbers as two for each row make, but not two in each.
    ragged = [[1.0, 2.0]] * 3000 + [[1.0], [1.0, 2.0, 3.0]]
    for step, rows in ((1, ragged), (2, [[1.0, 2.0]] * 3002)):
        write(tmp_path / f"w-{step}.parquet", pa.array(rows, pa.list_(pa.float32())))
    log = tb_wordembed.open(tmp_path)
    with pytest.raises(DamagedSnapshotError, match="different lengths"):
        log.series().table(1)
    assert log.series().steps == [2]
    with pytest.raises(DamagedSnapshotError, match="different lengths"):
        tb_wordembed.open(tmp_path).series().rows(1, [3001])
    assert tb_wordembed.open(tmp_path).check().snapshots[0].status == "damaged"
    with measuring(tmp_path) as work:
        assert work.measure(work.log.series()).steps == 1
        assert "different lengths" in " ".join(map(str, work.log.problems))


def test_a_damaged_page_is_found_by_its_checksum(tmp_path: Path) -> None:
    options: dict[str, Any] = {"compression": "none", "write_page_checksum": True}
    options |= {"use_dictionary": False, "data_page_size": 4096}
    write(tmp_path / "w.parquet", lists(TABLE), **options)
    content = bytearray((tmp_path / "w.parquet").read_bytes())
    at = content.index(TABLE[4000].tobytes())
    content[at] ^= 1
    (tmp_path / "w.parquet").write_bytes(content)
    with pytest.raises(DamagedSnapshotError, match="can't be unpacked"):
        tb_wordembed.open(tmp_path).series().table(0)


def test_random_bytes_are_problems_or_tables(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    path = tmp_path / "w.parquet"
    write(path, lists(TABLE[:50]), row_group_size=20)
    original = path.read_bytes()
    for _ in range(200):
        content = bytearray(original)
        for at in rng.integers(0, len(content), 3):
            content[at] = rng.integers(256)
        path.write_bytes(content)
        for series in tb_wordembed.open(tmp_path).all_series:
            with contextlib.suppress(DamagedSnapshotError, MemoryError):
                assert series.table(0).shape == series.shape


def test_several_tables_in_a_file_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "w.parquet", lists(TABLE), lists(TABLE + 1), names="ab")
    log = tb_wordembed.open(tmp_path)
    for tag, table in (("a", TABLE), ("b", TABLE + 1)):
        np.testing.assert_array_equal(log.series(tag=tag).table(0), table)
    with pytest.raises(ValueError, match="several tags, name one of: 'a', 'b'"):
        log.series()
    assert cli.main(["measure", str(tmp_path), "--tag", "b", "--format", "csv"]) == 0
    assert ".,b,1,5000,8," in capsys.readouterr().out
    with pytest.raises(ValueError, match=r"several tables.*'a' \[5000, \?\] float"):
        tb_wordembed.import_tables(tmp_path / "logs", tmp_path / "w.parquet")


def test_a_column_of_texts_has_the_tokens(tmp_path: Path) -> None:
    words = [f"wört{row}" if row else None for row in range(ROWS)]
    for step in (1, 2):
        # The rows of the first step are in another order.
        order = np.random.default_rng(step).permutation(ROWS)
        for part, rows in enumerate(
            np.split(order if step == 1 else np.sort(order), 2)
        ):
            tokens = pa.array([words[row] for row in rows])
            languages = pa.array(["en"] * len(rows))
            at = tmp_path / f"step-{step}" / f"part-{part}.parquet"
            columns = {"language": languages, "word": tokens, "v": lists(TABLE[rows])}
            write(at, *columns.values(), names=columns)
    series = tb_wordembed.open(tmp_path).series()
    assert series.tokens == ["", *words[1:]]
    assert series.index_of("wört4321") == 4321
    np.testing.assert_array_equal(series.drift(1, 2), np.zeros(ROWS))
    neighbors = series.neighbors("wört17", 1, k=3)
    assert neighbors == series.neighbors("wört17", 2, k=3)


@pytest.mark.parametrize(
    "kind", [pa.large_string(), pa.dictionary(pa.int8(), pa.string()), None]
)
def test_tokens_may_be_categories_or_views(tmp_path: Path, kind: Any) -> None:
    if kind is None:
        kind = pa.string_view() if hasattr(pa, "string_view") else pa.string()
    words = ["a", "b", "ü", "a"]
    tokens = pa.array(words, pa.string()).cast(kind)
    write(tmp_path / "w.parquet", tokens, lists(TABLE[:4]), names="tv")
    assert tb_wordembed.open(tmp_path).series().tokens == words
    tb_wordembed.import_tables(tmp_path / "logs", tmp_path / "w.parquet")
    assert tb_wordembed.open(tmp_path / "logs").series().tokens == words


def test_damaged_tokens_leave_rows_without(tmp_path: Path) -> None:
    words = pa.array([f"word{row}" for row in range(ROWS)])
    options = {"compression": "gzip", "use_dictionary": False}
    write(tmp_path / "w.parquet", words, lists(TABLE), names="tv", **options)
    place = pq.ParquetFile(tmp_path / "w.parquet").metadata.row_group(0).column(0)
    content = bytearray((tmp_path / "w.parquet").read_bytes())
    start = place.data_page_offset
    content[start + 60 : start + 99] = bytes(39)
    (tmp_path / "w.parquet").write_bytes(content)
    log = tb_wordembed.open(tmp_path)
    assert log.series().tokens[:2] == ["#0", "#1"]
    np.testing.assert_array_equal(log.series().table(0), TABLE)
    assert "tokens can't be unpacked" in " ".join(map(str, log.problems))


def test_tokens_that_take_too_much_memory_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        tmp_path / "w.parquet", pa.array(["x" * 1000] * ROWS), lists(TABLE), names="tv"
    )
    assert (tmp_path / "w.parquet").stat().st_size < 100 * ROWS
    monkeypatch.setattr(parquet_file, "_MOST_TEXT_BYTES", 1000 * ROWS - 1)
    log = tb_wordembed.open(tmp_path)
    assert log.series().tokens[-1] == "#4999"
    assert "they take more than 4,999,999 bytes" in " ".join(map(str, log.problems))


def test_columns_that_are_no_table_are_listed(tmp_path: Path) -> None:
    write(tmp_path / "w.parquet", pa.array(["a"]), pa.array([[1]]), names="tv")
    assert "it has t (string), v (list<" in problems(tmp_path)


def test_two_workers_read_them(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    for step in (1, 2):
        write(tmp_path / "a" / f"w-{step}.parquet", lists(TABLE * step))
        zarr_array(tmp_path / "b" / f"w-{step}.zarr", TABLE * step)
        (tmp_path / "c").mkdir(exist_ok=True)
        np.save(tmp_path / "c" / f"w-{step}.npy", TABLE * step)
    found = []
    for folder in "abc":
        with measuring(tmp_path / folder, workers=2) as work:
            assert work.measure(work.log.series()).computed
            found.append(work.log.series().drift(1, 2, measure="euclidean"))
    np.testing.assert_array_equal(found[0], found[2])
    np.testing.assert_array_equal(found[1], found[2])


def test_a_missing_chunk_of_zarr_is_told(tmp_path: Path) -> None:
    zarr_array(tmp_path / "w.zarr", TABLE)
    chunk = tmp_path / "w.zarr" / "c" / "3" / "0"
    chunk.unlink()
    assert "16 of 17 chunks" in problems(tmp_path)
    with pytest.importorskip("zarr").config.set({"array.write_empty_chunks": True}):
        zarr_array(tmp_path / "w.zarr", 0 * TABLE)
    assert not tb_wordembed.open(tmp_path).series().table(0).any()


@pytest.mark.parametrize("place", ["filters", "compressor"])
def test_pickles_in_zarr_are_never_run(tmp_path: Path, place: str) -> None:
    zarr_array(tmp_path / "w.zarr", TABLE[:300], zarr_format=2)
    ran = tmp_path / "ran"
    (tmp_path / "w.zarr" / "0.0").write_bytes(b"cos\nmkdir\n(V%s\ntR." % bytes(ran))
    metadata = json.loads((tmp_path / "w.zarr" / ".zarray").read_text())
    codec = {"id": "pickle", "protocol": 0}
    metadata |= {"filters": None, "compressor": None}
    metadata[place] = [codec] if place == "filters" else codec
    text = json.dumps(metadata).replace("pickle", "\\u0070ickle")
    (tmp_path / "w.zarr" / ".zarray").write_text(text)
    assert "can run code" in problems(tmp_path)
    with pytest.raises(ValueError, match="can run code"):
        tb_wordembed.import_tables(tmp_path / "logs", tmp_path / "w.zarr")
    assert not ran.exists()


def test_a_damaged_chunk_leaves_out_its_step(tmp_path: Path) -> None:
    zarr_array(tmp_path / "w-1.zarr", TABLE)
    zarr_array(tmp_path / "w-2.zarr", TABLE)
    (tmp_path / "w-1.zarr" / "c" / "3" / "0").write_bytes(b"nonsense" * 20)
    log = tb_wordembed.open(tmp_path)
    with pytest.raises(DamagedSnapshotError, match="can't be unpacked"):
        log.series().table(1)
    assert log.series().steps == [2]


def test_a_chunk_that_changes_changes_the_array(tmp_path: Path) -> None:
    zarr = pytest.importorskip("zarr", minversion="3")
    zarr_array(tmp_path / "w.zarr", TABLE)
    log = tb_wordembed.open(tmp_path)
    before = log.series().norms(0)
    zarr.open_array(str(tmp_path / "w.zarr"), mode="r+")[4000:] = 2 * TABLE[4000:]
    with pytest.raises(FileChangedError):
        log.series().table(0)
    log.refresh()
    expected = np.where(np.arange(ROWS) < 4000, before, 2 * before)
    np.testing.assert_allclose(log.series().norms(0), expected, rtol=1e-6)


def test_the_files_of_an_array_are_listed_once_to_open_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zarr_array(tmp_path / "w.zarr", TABLE)
    series = tb_wordembed.open(tmp_path).series()
    listed, rglob = [], Path.rglob

    def listing(path: Path, pattern: str) -> Iterator[Path]:
        listed.append(path)
        return rglob(path, pattern)

    monkeypatch.setattr(Path, "rglob", listing)
    np.testing.assert_array_equal(series.rows(0, [17]), TABLE[[17]])
    assert listed == [tmp_path / "w.zarr"]


def test_chunks_that_are_too_large_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zarr_array(tmp_path / "w.zarr", TABLE)
    monkeypatch.setattr(zarr_arrays, "_MOST_CHUNK_BYTES", 300 * DIM * 4 - 1)
    assert "chunks of 9,600 bytes" in problems(tmp_path)
    # Chunks side by side have the numbers of a row.
    zarr_array(tmp_path / "w.zarr", TABLE, chunks=(300, 2))
    assert "chunks of 300 rows in 'w.zarr', whose 9,600 bytes" in problems(tmp_path)


def test_an_array_that_lacks_chunks_keeps_no_other_from_import(tmp_path: Path) -> None:
    zarr = pytest.importorskip("zarr", minversion="3")
    zarr.open_group(str(tmp_path / "group"), mode="w")
    zarr_array(tmp_path / "group" / "embedding", TABLE)
    zarr_array(tmp_path / "group" / "momentum", np.zeros_like(TABLE))
    files = tmp_path / "logs", tmp_path / "group"
    assert tb_wordembed.import_tables(*files, key="embedding").tag == "embedding"
    with pytest.raises(ValueError, match="0 of 17 chunks of 'momentum'"):
        tb_wordembed.import_tables(*files, key="momentum")


def test_results_inside_an_array_do_not_change_it(tmp_path: Path) -> None:
    zarr_array(tmp_path / "w.zarr", TABLE)
    for is_new in (True, False):
        with measuring(tmp_path / "w.zarr") as work:
            assert bool(work.measure(work.log.series()).computed) == is_new


@pytest.mark.parametrize("name", ["w-7.zarr", "group"])
def test_zarr_is_imported(tmp_path: Path, name: str) -> None:
    zarr = pytest.importorskip("zarr", minversion="3")
    zarr_array(tmp_path / "w-7.zarr", TABLE)
    zarr.open_group(str(tmp_path / "group"), mode="w").create_group("other")
    shutil.copytree(tmp_path / "w-7.zarr", tmp_path / "group" / "deep" / "embedding")
    done = tb_wordembed.import_tables(tmp_path / "logs", tmp_path / name)
    assert done.tag == ("w-7" if name == "w-7.zarr" else "deep/embedding")
    series = tb_wordembed.open(tmp_path / "logs").series()
    np.testing.assert_array_equal(series.table(0), TABLE)


def test_without_the_library_the_message_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "w.zarr").mkdir()
    content = {"node_type": "array", "zarr_format": 3}
    (tmp_path / "w.zarr" / "zarr.json").write_text(json.dumps(content))
    write(tmp_path / "w.parquet", lists(TABLE))
    for name in ("zarr", "pyarrow.parquet"):
        monkeypatch.setitem(__import__("sys").modules, name, None)
    assert "pip install zarr" in problems(tmp_path)
    assert "pip install pyarrow" in problems(tmp_path)
