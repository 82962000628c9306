"""docs/event_format.md is true: its examples write what TensorBoard and we read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import golden_events
import numpy as np
import pytest
from tensorboard.backend.event_processing import event_file_loader
from tensorboard.util import tensor_util

import tb_wordembed
from tb_wordembed.format import metadata
from tb_wordembed.read.log import Log
from tb_wordembed.write.tables import MAX_PART_BYTES, MOST_PARTS, PART_BYTES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "event_format.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def values(path: Path) -> list[tuple[int, str, Any, metadata.Role]]:
    return [
        (
            event.step,
            value.tag,
            tensor_util.make_ndarray(value.tensor).tolist(),
            metadata.decode(value.metadata.plugin_data.content),
        )
        for event in event_file_loader.EventFileLoader(str(path)).Load()
        for value in event.summary.value
    ]


def test_the_example_in_plain_python_writes_a_log(tmp_path: Path) -> None:
    names: dict[str, Any] = {}
    exec(EXAMPLES[1], names)
    path = tmp_path / "events.out.tfevents.0"
    names["write_log"](path)
    table = metadata.TableRole()
    column = metadata.ColumnRole("words", "token")
    assert values(path) == [
        (0, "words/column/token", [b"good", b"bad"], column),
        *((step, "words", [[1, step], [0, 1]], table) for step in range(3)),
    ]


@pytest.mark.tensorflow
def test_the_example_in_tensorflow_writes_a_table(tmp_path: Path) -> None:
    tf = pytest.importorskip("tensorflow")
    names = {"tf": tf, "table": np.ones((2, 3), np.float32), "step": 4}
    with tf.summary.create_file_writer(str(tmp_path)).as_default():
        exec(EXAMPLES[0], names)
    (path,) = tmp_path.iterdir()
    assert values(path) == [(4, "words", [[1, 1, 1]] * 2, metadata.TableRole())]


def snapshots_of(golden: Path, folder: Path) -> Log:
    folder.mkdir()
    (folder / "events.out.tfevents.0").write_bytes(golden.read_bytes())
    return tb_wordembed.open(folder)


def test_version_1_is_read_as_ever(tmp_path: Path) -> None:
    log = snapshots_of(golden_events.GOLDEN, tmp_path / "1")
    words = log.series()
    assert (words.steps, words.tokens) == ([0, 1, 2, 3, 300], ["<pad>", "a", "tea"])
    # The tokens changed after step 3: the others have rows of their own.
    np.testing.assert_array_equal(words.table(300), golden_events.FIRST * 2)
    np.testing.assert_array_equal(words.table(0)[0], golden_events.FIRST[0])
    assert not log.problems
    assert not log.notes


def test_version_2_is_read_as_whole_tables(tmp_path: Path) -> None:
    log = snapshots_of(golden_events.GOLDEN_PARTS, tmp_path / "2")
    words = log.series(".", golden_events.TAG)
    assert (words.steps, words.tokens) == ([0, 1], golden_events.TOKENS)
    assert list(words.metadata["count"]) == golden_events.METADATA["count"]
    assert words.metadata["class"] == golden_events.METADATA["class"]
    assert words.fixed_rows.tolist() == [0]
    for step in words.steps:
        np.testing.assert_array_equal(words.table(step), golden_events.FIRST + step)
    (note,) = log.notes
    assert note.message.endswith("still being written: row 0 of 3 is missing")
    assert not log.problems


def test_a_reader_of_version_1_shows_no_part_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "FORMAT_VERSION", 1)
    log = snapshots_of(golden_events.GOLDEN_PARTS, tmp_path / "2")
    assert [one.tag for one in log.all_series] == ["whole"]
    assert "written in format version 2" in log.problems[0].message


def test_the_numbers_on_the_page_are_those_of_the_code() -> None:
    page = PAGE.read_text("utf-8")
    for number in (PART_BYTES, MAX_PART_BYTES):
        assert f"{number:,} bytes" in page
    assert f"{MOST_PARTS} larger ones" in page
    assert page.startswith(f"# The event format, version {metadata.FORMAT_VERSION}\n")
    assert metadata.column_tag("<tag of the table>", "<name>") in page
