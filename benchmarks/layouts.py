"""How well layouts that are carried on from step to step show real tables.

Ours, openTSNE, UMAP, densMAP and PaCMAP lay out the same steps of the demo's training,
MiniLM, GloVe, and clusters that drift. Each starts a step from its picture of the step
before. What is not installed is left out: ``pip install umap-learn pacmap
tensorflow-cpu`` for all of it.

MiniLM and GloVe have one step. Theirs are a random walk: at each step a row moves in a
random direction by ``NOISE`` of its length. One row in 50 of the drifting clusters
moves to another cluster at each step.

Printed per table and layout, of directions, as neighbors are those by cosine:

- trustworthiness and continuity, the mean of all steps;
- unrest: the median move of a point from step to step over that of its row, each in
  radii, root mean square, of the picture and of the table. 1: points move as rows do.
  A picture that another package shifted, scaled or turned is laid back before;
- stray: the same for the tokens that kept 12 of their 15 nearest neighbors, without the
  division: how far points move, in radii, though nothing about them changed;
- processor seconds of the first step, and of a later one.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import logging
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import noise
import numpy as np
import openTSNE
import packages
from measure import skipped, start

from tb_wordembed.analysis.layout_quality import quality
from tb_wordembed.analysis.tsne_layout import layout

NOISE = 0.1
"""How far a row of a table with one step moves from step to step, in its length."""
NEAR, KEPT = 15, 12

Table = Any
Draw = Callable[[Table, Any], Any]
"""Gives the positions of a table, given those of the step before or None."""


@dataclass
class Measured:
    """What one way of laying out did, per step."""

    seconds: list[float] = field(default_factory=list)
    trustworthiness: list[float] = field(default_factory=list)
    continuity: list[float] = field(default_factory=list)
    unrest: list[float] = field(default_factory=list)
    stray: list[float] = field(default_factory=list)


def main() -> None:
    """Lays out the steps of each table in each way."""
    quick = start(__doc__ or "")
    rows, steps = (1500, 3) if quick else (5000, 5)
    ways = layouts(rows)
    for name, steps_of in tables(rows, steps):
        kept = [unchanged(*pair) for pair in pairwise(steps_of)]
        share = np.mean([one.mean() for one in kept])
        shape = "{:,} x {}".format(*steps_of[0].shape)
        print(f"  {name}, {shape}, {len(steps_of)} steps; {share:.0%} keep {KEPT} of")
        print(f"  their {NEAR} nearest neighbors from step to step")
        print(
            f"    {'layout':<10} {'trust.':>6} {'contin.':>7} {'unrest':>6} "
            f"{'stray':>6} {'first s':>7} {'later s':>7}"
        )
        for way, draw in {"ours": ours(steps_of), **ways}.items():
            report(way, measure(draw, steps_of, kept))


def tables(rows: int, steps: int) -> Iterator[tuple[str, list[Table]]]:
    """Yields the steps of each table."""
    if importlib.util.find_spec("tensorflow"):
        yield "demo", demo(rows, steps)
    else:
        skipped("demo", "tensorflow is not installed")
    rng = np.random.default_rng(0)
    whole, _ = packages.minilm()
    some = rng.choice(len(whole), rows, replace=False)
    yield "MiniLM", walk(whole[some], steps)
    with tempfile.TemporaryDirectory() as folder:
        vectors, _ = packages.glove_files(Path(folder))
        yield "GloVe", walk(np.load(vectors)[:rows], steps)
    yield "drifting clusters", drifting(rows, steps)


def demo(rows: int, steps: int) -> list[Table]:
    """Trains the demo's classifier; returns its commonest words at its last steps."""
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.redirect_stdout(io.StringIO()):
            (series,) = noise.demo(Path(folder), 1)
        return [series.table(step)[:rows] for step in series.steps[-steps:]]


def walk(table: Table, steps: int) -> list[Table]:
    """Returns a random walk of the rows of a table."""
    rng = np.random.default_rng(1)
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    found = [np.array(table, np.float32)]
    for _ in range(steps - 1):
        away = rng.normal(size=table.shape)
        away *= NOISE * lengths / np.linalg.norm(away, axis=1, keepdims=True)
        found.append((found[-1] + away).astype(np.float32))
    return found


def drifting(rows: int, steps: int, dim: int = 64, clusters: int = 60) -> list[Table]:
    """Returns tables of tokens that drift in drifting clusters."""
    rng = np.random.default_rng(0)
    centers = rng.normal(size=(clusters, dim))
    sizes = np.arange(1, clusters + 1) ** -0.7
    of = rng.choice(clusters, rows, p=sizes / sizes.sum())
    own = 0.8 * rng.normal(size=(rows, dim))
    found = []
    for _ in range(steps):
        found.append((centers[of] + own).astype(np.float32))
        centers += 0.15 * rng.normal(size=centers.shape)
        own += 0.03 * rng.normal(size=own.shape)
        leaving = rng.choice(rows, rows // 50, replace=False)
        of[leaving] = rng.choice(clusters, len(leaving))
    return found


def ours(steps: list[Table]) -> Draw:
    """Lays out as the package does it, neighbor search and all."""
    blocks: list[Any] = [partial(list, [(0, table)]) for table in steps]
    frames = layout(blocks, range(len(steps[0])))
    return lambda table, before: next(frames)


def layouts(rows: int) -> dict[str, Draw]:
    """Returns the layouts of other packages that are installed, warmed up for so many
    rows."""
    ways: dict[str, Draw] = {}
    if importlib.util.find_spec("umap"):
        ways |= {"UMAP": by_umap, "densMAP": partial(by_umap, densmap=True)}
    else:
        skipped("UMAP and densMAP", "umap-learn is not installed")
    if importlib.util.find_spec("pacmap"):
        ways["PaCMAP"] = by_pacmap
    else:
        skipped("PaCMAP", "it is not installed")
    for noisy in ("openTSNE", "pacmap"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    # They compile themselves when they are called first.
    some = np.random.default_rng(0).normal(size=(rows, 20)).astype(np.float32)
    for draw in ways.values():
        draw(some, draw(some, None))
    return {"openTSNE": by_opentsne, **ways}


def by_opentsne(table: Table, before: Any) -> Any:
    """Starts from the step before as it is, for as many iterations as ours."""
    if before is None:
        return openTSNE.TSNE(metric="cosine", random_state=0).fit(table)
    warm = openTSNE.TSNE(
        metric="cosine", random_state=0, early_exaggeration_iter=0, n_iter=50
    )
    return warm.fit(table, initialization=np.array(before))


def by_umap(table: Table, before: Any, densmap: bool = False) -> Any:
    """Starts from the step before, for 100 epochs."""
    import umap

    warm = {} if before is None else {"init": before, "n_epochs": 100}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one = umap.UMAP(
            metric="cosine", random_state=0, n_jobs=1, densmap=densmap, **warm
        )
        return one.fit_transform(table)


def by_pacmap(table: Table, before: Any) -> Any:
    """Starts from the step before, which it shrinks to a speck: so in all phases."""
    import pacmap

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one = pacmap.PaCMAP(n_components=2, distance="angular", random_state=0)
        return one.fit_transform(table, init="pca" if before is None else before)


def measure(draw: Draw, steps: list[Table], kept: list[Any]) -> Measured:
    """Lays out all steps in one way."""
    found, before, directions = Measured(), None, None
    for step, table in enumerate(steps):
        begin = time.process_time()
        positions = np.asarray(draw(table, before), np.float64)
        found.seconds.append(time.process_time() - begin)
        seen = quality(partial(list, [(0, table)]), positions)
        found.trustworthiness.append(seen.trustworthiness)
        found.continuity.append(seen.continuity)
        now = unit(table)
        if before is not None:
            shown = moves(before, aligned(positions, before))
            found.unrest.append(
                float(np.median(shown) / np.median(moves(directions, now)))
            )
            found.stray.append(float(np.median(shown[kept[step - 1]])))
        before, directions = positions, now
    return found


def moves(before: Any, after: Any) -> Any:
    """Returns how far each row moved, in root mean square radii."""
    return np.linalg.norm(standard(after) - standard(before), axis=1)


def standard(rows: Any) -> Any:
    """Returns rows about their mean, in root mean square radii."""
    away = rows - rows.mean(axis=0)
    return away / np.sqrt((away**2).sum(axis=1).mean())


def aligned(after: Any, before: Any) -> Any:
    """Returns a picture, turned or mirrored so that it lies best upon another."""
    left, _, right = np.linalg.svd(standard(after).T @ standard(before))
    return standard(after) @ left @ right


def unchanged(before: Table, after: Table) -> Any:
    """Returns which tokens kept ``KEPT`` of their ``NEAR`` nearest neighbors."""
    then, now = nearest(before), nearest(after)
    both = (then[:, :, None] == now[:, None, :]).any(axis=2).sum(axis=1)
    return both >= KEPT


def nearest(table: Table) -> Any:
    """Returns the nearest rows of each row by cosine."""
    directions = unit(table)
    cosines = directions @ directions.T
    np.fill_diagonal(cosines, -np.inf)
    return np.argpartition(-cosines, NEAR, axis=1)[:, :NEAR]


def unit(table: Table) -> Any:
    """Returns the directions of rows; zero for a row of zeros."""
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    return table / np.maximum(lengths, np.finfo(np.float32).tiny)


def report(way: str, one: Measured) -> None:
    """Prints a line of the table."""
    stray = statistics.median(one.stray)
    print(
        f"    {way:<10} {np.mean(one.trustworthiness):>6.3f} "
        f"{np.mean(one.continuity):>7.3f} {statistics.median(one.unrest):>6.2f} "
        f"{stray:>6.3f} {one.seconds[0]:>7.1f} "
        f"{statistics.median(one.seconds[1:]):>7.1f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
