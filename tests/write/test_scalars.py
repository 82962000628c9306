"""Ordinary scalars beside snapshots: what TensorBoard reads of them, and what not."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util.tensor_util import make_ndarray

import tb_wordembed
from tb_wordembed import SnapshotWriter


def test_scalars_and_snapshots_share_a_file(tmp_path: Path) -> None:
    table = np.arange(6, dtype=np.float32).reshape(3, 2)
    with SnapshotWriter(tmp_path) as writer:
        for step in range(3):
            writer.scalars({"loss": step / 4, "odd": math.nan}, step)
            writer.embedding("words", table + step, step)
    assert len(list(tmp_path.iterdir())) == 1
    reader = EventAccumulator(str(tmp_path)).Reload()
    assert set(reader.PluginTagToContent("scalars")) == {"loss", "odd"}
    read = {
        tag: [make_ndarray(one.tensor_proto) for one in reader.Tensors(tag)]
        for tag in ("loss", "odd")
    }
    assert {one.dtype for one in read["loss"]} == {np.dtype("float32")}
    assert [float(one) for one in read["loss"]] == [0, 0.25, 0.5]
    assert np.isnan(read["odd"]).all()
    series = tb_wordembed.open(tmp_path).series()
    assert (series.tag, series.steps) == ("words", [0, 1, 2])


def test_scalars_replace_no_snapshot(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with SnapshotWriter(tmp_path) as writer:
        writer.embedding("words", np.ones((3, 2)), 5)
        writer.scalars({"words": 1.0}, 2)
    assert tb_wordembed.open(tmp_path).series().steps == [5]
    assert not [one for one in caplog.records if one.name == "tb_wordembed"]


def test_what_does_not_fit_is_an_error_and_writes_nothing(tmp_path: Path) -> None:
    writer = SnapshotWriter(tmp_path)
    size = Path(writer.path).stat().st_size
    with pytest.raises(ValueError, match=r"step='two': a step is a whole number"):
        writer.scalars({"loss": 1.0}, "two")  # type: ignore[arg-type]
    assert Path(writer.path).stat().st_size == size
    writer.close()
    with pytest.raises(ValueError, match="has been closed"):
        writer.scalars({"loss": 1.0}, 2)
