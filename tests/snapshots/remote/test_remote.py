"""Logs in every place that TensorBoard reads: the same answers from each."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from logs import (
    FILE_NAME,
    event,
    random_tables,
    scalar_value,
    table_value,
    write,
    write_series,
)
from places import FsspecPlace, Place, PlainFiles, PlainPlace, S3Place, S3Server
from tensorboard.compat import tensorflow_stub

from tb_wordembed import SnapshotWriter
from tb_wordembed.format.record import FOOTER_BYTES, HEADER_BYTES
from tb_wordembed.read.log import Log
from tb_wordembed.snapshots.index_entries import LogIndex, Snapshot
from tb_wordembed.snapshots.local_files import FileChangedError
from tb_wordembed.snapshots.log_index import Indexer
from tb_wordembed.snapshots.remote import range_reads
from tb_wordembed.snapshots.store import Store
from tb_wordembed.snapshots.verified_records import DamagedSnapshotError

NAME = f"run/{FILE_NAME}"
TABLES = random_tables(4, 200, 30)


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    """An event file of TABLES, and tokens."""
    return series_bytes(tmp_path / "source" / FILE_NAME, TABLES)


def series_bytes(path: Path, tables: Sequence[npt.NDArray[np.float32]]) -> bytes:
    path.unlink(missing_ok=True)
    tokens = [f"word{row}" for row in range(len(tables[0]))]
    return write_series(path, tables, tokens=tokens).read_bytes()


def store_of(place: Place) -> Store:
    return Store([("", place.url)])


def snapshots(store: Store) -> tuple[Snapshot, ...]:
    (series,) = store.refresh().series
    return series.snapshots


def steps(index: LogIndex) -> list[int]:
    return [one.step for series in index.series for one in series.snapshots]


# ------------------------------------------------------------------------- contract


def test_what_a_writer_wrote_is_read(place: Place) -> None:
    words = [f"word{row}" for row in range(200)]
    with SnapshotWriter(f"{place.url}/train") as writer:
        for step, table in enumerate(TABLES):
            writer.embedding(
                "words", table, step, tokens=words, metadata={"n": np.arange(200.0)}
            )
    log = Log([("", place.url)])
    log.refresh()
    assert log.problems == []
    series = log.series("train", "words")
    assert series.steps == [0, 1, 2, 3]
    assert series.tokens == words
    np.testing.assert_array_equal(series.metadata["n"], np.arange(200.0))
    for step, table in enumerate(TABLES):
        np.testing.assert_array_equal(series.table(step), table)
        np.testing.assert_array_equal(series.rows(step, [7, 0]), table[[7, 0]])


def test_runs_are_named_as_in_a_local_directory(place: Place, content: bytes) -> None:
    for name in ("", "a/", "a/b c/", "a/100%/ü/"):
        place.put(f"{name}{FILE_NAME}", content)
    place.put("a/model.weights.h5", b"no events")
    for url, above in ((place.url, ""), (f"{place.url}/", "named")):
        index = Indexer([(above, url)]).refresh()
        assert not index.problems
        found = {one.run for one in index.series}
        if above:
            assert found == {"named", "named/a", "named/a/b c", "named/a/100%/ü"}
        else:
            assert found == {".", "a", "a/b c", "a/100%/ü"}


def test_a_directory_that_is_not_there_yet_is_empty(place: Place) -> None:
    indexer = Indexer([("", f"{place.url}/later")])
    assert indexer.refresh() == LogIndex((), ())


def test_nothing_is_read_of_a_file_that_stayed_as_it_was(
    place: Place, content: bytes, reads: list[tuple[int, int]]
) -> None:
    place.put(NAME, content)
    indexer = Indexer([("", place.url)])
    assert steps(indexer.refresh()) == [0, 1, 2, 3]
    assert reads
    reads.clear()
    assert steps(indexer.refresh()) == [0, 1, 2, 3]
    assert reads == []


def test_growth_is_followed_and_what_was_there_stays(
    place: Place, content: bytes, tmp_path: Path
) -> None:
    place.put(NAME, content)
    store = store_of(place)
    before = snapshots(store)
    path = tmp_path / "source" / FILE_NAME
    for step in (4, 5):
        whole = write(path, event(step, table_value("words", TABLES[step - 4])))
        place.put(NAME, whole.read_bytes())
        after = snapshots(store)
        assert [one.step for one in after] == list(range(step + 1))
        assert after[:4] == before
        np.testing.assert_array_equal(store.table(after[-1]), TABLES[step - 4])


def test_what_is_half_written_is_waited_for(place: Place, content: bytes) -> None:
    store = store_of(place)
    for cut in (3, 5_000, 20_000):
        place.put(NAME, content[:-cut])
        assert [one.step for one in snapshots(store)] == [0, 1, 2]
        assert not store.index.problems
    place.put(NAME, content)
    np.testing.assert_array_equal(store.table(snapshots(store)[-1]), TABLES[-1])


def test_a_file_that_was_replaced_is_read_anew(
    place: Place, content: bytes, tmp_path: Path
) -> None:
    others = random_tables(3, 200, 30, seed=1)
    place.put(NAME, content)
    store = store_of(place)
    before = snapshots(store)
    place.put(NAME, series_bytes(tmp_path / "other", others))
    with pytest.raises((FileChangedError, DamagedSnapshotError)):
        store.table(before[2])
    after = snapshots(store)
    assert not store.index.problems
    assert len(after) == 3
    for one, table in zip(after, others, strict=True):
        np.testing.assert_array_equal(store.table(one), table)
    tables = {one.table.content_id for one in after}
    assert tables.isdisjoint(one.table.content_id for one in before)


def test_a_file_that_was_cut_has_fewer_steps(place: Place, content: bytes) -> None:
    place.put(NAME, content)
    store = store_of(place)
    last = snapshots(store)[-1]
    place.put(NAME, content[:-30_000])
    with pytest.raises(FileChangedError, match="cut short"):
        store.table(last)
    assert [one.step for one in snapshots(store)] == [0, 1]
    assert not store.index.problems


def test_a_file_that_was_deleted_is_gone(place: Place, content: bytes) -> None:
    place.put(NAME, content)
    place.put(f"kept/{FILE_NAME}", content)
    store = store_of(place)
    gone = next(one for one in store.refresh().series if one.run == "run")
    place.delete(NAME)
    with pytest.raises(FileNotFoundError, match=re.escape(NAME)):
        store.table(gone.snapshots[0])
    assert [one.run for one in store.refresh().series] == ["kept"]
    assert not store.index.problems


def test_a_damaged_snapshot_is_never_shown(place: Place, content: bytes) -> None:
    place.put(NAME, content)
    start = snapshots(store_of(place))[1].table.parts[0].start
    broken = bytearray(content)
    broken[start + 100] ^= 1
    place.put(NAME, bytes(broken))
    store = store_of(place)
    first, second, *_ = snapshots(store)
    with pytest.raises(DamagedSnapshotError, match="checksum"):
        store.table(second)
    np.testing.assert_array_equal(store.table(first), TABLES[0])
    assert steps(store.index) == [0, 2, 3]


def test_a_bad_length_ends_that_file_only(place: Place, content: bytes) -> None:
    place.put(NAME, content + b"\xff" * 40)
    place.put(f"sound/{FILE_NAME}", content)
    index = Indexer([("", place.url)]).refresh()
    assert [len(one.snapshots) for one in index.series] == [4, 4]
    (problem,) = index.problems
    assert problem.path.endswith(NAME)
    assert problem.offset == len(content)


# ------------------------------------------------------------------------------- S3


def test_a_server_that_goes_away_and_comes_back(
    s3_place: S3Place, s3_server: S3Server, content: bytes
) -> None:
    s3_place.put(NAME, content)
    store = store_of(s3_place)
    first, second, *_ = snapshots(store)
    store.table(first)
    with s3_server.away():
        index = store.refresh()
        assert steps(index) == [0, 1, 2, 3]
        (problem,) = index.problems
        assert problem.path == s3_place.url
        assert "can't be read" in problem.message
        assert "check the address, the network and the credentials" in problem.message
        np.testing.assert_array_equal(store.table(first), TABLES[0])
        with pytest.raises(OSError, match=f"{re.escape(NAME)}.*credentials"):
            store.table(second)
    assert store.refresh().problems == ()
    np.testing.assert_array_equal(store.table(second), TABLES[1])


def test_a_bucket_that_is_not_there_is_a_problem(s3_place: S3Place) -> None:
    (problem,) = Indexer([("", "s3://no-such-bucket/runs")]).refresh().problems
    assert problem.path == "s3://no-such-bucket/runs"
    assert "NoSuchBucket" in problem.message


def test_a_whole_bucket_may_be_the_log_directory(
    s3_place: S3Place, content: bytes
) -> None:
    s3_place.put(NAME, content)
    for url in (f"s3://{s3_place.bucket}", f"s3://{s3_place.bucket}/"):
        (series,) = Indexer([("", url)]).refresh().series
        assert series.run == "some/runs/run"


def test_a_directory_whose_name_starts_the_same_is_another(
    s3_place: S3Place, content: bytes
) -> None:
    s3_place.put(NAME, content)
    s3_place.put(f"run2/{FILE_NAME}", content)
    (series,) = Indexer([("", f"{s3_place.url}/run")]).refresh().series
    assert series.run == "."


def test_listings_of_several_pages(
    s3_place: S3Place, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        s3_place.put(f"checkpoints/{number}", b"")
    s3_place.put(NAME, content)
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
    assert steps(Indexer([("", s3_place.url)]).refresh()) == [0, 1, 2, 3]


def test_s3_is_asked_once_for_all_runs_and_once_for_each_new_file(
    s3_place: S3Place, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    for run in range(3):
        s3_place.put(f"{run}/{FILE_NAME}", content[:-1000])
    indexer = Indexer([("", s3_place.url)])
    requests = []
    caplog.set_level("INFO", logger="werkzeug")
    for look in range(3):
        if look == 2:
            s3_place.put(f"1/{FILE_NAME}", content)
        caplog.clear()
        indexer.refresh()
        requests.append(
            (
                sum("GET" in text and "list-type" in text for text in caplog.messages),
                sum("GET" in text and FILE_NAME in text for text in caplog.messages),
            )
        )
    # Files of 100 kB: a piece of 64 KiB, and one behind it.
    assert requests == [(1, 6), (1, 0), (1, 1)]


# --------------------------------------------------------------------------- fsspec


class Counting:
    """What a file system was asked for."""

    def __init__(self) -> None:
        self.listed = 0
        self.ranges: list[int] = []


@pytest.fixture
def counting(memory_place: FsspecPlace, monkeypatch: pytest.MonkeyPatch) -> Counting:
    """Of the memory file system, from here on."""
    from fsspec.implementations.memory import MemoryFileSystem

    asked = Counting()
    ls, cat_file = MemoryFileSystem.ls, MemoryFileSystem.cat_file

    def counted_ls(self: Any, path: str, **options: Any) -> Any:
        asked.listed += 1
        return ls(self, path, **options)

    def counted_cat_file(self: Any, path: str, *, start: int, end: int) -> bytes:
        asked.ranges.append(end - start)
        data: bytes = cat_file(self, path, start=start, end=end)
        return data

    monkeypatch.setattr(MemoryFileSystem, "ls", counted_ls)
    monkeypatch.setattr(MemoryFileSystem, "cat_file", counted_cat_file)
    return asked


@pytest.mark.parametrize("description", ["", "Vectors of words. " * 500])
def test_the_index_fetches_about_one_piece_for_each_large_table(
    memory_place: FsspecPlace, counting: Counting, tmp_path: Path, description: str
) -> None:
    table = np.zeros((20_000, 100), np.float32)
    path = write(
        tmp_path / FILE_NAME,
        *(event(step, table_value("words", table, description)) for step in range(5)),
    )
    memory_place.put(NAME, path.read_bytes())
    indexer = Indexer([("", memory_place.url)])
    assert steps(indexer.refresh()) == [0, 1, 2, 3, 4]
    assert counting.listed == 2
    assert len(counting.ranges) == 6
    assert sum(counting.ranges) <= 6 * range_reads.PIECE_BYTES < table.nbytes / 20

    counting.ranges.clear()
    write(path, event(5, table_value("words", table)))
    memory_place.put(NAME, path.read_bytes())
    assert steps(indexer.refresh()) == [0, 1, 2, 3, 4, 5]
    assert len(counting.ranges) == 2


def test_small_records_are_fetched_many_at_a_time(
    memory_place: FsspecPlace, counting: Counting, tmp_path: Path
) -> None:
    scalars = (event(step, scalar_value("loss", step)) for step in range(10_000))
    path = write(tmp_path / FILE_NAME, *scalars, event(1, table_value("a", TABLES[0])))
    memory_place.put(NAME, path.read_bytes())
    assert steps(Indexer([("", memory_place.url)]).refresh()) == [1]
    assert len(counting.ranges) < 8
    assert sum(counting.ranges) < 1.5 * path.stat().st_size


def test_a_snapshot_is_fetched_once(
    memory_place: FsspecPlace, counting: Counting, content: bytes
) -> None:
    memory_place.put(NAME, content)
    store = store_of(memory_place)
    first, *_ = snapshots(store)
    counting.ranges.clear()
    for _ in range(3):
        np.testing.assert_array_equal(store.table(first), TABLES[0])
        np.testing.assert_array_equal(store.rows(first, [3]), TABLES[0][[3]])
    record_bytes = first.table.parts[0].record_length + HEADER_BYTES + FOOTER_BYTES
    assert counting.ranges == [record_bytes]


def test_a_server_that_knows_no_ranges_is_read_all_the_same(
    memory_place: FsspecPlace, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fsspec.implementations.memory import MemoryFileSystem

    def whole(self: Any, path: str, *, start: int, end: int) -> bytes:
        return bytes(self.store[self._strip_protocol(path)].getvalue())

    memory_place.put(NAME, content)
    monkeypatch.setattr(MemoryFileSystem, "cat_file", whole)
    store = store_of(memory_place)
    for one, table in zip(snapshots(store), TABLES, strict=True):
        np.testing.assert_array_equal(store.table(one), table)


def test_a_directory_that_is_refused_costs_the_others_nothing(
    memory_place: FsspecPlace, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fsspec.implementations.memory import MemoryFileSystem

    ls = MemoryFileSystem.ls

    def refusing(self: Any, path: str, **options: Any) -> Any:
        if path.endswith("secret"):
            raise PermissionError("not for you")
        return ls(self, path, **options)

    memory_place.put(NAME, content)
    memory_place.put(f"secret/{FILE_NAME}", content)
    monkeypatch.setattr(MemoryFileSystem, "ls", refusing)
    index = Indexer([("", memory_place.url)]).refresh()
    assert [one.run for one in index.series] == ["run"]
    (problem,) = index.problems
    assert problem.path == f"{memory_place.url}/secret"
    assert "not for you" in problem.message


@pytest.mark.parametrize("sizes", ["asked for", "unknown"])
def test_sizes_that_a_listing_leaves_out_are_asked_for(
    memory_place: FsspecPlace,
    content: bytes,
    monkeypatch: pytest.MonkeyPatch,
    sizes: str,
) -> None:
    """As web servers do."""
    from fsspec.implementations.memory import MemoryFileSystem

    ls, info = MemoryFileSystem.ls, MemoryFileSystem.info

    def sizeless(self: Any, path: str, **options: Any) -> Any:
        return [{**one, "size": None} for one in ls(self, path, **options)]

    def unknown(self: Any, path: str, **options: Any) -> Any:
        return {**info(self, path, **options), "size": None}

    memory_place.put(NAME, content)
    monkeypatch.setattr(MemoryFileSystem, "ls", sizeless)
    if sizes == "unknown":
        monkeypatch.setattr(MemoryFileSystem, "info", unknown)
    index = Indexer([("", memory_place.url)]).refresh()
    if sizes == "unknown":
        (problem,) = index.problems
        assert f"doesn't say how large {FILE_NAME} is" in problem.message
    else:
        assert steps(index) == [0, 1, 2, 3]


# -------------------------------------------------------------------------- others


def test_what_a_registered_file_system_raises_is_a_problem(
    plain_place: PlainPlace, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: PlainFiles, dirname: str) -> list[str]:
        raise tensorflow_stub.errors.PermissionDeniedError(None, None, "keep out")

    plain_place.put(NAME, content)
    monkeypatch.setattr(PlainFiles, "listdir", refuse)
    (problem,) = Indexer([("", plain_place.url)]).refresh().problems
    assert problem.path == plain_place.url
    assert "keep out" in problem.message
    assert "credentials" in problem.message


# ------------------------------------------------------------------ without packages


def refusal(path: str, *missing: str) -> str:
    """What a process without these packages says of a log directory."""
    script = f"""
import sys
for name in {[*missing]}:
    sys.modules[name] = None
from tb_wordembed.read.log import Log
log = Log([("", {path!r})])
log.refresh()
(problem,) = log.problems
assert problem.path == {path!r}
print(problem.message)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.parametrize(
    ("path", "missing", "words"),
    [
        ("s3://b/runs", "tensorflow boto3 fsspec", "Install boto3, or copy"),
        ("gs://b/runs", "tensorflow fsspec", "Install fsspec and the package"),
        ("gs://b/runs", "tensorflow gcsfs", "gcsfs"),
        ("nosuch://b/runs", "tensorflow", "nosuch://"),
    ],
)
def test_a_scheme_that_lacks_a_package_says_which(
    path: str, missing: str, words: str
) -> None:
    if words == "gcsfs":
        pytest.importorskip("fsspec", reason="it knows which package gs:// needs")
    said = refusal(path, *missing.split())
    assert "TensorBoard can't read" in said
    assert words in said
    assert "copy the runs to a local directory" in said


@pytest.mark.tensorflow
def test_a_scheme_that_tensorflow_lacks_says_what_helps() -> None:
    pytest.importorskip("tensorflow", reason="its file systems are asked")
    said = refusal("s3://b/runs", "tensorflow_io")
    assert "TensorBoard can't read s3:// here" in said
    assert "Install tensorflow-io, or leave out tensorflow" in said


def test_without_tensorflow_and_its_stand_in_s3_is_read(
    s3_place: S3Place, content: bytes
) -> None:
    """As where TensorFlow isn't installed, from the first import on."""
    s3_place.put(NAME, content)
    script = f"""
import sys
sys.modules["tensorflow"] = None
from tb_wordembed.read.log import Log
log = Log([("", {s3_place.url!r})])
log.refresh()
print(log.series().steps, float(log.series().table(3).sum()), log.problems)
assert "tensorboard.compat.tensorflow_stub" in sys.modules
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"[0, 1, 2, 3] {float(TABLES[3].sum())} []\n"
