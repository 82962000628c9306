"""A log in parts answers every question as the same log in whole tables does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from golden_log import COLUMNS, QUESTIONS, tables, write_log
from logs import FILE_NAME, column_parts, event, table_parts, write
from questions import ask, ask_until_done

import tb_wordembed
from tb_wordembed.cli import main
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read.log import Log
from tb_wordembed.server import wire

CUTS = {1: [], 2: [3], 3: [1, 6], 7: [1, 2, 3, 5, 6, 7]}


def write_parts(directory: Path, cuts: list[int], *, ranks: bool) -> None:
    """The golden log in parts: all in one file, or those of each rank in its own."""
    run = directory / "embeddings"
    for name, values in COLUMNS.items():
        for rank, part in enumerate(column_parts("words", name, values, cuts)):
            write(run / f"{FILE_NAME}.{rank * ranks}", event(0, part))
    for step, table in tables().items():
        parts = table_parts("words", table, cuts, "Words of the golden log")
        for rank, part in reversed(list(enumerate(parts))):
            write(run / f"{FILE_NAME}.{rank * ranks}", event(step, part))


def answers(log: Log) -> dict[str, bytes]:
    found = {}
    for route, questions in QUESTIONS.items():
        for number, request in enumerate(questions):
            body, kind = wire.encode(ask_until_done(log, route, **request))
            if kind == wire.JSON:
                body = json.dumps(plain(json.loads(body)), sort_keys=True).encode()
            # The key of the Projector's files is made of checksums.
            body = re.sub(rb'"key\\": \\"[\w-]+', b"", body)
            found[f"{route} {number}"] = body
    return found


def plain(value: Any) -> Any:
    """An answer without what names the bytes in the files."""
    if isinstance(value, dict):
        ids = "checksums", "columns_id"
        return {key: plain(one) for key, one in value.items() if key not in ids}
    return list(map(plain, value)) if isinstance(value, list) else value


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    directory = tmp_path_factory.mktemp("whole")
    write_log(directory)
    return answers(tb_wordembed.open(directory))


@pytest.mark.parametrize("ranks", [False, True])
@pytest.mark.parametrize("count", CUTS)
def test_every_answer_is_that_of_the_whole_table(
    tmp_path: Path, whole: dict[str, bytes], count: int, *, ranks: bool
) -> None:
    write_parts(tmp_path, CUTS[count], ranks=ranks)
    log = tb_wordembed.open(tmp_path)
    assert not log.problems
    assert not log.notes
    found = answers(log)
    assert found.keys() == whole.keys()
    for question, answer in whole.items():
        assert found[question] == answer, question


def test_what_is_missing_is_listed_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_parts(tmp_path, [3], ranks=True)
    lost = tmp_path / "embeddings" / f"{FILE_NAME}.1"
    first = next(iter(tables().values()))
    write(lost, event(9, table_parts("words", first, [3])[1]))
    said = (
        "step 9 of 'embeddings' 'words' is still being written: rows 0 to 2 of 8 are "
        "missing"
    )
    for command in ("ls", "check"):
        assert main([command, str(tmp_path)]) == 0
        assert said in capsys.readouterr().err
    log = tb_wordembed.open(tmp_path)
    assert [note.message for note in log.notes] == [said]
    (shown,) = ask(log, "index").incomplete
    assert (shown.path, shown.message) == (str(lost), said)
    assert log.series().steps == [0, 1, 2, 5]
    with pytest.raises(NotFoundError, match="still being written: rows 0 to 2 of 8"):
        log.series().table(9)


def test_a_log_of_incomplete_steps_says_why_it_is_empty(tmp_path: Path) -> None:
    first = next(iter(tables().values()))
    write(tmp_path / FILE_NAME, event(0, table_parts("words", first, [3])[1]))
    log = tb_wordembed.open(tmp_path)
    with pytest.raises(NotFoundError, match="rows 0 to 2 of 8 are missing"):
        log.series()
    assert "rows 0 to 2 of 8 are missing" in repr(log)


def test_check_reads_and_counts_every_part_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_parts(tmp_path, [1, 6], ranks=True)
    assert main(["check", str(tmp_path)]) == 0
    captured = capsys.readouterr()
    assert captured.out.count("sound") == 4
    assert "3 event files" in captured.err
    assert "4 snapshots, 0 problems" in captured.err


def test_two_processes_that_write_the_same_rows_are_noted(tmp_path: Path) -> None:
    write_parts(tmp_path, [3, 5], ranks=True)
    # Between the two files in time there is that of another rank.
    for step, table in tables().items():
        part = table_parts("words", table, [3, 5])[0]
        time = 1_700_000_000.5 + step
        path = tmp_path / "embeddings" / f"{FILE_NAME}.3"
        write(path, event(step, part, wall_time=time))
    (note,) = tb_wordembed.open(tmp_path).notes[-1:]
    assert "2 event files were written at the same time" in note.message
    assert note.path.endswith(".3")
