"""docs/event_format.md is true: its examples write what TensorBoard and we read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.backend.event_processing import event_file_loader
from tensorboard.util import tensor_util

from tb_wordembed.format import metadata
from tb_wordembed.write.tables import MAX_TABLE_BYTES

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


def test_the_numbers_on_the_page_are_those_of_the_code() -> None:
    page = PAGE.read_text("utf-8")
    assert f"{MAX_TABLE_BYTES:,} bytes" in page
    assert page.startswith(f"# The event format, version {metadata.FORMAT_VERSION}\n")
    assert metadata.column_tag("<tag of the table>", "<name>") in page
