"""Four processes log a table in parts, four workers measure it, and some are killed.

Each worker may take 512 MiB. The peer reads the same bytes with ``np.fromfile`` and
sums them. In a second pass a worker is killed with SIGKILL, then the scheduler; a third
one goes on with what they left. What all of them save must have the same bits as the
local engine's. Half as many rows show how the memory of the command grows with them.
``--rows 20000000`` takes 36 GB of disk. Needs Linux and ``pip install
tb_wordembed[dask]``.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
from measure import (
    Target,
    absolute,
    line,
    ratio,
    scratch,
    seconds,
    skipped,
    start,
)
from scale import DIM, OF_READING, PEER, STEPS, peaks, read
from server import has_memory, memory

import tb_wordembed
from tb_wordembed.read.disk_cache import RESULTS

RANKS, WORKERS = 4, 4
WORKER_MEMORY = "512MiB"
_PIECE_ROWS = 1 << 16


def main() -> None:
    """Logs, lists, measures, and measures again while processes are killed."""
    rows, quick = _rows()
    if not has_memory():
        skipped("everything", "peaks of memory are read from /proc")
        return
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        skipped("everything", str(error))
        return
    print(f"  {STEPS} steps of {rows:,} x {DIM} float32 in {RANKS} parts each")
    rounds = 2 if quick else 4
    with scratch(int(2.3 * STEPS * rows * DIM * 4)) as folder:
        logdir = folder / "log"
        took = write(folder, logdir, rows)
        reading = [seconds(lambda: read(folder)) for _ in range(rounds)]
        ratio(f"{RANKS} processes log", [took] * rounds, PEER, reading)
        took = command("ls", str(logdir)).seconds
        absolute("ls, with the start of Python", [took] * 2, Target("<", 2))
        local = command("measure", str(logdir)).seconds
        expected = results(logdir)
        shutil.rmtree(logdir / RESULTS)
        with Cluster() as cluster:
            whole = command(*cluster.measure(logdir))
            took = whole.seconds
            same("workers", results(logdir), expected)
            ratio(f"{WORKERS} workers", [took] * rounds, PEER, reading, OF_READING)
            threads = "threads of one process"
            ratio(f"{WORKERS} workers", [took] * 2, threads, [local] * 2)
            of_workers = peaks(one.pid for one in cluster.workers)
            print(f"  peak memory of workers: {of_workers}")
        shutil.rmtree(logdir / RESULTS)
        killed(logdir, expected)
        shutil.rmtree(logdir)
        write(folder, logdir, rows // 2)
        with Cluster() as cluster:
            half = command(*cluster.measure(logdir))
    each = (whole.peak - half.peak) / (rows - rows // 2)
    print(f"  tb-wordembed measure takes {each:.0f} bytes more for each row")


def _rows() -> tuple[int, bool]:
    """Returns the number of rows, and whether it is the smaller one of --quick."""
    given = None
    if "--rows" in sys.argv:
        at = sys.argv.index("--rows")
        given = int(sys.argv[at + 1])
        del sys.argv[at : at + 2]
    quick = start(__doc__ or "")
    return given or (600_000 if quick else 4_000_000), quick


def write(folder: Path, logdir: Path, rows: int) -> float:
    """Writes the table as plain files, then logs it from several processes; returns
    how long these took, from the first byte to the last."""
    rng = np.random.default_rng(0)
    for step in range(STEPS):
        with (folder / f"{step}.bin").open("wb") as file:
            for first in range(0, rows, _PIECE_ROWS):
                count = min(_PIECE_ROWS, rows - first)
                of_rows = np.random.default_rng(first)
                piece = of_rows.standard_normal((count, DIM), np.float32)
                piece += np.float32(0.1 * step) * rng.standard_normal(DIM, np.float32)
                piece.tofile(file)
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(RANKS + 1)
    writers = [
        context.Process(target=write_part, args=(folder, logdir, rows, rank, ready))
        for rank in range(RANKS)
    ]
    for one in writers:
        one.start()
    ready.wait()
    began = time.perf_counter()
    for one in writers:
        one.join()
        assert one.exitcode == 0
    return time.perf_counter() - began


def write_part(folder: Path, logdir: Path, rows: int, rank: int, ready: object) -> None:
    """Logs the rows of a rank at all steps."""
    first, stop = rows * rank // RANKS, rows * (rank + 1) // RANKS
    ready.wait()  # type: ignore[attr-defined]
    with tb_wordembed.SnapshotWriter(logdir, filename_suffix=f".{rank}") as writer:
        for step in range(STEPS):
            shape = (stop - first, DIM)
            part = np.memmap(folder / f"{step}.bin", "<f4", "r", first * DIM * 4, shape)
            writer.embedding("items", part, step, part=(first, rows))


class Cluster:
    """A scheduler and workers, each a process of its own."""

    def __enter__(self) -> Cluster:
        with socket.create_server(("127.0.0.1", 0)) as held:
            port = held.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        where = ["--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
        self.scheduler = _start("distributed.cli.dask_scheduler", *where)
        self.workers = [
            _start(
                "distributed.cli.dask_worker",
                *(self.address, "--nthreads", "1", "--memory-limit", WORKER_MEMORY),
                *("--no-nanny", "--no-dashboard"),
            )
            for _ in range(WORKERS)
        ]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for one in [*self.workers, self.scheduler]:
            one.kill()
            one.wait()

    def measure(self, logdir: Path) -> list[str]:
        """Returns the arguments of the command that measures a log here."""
        return ["measure", str(logdir), "--scheduler", self.address]


def _start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@dataclass(frozen=True)
class Done:
    """A command that has ended: how long it took, what it said, its largest memory."""

    seconds: float
    said: str
    peak: int


def command(*arguments: str) -> Done:
    """Runs a command of ``tb-wordembed``. Prints its peak."""
    began, running, peak = time.perf_counter(), begin(*arguments), 0
    while running.poll() is None:
        peak = max(peak, memory(running.pid).peak_resident)
        time.sleep(0.02)
    took = time.perf_counter() - began
    assert running.stdout is not None
    said = running.stdout.read().decode()
    assert running.returncode == 0, said
    print(f"  peak memory of tb-wordembed {arguments[0]}: {peak / 1e6:.0f} MB")
    return Done(took, said, peak)


def begin(*arguments: str) -> subprocess.Popen[bytes]:
    """Starts a command of ``tb-wordembed``, whose own cache is beside the log."""
    return subprocess.Popen(
        [sys.executable, "-m", "tb_wordembed.cli", *arguments, "--format", "csv"],
        env={**os.environ, "TB_WORDEMBED_CACHE_DIR": f"{arguments[1]}-cache"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def results(logdir: Path) -> dict[str, bytes]:
    """Returns a digest of each result, by its name."""
    found = {}
    for path in (logdir / RESULTS).glob("*.result"):
        found[path.name] = hashlib.blake2b(path.read_bytes()).digest()
    return found


def same(whose: str, found: dict[str, bytes], expected: dict[str, bytes]) -> None:
    """Prints how many results differ from those of the local engine."""
    differing = sum(found.get(name) != one for name, one in expected.items())
    what = f"{differing} of {len(expected)} results of {whose} differ"
    line(what, "from the local engine's", differing, Target("<", 1))


def killed(logdir: Path, expected: dict[str, bytes]) -> None:
    """Kills a worker, then the scheduler, then runs the command again."""
    folder = logdir / RESULTS
    with Cluster() as cluster:
        running = begin(*cluster.measure(logdir))
        _wait(running, folder, 1)
        cluster.workers[0].kill()
        _wait(running, folder, 4)
        cluster.scheduler.kill()
        began = time.perf_counter()
        status = running.wait()
        took = time.perf_counter() - began
        assert running.stdout is not None
        said = running.stdout.read().decode().strip().splitlines()[-1:]
        print(
            f"  after SIGKILL the command ends in {took:.1f} s, status {status}: {said}"
        )
    kept = len([*folder.glob("*.result")])
    with Cluster() as cluster:
        said = command(*cluster.measure(logdir)).said.splitlines()
        computed = int(said[-1].rpartition(",")[2])
        print(f"  {kept} segments were finished before; {computed} more are computed")
    same("a killed cluster and a second one", results(logdir), expected)


def _wait(running: subprocess.Popen[bytes], folder: Path, count: int) -> None:
    """Waits until so many results are saved."""
    while running.poll() is None and len([*folder.glob("*.result")]) < count:
        time.sleep(0.02)


if __name__ == "__main__":
    main()
