"""A Dask cluster gives what this process gives, to the last bit."""

from __future__ import annotations

import operator
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from logs import FILE_NAME, random_tables, write_series
from processes import free_ports

import tb_wordembed
from tb_wordembed.engine import dask, local, segments
from tb_wordembed.engine.dask import ClusterError, DaskWorkers
from tb_wordembed.engine.local import LocalEngine
from tb_wordembed.engine.segments import SegmentEngine
from tb_wordembed.read import measure_log, neighbors, positions, step_measures
from tb_wordembed.read.disk_cache import RESULTS, DiskCache
from tb_wordembed.read.log import open_with
from tb_wordembed.read.series import Series

pytest.importorskip("distributed")

one_over = partial(operator.truediv, 1)

ROWS, DIM, STEPS = 9000, 16, 3


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Makes segments of 8 blocks of 100 rows, so that there are several."""
    for module in (local, segments):
        monkeypatch.setattr(module, "TREE_WIDTH", 8)
    monkeypatch.setattr(step_measures, "BLOCK_BYTES", 100 * 4 * DIM)
    monkeypatch.setattr(positions, "_BLOCK_BYTES", 100 * 4 * DIM)
    monkeypatch.setattr(neighbors, "TREE_WIDTH", 8)
    monkeypatch.setattr(neighbors, "_ROWS_AT_ONCE", 2000)
    monkeypatch.setenv("TB_WORDEMBED_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    tables = random_tables(STEPS, ROWS, DIM)
    tables[1][7], tables[2][9:12] = np.nan, tables[0][9]
    write_series(tmp_path / "logs" / "run" / FILE_NAME, tables)
    return tmp_path / "logs"


@pytest.fixture(scope="module")
def two_workers() -> Iterator[DaskWorkers]:
    found = DaskWorkers(workers=2)
    yield found
    found.close()


def answers(series: Series) -> dict[str, Any]:
    return {
        "health": [asdict(one) for one in series.health()],
        "findings": [repr(one) for one in series.findings()],
        "path": asdict(series.path()),
        "drift": [series.drift(0, step, "euclidean") for step in series.steps],
        "norms": [series.norms(step) for step in series.steps],
        "positions": [series.positions(step) for step in series.steps],
        "neighbors": asdict(series.all_neighbors(2, 5)),
        "neighbors of one": series.neighbors(11, 1),
        "explained": series.explained_variance_ratio(2),
    }


def of_engine(logdir: Path, engine: Any) -> dict[str, Any]:
    """The answers of an engine, which finds none in a cache."""
    log = open_with(logdir, lambda: engine, DiskCache(None))
    found = answers(log.series())
    assert not (logdir / "run" / RESULTS).exists()
    return found


def test_the_same_bits_for_threads_and_for_processes(
    logdir: Path, two_workers: DaskWorkers
) -> None:
    expected = of_engine(logdir, LocalEngine(1))
    for threads in (2, 4):
        np.testing.assert_equal(of_engine(logdir, LocalEngine(threads)), expected)
    np.testing.assert_equal(of_engine(logdir, SegmentEngine(two_workers)), expected)
    alone = DaskWorkers(workers=1)
    try:
        np.testing.assert_equal(of_engine(logdir, SegmentEngine(alone)), expected)
    finally:
        alone.close()


def test_a_worker_that_is_killed_changes_nothing(
    logdir: Path, two_workers: DaskWorkers, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = of_engine(logdir, LocalEngine(1))
    killed: list[int] = []

    def kill(share: float, message: str = "") -> None:
        if share > 0.1 and not killed:
            killed.append(two_workers.on_each(os.getpid)[0])
            os.kill(killed[0], signal.SIGKILL)

    monkeypatch.setattr(measure_log, "dask_workers", lambda *_: two_workers)
    monkeypatch.setattr(two_workers, "close", lambda: None)
    with measure_log.measuring(logdir, workers=2) as work:
        done = work.measure(work.log.series(), progress=kill)
        np.testing.assert_equal(
            work.log.series().health()[2].norm, expected["health"][2]["norm"]
        )
    assert killed
    # Four more estimate the turnover, and two find rows that came together.
    assert done.computed == 12 + 12 * STEPS + 6
    with pytest.raises(ProcessLookupError):
        os.kill(killed[0], 0)
    found = answers(tb_wordembed.open(logdir).series())
    np.testing.assert_equal(found, expected)


@pytest.mark.parametrize("is_reachable", [True, False])
def test_results_come_directly_or_through_the_scheduler(
    logdir: Path,
    cluster: tuple[str, subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_reachable: bool,
) -> None:
    tried: list[bool] = []

    def reach(addresses: Any) -> bool:
        tried.append(are_reachable(addresses))
        return is_reachable

    are_reachable = dask._are_reachable
    monkeypatch.setattr(dask, "_are_reachable", reach)
    workers = DaskWorkers(cluster[0])
    try:
        assert tried == [True]
        np.testing.assert_equal(
            of_engine(logdir, SegmentEngine(workers)), of_engine(logdir, LocalEngine(1))
        )
    finally:
        workers.close()
    assert not are_reachable(["tcp://127.0.0.1:9"])
    assert not are_reachable(["inproc://127.0.0.1/1/2"])


def test_errors_of_workers_are_raised_here(two_workers: DaskWorkers) -> None:
    with pytest.raises(ZeroDivisionError):
        list(two_workers.map(one_over, [1, 2, 0, 3]))
    # And they go on.
    assert list(two_workers.map(one_over, [1, 2])) == [1, 0.5]


def test_workers_with_another_version_refuse(
    two_workers: DaskWorkers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tb_wordembed.engine.dask.code_version", lambda: b"another")
    with pytest.raises(ValueError, match="another version of tb_wordembed"):
        list(two_workers.map(one_over, [1]))


def test_a_scheduler_that_is_not_there(
    logdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tb_wordembed.engine.dask.WAIT_SECONDS", 1.0)
    with pytest.raises(ClusterError, match=r"'tcp://127.0.0.1:9'.*dask scheduler"):
        tb_wordembed.open(logdir, engine="dask", scheduler="tcp://127.0.0.1:9")


@pytest.fixture
def cluster() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address of a scheduler with a worker, and its process."""
    (port,) = free_ports(1)
    address = f"tcp://127.0.0.1:{port}"
    where = ["--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    commands = [
        ["distributed.cli.dask_scheduler", *where],
        ["distributed.cli.dask_worker", address, "--no-nanny", "--no-dashboard"],
    ]
    running = [
        subprocess.Popen([sys.executable, "-m", *command], stderr=subprocess.DEVNULL)
        for command in commands
    ]
    yield address, running[0]
    for one in running:
        one.kill()
        one.wait()


def test_a_scheduler_that_is_killed_ends_the_command_and_loses_nothing(
    logdir: Path, cluster: tuple[str, subprocess.Popen[bytes]]
) -> None:
    address, scheduler = cluster
    expected = of_engine(logdir, LocalEngine(1))

    def kill(share: float, message: str = "") -> None:
        if share > 0.2:
            scheduler.kill()

    with (
        pytest.raises(ClusterError, match="run the command again"),
        measure_log.measuring(logdir, scheduler=address) as work,
    ):
        work.measure(work.log.series(), progress=kill)
    kept = len([*(logdir / "run" / RESULTS).glob("*.result")])
    assert kept
    with measure_log.measuring(logdir) as work:
        done = work.measure(work.log.series())
        assert done.computed <= 12 + 12 * STEPS + 6 - kept
        np.testing.assert_equal(answers(work.log.series()), expected)
