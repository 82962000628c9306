"""What a non-linear layout that is carried on from step to step costs and keeps.

Prints ratios and measures of one run, our layout against layouts made anew at each
step and against umap-learn, which is left out if it is not installed:

    python benchmarks/analysis_layout.py          # 5 steps of 5,000 x 64 float32
    python benchmarks/analysis_layout.py --quick  # 3 steps of 1,500 x 64

The data: 60 clusters of different sizes, which drift; tokens drift in them, and one in
50 moves to another cluster at each step. Times are processor time, which other work on
the machine changes least. Moves are those of tokens that kept 12 of their 15 nearest
neighbors, in units of the root mean square radius of the picture.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import openTSNE

from tb_wordembed.analysis.layout import layout
from tb_wordembed.analysis.quality import quality

DIM, CLUSTERS, NEAR = 64, 60, 15

Draw = Callable[[Any, Any], Any]
"""Gives the positions of a table, given those of the step before or None."""


@dataclass
class Measured:
    """What one way of laying out did, per step."""

    name: str
    seconds: list[float] = field(default_factory=list)
    trustworthiness: list[float] = field(default_factory=list)
    continuity: list[float] = field(default_factory=list)
    moves: list[float] = field(default_factory=list)

    @property
    def later(self) -> float:
        """Seconds of a step after the first."""
        return statistics.median(self.seconds[1:])


def main() -> None:
    """Lays out the same steps in each way."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="less data")
    rows, steps = (1500, 3) if parser.parse_args().quick else (5000, 5)
    tables = drifting(rows, steps)
    kept = [unchanged(*pair) for pair in pairwise(tables)]
    share = np.mean([one.mean() for one in kept])
    print(f"{steps} steps of {rows:,} x {DIM}; {share:.0%} keep their neighbors")
    found = [ours(tables, kept)]
    ways: dict[str, Draw] = {
        "openTSNE, anew at each step": anew,
        "openTSNE, from the step before as it is": carried_on,
    }
    if importlib.util.find_spec("umap"):
        ways["umap-learn, from the step before"] = by_umap
        by_umap(tables[0][:200], None)
    for name, draw in ways.items():
        found.append(measure(name, draw, tables, kept))
    for one in found:
        report(one, found[0])
    for package in ("openTSNE", "umap"):
        if importlib.util.find_spec(package):
            print(f"import {package}: {importing(package):.1f} x import scipy.stats")


def drifting(rows: int, steps: int) -> list[Any]:
    """Tables of tokens that drift in drifting clusters."""
    rng = np.random.default_rng(0)
    centers = rng.normal(size=(CLUSTERS, DIM))
    sizes = np.arange(1, CLUSTERS + 1) ** -0.7
    of = rng.choice(CLUSTERS, rows, p=sizes / sizes.sum())
    own = 0.8 * rng.normal(size=(rows, DIM))
    tables = []
    for _ in range(steps):
        tables.append((centers[of] + own).astype(np.float32))
        centers += 0.15 * rng.normal(size=centers.shape)
        own += 0.03 * rng.normal(size=own.shape)
        leaving = rng.choice(rows, rows // 50, replace=False)
        of[leaving] = rng.choice(CLUSTERS, len(leaving))
    return tables


def unchanged(before: Any, after: Any) -> Any:
    """Which tokens kept four of five nearest neighbors."""
    then, now = nearest(before), nearest(after)
    both = (then[:, :, None] == now[:, None, :]).any(axis=2).sum(axis=1)
    return both >= 0.8 * NEAR


def nearest(table: Any) -> Any:
    """The nearest rows of each row by cosine."""
    unit = table / np.linalg.norm(table, axis=1, keepdims=True)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, -np.inf)
    return np.argpartition(-cosines, NEAR, axis=1)[:, :NEAR]


def ours(tables: list[Any], kept: list[Any]) -> Measured:
    """As the package does it, neighbor search and all."""
    steps: list[Any] = [partial(list, [(0, table)]) for table in tables]
    frames = iter(layout(steps, range(len(tables[0]))))
    return measure("ours", lambda table, before: next(frames), tables, kept)


def anew(table: Any, before: Any) -> Any:
    """With nothing of the step before."""
    return openTSNE.TSNE(metric="cosine", random_state=0).fit(table)


def carried_on(table: Any, before: Any) -> Any:
    """With as many iterations as ours, but no token is moved to its new neighbors."""
    if before is None:
        return anew(table, None)
    tsne = openTSNE.TSNE(
        metric="cosine", random_state=0, early_exaggeration_iter=0, n_iter=50
    )
    return tsne.fit(table, initialization=np.array(before))


def by_umap(table: Any, before: Any) -> Any:
    """Started from the step before, for 100 epochs."""
    import umap

    if before is None:
        return umap.UMAP(metric="cosine", random_state=0, n_jobs=1).fit_transform(table)
    warm = umap.UMAP(
        metric="cosine", random_state=0, n_jobs=1, init=before, n_epochs=100
    )
    return warm.fit_transform(table)


def measure(name: str, draw: Draw, tables: list[Any], kept: list[Any]) -> Measured:
    """Lays out all steps in one way."""
    found, before = Measured(name), None
    for step, table in enumerate(tables):
        start = time.process_time()
        positions = np.asarray(draw(table, before))
        found.seconds.append(time.process_time() - start)
        seen = quality(partial(list, [(0, table)]), positions)
        found.trustworthiness.append(seen.trustworthiness)
        found.continuity.append(seen.continuity)
        if before is not None:
            away = positions - positions.mean(axis=0)
            radius = np.sqrt((away**2).sum(axis=1).mean())
            moved = np.linalg.norm(positions - before, axis=1)[kept[step - 1]]
            found.moves.append(float(np.median(moved) / radius))
        before = positions
    return found


def report(one: Measured, first: Measured) -> None:
    """Prints what was measured, in ratios to ours."""
    trust, continuity = one.trustworthiness, one.continuity
    print(
        f"{one.name}: first step {one.seconds[0] / first.seconds[0]:.2f} x ours "
        f"({one.seconds[0]:.0f} s), later ones {one.later / first.seconds[0]:.3f} x "
        f"our first; trustworthiness {trust[0]:.3f} at first, {trust[-1]:.3f} at last, "
        f"continuity {continuity[0]:.3f} and {continuity[-1]:.3f}; unchanged tokens "
        f"move by {statistics.median(one.moves):.3f} radii a step",
        flush=True,
    )


def importing(package: str) -> float:
    """Seconds to import a package, over those of its heaviest part, scipy.stats."""

    def once(name: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", f"import {name}"], check=True)
        return time.perf_counter() - start

    return statistics.median(once(package) / once("scipy.stats") for _ in range(3))


if __name__ == "__main__":
    main()
