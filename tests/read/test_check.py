"""``tb-wordembed check``: what a log is worth."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from logs import FILE_NAME, event, scalar_value, table_value, write

import tb_wordembed
from tb_wordembed import SnapshotWriter
from tb_wordembed.cli import main
from tb_wordembed.snapshots.local_files import File

TABLE = np.arange(12, dtype=np.float32).reshape(4, 3)


def two_runs(logdir: Path) -> Path:
    """Run ``a`` with steps 0 to 2, of which a restart superseded two; run ``b`` with
    rows that are not finite, scalars between, and a table of another dimension."""
    with SnapshotWriter(logdir / "a") as writer:
        for step in (0, 1, 2, 1):
            writer.embedding("words", TABLE, step, tokens=list("abcd"))
    broken = TABLE.copy()
    broken[1, 1], broken[3, 0] = np.nan, np.inf
    path = logdir / "b" / FILE_NAME
    return write(
        path,
        event(0, table_value("items", TABLE[:, :2])),
        event(1, table_value("items", broken), scalar_value("loss", 1.0)),
    )


def test_every_snapshot_is_told_of(tmp_path: Path) -> None:
    two_runs(tmp_path)
    found = tb_wordembed.open(tmp_path).check()
    assert [
        (one.run, one.tag, one.step, one.shape, one.non_finite_rows, one.status)
        for one in found.snapshots
    ] == [
        ("a", "words", 0, (4, 3), 0, "sound"),
        ("a", "words", 1, (4, 3), 0, "superseded"),
        ("a", "words", 1, (4, 3), 0, "sound"),
        ("a", "words", 2, (4, 3), 0, "superseded"),
        ("b", "items", 0, (4, 2), 0, "left out"),
        ("b", "items", 1, (4, 3), 2, "sound"),
    ]
    assert sum(one.records for one in found.files) == 6 + 3
    (problem,) = found.problems
    assert "step 0 of 'b' 'items' has shape [4, 2]" in problem.message
    (note,) = found.notes
    assert note.message == "'a' 'words': 2 steps of an earlier training were replaced"


def test_a_sound_log_is_a_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with SnapshotWriter(tmp_path / "a") as writer:
        writer.embedding("words", TABLE, 0)
    assert main(["check", str(tmp_path), "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == [
        {
            "run": "a",
            "tag": "words",
            "step": 0,
            "vocab_size": 4,
            "embedding_dim": 3,
            "dtype": "float32",
            "non-finite rows": 0,
            "status": "sound",
        }
    ]
    assert err.startswith("1 event files, 2 records, ")
    assert err.endswith("1 snapshots, 0 problems\n")


@pytest.mark.parametrize("superseded", [False, True])
def test_a_flipped_bit_anywhere_in_a_table_is_found_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], superseded: bool
) -> None:
    with SnapshotWriter(tmp_path / "a") as writer:
        writer.embedding("words", TABLE, 0)
        before = Path(writer.path).stat().st_size
        writer.embedding("words", TABLE + 1, 7)
        if superseded:
            writer.embedding("words", TABLE, 5)
        path = Path(writer.path)
    data = bytearray(path.read_bytes())
    data[data.index((TABLE + 1).tobytes()) + 17] ^= 4
    path.write_bytes(data)
    assert main(["check", str(tmp_path)]) == 1
    out, err = capsys.readouterr()
    (line,) = [one for one in out.splitlines() if one.endswith("damaged")]
    assert line.split()[:3] == ["a", "words", "7"]
    assert f"{path} at byte {before}: step 7 of 'a' 'words': the checksum" in err


def test_a_damaged_scalar_is_found_too(tmp_path: Path) -> None:
    path = write(tmp_path / FILE_NAME, event(0, scalar_value("loss", 1.0)))
    start = path.stat().st_size
    write(path, event(1, scalar_value("loss", 2.0)))
    data = bytearray(path.read_bytes())
    data[start + 20] ^= 1
    path.write_bytes(data)
    found = tb_wordembed.open(tmp_path).check()
    (problem,) = found.problems
    assert (problem.path, problem.offset) == (str(path), start)
    assert found.snapshots == []


def test_a_length_that_is_wrong_loses_the_rest_of_the_file(tmp_path: Path) -> None:
    path = two_runs(tmp_path)
    start = path.stat().st_size
    write(path, event(2, table_value("items", TABLE)))
    data = bytearray(path.read_bytes())
    data[start + 3] ^= 1
    path.write_bytes(data)
    found = tb_wordembed.open(tmp_path).check()
    assert [one.lost_from for one in found.files] == [None, start]
    assert any(
        (one.path, one.offset) == (str(path), start)
        and "rest of the file" in one.message
        for one in found.problems
    )


def test_an_unfinished_tail_is_no_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", TABLE, 0)
        end = Path(writer.path).stat().st_size
        writer.embedding("words", TABLE, 1)
        path = Path(writer.path)
    with path.open("r+b") as file:
        file.truncate(end + 30)
    assert main(["check", str(tmp_path)]) == 0
    assert f"{path} at byte {end}: 30 bytes of a record" in capsys.readouterr().err


def test_a_log_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(tmp_path / "nope")]) == 2
    assert "there is no log directory" in capsys.readouterr().err


def test_a_bit_that_flips_after_it_was_read_is_found(tmp_path: Path) -> None:
    path = two_runs(tmp_path)
    log = tb_wordembed.open(tmp_path)
    log.series("b").table(1)
    data = bytearray(path.read_bytes())
    data[-60] ^= 1
    path.write_bytes(data)
    assert [one.status for one in log.check().snapshots][-1] == "damaged"


def test_tables_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = np.zeros((1000, 50), np.float32)
    with SnapshotWriter(tmp_path) as writer:
        for step in range(3):
            writer.embedding("words", table, step)
    read = 0
    read_into = File.read_into

    def counting(self: File, offset: int, buffer: memoryview) -> int:
        nonlocal read
        found = read_into(self, offset, buffer)
        read += found
        return found

    log = tb_wordembed.open(tmp_path)
    monkeypatch.setattr(File, "read_into", counting)
    found = log.check()
    assert [one.status for one in found.snapshots] == ["sound"] * 3
    assert 3 * table.nbytes <= read < 3.1 * table.nbytes
