"""The index: which snapshots there are, from files that grow, shrink and break."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from logs import (
    FILE_NAME,
    column_value,
    event,
    random_tables,
    record,
    scalar_value,
    table_value,
    write,
    write_series,
)
from tensorboard.compat.proto import event_pb2, summary_pb2

from tb_wordembed.snapshots import local_files
from tb_wordembed.snapshots.file_index import FileIndex
from tb_wordembed.snapshots.index_entries import LogIndex
from tb_wordembed.snapshots.log_index import Indexer

TABLE = random_tables(1, 5, 3)[0]


def index_of(directory: Path) -> LogIndex:
    return Indexer([("", str(directory))]).refresh()


def steps(index: LogIndex) -> list[int]:
    (series,) = index.series
    return [one.step for one in series.snapshots]


def test_every_one_of_300_steps_is_there(tmp_path: Path) -> None:
    write_series(tmp_path / FILE_NAME, random_tables(300, 4, 2))
    assert steps(index_of(tmp_path)) == list(range(300))


def test_records_of_ever_other_lengths_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    with path.open("wb") as file:
        for length in range(5000):
            file.write(record(b"x" * length))
    write_series(tmp_path / "other" / FILE_NAME, [TABLE])
    with path.open("ab") as file:
        file.write((tmp_path / "other" / FILE_NAME).read_bytes())
    index = FileIndex(str(path))
    index.refresh(local_files.Stat.of(path.stat()))
    assert len(index.values) == 1


def test_runs_are_directories_named_as_tensorboard_names_them(tmp_path: Path) -> None:
    for directory in ("", "a", "a/b c", "x"):
        write_series(tmp_path / directory / FILE_NAME, [TABLE])
    found = [one.run for one in index_of(tmp_path).series]
    assert sorted(found) == [".", "a", "a/b c", "x"]


def test_named_sources_come_first_in_run_names(tmp_path: Path) -> None:
    write_series(tmp_path / "one" / FILE_NAME, [TABLE])
    write_series(tmp_path / "two" / "sub" / FILE_NAME, [TABLE])
    index = Indexer(
        [("first", str(tmp_path / "one")), ("second", str(tmp_path / "two"))]
    ).refresh()
    assert [one.run for one in index.series] == ["first", "second/sub"]


def test_a_link_to_a_directory_above_ends(tmp_path: Path) -> None:
    write_series(tmp_path / "run" / FILE_NAME, [TABLE])
    (tmp_path / "run" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    assert [one.run for one in index_of(tmp_path).series] == ["run"]


def test_a_link_to_a_run_is_a_run_beside_it(tmp_path: Path) -> None:
    write_series(tmp_path / "exp42" / FILE_NAME, [TABLE])
    (tmp_path / "latest").symlink_to(tmp_path / "exp42", target_is_directory=True)
    assert [one.run for one in index_of(tmp_path).series] == ["exp42", "latest"]


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "events.out.tfevents.fifo")
    (tmp_path / "events.out.tfevents.gone").symlink_to(tmp_path / "gone")
    assert index_of(tmp_path) == LogIndex((), ())


def test_two_tags_in_one_event_and_scalars_between(tmp_path: Path) -> None:
    write(
        tmp_path / FILE_NAME,
        event(0, scalar_value("loss", 1.0)),
        event(
            1, table_value("a", TABLE), scalar_value("x", 2), table_value("b", TABLE)
        ),
        event(2, scalar_value("wordembed", 3.0)),
    )
    index = index_of(tmp_path)
    assert [(one.tag, len(one.snapshots)) for one in index.series] == [
        ("a", 1),
        ("b", 1),
    ]
    assert not index.problems


def test_another_plugins_summary_under_the_same_tag_is_not_ours(
    tmp_path: Path,
) -> None:
    theirs = table_value("words", TABLE)
    theirs.metadata.plugin_data.plugin_name = "histograms"
    write(
        tmp_path / FILE_NAME,
        event(0, table_value("words", TABLE)),
        event(0, theirs),
        event(1, theirs, scalar_value("words", 1.0)),
    )
    index = index_of(tmp_path)
    assert steps(index) == [0]
    assert not index.problems


def test_metadata_is_only_needed_with_the_first_value_of_a_tag(tmp_path: Path) -> None:
    bare = table_value("words", TABLE)
    bare.ClearField("metadata")
    write(
        tmp_path / FILE_NAME,
        event(0, bare),
        event(1, table_value("words", TABLE)),
        event(2, bare),
    )
    assert steps(index_of(tmp_path)) == [1, 2]


def test_only_what_was_appended_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_series(tmp_path / FILE_NAME, random_tables(3, 5, 3))
    indexer = Indexer([("", str(tmp_path))])
    indexer.refresh()
    size = path.stat().st_size
    reads: list[int] = []
    original = local_files.File.read

    def watched(self: local_files.File, offset: int, length: int) -> bytes:
        reads.append(offset)
        return original(self, offset, length)

    monkeypatch.setattr(local_files.File, "read", watched)
    indexer.refresh()
    assert reads == []
    write(path, event(3, table_value("words", TABLE)))
    assert steps(indexer.refresh()) == [0, 1, 2, 3]
    # The last checksum known tells whether it is still the same file.
    assert min(reads) >= size - 4


@pytest.mark.parametrize("rows", [1000, 200_000])
def test_bytes_of_tables_and_of_tokens_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    table = np.zeros((rows, 1_000_000 // rows), np.float32)
    tokens = [f"token{row}" for row in range(rows)]
    write_series(tmp_path / FILE_NAME, [table] * 3, tokens=tokens)
    total = 0
    original = local_files.File.read

    def watched(self: local_files.File, offset: int, length: int) -> bytes:
        nonlocal total
        total += length
        return original(self, offset, length)

    monkeypatch.setattr(local_files.File, "read", watched)
    assert steps(index_of(tmp_path)) == [0, 1, 2]
    assert total < 50_000


def test_a_truncated_tail_is_still_being_written(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    write_series(path, random_tables(2, 5, 3))
    whole = path.read_bytes()
    last = record(event(2, table_value("words", TABLE)))
    indexer = Indexer([("", str(tmp_path))])
    for cut in range(0, len(last), 7):
        path.write_bytes(whole + last[:cut])
        index = indexer.refresh()
        assert steps(index) == [0, 1]
        assert not index.problems
    path.write_bytes(whole + last)
    assert steps(indexer.refresh()) == [0, 1, 2]


def test_a_bad_length_checksum_ends_that_file_only(tmp_path: Path) -> None:
    path = write_series(tmp_path / "a" / FILE_NAME, random_tables(2, 5, 3))
    end = path.stat().st_size
    with path.open("ab") as file:
        file.write(b"\xff" * 40)
    write_series(tmp_path / "b" / FILE_NAME, [TABLE])
    index = index_of(tmp_path)
    assert [(one.run, len(one.snapshots)) for one in index.series] == [
        ("a", 2),
        ("b", 1),
    ]
    (problem,) = index.problems
    assert (problem.path, problem.offset) == (str(path), end)
    assert "checksum" in problem.message


def test_a_restart_from_an_earlier_step_overrules_what_came_after(
    tmp_path: Path,
) -> None:
    path = tmp_path / FILE_NAME
    write_series(path, random_tables(5, 5, 3))
    write(path, event(2, table_value("words", TABLE), wall_time=9.0))
    index = index_of(tmp_path)
    assert steps(index) == [0, 1, 2]
    assert index.series[0].snapshots[-1].wall_time == 9.0


def test_a_later_file_overrules_as_a_restart_does(tmp_path: Path) -> None:
    write_series(tmp_path / "events.out.tfevents.100.h", random_tables(5, 5, 3))
    write(tmp_path / "events.out.tfevents.200.h", event(3, table_value("words", TABLE)))
    assert steps(index_of(tmp_path)) == [0, 1, 2, 3]


def test_replaced_shortened_and_deleted_files_are_followed(tmp_path: Path) -> None:
    path = write_series(tmp_path / FILE_NAME, random_tables(4, 5, 3))
    indexer = Indexer([("", str(tmp_path))])
    assert steps(indexer.refresh()) == [0, 1, 2, 3]
    path.unlink()
    assert indexer.refresh().series == ()
    write_series(path, random_tables(2, 5, 3))
    assert steps(indexer.refresh()) == [0, 1]
    other = write_series(tmp_path / "other", random_tables(6, 5, 3))
    other.replace(path)
    assert steps(indexer.refresh()) == [0, 1, 2, 3, 4, 5]


def test_a_file_rewritten_in_place_is_indexed_anew(tmp_path: Path) -> None:
    path = write_series(tmp_path / FILE_NAME, random_tables(3, 5, 3, seed=1))
    other = write_series(tmp_path / "other", random_tables(4, 5, 3, seed=2))
    indexer = Indexer([("", str(tmp_path))])
    (before,) = indexer.refresh().series
    path.write_bytes(other.read_bytes())
    (after,) = indexer.refresh().series
    assert len(after.snapshots) == 4
    assert after.snapshots[0].table.content_id != before.snapshots[0].table.content_id


def test_a_file_that_fails_under_a_look_costs_the_others_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write_series(tmp_path / "a" / FILE_NAME, random_tables(1, 5, 3))
    second = write_series(tmp_path / "b" / FILE_NAME, random_tables(1, 5, 3))
    indexer = Indexer([("", str(tmp_path))])
    indexer.refresh()
    for path in (first, second):
        write(path, event(1, table_value("words", TABLE)))
    original = local_files.File.read

    def cut(self: local_files.File, offset: int, length: int) -> bytes:
        path = Path(self._file.name)
        if path == second and offset >= path.stat().st_size - 300:
            return original(self, offset, min(length, 5))
        return original(self, offset, length)

    with monkeypatch.context() as patch:
        patch.setattr(local_files.File, "read", cut)
        assert next(len(one.snapshots) for one in indexer.refresh().series) == 2
    write(second, event(2, table_value("words", TABLE)))
    assert [len(one.snapshots) for one in indexer.refresh().series] == [2, 3]


def test_a_file_that_can_not_be_read_is_said_until_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_series(tmp_path / FILE_NAME, random_tables(1, 5, 3))
    indexer = Indexer([("", str(tmp_path))])

    def fail(self: local_files.File, path: str) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(local_files.File, "__init__", fail)
        (problem,) = indexer.refresh().problems
    assert (problem.path, problem.message) == (
        str(path),
        "can't be read: Permission denied",
    )
    found = indexer.refresh()
    assert steps(found) == [0]
    assert not found.problems


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_directory_is_reported(tmp_path: Path) -> None:
    write_series(tmp_path / "a" / FILE_NAME, [TABLE])
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    index = index_of(tmp_path)
    closed.chmod(0o700)
    assert [one.run for one in index.series] == ["a"]
    assert index.problems[0].path == str(closed)


def test_columns_belong_to_their_table(tmp_path: Path) -> None:
    write(
        tmp_path / FILE_NAME,
        event(
            0,
            column_value("words", "token", list("abcde")),
            column_value("words", "frequency", np.arange(5)),
            table_value("words", TABLE),
        ),
        event(1, column_value("words", "frequency", np.arange(5) * 2)),
    )
    (series,) = index_of(tmp_path).series
    assert [(c.name, c.step, c.values.dtype) for c in series.columns] == [
        ("token", 0, "text"),
        ("frequency", 0, "int64"),
        ("frequency", 1, "int64"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"nonsense", "not JSON"),
        (b"[]", "not a JSON object"),
        (b'{"format_version": 3, "kind": "table"}', "Upgrade"),
        (b'{"format_version": true, "kind": "table"}', "format_version"),
        (b'{"format_version": 1, "kind": "cube"}', "cube"),
        (b'{"format_version": 1, "kind": "column", "column": "x"}', "no table"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_content_that_is_not_ours_is_reported_and_left_out(
    tmp_path: Path, content: bytes, message: str
) -> None:
    value = table_value("bad", TABLE)
    value.metadata.plugin_data.content = content
    write(tmp_path / FILE_NAME, event(0, value), event(1, table_value("good", TABLE)))
    index = index_of(tmp_path)
    assert [one.tag for one in index.series] == ["good"]
    assert message in index.problems[0].message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dtype": 3}, "dtype"),
        ({"dtype": 7}, "dtype"),
        ({"shape": [15]}, "shape"),
        ({"shape": [5, 3, 1]}, "shape"),
        ({"shape": [0, 3]}, "shape"),
        ({"shape": [-5, -3]}, "shape"),
        ({"shape": [5, 4]}, "takes 80 bytes; it holds 60"),
        ({"shape": [1 << 40, 1 << 40]}, "bytes"),
        ({"shape": [1 << 20, 1 << 20], "content": None}, "more elements"),
    ],
)
def test_a_tensor_that_lies_is_reported_and_left_out(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    value = table_value("bad", TABLE)
    if "dtype" in change:
        value.tensor.dtype = change["dtype"]
    if "shape" in change:
        del value.tensor.tensor_shape.dim[:]
        sizes = change["shape"]
        assert isinstance(sizes, list)
        for size in sizes:
            value.tensor.tensor_shape.dim.add(size=size)
    if "content" in change:
        value.tensor.ClearField("tensor_content")
        value.tensor.float_val.append(1.0)
    write(tmp_path / FILE_NAME, event(0, value, table_value("good", TABLE)))
    index = index_of(tmp_path)
    assert [one.tag for one in index.series] == ["good"]
    assert message in index.problems[0].message


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_bytes_never_crash_the_index(
    tmp_path: Path, data: st.DataObject
) -> None:
    whole = bytearray(event(3, table_value("words", TABLE), scalar_value("loss", 1.0)))
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(whole) - 1))
        whole[position] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    path = tmp_path / FILE_NAME
    path.unlink(missing_ok=True)
    write(path, bytes(whole[:cut]), event(4, table_value("good", TABLE)))
    index = index_of(tmp_path)
    assert "good" in [one.tag for one in index.series]


def test_many_values_with_large_foreign_records(tmp_path: Path) -> None:
    image = summary_pb2.Summary.Value(
        tag="image", image=summary_pb2.Summary.Image(encoded_image_string=b"x" * 2**20)
    )
    graph = event_pb2.Event(graph_def=b"g" * 2**19).SerializeToString()
    write(
        tmp_path / FILE_NAME,
        event(0, image),
        graph,
        *(event(n, scalar_value("loss", n)) for n in range(3000)),
        event(1, image, table_value("words", TABLE)),
    )
    index = index_of(tmp_path)
    assert steps(index) == [1]
    assert not index.problems
