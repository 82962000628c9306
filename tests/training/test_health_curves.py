"""The scalars of a training: read by TensorBoard, computed again with NumPy."""

from __future__ import annotations

import logging
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util import tensor_util

import tb_wordembed
from tb_wordembed.analysis.sampled_rows import MOST_PRODUCTS, sampled_rows
from tb_wordembed.training import health_curves
from tb_wordembed.training.logged_table import LoggedTable
from tb_wordembed.training.training_log import TrainingLog

STEPS = 4


def tables(rows: int, dim: int) -> list[Any]:
    """Tables of a training in which every third row is updated."""
    rng = np.random.default_rng(0)
    found = [rng.normal(size=(rows, dim)).astype(np.float32)]
    for _ in range(STEPS - 1):
        found.append(found[-1].copy())
        found[-1][::3] += 0.1 * rng.normal(size=found[-1][::3].shape)
    return found


def logged(tag: str, table: Any) -> LoggedTable:
    return LoggedTable(tag=tag, shape=table.shape, table=lambda: table)


def train(log_dir: Path, found: list[Any], tag: str = "words", **given: Any) -> None:
    log = TrainingLog(given.pop("dtype", None), projector=False, **given)
    log.open(str(log_dir), "run", [tag])
    for log.step, table in enumerate(found):
        log.snapshot([logged(tag, table)], is_first=log.step == 0)
    log.close([])


def scalars(folder: Path, tag: str = "words") -> dict[str, dict[int, float]]:
    """What TensorBoard's own reader has of a table, by name and step."""
    reader = EventAccumulator(str(folder), {"tensors": 0}).Reload()
    start = f"wordembed/{tag}/"
    return {
        one.removeprefix(start): {
            event.step: float(tensor_util.make_ndarray(event.tensor_proto))
            for event in reader.Tensors(one)
        }
        for one in reader.Tags()["tensors"]
        if one.startswith(start)
        and reader.SummaryMetadata(one).plugin_data.plugin_name == "scalars"
    }


def cosine(before: Any, after: Any) -> Any:
    before, after = before.astype(np.float64), after.astype(np.float64)
    size = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    return 1 - (before * after).sum(axis=1) / size


def effective_rank(table: Any) -> float:
    values = np.linalg.svd(table.astype(np.float64), compute_uv=False)
    shares = values / values.sum()
    return float(np.exp(-(shares * np.log(shares)).sum()))


@pytest.mark.parametrize("shape", [(200, 12), (30, 40), (20_000, 5), (1, 3)])
def test_tensorboard_reads_what_numpy_computes(
    tmp_path: Path, shape: tuple[int, int]
) -> None:
    found = tables(*shape)
    train(tmp_path, found)
    rows = sampled_rows(*shape)
    parts = [table[rows] for table in found]
    read = scalars(tmp_path / "run")
    assert set(read) == {
        "mean_norm",
        "effective_rank",
        "median_drift",
        "updated_share",
    }
    for step, part in enumerate(parts):
        norm = np.linalg.norm(part.astype(np.float64), axis=1).mean()
        assert read["mean_norm"][step] == pytest.approx(norm, rel=1e-5)
        rank = effective_rank(part)
        assert read["effective_rank"][step] == pytest.approx(rank, rel=1e-4)
    assert list(read["median_drift"]) == list(read["updated_share"]) == [1, 2, 3]
    for step in range(1, STEPS):
        before, after = parts[step - 1 : step + 1]
        median = np.median(cosine(before, after))
        assert read["median_drift"][step] == pytest.approx(median, rel=1e-4, abs=1e-9)
        share = (before != after).any(axis=1).mean()
        assert read["updated_share"][step] == pytest.approx(share)


def test_they_are_those_that_our_own_reader_has_of_a_small_table(
    tmp_path: Path,
) -> None:
    train(tmp_path, tables(300, 8))
    read = scalars(tmp_path / "run")
    health = tb_wordembed.open(tmp_path).series().health()
    for step, one in enumerate(health):
        assert read["effective_rank"][step] == pytest.approx(one.effective_rank)
        if step:
            median = one.drift_from_previous[1]
            assert read["median_drift"][step] == pytest.approx(median)
            assert one.frozen_rows is not None
            updated = 1 - one.frozen_rows / 300
            assert read["updated_share"][step] == pytest.approx(updated)


@pytest.mark.parametrize(
    ("shape", "count"),
    [
        ((4096, 724), 4096),
        ((100_000, 300), 4096),
        ((128_000, 4096), 724),
        ((3, 100_000), 3),
        ((10, 2**31), 1),
    ],
)
def test_the_rows_that_are_looked_at_bound_the_work(
    shape: tuple[int, int], count: int
) -> None:
    rows = sampled_rows(*shape)
    assert len(np.unique(rows)) == len(rows) == count
    assert rows[0] == 0
    assert rows[-1] < shape[0]
    few, many = sorted((count, shape[1]))
    assert few * few * many <= MOST_PRODUCTS or count == 1


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_tables_of_any_dtype(tmp_path: Path, dtype: str) -> None:
    found = tables(50, 4)
    train(tmp_path, found, dtype=dtype)
    series = tb_wordembed.open(tmp_path).series()
    read = scalars(tmp_path / "run")
    for step in range(STEPS):
        norm = np.linalg.norm(series.table(step).astype(np.float64), axis=1).mean()
        assert read["mean_norm"][step] == pytest.approx(norm, rel=1e-5)


def test_rows_that_are_not_finite_are_left_out(tmp_path: Path) -> None:
    found = tables(40, 4)
    found[1][7] = np.nan
    found[3][:] = np.inf
    train(tmp_path, found)
    read = scalars(tmp_path / "run")
    norms = np.linalg.norm(np.delete(found[1], 7, axis=0), axis=1)
    assert read["mean_norm"][1] == pytest.approx(norms.mean(), rel=1e-5)
    assert all(np.isnan(one[3]) for one in read.values())
    assert np.isfinite(read["median_drift"][2])


def test_a_table_that_grows_has_no_drift_at_that_step(tmp_path: Path) -> None:
    found = [*tables(40, 4)[:2], *tables(50, 4)[:2]]
    train(tmp_path, found)
    read = scalars(tmp_path / "run")
    assert list(read["mean_norm"]) == [0, 1, 2, 3]
    assert list(read["median_drift"]) == [1, 3]


def test_a_resumed_training_has_its_drift_from_the_last_step(tmp_path: Path) -> None:
    found = tables(40, 4)
    train(tmp_path, found[:2])
    log = TrainingLog(None, projector=False)
    log.step = 1
    log.open(str(tmp_path), "run", ["words"])
    for log.step in (1, 2):
        log.snapshot([logged("words", found[log.step])], is_first=log.step == 1)
    log.close([])
    (newest,) = sorted((tmp_path / "run").glob("*tfevents*"))[1:]
    read = scalars(newest)
    assert {name: list(one) for name, one in read.items()} == {
        name: [2] for name in read
    }
    median = np.median(cosine(found[1], found[2]))
    assert read["median_drift"][2] == pytest.approx(median, rel=1e-4)


def test_neither_reader_loses_anything(tmp_path: Path) -> None:
    tag = "model/words (ünïcode)\n<b>"
    found = tables(40, 4)
    train(tmp_path, found, tag)
    train(tmp_path / "plain", found, tag, scalars=False)
    assert set(scalars(tmp_path / "run", tag)) == {
        "mean_norm",
        "effective_rank",
        "median_drift",
        "updated_share",
    }
    assert scalars(tmp_path / "plain" / "run", tag) == {}
    log = tb_wordembed.open(tmp_path)
    assert {(one.run, one.tag) for one in log.all_series} == {
        ("run", tag),
        ("plain/run", tag),
    }
    assert not log.notes
    checked = log.check()
    assert not checked.problems
    assert {one.status for one in checked.snapshots} == {"sound"}
    for one in log.all_series:
        assert one.steps == [0, 1, 2, 3]
        for step, table in enumerate(found):
            np.testing.assert_array_equal(one.table(step), table)
    reader = EventAccumulator(str(tmp_path / "run"), {"tensors": 0}).Reload()
    assert [event.step for event in reader.Tensors(tag)] == [0, 1, 2, 3]


def test_one_copy_of_a_large_table_is_made_at_a_time(tmp_path: Path) -> None:
    table = np.ones((200_000, 100), np.float32)  # 80 MB
    tracemalloc.start()
    train(tmp_path, [table, table, table])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.2 * table.nbytes
    assert scalars(tmp_path / "run")["updated_share"] == {1: 0, 2: 0}


def test_what_cannot_be_computed_is_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Any) -> Any:
        raise np.linalg.LinAlgError("no convergence")

    monkeypatch.setattr(health_curves, "singular_values", fail)
    with caplog.at_level(logging.WARNING):
        train(tmp_path, tables(40, 4))
    (record,) = [one for one in caplog.records if one.name == "tb_wordembed"]
    assert record.getMessage() == (
        "the scalars of 'words' at step 0 could not be written: LinAlgError: no "
        "convergence. The snapshot is written, and training goes on"
    )
    assert tb_wordembed.open(tmp_path).series().steps == [0, 1, 2, 3]


def test_they_are_written_without_tensorflow(tmp_path: Path) -> None:
    script = (
        "import sys, numpy as np\n"
        "from tb_wordembed import SnapshotWriter\n"
        "with SnapshotWriter(sys.argv[1]) as writer:\n"
        "    writer.scalars({'wordembed/words/mean_norm': 2.5}, 7)\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True)
    assert scalars(tmp_path) == {"mean_norm": {7: 2.5}}
