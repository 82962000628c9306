"""Breaks of tokens and events of tables, against the change points of ruptures.

In usual trainings (see ``trainings.py``) some tokens jump at one step, so many times as
far as they usually move, and stay there. Each method says where the curve of a token
breaks, and how surely. It may be as sure of a break in as many of the other tokens as
ours; a jump is found if it is surer than that, and names the right step. Then something
happens to the whole table: ruptures looks for it in the curves of Health, once with a
penalty at which it is silent on the trainings themselves, and once told that there are
two change points, one of which may be the end of fast learning.

Needs ``pip install ruptures``, and ``gensim tensorflow`` for all trainings.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import trainings
from faults import FAULTS, planted, some_rows
from measure import line, skipped, start

from tb_wordembed.analysis import change_points
from tb_wordembed.analysis.drift import drift
from tb_wordembed.analysis.findings.row_histories import Record
from tb_wordembed.analysis.findings.table_events import table_events, turns
from tb_wordembed.analysis.measure_steps import measure_steps

AT, ROWS = 10, 20
JUMPS = (5, 10, 20)
"""How many times as far as it usually does a token jumps."""

MODELS = ("l2", "linear", "rbf")
"""Costs of ruptures: around a level, around a line, and any change of distribution."""

Curves = npt.NDArray[np.floating]

Found = tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]
"""Where each curve breaks, and how surely."""


def main() -> None:
    """Prints what each method finds."""
    start(__doc__ or "")
    if importlib.util.find_spec("ruptures") is None:
        skipped("breaks", "needs pip install ruptures")
        return
    usual = trainings.usual()
    for name, of in usual.items():
        tokens(name, of)
    events([one for of in usual.values() for one in of])


def tokens(name: str, of: Sequence[Any]) -> None:
    """Prints how many jumps of tokens each method finds in trainings of a kind."""
    still = np.concatenate([curves(one, np.arange(one.shape[1])) for one in of])
    jumped = {
        size: np.concatenate([jumping(one, size, seed) for seed, one in enumerate(of)])
        for size in JUMPS
    }
    share = float((ours(still)[1] >= change_points.STRENGTH).mean())
    methods: dict[str, Callable[[Curves], Found]] = {"ours": ours}
    methods |= {f"ruptures, {model}": by_ruptures(model) for model in MODELS}
    print(f"  {name}: a break in {share:.2%} of {len(still):,} curves without a jump")
    for method, find in methods.items():
        begin = time.perf_counter()
        limit = np.quantile(find(still)[1], 1 - share)
        took = 1e6 * (time.perf_counter() - begin) / len(still)
        said = []
        for size, some in jumped.items():
            positions, sure = find(some)
            recall = ((positions == AT) & (sure > limit)).mean()
            said.append(f"{recall:.2f} of jumps by {size}")
        line(f"  {method}: {', '.join(said)}", f"{took:.0f} us a curve", 0, None)


def curves(tables: Any, rows: Any) -> Curves:
    """Returns the cosine drift of rows from the first step, ``[rows, steps]``, without
    those that never moved."""
    first = tables[0][rows]
    found = np.stack([drift(first, table[rows]) for table in tables], axis=1)
    moving: Curves = found[np.ptp(found, axis=1) > 0]
    return moving


def jumping(tables: Any, size: float, seed: int) -> Curves:
    """Returns the curves of some rows that jump."""
    rows = some_rows(tables, ROWS, seed)
    moves = np.linalg.norm(np.diff(tables[:, rows], axis=0), axis=2)
    to = np.random.default_rng(seed).normal(size=tables[0, rows].shape)
    to /= np.linalg.norm(to, axis=1, keepdims=True)
    changed = tables.copy()
    changed[AT:, rows] += size * np.median(moves, axis=0)[:, None] * to
    return curves(changed, rows)


def ours(some: Curves) -> Found:
    """Finds breaks as ``series.breaks`` does."""
    found = change_points.breaks(some, np.arange(some.shape[1]))
    return found.positions, found.strengths


def by_ruptures(model: str) -> Callable[[Curves], Found]:
    """Returns a function that finds the break at which a cost of ruptures falls most;
    how much it falls says how sure it is."""
    import ruptures

    def find(some: Curves) -> Found:
        steps = some.shape[1]
        line = np.stack([np.ones(steps), np.arange(steps)], axis=1)
        positions, sure = np.zeros(len(some), np.int64), np.zeros(len(some))
        for row, curve in enumerate(some.astype(np.float64)):
            signal = np.column_stack([curve, line]) if model == "linear" else curve
            search = ruptures.Dynp(model=model, min_size=3, jump=1).fit(signal)
            positions[row] = search.predict(n_bkps=1)[0]
            ends = [steps], [positions[row], steps]
            none, one = (search.cost.sum_of_costs(some) for some in ends)
            sure[row] = np.log(max(none, 1e-30)) - np.log(max(one, 1e-30))
        return positions, sure

    return find


def events(usual: Sequence[Any]) -> None:
    """Prints how often the step is named at which something happened to a table."""
    import ruptures

    def silent(signal: Any) -> list[int]:
        search = ruptures.Pelt(model="rbf", min_size=1, jump=1).fit(signal)
        found: list[int] = search.predict(pen=penalty)[:-1]
        return found

    def two(signal: Any) -> list[int]:
        search = ruptures.Dynp(model="rbf", min_size=1, jump=1).fit(signal)
        found: list[int] = search.predict(n_bkps=2)[:-1]
        return found

    penalty, still = 0.1, [measures(one)[1] for one in usual]
    while any(silent(one) for one in still):
        penalty *= 1.1
    for fault in FAULTS:
        found = [measures(planted(one, fault, AT)) for one in usual]
        # A signal begins at the second step.
        right = {
            "ours": sum(steps == [AT] for steps, _ in found),
            "ruptures, silent": sum(silent(one) == [AT - 1] for _, one in found),
            "one of two of ruptures": sum(AT - 1 in two(one) for _, one in found),
        }
        said = ", ".join(f"{name} {count}" for name, count in right.items())
        line(f"{fault} at its step: {said}", f"of {len(usual)} trainings", 0, None)


def measures(tables: Any) -> tuple[list[int | None], Any]:
    """Returns the steps of our events, and the curves of Health that they are found in,
    ``[steps - 1, curves]``, each with a deviation of 1."""
    shape = tables[0].shape
    steps = [*measure_steps([[(0, table)] for table in tables], shape)]
    record = Record(len(tables[0]))
    for number, one in enumerate(steps):
        record.add(number, one.norm, one.prints, one.from_previous)
    history, health = record.finish(), [one.health for one in steps]
    turned = np.nan_to_num(turns(history, health))
    signal = np.array(
        [
            (
                turned[at],
                one.to_previous.procrustes_residual,
                one.to_previous.cka,
                np.log(one.norm[1]),
                np.log(one.effective_rank),
                one.mean_pairwise_cosine,
            )
            for at, one in enumerate(health)
            if one.to_previous is not None
        ]
    )
    found = [one.step for one in table_events(history, health)]
    return found, (signal - signal.mean(axis=0)) / np.maximum(signal.std(axis=0), 1e-9)


if __name__ == "__main__":
    main()
