"""Runs of any name: the index lists them, and questions by that name are answered."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from logs import FILE_NAME, random_tables, write_series
from plugins import getter, plugin_on
from standard_projector import Standard

import tb_wordembed
from tb_wordembed.cli import main

NAMES = {
    "Latin-1": (b"caf\xe9", r"caf\xe9"),
    "below a directory in Latin-1": (b"caf\xe9/two", r"caf\xe9/two"),
    "UTF-16": ("é".encode("utf-16").replace(b"\0", b"0"), r"\xff\xfe\xe90"),
    "UTF-8": ("café 模型".encode(), "café 模型"),
    "of a URL": (b"a#b&c=%41+ ?", "a#b&c=%41+ ?"),
    "with a backslash": (rb"caf\xe9", r"caf\x5cxe9"),
    "with control characters": (b"a\r\n\tb\x1b", "a\r\n\tb\x1b"),
    "like an option": (b"--run", "--run"),
    "of quotes": (b"'\"`", "'\"`"),
}
ROWS = 6


@pytest.fixture(params=NAMES)
def run(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A log of two runs, one of them of a strange name; gives its name."""
    directory, name = NAMES[request.param]
    write_series(tmp_path / "other" / FILE_NAME, random_tables(2, ROWS, 3))
    path = tmp_path / os.fsdecode(directory) / FILE_NAME
    try:
        write_series(path, random_tables(2, ROWS, 3, seed=1))
    except OSError as error:
        pytest.skip(f"there are no such directories here: {error}")
    return name


def test_questions_by_the_name_in_the_index_are_answered(
    run: str, tmp_path: Path
) -> None:
    get = getter(plugin_on(logdir=str(tmp_path)))
    found = json.loads(get("index").data)
    assert {one["run"] for one in found["series"]} == {run, "other"}
    assert not found["problems"]
    words = {"run": run, "tag": "words"}
    questions: dict[str, dict[str, object]] = {
        "drift": {"from_step": 0, "to_step": 1},
        "positions": {"step": 1},
        "neighbors": {"index": 0, "step": 1},
        "tokens": {},
        "findings": {},
        "vectors": {"step": 1, "format": "npz"},
    }
    for route, parameters in questions.items():
        response = get(route, **words, **parameters)
        assert response.status_code == 200, (route, response.text)
    missing = get("drift", **{**words, "run": f"{run}!"}, from_step=0, to_step=1)
    assert missing.status_code == 404
    assert missing.text.startswith("there is no run ")


def test_the_projector_inside_the_tab_shows_it(run: str, tmp_path: Path) -> None:
    get = getter(plugin_on(logdir=str(tmp_path)))
    place = {"run": run, "tag": "words", "step": 1, "reference_step": 0}
    # The rows come as a frame: a header of its own length, then arrays.
    frame = get("projector", **place, indices="").data
    header = json.loads(frame[8 : 8 + int.from_bytes(frame[:8], "little")])
    key = json.loads(header["__metadata__"]["response"])["key"]
    tensor = get(f"projector/{key}/tensor", run="ignored", name="ignored")
    assert tensor.status_code == 200
    assert len(tensor.data) == ROWS * 3 * 4


def test_python_and_the_command_line_take_both_of_its_names(
    run: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tb_wordembed.open(tmp_path)
    directory = os.path.relpath(log.series(run).directory, tmp_path)
    assert log.tags(run) == ["words"]
    for name in {run, directory}:
        if name == run or not name.isprintable():
            found = main(["drift", str(tmp_path), f"--run={name}", "--format=json"])
            assert found == 0
            assert len(json.loads(capsys.readouterr().out)) == ROWS


def test_files_for_the_projector_are_written_into_its_directory(
    run: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["export", str(tmp_path), "--projector", f"--run={run}"]
    assert main(arguments) == 0
    directory = tb_wordembed.open(tmp_path).series(run).directory
    said = capsys.readouterr().err
    if "own tab can't ask for run" in said:
        assert (Path(directory) / "projector_config.pbtxt").is_file()
    else:
        name = os.path.relpath(directory, tmp_path)
        assert Standard(tmp_path, name).names(name) == ["words (step 1)"]


def test_a_damaged_run_of_that_name_is_told(run: str, tmp_path: Path) -> None:
    path = Path(tb_wordembed.open(tmp_path).series(run).directory) / FILE_NAME
    numbers = random_tables(2, ROWS, 3, seed=1)[1].tobytes()
    other = bytes([numbers[0] ^ 1]) + numbers[1:]
    path.write_bytes(path.read_bytes().replace(numbers, other))
    get = getter(plugin_on(logdir=str(tmp_path)))
    words = {"run": run, "tag": "words"}
    get("index")
    assert get("drift", **words, from_step=0, to_step=1).status_code == 404
    (problem,) = json.loads(get("index").data)["problems"]
    problem["path"].encode("utf-8")
    assert "checksum" in problem["message"]
