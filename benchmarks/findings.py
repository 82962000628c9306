"""Findings name what happened to a table in real trainings, and else stay silent.

Trainings: item factors of a recommender with four optimizers, word2vec on the text that
gensim carries, and the demo's Keras models, as far as they are installed (``pip install
gensim tensorflow``). Prints how many healthy trainings raise a finding of each kind;
for each fault that is planted in usual trainings, how exactly it is named; and what
findings cost.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import trainings
from faults import FAULTS, ROW_FAULTS, planted, planted_rows, some_rows
from measure import Target, in_turn, line, ratio, scratch, seconds, start

import tb_wordembed
from tb_wordembed.analysis.findings.finding import KINDS, Finding
from tb_wordembed.read.series import Series

FALSE = Target("<=", 1)
EXACT = Target(">", 0.95)
COST = Target("<=", 1.3)
FAULT_AT = 10
ROWS = 20


def main() -> None:
    """Prints the false warnings, the faults that are named, and the cost."""
    quick = start(__doc__ or "")
    os.environ["TB_WORDEMBED_CACHE_BYTES"] = "0"
    healthy(quick)
    faults()
    cost(quick)


def healthy(quick: bool) -> None:
    """Prints how many healthy trainings raise each kind of finding, and a break."""
    raised, warned, count = Counter[str](), 0, 0
    broken, curves = 0, 0
    for tables in trainings.varied(quick):
        with tempfile.TemporaryDirectory() as directory:
            series = logged(tables, Path(directory))
            found, breaks = series.findings(with_neighbors=True), series.breaks()
        raised.update({one.kind for one in found})
        warned += any(one.severity == "warning" for one in found)
        broken += int((breaks.positions >= 0).sum())
        curves += len(breaks.positions)
        count += 1
    line(f"false warnings: {warned}", f"of {count} trainings", warned, FALSE)
    for kind in KINDS:
        print(f"    {kind}: raised in {raised[kind]} of {count} healthy trainings")
    print(f"    breaks: {broken} of {curves:,} curves of tokens, {broken / curves:.2%}")


def faults() -> None:
    """Prints for each fault how exactly it is named, in trainings of each kind."""
    usual = trainings.usual()
    for fault in FAULTS:
        kind = "rotated" if fault == "reflected" else fault
        found = {
            name: [
                [
                    (one.kind, one.step)
                    for one in warnings(planted(one, fault, FAULT_AT))
                ]
                == [(kind, FAULT_AT)]
                for one in of
            ]
            for name, of in usual.items()
        }
        said = ", ".join(f"{name} {sum(of)} of {len(of)}" for name, of in found.items())
        share = float(np.mean([one for of in found.values() for one in of]))
        line(f"{fault}: {share:.2f}", said, share, EXACT)
    for fault in ROW_FAULTS:
        scores = {
            name: [score(one, fault, seed) for seed, one in enumerate(of)]
            for name, of in usual.items()
        }
        said = ", ".join(
            f"{name} precision {min(one for one, _ in of):.2f} recall "
            f"{min(one for _, one in of):.2f}"
            for name, of in scores.items()
        )
        least = min(min(pair) for of in scores.values() for pair in of)
        line(f"{fault}: {least:.2f}", said, least, EXACT)


def score(tables: Any, fault: str, seed: int) -> tuple[float, float]:
    """Returns precision and recall of the rows that are named at the right step."""
    rows = set(some_rows(tables, ROWS, seed).tolist())
    found = warnings(planted_rows(tables, fault, FAULT_AT, sorted(rows)))
    right = [
        set(one.rows.tolist())
        for one in found
        if (one.kind, one.step) == (fault.split()[-1], FAULT_AT)
    ]
    named = set[int]().union(*(one.rows.tolist() for one in found))
    hit = len(rows.intersection(*right)) if right else 0
    return hit / max(len(named), 1), hit / len(rows)


def warnings(tables: Any) -> list[Finding]:
    """Returns the warnings of a training, and the notices about frozen rows."""
    with tempfile.TemporaryDirectory() as directory:
        found = logged(tables, Path(directory)).findings()
    return [
        one for one in found if one.severity == "warning" or one.kind == "frozen_since"
    ]


def logged(tables: Any, directory: Path) -> Series:
    """Writes a log and opens it."""
    with tb_wordembed.SnapshotWriter(directory) as writer:
        for step, table in enumerate(tables):
            writer.embedding("table", table, step)
    return tb_wordembed.open(directory).series()


def cost(quick: bool) -> None:
    """Prints how much longer findings take than health, on logs opened anew."""
    rows, dim, steps = (10_000, 64, 8) if quick else (50_000, 128, 12)
    rng = np.random.default_rng(0)
    tables = [rng.standard_normal((rows, dim), np.float32)]
    for _ in range(1, steps):
        tables.append(tables[-1] + 0.05 * rng.standard_normal((rows, dim), np.float32))
    with scratch(2 * steps * rows * dim * 4) as directory:
        logged(tables, directory)
        sides = {
            "findings": lambda: seconds(tb_wordembed.open(directory).series().findings),
            "health": lambda: seconds(tb_wordembed.open(directory).series().health),
        }
        times = in_turn(sides, 3 if quick else 9)
    what = f"all findings of {rows:,} x {dim} at {steps} steps"
    ratio(what, times["findings"], "health", times["health"], COST)


if __name__ == "__main__":
    main()
