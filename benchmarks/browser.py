"""The tab beside TensorBoard's standard Projector, in a real browser, on one table.

Real TensorBoard processes and a real Chromium with WebGL in software, in turn, each new
and with nothing kept: our tab on a log of 20 steps, and the Projector on files of the
same tables in the fastest format that it reads. TensorBoard is up and at rest when a
tab is clicked. Then two runs side by side, in one basis, against one of them alone.
Then a log of a million rows, in our tab alone: the Projector shows the first 100,000
rows of a table.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

import events
import numpy as np
from measure import Target, absolute, faster, in_turn, line, ratio, scratch, start
from server import Server, tensorboard
from viewers import (
    MS,
    OURS,
    move_ours,
    open_ours,
    open_pair,
    open_projector,
    step_ours,
    step_projector,
)

import tb_wordembed

CLUSTERS = 20
OTHER = "other"
"""The second run: the first one is shown unless another is chosen."""
TAG = "words"


@dataclass(frozen=True)
class Size:
    """Of a log."""

    rows: int
    dim: int
    steps: int

    @property
    def bytes(self) -> int:
        """Of all tables."""
        return 4 * self.rows * self.dim * self.steps

    def __str__(self) -> str:
        return f"{self.rows:,} x {self.dim} x {self.steps} steps"


@dataclass(frozen=True)
class Seen:
    """A viewer, from the click on its tab to its last step."""

    first: float
    """Seconds to the first points."""
    step: float
    """Seconds of a step to the one before, without motion."""
    jump: float
    """Seconds of a step over others, of which nothing was asked before, without
    motion."""
    moved: float
    """Seconds until points are seen on their way to the step before."""
    at_rest: float
    """Seconds until they have arrived there."""
    bytes: int
    step_bytes: int
    heap: int


def main() -> None:
    """Measures both, then ours on a million rows."""
    quick = start(__doc__ or "")
    both = Size(10_000, 128, 5) if quick else Size(50_000, 300, 20)
    large = Size(200_000, 16, 3) if quick else Size(1_000_000, 16, 5)
    with scratch(3 * both.bytes) as directory:
        print(f"  {both}")
        names = write(directory, both)
        seen = in_turn(
            {
                "ours": lambda: look_at_ours(directory / "ours", both),
                "projector": lambda: look_at_projector(
                    directory / "projector", both, names
                ),
            },
            2 if quick else 3,
            warm_up=False,
        )
        report(seen["ours"], seen["projector"], quick)
    pair = Size(10_000, 128, 2) if quick else Size(50_000, 300, 5)
    with scratch(3 * pair.bytes) as directory:
        print(f"  {pair}, two runs")
        write_ours(directory, pair)
        write_run(directory / OTHER, pair, seed=1)
        firsts = in_turn(
            {
                "pair": lambda: look_at_pair(directory, pair, both=True),
                "one": lambda: look_at_pair(directory, pair, both=False),
            },
            2 if quick else 3,
            warm_up=False,
        )
        ratio(
            "first points of both runs side by side",
            firsts["pair"],
            "those of one run",
            firsts["one"],
            None if quick else Target("<=", 1.5),
        )
    with scratch(2 * large.bytes) as directory:
        print(f"  {large}, our tab alone")
        write_ours(directory / "ours", large)
        look_at_large(directory / "ours", large)


# ------------------------------------------------------------------------------- logs


def tables(
    size: Size, seed: int = 0
) -> Iterator[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    """Clusters that part from one another, step by step."""
    rng = np.random.default_rng(seed)
    shape = (size.rows, size.dim)
    begin = rng.standard_normal(shape, np.float32)
    centers = rng.standard_normal((CLUSTERS, size.dim), np.float32)
    centers *= np.geomspace(2, 0.2, size.dim, dtype=np.float32)
    end = rng.standard_normal(shape, np.float32)
    end *= np.float32(0.35)
    end += centers[rng.integers(0, CLUSTERS, size.rows)]
    for step in range(size.steps):
        share = np.float32(0.1 + 0.9 * step / max(size.steps - 1, 1))
        yield (1 - share) * begin + share * end


def tokens(size: Size) -> list[str]:
    """Returns a token for each row."""
    return [f"token{row:07d}" for row in range(size.rows)]


def write_ours(logdir: Path, size: Size) -> None:
    """Writes a log of all steps, beside a chart for TensorBoard to open on."""
    events.write(logdir / "train" / events.FILE_NAME, 10, 0, 0)
    write_run(logdir / "embeddings", size)


def write_run(directory: Path, size: Size, seed: int = 0) -> None:
    """Writes all steps of one run."""
    with tb_wordembed.SnapshotWriter(directory) as writer:
        for step, table in enumerate(tables(size, seed)):
            writer.embedding(TAG, table, step=step, tokens=tokens(size))


def write(directory: Path, size: Size) -> list[str]:
    """Writes our log, and what the Projector reads: the last two tables, since it reads
    all of its files when it starts. Returns their names there, the first one first."""
    write_ours(directory / "ours", size)
    run = directory / "projector" / "train"
    events.write(run / events.FILE_NAME, 10, 0, 0)
    (run / "labels.tsv").write_text("\n".join(tokens(size)) + "\n", encoding="utf-8")
    config, names = "", []
    for step, table in enumerate(tables(size)):
        if step < size.steps - 2:
            continue
        # It tries each file as text first, which this byte never is. It is the lowest
        # of the first number.
        table.reshape(-1).view(np.uint8)[0] = 0xFF
        table.tofile(run / f"step{step}.bytes")
        names.append(f"step{step}")
        config += (
            f'embeddings {{ tensor_name: "step{step}" tensor_path: "step{step}.bytes" '
            f"tensor_shape: {size.rows} tensor_shape: {size.dim} "
            'metadata_path: "labels.tsv" }\n'
        )
    (run / "projector_config.pbtxt").write_text(config, encoding="utf-8")
    return names


# ---------------------------------------------------------------------------- viewers


def look_at_ours(logdir: Path, size: Size) -> Seen:
    """Opens the newest step, and goes back: to the one before, by Page Down over a
    tenth of the steps, and to the one before with motion."""
    far = max(1, round(size.steps / 10))
    with fresh_cache(), tensorboard(logdir) as server:
        wait_for_steps(server, size)
        with open_ours(server, size.rows) as one:
            loaded, heap = one.settle(), one.heap()
            at = size.steps - 1
            steps, jumps = [], []
            for _ in range(2 if far > 1 else 1):
                at -= 1
                steps.append(step_ours(one, at, size.rows))
                one.settle()
                at -= far
                jumps.append(step_ours(one, at, size.rows, key="PageDown"))
                one.settle()
            moved, at_rest = move_ours(one, at - 1, size.rows)
            return Seen(
                first=one.seconds,
                step=statistics.mean(steps),
                jump=statistics.mean(jumps),
                moved=moved,
                at_rest=at_rest,
                bytes=loaded,
                step_bytes=(one.settle() - loaded) // (2 * len(steps) + 1),
                heap=heap,
            )


def look_at_pair(logdir: Path, size: Size, *, both: bool) -> float:
    """Seconds to the first points of two runs, or of one of them."""
    with fresh_cache(), tensorboard(logdir) as server:
        wait_for_steps(server, size, runs=2)
        opening = (
            open_pair(server, size.rows, OTHER)
            if both
            else open_ours(server, size.rows)
        )
        with opening as one:
            return one.seconds


def look_at_projector(logdir: Path, size: Size, names: list[str]) -> Seen:
    """Opens the first tensor of its list, and chooses the others."""
    with tensorboard(logdir) as server:
        server.wait(lambda plugins: plugins["projector"]["enabled"], "plugins_listing")
        with open_projector(server, size.rows) as one:
            loaded, heap = one.settle(), one.heap()
            taken = []
            for name in names[1:]:
                taken.append(step_projector(one, name, size.rows))
                one.settle()
            step = statistics.mean(taken)
            sent = (one.settle() - loaded) // len(taken)
            # It shows a step at once: there is no motion to wait for.
            return Seen(one.seconds, step, step, step, step, loaded, sent, heap)


def look_at_large(logdir: Path, size: Size) -> None:
    """Opens, searches, picks and plays, as a user would."""
    with fresh_cache(), tensorboard(logdir) as server:
        wait_for_steps(server, size)
        with open_ours(server, size.rows) as one:
            absolute("first points", [one.seconds] * 2)
            one.settle()
            wanted = f"token{size.rows * 2 // 3:07d}"
            tab = one.frame
            tab.get_by_label("Find a token").fill(wanted)
            row = tab.get_by_role("row").get_by_text(wanted, exact=True)
            absolute("search until the token is listed", [waited(row.wait_for)] * 2)
            neighbors = tab.locator("wordembed-neighbor-columns li").first

            def pick() -> None:
                row.click()
                neighbors.wait_for()

            absolute("pick until its neighbors are listed", [waited(pick)] * 2)
            one.settle()
            tab.get_by_label("Steps per second").select_option("1")
            frames = tab.evaluate(
                f"""() => drawn.frames(async () => {{
                  const playing = () => {OURS}.passing.playing;
                  const app = document.querySelector("wordembed-app");
                  const timeline = app.shadowRoot.querySelector("wordembed-timeline");
                  timeline.shadowRoot.querySelector(".play").click();
                  while (playing()) await new Promise((go) => setTimeout(go, 50));
                }})"""
            )
            between = [MS * (b - a) for a, b in itertools.pairwise(frames)]
            absolute(f"a frame while playing, of {len(between)}", between)


def wait_for_steps(server: Server, size: Size, runs: int = 1) -> None:
    """Waits until the log has been looked through."""
    server.wait(
        lambda index: (
            [len(one["steps"]) for one in index["series"]] == [size.steps] * runs
        ),
        "plugin/wordembed/index",
    )


def waited(call: Callable[[], object]) -> float:
    """Seconds until a call returns."""
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


@contextlib.contextmanager
def fresh_cache() -> Iterator[None]:
    """Gives an empty cache, without what an earlier TensorBoard found out."""
    with tempfile.TemporaryDirectory(prefix="tb-wordembed-bench-") as directory:
        os.environ["TB_WORDEMBED_CACHE_DIR"] = directory
        try:
            yield
        finally:
            del os.environ["TB_WORDEMBED_CACHE_DIR"]


# ---------------------------------------------------------------------------- numbers


def report(ours: list[Seen], theirs: list[Seen], quick: bool) -> None:
    """Ours against the Projector's; the targets are those of the full size."""

    def both(name: str) -> tuple[list[float], list[float]]:
        of = attrgetter(name)
        return [of(one) for one in ours], [of(one) for one in theirs]

    def quicker(what: str, name: str, target: float | None) -> None:
        mine, peers = both(name)
        bound = None if quick or target is None else Target(">", target)
        faster(what, mine, "the Projector", peers, bound)

    def fewer(what: str, name: str, target: float | None) -> None:
        mine, peers = (statistics.median(side) for side in both(name))
        bound = None if quick or target is None else Target("<=", target)
        spread = f"{mine / 1e6:.1f} MB against {peers / 1e6:.1f}"
        line(
            f"{what}: {mine / peers:.3g} x the Projector's", spread, mine / peers, bound
        )

    quicker("first points after the click on the tab", "first", 10)
    quicker("a step to the one before, without motion", "step", 50)
    quicker("a jump over steps, without motion", "jump", 50)
    quicker("a step with motion: points seen on their way", "moved", None)
    quicker("a step with motion: points at rest", "at_rest", None)
    fewer("bytes to open", "bytes", 1 / 20)
    fewer("bytes of a step, and of those asked for ahead", "step_bytes", 1 / 20)
    fewer("heap, with array buffers", "heap", None)


if __name__ == "__main__":
    main()
