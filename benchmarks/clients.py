"""Two hundred people who look at the tab don't slow the other dashboards.

A training writes a snapshot every two seconds, and TensorBoard reloads every five. Each
of 200 clients asks a question every four seconds, as a page does whose step is changed.
Meanwhile a curve of the scalars dashboard is asked for ten times a second, and how long
that takes is timed. In turn, as many clients ask the scalars dashboard itself, at the
same pace; and nobody asks. At last they ask a TensorBoard that was asked nothing else,
whose memory is the peer of that which our clients asked.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import multiprocessing
import random
import statistics
import threading
import time
import urllib.error
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from pathlib import Path

import events
import numpy as np
from measure import Target, absolute, growth, line, ratio, scratch, skipped, start_with
from server import Server, get, has_memory, memory, tensorboard

import tb_wordembed
from tb_wordembed.read.log import CACHE_BYTES

CLIENTS = 200
SHAPE = (5_000, 64)
WRITE_SECONDS, RELOAD_SECONDS, THINK_SECONDS, PROBE_SECONDS = 2.0, 5, 4.0, 0.1
SCALARS = 1_000
FIRST_STEPS = 20

Question = tuple[str, dict[str, object]]

OF = {"run": "training", "tag": events.TAG}
CURVE: Question = ("plugin/scalars/scalars", {"run": "train", "tag": events.SCALAR_TAG})


def our_questions(chance: random.Random) -> Iterator[Question]:
    """Yields what the page asks when its step or its token changes, and at a reload."""
    for turn in itertools.count():
        step, token = chance.randrange(FIRST_STEPS), chance.randrange(SHAPE[0])
        if turn % 4 == 0:
            yield "plugin/wordembed/index", {}
            yield "plugin/wordembed/health", {**OF}
        yield "plugin/wordembed/positions", {**OF, "step": step}
        yield "plugin/wordembed/drift", {**OF, "from_step": 0, "to_step": step}
        yield "plugin/wordembed/neighbors", {**OF, "index": token, "step": step}
        curve = {"indices": token, "reference_step": 0}
        yield "plugin/wordembed/trajectories", {**OF, **curve}


def scalar_questions(_chance: random.Random) -> Iterator[Question]:
    """Yields one curve, again and again."""
    while True:
        yield CURVE


SIDES: dict[str, Callable[[random.Random], Iterator[Question]]] = {
    "ours": our_questions,
    "scalars": scalar_questions,
}


@dataclass(frozen=True)
class Round:
    """What was seen while one side asked."""

    waits: list[float]
    """Seconds of each answer of the scalars dashboard."""
    asked: int
    failed: int
    memory: int
    """Anonymous memory of TensorBoard, the median of many looks, in bytes."""


def main() -> None:
    """Lets the sides ask in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--seconds", type=float, default=300, help="how long our clients ask in all"
    )
    options = start_with(parser)
    if not has_memory():
        skipped("memory of processes", "there is no /proc to read it from")
        return
    rounds = 3 if options.quick else 5
    each = 5.0 if options.quick else options.seconds / rounds
    with scratch(1 << 30) as directory:
        table = np.zeros((1, 1), np.float32)
        events.write(directory / "train" / events.FILE_NAME, SCALARS, 0, table)
        with Training(directory) as written:
            with started(directory) as server:
                before, seen = ask_in_turn(server, rounds, each)
            report(before, seen, written)
            with started(directory) as server:
                before = memory(server.pid).anonymous
                after = one_round(server, "scalars", each).memory
            what = f"the same, where {CLIENTS} clients ask only the scalars"
            growth(what, [after], [before])


@contextlib.contextmanager
def started(directory: Path) -> Iterator[Server]:
    """Starts a TensorBoard, and waits until it has read what is there."""
    flags = ("--reload_interval", str(RELOAD_SECONDS))
    with tensorboard(directory, *flags) as server:
        server.wait(lambda index: bool(index["series"]), "plugin/wordembed/index")
        yield server


class Training:
    """A training in a thread, from the first steps on."""

    def __init__(self, directory: Path) -> None:
        self.steps = 0
        self._writer = tb_wordembed.SnapshotWriter(directory / "training")
        self._rng = np.random.default_rng(0)
        self._table = self._rng.standard_normal(SHAPE, np.float32)
        self._tokens = [f"token{row}" for row in range(SHAPE[0])]
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._go_on)

    def __enter__(self) -> Training:
        for _ in range(FIRST_STEPS):
            self._write()
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._end.set()
        self._thread.join()
        self._writer.close()

    def _write(self) -> None:
        self._table += self._rng.standard_normal(SHAPE, np.float32) / 10
        self._writer.embedding(events.TAG, self._table, self.steps, tokens=self._tokens)
        self.steps += 1

    def _go_on(self) -> None:
        while not self._end.wait(WRITE_SECONDS):
            self._write()


def ask_in_turn(
    server: Server, rounds: int, each: float
) -> tuple[int, dict[str, list[Round]]]:
    """Returns the memory before anybody asked, and the rounds of each side, of which
    those of the others are shorter."""
    before = memory(server.pid).anonymous
    seen: dict[str, list[Round]] = {"ours": [], "scalars": [], "nobody": []}
    for number in range(rounds):
        order = list(seen) if number % 2 else list(seen)[::-1]
        for side in order:
            seconds = each if side == "ours" else min(each, 12.0)
            seen[side].append(one_round(server, side, seconds))
    return before, seen


def one_round(server: Server, side: str, seconds: float) -> Round:
    """Has a side ask in a process of its own, and times the answers of others."""
    spawn = multiprocessing.get_context("spawn")
    end, asked, failed = spawn.Event(), spawn.Value("l", 0), spawn.Value("l", 0)
    arguments = (server.url, side, end, asked, failed)
    crowd = spawn.Process(target=ask_together, args=arguments)
    if side != "nobody":
        crowd.start()
        # Its imports, and the first questions of all, are not what is measured.
        time.sleep(2 + THINK_SECONDS)
    waits, kept, stop = [], [], time.monotonic() + seconds
    while time.monotonic() < stop:
        begin = time.perf_counter()
        server.get(CURVE[0], **CURVE[1])
        waits.append(time.perf_counter() - begin)
        kept.append(memory(server.pid).anonymous)
        time.sleep(PROBE_SECONDS)
    end.set()
    if side != "nobody":
        crowd.join()
    return Round(waits, asked.value, failed.value, int(statistics.median(kept)))


def ask_together(
    url: str,
    side: str,
    end: Event,
    asked: Synchronized[int],
    failed: Synchronized[int],
) -> None:
    """Runs all clients, a thread for each, until the end is set."""

    def ask(number: int) -> None:
        chance = random.Random(number)
        # Not all at once.
        if end.wait(chance.uniform(0, THINK_SECONDS)):
            return
        for route, parameters in SIDES[side](chance):
            try:
                get(url, route, **parameters)
            except (urllib.error.URLError, OSError):
                with failed:
                    failed.value += 1
            with asked:
                asked.value += 1
            if end.wait(chance.uniform(0.5, 1.5) * THINK_SECONDS):
                return

    threads = [threading.Thread(target=ask, args=(one,)) for one in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def report(before: int, seen: dict[str, list[Round]], training: Training) -> None:
    """Prints how long others waited, what was answered, and the memory."""

    def waits(side: str, share: float) -> list[float]:
        return [float(np.quantile(one.waits, share)) for one in seen[side]]

    for name, share in (("half", 0.5), ("19 of 20 of", 0.95)):
        what = f"{name} of the scalars' answers" if share == 0.5 else f"{name} them"
        for peer in ("scalars", "nobody"):
            other = f"with as many on the {peer}" if peer == "scalars" else "with none"
            target = Target("<=", 1.2) if share == 0.5 else None
            ours, theirs = waits("ours", share), waits(peer, share)
            ratio(
                f"{what}, with {CLIENTS} clients on ours", ours, other, theirs, target
            )
    absolute("an answer of the scalars, with our clients", waits("ours", 0.5))
    rounds = seen["ours"]
    asked, failed = sum(one.asked for one in rounds), sum(one.failed for one in rounds)
    said = f"{asked:,} questions of our clients, {failed} without an answer"
    line(said, f"{training.steps} snapshots written", failed, Target("<=", 0))
    kept = [one.memory for one in rounds]
    third = max(1, len(kept) // 3)
    first, last = statistics.median(kept[:third]), statistics.median(kept[-third:])
    flat = Target("<=", 0.1 * first / 1e6)
    growth("anonymous memory, last third over first", [last], [first], flat)
    bound = Target("<", CACHE_BYTES / 1e6 + 50)
    growth("anonymous memory, at the end over before", [kept[-1]], [before], bound)


if __name__ == "__main__":
    main()
