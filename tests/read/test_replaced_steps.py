"""What a log says of steps that were replaced, and of several writers at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from logs import event, table_value, write

import tb_wordembed
from tb_wordembed.cli import main

TABLE = np.eye(3, dtype=np.float32)

# Of each file its tag, and (step, wall time) of its snapshots.
Files = dict[str, tuple[str, list[tuple[int, float]]]]

LOGS: dict[str, tuple[Files, int, list[str]]] = {
    "nothing replaced": ({"1": ("words", [(0, 1), (1, 2)])}, 0, []),
    "a training that goes on in another file": (
        {"1": ("words", [(0, 1), (1, 2)]), "2": ("words", [(2, 3), (3, 4)])},
        0,
        [],
    ),
    "another tag": (
        {"1": ("words", [(0, 1), (1, 2)]), "2": ("items", [(0, 1), (1, 2)])},
        0,
        [],
    ),
    "started again in another file": (
        {"1": ("words", [(0, 1), (1, 2), (2, 3)]), "2": ("words", [(0, 4)])},
        3,
        ["3 steps of an earlier training were replaced"],
    ),
    "one step again in the same file": (
        {"1": ("words", [(0, 1), (1, 2), (1, 3)])},
        1,
        ["1 step of an earlier training was replaced"],
    ),
    "ranks that write at once": (
        {
            f"{rank}": ("words", [(0, 1 + rank / 10), (1, 2 + rank / 10)])
            for rank in range(3)
        },
        4,
        [
            "4 steps of an earlier training were replaced",
            "3 event files were written at the same time, with the same steps",
        ],
    ),
}


def write_log(folder: Path, files: Files) -> None:
    for name, (tag, snapshots) in files.items():
        events = [
            event(step, table_value(tag, TABLE), wall_time=at) for step, at in snapshots
        ]
        write(folder / "a" / f"events.out.tfevents.{name}", *events)


@pytest.mark.parametrize(("files", "replaced", "said"), LOGS.values(), ids=LOGS.keys())
def test_what_was_replaced_is_counted_and_said(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    files: Files,
    replaced: int,
    said: list[str],
) -> None:
    write_log(tmp_path, files)
    log = tb_wordembed.open(tmp_path)
    assert sum(one.replaced_steps for one in log.all_series) == replaced
    for one, note in zip(said, log.notes, strict=True):
        assert f"'a' 'words': {one}" in note.message
    for command in ("ls", "check"):
        assert main([command, str(tmp_path)]) == 0
        told = capsys.readouterr().err
        assert all(one in told for one in said)
        assert bool(said) == ("replaced" in told)
