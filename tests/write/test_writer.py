"""SnapshotWriter: what is in the file, byte for byte, and what never gets there."""

from __future__ import annotations

import errno
import itertools
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import golden_events
import numpy as np
import pytest
from tensorboard.backend.event_processing import event_file_loader
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.util import tensor_util

import tb_wordembed
from tb_wordembed.format import metadata
from tb_wordembed.write import event_file, tables
from tb_wordembed.write.writer import SnapshotWriter

TABLE = np.arange(6, dtype=np.float32).reshape(3, 2)
TOKENS = ["the", "a", "of"]


def events(folder: Path) -> list[event_pb2.Event]:
    """Every event in a folder, by TensorBoard's own loader."""
    return [
        event
        for path in sorted(folder.iterdir())
        for event in event_file_loader.EventFileLoader(str(path)).Load()
    ]


def values(folder: Path) -> list[tuple[int, summary_pb2.Summary.Value]]:
    return [(event.step, v) for event in events(folder) for v in event.summary.value]


def tags(folder: Path) -> list[tuple[int, str]]:
    return [(step, value.tag) for step, value in values(folder)]


# ------------------------------------------------------------------- what is written


def test_the_golden_file_is_reproduced_byte_for_byte(tmp_path: Path) -> None:
    assert golden_events.write(tmp_path) == golden_events.GOLDEN.read_bytes()


def test_the_golden_file_in_parts_is_reproduced_byte_for_byte(tmp_path: Path) -> None:
    wanted = golden_events.GOLDEN_PARTS.read_bytes()
    assert golden_events.write_parts(tmp_path) == wanted


def test_records_are_what_protobuf_itself_would_write(tmp_path: Path) -> None:
    golden_events.write(tmp_path)
    raw = event_file_loader.RawEventFileLoader(
        str(golden_events.event_file(tmp_path))
    ).Load()
    for data in raw:
        assert event_pb2.Event.FromString(data).SerializeToString() == data


def test_tensorboard_reads_the_exact_numbers(tmp_path: Path) -> None:
    golden_events.write(tmp_path)
    accumulator = EventAccumulator(str(tmp_path), size_guidance={"tensors": 0}).Reload()
    found = accumulator.Tensors(golden_events.TAG)
    assert [event.step for event in found] == [0, 1, 2, 3, 300]
    assert found[0].wall_time == 1_700_000_060.25
    np.testing.assert_array_equal(
        tensor_util.make_ndarray(found[0].tensor_proto), golden_events.FIRST
    )
    np.testing.assert_array_equal(
        tensor_util.make_ndarray(found[3].tensor_proto),
        (golden_events.FIRST + 3).astype(np.float64),
    )
    tag = metadata.column_tag(golden_events.TAG, "token")
    tokens = [
        tensor_util.make_ndarray(e.tensor_proto) for e in accumulator.Tensors(tag)
    ]
    assert tokens[0].tolist() == [token.encode() for token in golden_events.TOKENS]
    about = accumulator.SummaryMetadata(golden_events.TAG)
    assert about.plugin_data.plugin_name == "wordembed"
    assert about.summary_description == "*Words* of the reviews."


def test_any_description_is_written_as_a_text(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path) as writer:
        for step, description in enumerate(["a\ud800", 5, None]):
            writer.embedding("words", [[1.0, 2.0]], step, description=description)  # type: ignore[arg-type]
    assert tb_wordembed.open(tmp_path).series().steps == [0, 1, 2]


@pytest.mark.tensorflow
def test_tensorflow_reads_every_dtype(tmp_path: Path) -> None:
    tf = pytest.importorskip("tensorflow")
    golden_events.write(tmp_path)
    path = str(golden_events.event_file(tmp_path))
    found = [
        (event.step, tf.make_ndarray(value.tensor))
        for event in tf.compat.v1.train.summary_iterator(path)
        for value in event.summary.value
        if value.tag == golden_events.TAG
    ]
    for (step, table), dtype in zip(found, golden_events.DTYPES, strict=False):
        assert table.dtype.name == dtype
        expected = tf.cast(golden_events.FIRST + step, dtype).numpy()
        np.testing.assert_array_equal(table, expected)
    assert len(found) == 5


def test_a_large_table_goes_through_unchanged(tmp_path: Path) -> None:
    table = np.random.default_rng(0).normal(size=(20_000, 300)).astype(np.float32)
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", table, step=2**40)
    written = values(tmp_path)
    assert {step for step, _ in written} == {2**40}
    parts = [tensor_util.make_ndarray(value.tensor) for _, value in written]
    assert max(part.nbytes for part in parts) <= tables.PART_BYTES
    np.testing.assert_array_equal(np.concatenate(parts), table)


@pytest.mark.parametrize(
    "step",
    [
        *(0, 7, 7.0, -1, 2**63 - 1, -(2**63)),
        *(np.int64(7), np.float32(7), np.float64(7), np.array(7), np.array(7.0)),
    ],
)
def test_steps_are_whole_numbers_of_64_bits(tmp_path: Path, step: Any) -> None:
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", TABLE, step)
    assert tags(tmp_path) == [(int(step), "words")]


def test_the_file_is_one_that_tensorboard_looks_for(tmp_path: Path) -> None:
    before = int(time.time())
    with SnapshotWriter(tmp_path / "runs" / "1", filename_suffix=".emb") as writer:
        path = Path(writer.path)
    assert path.parent == tmp_path / "runs" / "1"
    kind, seconds = path.name.split(".")[2:4]
    assert kind == "tfevents"
    assert before <= int(seconds) <= time.time()
    assert path.suffix == ".emb"
    (version,) = events(path.parent)
    assert version.file_version == "brain.Event:2"


def test_a_snapshot_is_in_the_file_when_the_call_returns(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", TABLE, 0)
        assert tags(tmp_path) == [(0, "words")]


# --------------------------------------------------------------- tokens and metadata


def test_columns_are_written_before_the_first_table_and_when_they_change(
    tmp_path: Path,
) -> None:
    count = {"count": [3, 2, 1]}
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", TABLE, 0, tokens=TOKENS, metadata=count)
        writer.embedding("words", TABLE, 1, tokens=TOKENS, metadata=count)
        writer.embedding("words", TABLE, 2)
        writer.embedding("words", TABLE, 3, tokens=["x", *TOKENS[1:]], metadata=count)
    assert tags(tmp_path) == [
        (0, "words/column/token"),
        (0, "words/column/count"),
        (0, "words"),
        (1, "words"),
        (2, "words"),
        (3, "words/column/token"),
        (3, "words"),
    ]


def test_each_writer_and_each_table_gets_its_tokens(tmp_path: Path) -> None:
    for _ in range(2):
        with SnapshotWriter(tmp_path) as writer:
            for tag in ("a", "b"):
                writer.embedding(tag, TABLE, 0, tokens=TOKENS)
    names = [tag for _, tag in tags(tmp_path)]
    assert names == ["a/column/token", "a", "b/column/token", "b"] * 2


def test_a_dict_of_tokens_can_be_shifted(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", TABLE, 0, tokens={1: "the", 2: "a"}, index_from=-1)
    (_, tokens), _ = values(tmp_path)
    assert tensor_util.make_ndarray(tokens.tensor).tolist() == [b"the", b"a", b"#2"]


# --------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    "arguments",
    [
        {"data": TABLE[0]},
        {"data": TABLE[:0]},
        {"tokens": ["the"]},
        {"metadata": {"count": [1]}},
        {"step": 0.5},
        {"step": np.float32(0.5)},
        {"step": True},
        {"step": np.bool_(True)},
        {"step": np.array([1, 2])},
        {"step": "1"},
        {"step": 2**63},
        {"name": ""},
        {"name": "\ud800"},
        {"dtype": "int8"},
    ],
)
def test_what_is_wrong_is_said_before_anything_is_written(
    tmp_path: Path, arguments: dict[str, Any]
) -> None:
    given: dict[str, Any] = {
        "name": "words",
        "data": TABLE,
        "step": 0,
        "tokens": TOKENS,
    }
    with SnapshotWriter(tmp_path) as writer:
        before = Path(writer.path).read_bytes()
        with pytest.raises(ValueError):
            writer.embedding(**(given | arguments))
        assert Path(writer.path).read_bytes() == before
        writer.embedding(**given)
    assert tags(tmp_path) == [(0, "words/column/token"), (0, "words")]


def test_writing_after_close_is_an_error(tmp_path: Path) -> None:
    writer = SnapshotWriter(tmp_path)
    writer.close()
    writer.close()
    with pytest.raises(ValueError, match=r"has been closed; make a new one"):
        writer.embedding("words", TABLE, 0)
    with pytest.raises(ValueError, match="has been closed"):
        writer.flush()


class FullDisk:
    """A file on a disk that takes some more bytes, and then no more for a while."""

    def __init__(self, file: Any, room: int, can_truncate: bool) -> None:
        self.file, self.room, self.can_truncate = file, room, can_truncate

    def write(self, data: memoryview) -> int:
        if not self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        written: int = self.file.write(data[: self.room])
        self.room -= written
        return written

    def truncate(self, size: int) -> None:
        if not self.can_truncate:
            raise OSError(errno.EIO, "Input/output error")
        self.file.truncate(size)

    def seek(self, offset: int) -> None:
        self.file.seek(offset)

    def tell(self) -> int:
        return int(self.file.tell())

    def close(self) -> None:
        self.file.close()


@pytest.mark.parametrize("room", [0, 1, 11, 12, 40, 150, 250])
@pytest.mark.parametrize("can_truncate", [True, False])
def test_after_a_full_disk_later_snapshots_are_readable(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    room: int,
    can_truncate: bool,
) -> None:
    opened: list[FullDisk] = []
    original = Path.open

    def open_on_full_disk(self: Path, *more: Any, **options: Any) -> FullDisk:
        opened.append(FullDisk(original(self, *more, **options), 10**6, True))
        return opened[-1]

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", open_on_full_disk)
        writer = SnapshotWriter(tmp_path)
    with writer:
        writer.embedding("words", TABLE, 0)
        (full,) = opened
        full.room, full.can_truncate = room, can_truncate
        with pytest.raises(OSError, match="No space left"):
            writer.embedding("words", TABLE, 1, tokens=TOKENS)
        full.room, full.can_truncate = 10**6, True
        writer.embedding("words", TABLE, 2, tokens=TOKENS)
        assert not caplog.records
    (record,) = caplog.records
    assert record.getMessage() == (
        f"1 of 3 snapshots could not be written to {tmp_path}"
    )
    assert tags(tmp_path) == [(0, "words"), (2, "words/column/token"), (2, "words")]


def test_a_large_table_that_finds_no_room_leaves_the_file_readable(
    tmp_path: Path,
) -> None:
    script = """
import resource, signal, sys
import numpy as np
from tb_wordembed import SnapshotWriter

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10 << 20, -1))
table = np.ones((20_000, 100), np.float32)
with SnapshotWriter(sys.argv[1]) as writer:
    writer.embedding("words", table, 0)
    try:
        writer.embedding("words", table, 1)
        writer.flush()
    except OSError as error:
        print(error)
    writer.embedding("words", table[:10], 2)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip()
    assert tags(tmp_path) == [(0, "words"), (2, "words")]


def test_a_kill_at_any_byte_leaves_whole_snapshots_and_a_tail(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path / "whole") as writer:
        sizes = [Path(writer.path).stat().st_size]
        for step in range(2):
            writer.embedding("words", TABLE, step)
            sizes.append(Path(writer.path).stat().st_size)
    content = Path(writer_path(tmp_path / "whole")).read_bytes()
    cut = tmp_path / "cut"
    cut.mkdir()
    for size in range(sizes[0], len(content)):
        (cut / "events.out.tfevents.0").write_bytes(content[:size])
        whole = sum(end <= size for end in sizes[1:])
        assert tags(cut) == [(step, "words") for step in range(whole)]


def writer_path(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_a_forgotten_writer_closes_its_file_silently(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []
    original = Path.open

    def watched(self: Path, *more: Any, **options: Any) -> Any:
        opened.append(original(self, *more, **options))
        return opened[-1]

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", watched)
        writer = SnapshotWriter(tmp_path)
    del writer
    assert opened[0].closed


def test_threads_share_a_writer(tmp_path: Path) -> None:
    def log(writer: SnapshotWriter, tag: str) -> None:
        for step in range(20):
            writer.embedding(tag, np.full((50, 40), step, np.float32), step)

    with SnapshotWriter(tmp_path) as writer:
        threads = [threading.Thread(target=log, args=(writer, t)) for t in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    found = values(tmp_path)
    assert sorted((step, v.tag) for step, v in found) == [
        (step, tag) for step in range(20) for tag in "abcd"
    ]
    for step, value in found:
        assert (tensor_util.make_ndarray(value.tensor) == step).all()


@pytest.mark.parametrize(
    "remote", [False, pytest.param(True, marks=pytest.mark.tensorflow)]
)
def test_two_machines_of_the_same_name_do_not_share_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, remote: bool
) -> None:
    """As two containers on one volume, each with the process id 1."""
    if remote:
        pytest.importorskip("tensorflow")
    monkeypatch.setattr("os.getpid", lambda: 1)
    monkeypatch.setattr("time.time", lambda: 1.7e9)
    logdir = "ram://runs/machines" if remote else str(tmp_path)
    paths = set()
    for _ in range(2):
        monkeypatch.setattr(event_file, "FILE_NUMBERS", itertools.count())
        with SnapshotWriter(logdir) as writer:
            paths.add(writer.path)
    assert len(paths) == 2


# ------------------------------------------------------------------- other systems


@pytest.mark.tensorflow
def test_a_remote_directory_is_written_through_tensorboard() -> None:
    tf = pytest.importorskip("tensorflow")
    with SnapshotWriter("ram://runs/1") as writer:
        writer.embedding("words", TABLE, 0)
        assert writer.path.startswith("ram://runs/1/events.out.tfevents.")
        with tf.io.gfile.GFile(writer.path, "rb") as file:
            content = file.read()
    assert TABLE.tobytes() in content


@pytest.mark.tensorflow
def test_a_remote_file_that_cannot_be_closed_is_an_error_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tf = pytest.importorskip("tensorflow")
    writer = SnapshotWriter("ram://runs/closed")

    def refuse(self: object) -> None:
        raise tf.errors.ResourceExhaustedError(None, None, "quota exceeded")

    monkeypatch.setattr(tf.io.gfile.GFile, "close", refuse)
    with pytest.raises(OSError, match=r"ram://runs/closed/.*quota exceeded"):
        writer.close()
    with pytest.raises(ValueError, match="has been closed"):
        writer.embedding("words", TABLE, 0)


@pytest.mark.tensorflow
def test_an_unknown_file_system_is_an_error_with_the_remedy() -> None:
    pytest.importorskip("tensorflow")
    with pytest.raises(ValueError, match=r"'nowhere://x': TensorBoard can't write"):
        SnapshotWriter("nowhere://x")


def test_neither_tensorflow_nor_torch_is_imported(tmp_path: Path) -> None:
    script = (
        "import sys, numpy, tb_wordembed\n"
        f"with tb_wordembed.SnapshotWriter({str(tmp_path)!r}) as writer:\n"
        "    writer.embedding('words', numpy.ones((2, 3)), 0, tokens=['a', 'b'])\n"
        "assert not {'tensorflow', 'torch', 'jax', 'keras'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    assert len(tags(tmp_path)) == 2
