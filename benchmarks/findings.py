"""Findings name what happened to a table in real trainings, and else stay silent.

Trainings: item factors of a recommender with four optimizers, word2vec on the text that
gensim carries, and the demo's Keras models, as far as they are installed (``pip install
gensim tensorflow``). Prints how many healthy trainings raise a finding of each kind;
how many of those whose words go along a line raise a swap, with and without one; for
each fault that is planted in usual trainings, how exactly it is named, and at which
step while the training runs; and what findings cost.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import trainings
from faults import FAULTS, ROW_FAULTS, kind_of, planted, planted_rows, some_rows
from measure import Target, in_turn, line, ratio, scratch, seconds, start

import tb_wordembed
from tb_wordembed.analysis.findings.during_training import Watch
from tb_wordembed.analysis.findings.finding import KINDS
from tb_wordembed.read.series import Series

FALSE = Target("<=", 1)
EXACT = Target(">", 0.949)
COST = Target("<=", 1.3)
FAULT_AT = 10
ROWS = 20
_MOST_TRIES = 100_000


def main() -> None:
    """Prints the false warnings, the faults that are named, and the cost."""
    quick = start(__doc__ or "")
    os.environ["TB_WORDEMBED_CACHE_BYTES"] = "0"
    healthy(quick)
    swaps(quick)
    faults()
    cost(quick)


def healthy(quick: bool) -> None:
    """Prints how many healthy trainings raise each kind of finding, and a break."""
    raised, warned, alerted, count = Counter[str](), 0, 0, 0
    broken, curves = 0, 0
    for tables in trainings.varied(quick):
        with tempfile.TemporaryDirectory() as directory:
            series = logged(tables, Path(directory))
            found, breaks = series.findings(with_neighbors=True), series.breaks()
        raised.update({one.kind for one in found})
        warned += any(one.severity == "warning" for one in found)
        alerted += len(alerts(tables)) > 0
        broken += int((breaks.positions >= 0).sum())
        curves += len(breaks.positions)
        count += 1
    line(f"false warnings: {warned}", f"of {count} trainings", warned, FALSE)
    line(f"false alerts at any step: {alerted}", f"of {count}", alerted, FALSE)
    for kind in KINDS:
        print(f"    {kind}: raised in {raised[kind]} of {count} healthy trainings")
    print(f"    breaks: {broken} of {curves:,} curves of tokens, {broken / curves:.2%}")


def swaps(quick: bool) -> None:
    """Prints how many trainings along a line raise a swap, and how many name exactly
    the one that is planted in them."""
    count, at = 4 if quick else 24, 4
    false = named = 0
    for seed in range(count):
        tables = trainings.along_a_line(seed)
        false += bool(swapped(tables))
        pair = clear_pair(tables, at, seed)
        made = planted_rows(tables, "swapped", at, pair)
        named += swapped(made) == {at: set(pair)}
    line(f"false swaps along a line: {false}", f"of {count} trainings", false, FALSE)
    share = named / count
    line(f"planted there: {named} of {count} named", f"{share:.2f}", share, None)


def clear_pair(tables: Any, at: int, seed: int) -> list[int]:
    """Returns two rows that lie six times as far apart as either moves about that
    step, so that a swap of them stands out from what they learn."""
    rng = np.random.default_rng(seed)
    moved = np.linalg.norm(np.diff(tables[at - 2 : at + 2], axis=0), axis=2).max(axis=0)
    for _ in range(_MOST_TRIES):
        pair = rng.choice(tables.shape[1], 2, replace=False)
        apart = np.linalg.norm(np.subtract(*tables[at, pair]))
        if apart >= 6 * moved[pair].max() > 0:
            return [int(row) for row in pair]
    raise ValueError(
        f"none of {_MOST_TRIES:,} pairs of rows lies far enough apart at position {at}"
    )


def swapped(tables: Any) -> dict[int | None, set[int]]:
    """Returns the rows that a finding says to have taken one another's places, by its
    step."""
    with tempfile.TemporaryDirectory() as directory:
        found = logged(tables, Path(directory)).findings()
    return {one.step: set(one.rows.tolist()) for one in found if one.kind == "swapped"}


@dataclass
class Score:
    """How exactly a fault is named in a training.

    Attributes:
      precision: the share of the named rows to which it happened.
      recall: the share of these rows that are named; 1 for a whole table that is.
      step: whether they are named at the right step.
      false: the number of other warnings.
      told: the step at which it is told while the training runs; None if it isn't.
    """

    precision: float
    recall: float
    step: bool
    false: int
    told: int | None


def faults() -> None:
    """Prints for each fault how exactly it is named, in trainings of each kind."""
    usual = trainings.usual()
    print("  | fault | trainings | precision | recall | step right | false | told |")
    for fault in (*FAULTS, *ROW_FAULTS):
        scores = []
        for name, of in usual.items():
            some = [score(one, fault, seed) for seed, one in enumerate(of)]
            print(f"  | {fault} | {name} | {row(some)} |")
            scores += some
        least = min(min(one.precision, one.recall, one.step) for one in scores)
        false = sum(one.false for one in scores)
        line(f"{fault}: {least:.2f}", f"{false} false warnings", least, EXACT)


def row(scores: Sequence[Score]) -> str:
    """Returns the least precision and recall of some trainings, and what else the table
    shows of them."""
    told = {one.told for one in scores}
    cells = (
        f"{min(one.precision for one in scores):.2f}",
        f"{min(one.recall for one in scores):.2f}",
        f"{sum(one.step for one in scores)} of {len(scores)}",
        str(sum(one.false for one in scores)),
        "no" if told == {None} else ", ".join(sorted(map(str, told))),
    )
    return " | ".join(cells)


def score(tables: Any, fault: str, seed: int) -> Score:
    """Returns how exactly a fault is named that is planted in a training."""
    kind, at = kind_of(fault), None if fault == "never_updated" else FAULT_AT
    rows: set[int] = set()
    fixed = None
    if fault in FAULTS:
        tables = planted(tables, fault, FAULT_AT)
    else:
        chosen = some_rows(tables, ROWS, seed)
        tables = planted_rows(tables, fault, FAULT_AT, chosen)
        rows = set(chosen.tolist())
        fixed = chosen if fault == "fixed_rows_moved" else None
    if fault == "never_updated":
        rows = set(np.flatnonzero((tables == tables[0]).all(axis=(0, 2))).tolist())
    with tempfile.TemporaryDirectory() as directory:
        found = logged(tables, Path(directory), fixed).findings()
    of_kind = [one for one in found if one.kind == kind]
    named = set[int]().union(*(one.rows.tolist() for one in of_kind))
    hit = len(named & rows)
    return Score(
        precision=hit / len(named) if named else float(bool(of_kind)),
        recall=hit / len(rows) if rows else float(bool(of_kind)),
        step=[one.step for one in of_kind] == [at],
        false=sum(one.severity == "warning" and one.kind != kind for one in found),
        told=alerts(tables, fixed).get((kind, at)),
    )


def alerts(tables: Any, fixed: Any = None) -> dict[tuple[str, int | None], int]:
    """Returns the step at which each finding is told while the training runs, by its
    kind and its own step."""
    fixed_rows = np.empty(0, np.int64) if fixed is None else fixed
    found: dict[tuple[str, int | None], int] = {}
    watch = Watch(tables[0].shape, fixed_rows)
    for step, table in enumerate(tables):
        for one in watch.add(step, table.__getitem__):
            found.setdefault((one.kind, one.step), step)
    return found


def logged(tables: Any, directory: Path, fixed: Any = None) -> Series:
    """Writes a log and opens it."""
    with tb_wordembed.SnapshotWriter(directory) as writer:
        for step, table in enumerate(tables):
            writer.embedding("table", table, step, fixed_rows=fixed)
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
