"""What the benchmarks share: sides timed in turn, and lines that say the outcome."""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import os
import platform
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

# What TensorFlow prints when it starts.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

T = TypeVar("T")

Samples = Sequence[float]
"""Seconds, or bytes, of each round."""


@dataclass(frozen=True)
class Target:
    """What a number is meant to be."""

    sign: Literal["<=", "<", ">"]
    bound: float

    def met(self, value: float) -> bool:
        """Returns whether this number meets the claim."""
        if self.sign == "<=":
            return value <= self.bound
        return value < self.bound if self.sign == "<" else value > self.bound


def start(about: str) -> bool:
    """Says what is measured and on what; returns whether --quick was given."""
    quick: bool = start_with(argparse.ArgumentParser(description=about)).quick
    return quick


def start_with(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """Does the same for a benchmark with options of its own, and returns them all."""
    parser.add_argument("--quick", action="store_true", help="less data, fewer rounds")
    options = parser.parse_args()
    # So that temporary files and servers go when the benchmark is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    print((parser.description or "").splitlines()[0])
    versions = [
        f"{name} {importlib.metadata.version(name)}"
        for name in ("numpy", "tensorboard")
    ]
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(
        f"  Python {platform.python_version()}, {', '.join(versions)}, "
        f"{os.cpu_count()} cores{load}{', quick' if options.quick else ''}"
    )
    return options


@contextlib.contextmanager
def scratch(needed_bytes: int) -> Iterator[Path]:
    """Makes a temporary directory with this much room, and removes it afterwards."""
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if free < needed_bytes:
        sys.exit(
            f"Needs {needed_bytes / 1e9:.1f} GB in {tempfile.gettempdir()}, which has "
            f"{free / 1e9:.1f}; set TMPDIR to a directory with more."
        )
    with tempfile.TemporaryDirectory(prefix="tb-wordembed-bench-") as directory:
        yield Path(directory)


def seconds(call: Callable[[], object]) -> float:
    """Returns how long a call takes, not how long its result takes to go away."""
    begin = time.perf_counter()
    result = call()
    took = time.perf_counter() - begin
    del result
    return took


def in_turn(
    sides: Mapping[str, Callable[[], T]], rounds: int, *, warm_up: bool = True
) -> dict[str, list[T]]:
    """Measures the sides one after another, round by round, so that whatever else
    the machine does falls on all; every second round in reverse. The first round
    warms up and does not count, unless there is nothing to warm up: where each round
    starts processes of its own on files that were just written."""
    found: dict[str, list[T]] = {name: [] for name in sides}
    for number in range(0 if warm_up else 1, rounds + 1):
        order = list(sides) if number % 2 else list(sides)[::-1]
        for name in order:
            once = sides[name]()
            if number:
                found[name].append(once)
    return found


def ratio(
    what: str, ours: Samples, peer: str, theirs: Samples, target: Target | None = None
) -> None:
    """Prints how many times the peer's ours are: the median of the rounds' ratios."""
    ratios = [one / two for one, two in zip(ours, theirs, strict=True)]
    _ratios(f"{what}: %s x {peer}", ratios, ours, theirs, target)


def faster(
    what: str, ours: Samples, peer: str, theirs: Samples, target: Target | None = None
) -> None:
    """As ``ratio``, the other way around."""
    ratios = [two / one for one, two in zip(ours, theirs, strict=True)]
    _ratios(f"{what}: %s x as fast as {peer}", ratios, ours, theirs, target)


def _ratios(
    what: str, ratios: Samples, ours: Samples, theirs: Samples, target: Target | None
) -> None:
    middle = statistics.median(ratios)
    low, high = _half(ratios)
    line(
        what % _short(middle),
        f"half of the rounds {_short(low)} to {_short(high)}; "
        f"{_seconds(statistics.median(ours))} against "
        f"{_seconds(statistics.median(theirs))}",
        middle,
        target,
    )


def absolute(what: str, times: Samples, target: Target | None = None) -> None:
    """Prints a median of seconds, which is this machine's."""
    middle = statistics.median(times)
    low, high = _half(times)
    line(
        f"{what}: {_seconds(middle)}",
        f"half of the rounds {_seconds(low)} to {_seconds(high)}; "
        f"fastest {_seconds(min(times))}",
        middle,
        target,
    )


def growth(
    what: str, ours: Samples, theirs: Samples, target: Target | None = None
) -> None:
    """Prints how many MB more the first are than the second."""
    grown = [(one - two) / 1e6 for one, two in zip(ours, theirs, strict=True)]
    middle = statistics.median(grown)
    line(
        f"{what}: {middle:+.1f} MB",
        f"rounds {min(grown):+.1f} to {max(grown):+.1f}; "
        f"{statistics.median(ours) / 1e6:.0f} MB against "
        f"{statistics.median(theirs) / 1e6:.0f}",
        middle,
        target,
    )


def line(what: str, spread: str, value: float, target: Target | None) -> None:
    """Prints a number, its spread and, if it has a target, whether it is met."""
    verdict = ""
    if target is not None:
        word = "PASS" if target.met(value) else "over"
        verdict = f"  target {target.sign} {target.bound:g}: {word}"
    print(f"  {what}  ({spread}){verdict}", flush=True)


def skipped(what: str, why: str) -> None:
    """Prints what was not measured."""
    print(f"  {what}: skipped, {why}", flush=True)


def _half(values: Samples) -> tuple[float, float]:
    """Returns the quartiles; of a single value, itself twice."""
    if len(values) == 1:
        return values[0], values[0]
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, high


def _short(number: float) -> str:
    return f"{number:.3g}" if number < 100 else f"{number:.0f}"


def _seconds(number: float) -> str:
    return f"{number:.3g} s" if number >= 1 else f"{_short(1000 * number)} ms"
