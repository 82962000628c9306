"""What can't be read is told with the same words by every command and function."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from logs import FILE_NAME, event, random_tables, table_value, write, write_series
from plugins import getter, plugin_on

import tb_wordembed
from tb_wordembed.cli import main
from tb_wordembed.errors import NotFoundError

TABLES = random_tables(3, 5, 4)


def no_event_file(path: Path) -> None:
    path.write_bytes(b"these are no records at all")


def newer(path: Path) -> None:
    value = table_value("words", TABLES[0])
    value.metadata.plugin_data.content = b'{"format_version": 9, "kind": "table"}'
    write(path, event(0, value))


def of_words(path: Path) -> None:
    value = table_value("words", TABLES[0])
    value.tensor.dtype = 7
    write(path, event(0, value))


def damaged(path: Path) -> None:
    write_series(path, TABLES)
    content = path.read_bytes()
    for table in TABLES:
        content = content.replace(table.tobytes(), table[::-1].tobytes())
    path.write_bytes(content)


UNREADABLE: dict[str, tuple[Callable[[Path], None], str]] = {
    "no event file": (no_event_file, "the rest of the file is left out"),
    "a newer format": (newer, "Upgrade: pip install -U tb_wordembed"),
    "a table of words": (of_words, "the tensor's dtype is number 7"),
    "every step damaged": (damaged, "the checksum of the data is wrong"),
}

COMMANDS = {
    "ls": ["ls"],
    "check": ["check"],
    "drift": ["drift"],
    "drift of a run": ["drift", "--run=run"],
    "health": ["health"],
    "neighbors": ["neighbors", "#0"],
    "export": ["export", "--projector"],
    "export of a run": ["export", "--projector", "--run=run"],
    "export for the site": ["export", "--projector-json=http://localhost"],
}


@pytest.fixture(params=UNREADABLE)
def unreadable(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A log that holds nothing else; gives the reason."""
    make, reason = UNREADABLE[request.param]
    (tmp_path / "run").mkdir()
    make(tmp_path / "run" / FILE_NAME)
    return reason


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_tells_why_there_is_nothing(
    unreadable: str,
    command: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    name, *options = COMMANDS[command]
    status = main([name, str(tmp_path), *options])
    said = capsys.readouterr()
    # Only what reads the tables finds out that they are damaged.
    if name != "ls" or "checksum" not in unreadable:
        assert unreadable in said.err
        assert f"run/{FILE_NAME}" in said.err
        assert status == {"ls": 0, "check": 1}.get(name, 2)


def test_every_function_tells_why_there_is_nothing(
    unreadable: str, tmp_path: Path
) -> None:
    log = tb_wordembed.open(tmp_path)
    get = getter(plugin_on(logdir=str(tmp_path)))
    get("index")
    words = {"run": "run", "tag": "words", "from_step": 0, "to_step": 1}
    if "checksum" in unreadable:
        for _ in range(2):
            with pytest.raises(NotFoundError, match=unreadable):
                log.series().health()
            log.refresh()
            assert unreadable in get("drift", **words).text
    for ask in (
        log.series,
        lambda: log.series("run", "words"),
        lambda: log.tags("run"),
    ):
        with pytest.raises(NotFoundError, match="What could not be read") as error:
            ask()
        assert unreadable in str(error.value)
    assert unreadable in repr(log)
    assert unreadable in get("drift", **words).text


def test_a_run_beside_others_is_told_with_its_own_reason(
    unreadable: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_series(tmp_path / "sound" / FILE_NAME, TABLES)
    (tmp_path / "third").mkdir()
    (tmp_path / "third" / FILE_NAME).write_bytes(b"other bytes that are no records")
    assert main(["check", str(tmp_path)]) == 1
    capsys.readouterr()
    assert main(["drift", str(tmp_path), "--run=run"]) == 2
    said = capsys.readouterr().err
    assert unreadable in said
    assert "third" not in said


def test_a_step_that_is_left_out_is_told_with_its_reason(tmp_path: Path) -> None:
    path = write_series(tmp_path / FILE_NAME, TABLES)
    wide = np.ones((5, 9), np.float32)
    write(
        path,
        event(7, table_value("wide", wide)),
        event(8, table_value("wide", TABLES[0])),
    )
    content = path.read_bytes()
    path.write_bytes(content.replace(TABLES[1].tobytes(), bytes(TABLES[1].nbytes)))
    log = tb_wordembed.open(tmp_path)
    assert len(log.series(tag="words").health()) == 2
    for tag, step, reason in (
        ("words", 1, "the checksum of the data is wrong"),
        ("wide", 7, "the newest step [5, 4]"),
    ):
        with pytest.raises(NotFoundError, match="What could not be read") as error:
            log.series(tag=tag).table(step)
        assert reason in str(error.value)
    with pytest.raises(
        NotFoundError, match=r"no step 5; there are: 0, 2 in '.' 'words'$"
    ):
        log.series(tag="words").table(5)
