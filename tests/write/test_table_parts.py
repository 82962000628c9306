"""Tables written in parts: by several processes, or because they are large."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from processes import run_together
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util import tensor_util

import tb_wordembed
from tb_wordembed.read.series import Series
from tb_wordembed.snapshots.store import Store
from tb_wordembed.write import tables
from tb_wordembed.write.writer import SnapshotWriter

TABLE = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
WORDS = [f"w{row}" for row in range(40)]


def only(directory: Path) -> Series:
    log = tb_wordembed.open(directory)
    assert not log.problems
    assert not log.notes
    return log.series()


def parts_written(directory: Path) -> list[int]:
    """The rows of each part of a table, in the order written."""
    (series,) = Store([("", str(directory))]).refresh().series
    return [one.table.shape[0] for one in series.written]


RANK = """
import sys, os, numpy as np
from tb_wordembed import SnapshotWriter
directory, start, stop = sys.argv[1], int(os.environ["START"]), int(os.environ["STOP"])
table = np.arange(120, dtype=np.float32).reshape(40, 3)
tokens = [f"w{row}" for row in range(40)]
with SnapshotWriter(directory) as writer:
    for step in range(5):
        shard = table[start:stop] + step
        writer.embedding("words", shard, step, part=(start, 40), tokens=tokens)
"""


def test_four_processes_write_one_table(tmp_path: Path) -> None:
    bounds = [(0, 7), (7, 8), (8, 30), (30, 40)]
    said = run_together(
        RANK,
        [tmp_path],
        [{"START": str(start), "STOP": str(stop)} for start, stop in bounds],
    )
    assert not any("WARNING" in one or "another process" in one for one in said)
    assert len(list(tmp_path.iterdir())) == 4
    series = only(tmp_path)
    assert (series.steps, series.tokens) == ([0, 1, 2, 3, 4], WORDS)
    for step in series.steps:
        wanted = np.arange(120, dtype=np.float32).reshape(40, 3) + step
        np.testing.assert_array_equal(series.table(step), wanted)


KILLED = """
import sys, time, numpy as np
from tb_wordembed import SnapshotWriter
writer = SnapshotWriter(sys.argv[1])
writer.embedding("words", np.ones((15, 3), np.float32), 0, part=(25, 40))
print("written", flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_rank_that_is_killed_leaves_steps_incomplete_until_it_is_back(
    tmp_path: Path,
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    with process.stdout as said, SnapshotWriter(tmp_path) as first:
        assert said.readline() == b"written\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
        for step in range(3):
            first.embedding("words", TABLE[:25], step, part=(0, 40))
        log = tb_wordembed.open(tmp_path)
        assert log.series().steps == [0]
        assert [note.message.partition(": ")[2] for note in log.notes] == [
            "rows 25 to 39 of 40 are missing"
        ] * 2
        with SnapshotWriter(tmp_path) as again:
            for step in (1, 2):
                again.embedding("words", TABLE[25:], step, part=(25, 40))
    log.refresh()
    assert log.series().steps == [0, 1, 2]
    assert not log.notes
    np.testing.assert_array_equal(log.series().table(2), TABLE)


@pytest.mark.parametrize("given", ["part", "all"])
def test_tokens_and_metadata_are_those_of_the_part_or_of_all(
    tmp_path: Path, given: str
) -> None:
    counts = np.arange(40)
    with SnapshotWriter(tmp_path) as writer:
        for start, stop in [(0, 12), (12, 40)]:
            rows = slice(start, stop) if given == "part" else slice(None)
            writer.embedding(
                "words",
                TABLE[start:stop],
                0,
                part=(start, 40),
                tokens=iter(WORDS[rows]),
                metadata={"count": counts[rows]},
            )
    series = only(tmp_path)
    assert series.tokens == WORDS
    assert list(series.metadata["count"]) == counts.tolist()


def test_a_dict_of_tokens_has_the_rows_of_the_whole_table(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path) as writer:
        for start, stop in [(0, 12), (12, 40)]:
            tokens = {"first": 0, "last": 39}
            part = start, 40
            writer.embedding("words", TABLE[start:stop], 0, part=part, tokens=tokens)
    found = only(tmp_path).tokens
    assert (found[0], found[12], found[39]) == ("first", "#12", "last")


@pytest.mark.parametrize("to_row", [True, False])
def test_a_dict_of_tokens_is_never_read_as_that_of_a_part(
    tmp_path: Path, to_row: bool
) -> None:
    rows = dict(zip(WORDS, range(40), strict=True))
    tokens = rows if to_row else {row: word for word, row in rows.items()}
    with SnapshotWriter(tmp_path) as writer:
        for metadata in ({"count": range(28)}, {"count": dict.fromkeys(range(28), 2)}):
            given = tokens if isinstance(metadata["count"], range) else WORDS[12:]
            with pytest.raises(ValueError, match=r"of all 40 rows .*, or of the 28"):
                writer.embedding(
                    "words",
                    TABLE[12:],
                    0,
                    part=(12, 40),
                    tokens=given,
                    metadata=metadata,
                )


@pytest.mark.parametrize(
    ("tokens", "metadata", "message"),
    [
        ({"a": 0}, None, r"tokens of a dict label 1 of 1,099,511,627,776 rows"),
        (None, {"count": {0: 2}}, "or a list with one entry per row"),
    ],
)
def test_rows_of_a_huge_table_are_not_numbered(
    tmp_path: Path, tokens: Any, metadata: Any, message: str
) -> None:
    with SnapshotWriter(tmp_path) as writer, pytest.raises(ValueError, match=message):
        writer.embedding(
            "words", TABLE, 0, part=(0, 2**40), tokens=tokens, metadata=metadata
        )


def test_tokens_are_written_once_and_again_when_they_change(tmp_path: Path) -> None:
    words = list(WORDS)
    with SnapshotWriter(tmp_path) as writer:
        for step in range(3):
            words[3] = "new" if step == 2 else "w3"
            for start, stop in [(0, 12), (12, 40)]:
                shard = TABLE[start:stop] + step
                writer.embedding("words", shard, step, part=(start, 40), tokens=words)
        for start, stop in [(0, 12), (12, 40)]:
            writer.embedding("words", TABLE[start:stop], 3, part=(start, 40))
    assert only(tmp_path).tokens == words
    (path,) = tmp_path.iterdir()
    assert path.read_bytes().count(b'"column":"token","part":[0,40]') == 2
    assert path.read_bytes().count(b'"column":"token","part":[12,40]') == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"part": (30, 40)}, "0 to 28, and the number"),
        ({"part": (-1, 40)}, "are not among"),
        ({"part": (0, 11)}, "12 rows of this part are not among"),
        ({"part": (0, 2**63)}, "are not among"),
        ({"part": 3}, "expected the number of the first row"),
        ({"part": (0,)}, "expected the number of the first row"),
        ({"part": (0.5, 40)}, "expected the number of the first row"),
        ({"part": "ab"}, "expected the number of the first row"),
        ({"part": (0, 40), "rows": [1]}, "both say which rows"),
        ({"part": (0, 40), "tokens": WORDS[:13]}, "of all 40 rows .* the 12 of this"),
        ({"part": (0, 40), "fixed_rows": 40}, "rows 0 to 39"),
    ],
)
def test_what_is_no_part_is_refused_in_words(
    tmp_path: Path, arguments: dict[str, Any], message: str
) -> None:
    with SnapshotWriter(tmp_path) as writer:
        with pytest.raises(ValueError, match=message):
            writer.embedding("words", TABLE[:12], 0, **arguments)
        writer.embedding("words", TABLE, 0)
    assert only(tmp_path).steps == [0]


def test_findings_need_whole_tables(tmp_path: Path) -> None:
    with (
        SnapshotWriter(tmp_path, on_finding="warn") as writer,
        pytest.raises(ValueError, match="on_finding looks at whole tables"),
    ):
        writer.embedding("words", TABLE[:12], 0, part=(0, 40))


def test_fixed_rows_are_those_of_the_whole_table(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path) as writer:
        for start, fixed in [(0, None), (10, [0, 15]), (20, None), (30, [39])]:
            shard = TABLE[start : start + 10]
            writer.embedding("words", shard, 0, part=(start, 40), fixed_rows=fixed)
    assert only(tmp_path).fixed_rows.tolist() == [0, 15, 39]


def test_ranks_are_not_warned_of_each_other_but_of_themselves(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with SnapshotWriter(tmp_path) as first, SnapshotWriter(tmp_path) as second:
        for step in range(3):
            first.embedding("words", TABLE[:12], step, part=(0, 40))
            second.embedding("words", TABLE[12:], step, part=(12, 40))
        assert not caplog.records
        first.embedding("words", TABLE[:12], 2, part=(0, 40))
    assert [one.getMessage() for one in caplog.records if "replaces" in one.msg]
    assert caplog.records[0].levelno == logging.WARNING


@pytest.mark.tensorflow
def test_a_variable_in_shards_is_written_shard_by_shard(tmp_path: Path) -> None:
    tf = pytest.importorskip("tensorflow")
    sharded = pytest.importorskip("tensorflow.python.distribute.sharded_variable")
    shards = [tf.Variable(TABLE[:12]), tf.Variable(TABLE[12:])]
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", sharded.ShardedVariable(shards), 0, tokens=WORDS)
    series = only(tmp_path)
    np.testing.assert_array_equal(series.table(0), TABLE)
    assert series.tokens == WORDS
    assert parts_written(tmp_path) == [12, 28]


# --------------------------------------------------------------- larger than a record


@pytest.mark.parametrize("most", [1, 12, 100, 240, 479, 480])
def test_a_table_larger_than_a_record_is_written_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(tables, "MAX_PART_BYTES", most)
    with SnapshotWriter(tmp_path) as writer:
        for step in range(2):
            writer.embedding("words", TABLE + step, step, fixed_rows=[0, 39])
    rows = parts_written(tmp_path)
    assert sum(rows) == 80
    assert max(rows) * 12 <= max(most, 12)
    series = only(tmp_path)
    assert (series.steps, series.fixed_rows.tolist()) == ([0, 1], [0, 39])
    for step in series.steps:
        np.testing.assert_array_equal(series.table(step), TABLE + step)


@pytest.mark.parametrize(
    ("size", "most", "rows"),
    [(479, 9, [20, 20]), (240, 9, [20, 20]), (96, 9, [8] * 5), (96, 3, [13, 13, 14])],
)
def test_a_large_table_is_written_in_small_parts(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    most: int,
    rows: list[int],
) -> None:
    monkeypatch.setattr(tables, "PART_BYTES", size)
    monkeypatch.setattr(tables, "MOST_PARTS", most)
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", TABLE, 0, tokens=WORDS)
    assert parts_written(tmp_path) == rows
    np.testing.assert_array_equal(only(tmp_path).table(0), TABLE)
    assert only(tmp_path).tokens == WORDS


def test_tensorboards_reader_keeps_a_part_and_no_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "PART_BYTES", 100)
    with SnapshotWriter(tmp_path) as writer:
        for step in range(3):
            writer.embedding("words", TABLE, step)
    # As many as the plugin has it keep.
    reader = EventAccumulator(str(tmp_path), size_guidance={"tensors": 1}).Reload()
    (kept,) = reader.Tensors("words")
    assert kept.step == 2
    np.testing.assert_array_equal(
        tensor_util.make_ndarray(kept.tensor_proto), TABLE[-8:]
    )


def test_a_large_table_is_the_same_whoever_copies_its_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = np.random.default_rng(0).standard_normal((20_000, 64), np.float32)
    monkeypatch.setattr(tables, "PART_BYTES", 600_000)
    tables_then = []
    with SnapshotWriter(tmp_path) as writer:
        for step in range(3):
            tables_then.append(table.copy())
            writer.embedding("words", table, step)
            # The training goes on while parts are still to be written.
            table += 1
    series = only(tmp_path)
    for step, then in enumerate(tables_then):
        np.testing.assert_array_equal(series.table(step), then)
    assert len(parts_written(tmp_path)) == 3 * 9


def test_columns_larger_than_a_record_are_written_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MAX_PART_BYTES", 600)
    words = [*WORDS[:-1], "x" * 500]
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", TABLE, 0, tokens=words, metadata={"n": range(40)})
    series = only(tmp_path)
    assert series.tokens == words
    assert list(series.metadata["n"]) == list(range(40))
    assert parts_written(tmp_path) == [40]


def test_a_part_that_is_too_large_is_split_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MAX_PART_BYTES", 100)
    with SnapshotWriter(tmp_path) as first, SnapshotWriter(tmp_path) as second:
        first.embedding("words", TABLE[:25], 0, part=(0, 40), tokens=WORDS)
        second.embedding("words", TABLE[25:], 0, part=(25, 40), tokens=WORDS)
    series = only(tmp_path)
    np.testing.assert_array_equal(series.table(0), TABLE)
    assert series.tokens == WORDS


def test_chosen_rows_of_a_large_table_keep_their_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MAX_PART_BYTES", 100)
    rows = [39, 3, *range(5, 25)]
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", TABLE, 0, tokens=WORDS, rows=rows)
    series = only(tmp_path)
    np.testing.assert_array_equal(series.table(0), TABLE[rows])
    assert series.full_vocab_size == 40
    assert list(series.metadata["row"]) == rows


def test_half_of_the_bytes_of_a_table_make_half_of_the_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MAX_PART_BYTES", 120)
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", TABLE, 0, dtype="bfloat16")
        writer.embedding("words", TABLE, 1)
    assert parts_written(tmp_path) == [20, 20, 10, 10, 10, 10]
