"""Small real trainings, and what may happen to the table, or to rows, in one."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal

import numpy as np

Tables = Any
"""The table at each step, float32 ``[steps, rows, dim]``."""

Optimizer = Literal["sgd", "momentum", "adam", "adagrad"]

OPTIMIZERS: dict[Optimizer, float] = {
    "sgd": 0.01,
    "momentum": 0.001,
    "adam": 0.1,
    "adagrad": 1.0,
}
"""A usual learning rate of each, which ``rate`` is multiplied by."""


@np.errstate(all="ignore")
@lru_cache(maxsize=8)
def factorization(
    seed: int,
    optimizer: Optimizer = "momentum",
    rate: float = 1.0,
    dim: int = 12,
    items: int = 500,
    steps: int = 18,
) -> Tables:
    """Item factors of a recommender, trained on ratings; the untrained ones first. They
    are not finite where the rate was too high."""
    rng = np.random.default_rng(seed)
    true = rng.normal(size=(200, 4)) @ rng.normal(size=(4, items))
    ratings = true + 0.5 * rng.normal(size=true.shape)
    is_known = rng.random(true.shape) < 0.3
    users, factors = (0.1 * rng.normal(size=(n, dim)) for n in (200, items))
    step_of = {id(one): _Step(optimizer, rate, one.shape) for one in (users, factors)}
    made = [factors.copy()]
    for _ in range(1, steps):
        for _ in range(15):
            error = is_known * (users @ factors.T - ratings)
            slopes = error @ factors + users, error.T @ users + factors
            for table, slope in zip((users, factors), slopes, strict=True):
                table -= step_of[id(table)].of(slope)
        made.append(factors.copy())
    return np.stack(made).astype(np.float32)


class _Step:
    """The step of an optimizer, with what it remembers."""

    def __init__(self, optimizer: Optimizer, rate: float, shape: Any) -> None:
        self.optimizer = optimizer
        self.rate = rate * OPTIMIZERS[optimizer]
        self.count = 0
        self.mean, self.square = np.zeros(shape), np.zeros(shape)

    def of(self, slope: Any) -> Any:
        self.count += 1
        if self.optimizer == "sgd":
            return self.rate * slope
        if self.optimizer == "momentum":
            self.mean = 0.9 * self.mean + slope
            return self.rate * self.mean
        if self.optimizer == "adagrad":
            self.square += slope**2
            return self.rate * slope / (np.sqrt(self.square) + 1e-8)
        self.mean = 0.9 * self.mean + 0.1 * slope
        self.square = 0.999 * self.square + 0.001 * slope**2
        mean = self.mean / (1 - 0.9**self.count)
        square = self.square / (1 - 0.999**self.count)
        return self.rate * mean / (np.sqrt(square) + 1e-8)


def planted(tables: Tables, fault: str, at: int) -> Tables:
    """Returns a training to whose whole table something happened at a position."""
    changed = FAULTS[fault](tables, at).astype(np.float32)
    return np.concatenate([tables[:at], changed])


def _turn(tables: Tables) -> Any:
    dim = tables.shape[2]
    return np.linalg.qr(np.random.default_rng(7).normal(size=(dim, dim)))[0]


def _mirror(tables: Tables) -> Any:
    """An odd number of directions are turned around."""
    turn, dim = _turn(tables), tables.shape[2]
    signs = np.where(np.arange(dim) < dim // 2 // 2 * 2 + 1, -1, 1)
    return turn * signs @ turn.T


def _shuffled(tables: Tables) -> Tables:
    order = np.random.default_rng(7).permutation(tables.shape[1])
    return tables[:, order]


def _anew(tables: Tables, at: int) -> Tables:
    """Another training, from its beginning."""
    return _shuffled(tables[: len(tables) - at] @ _turn(tables))


def _flat(tables: Tables) -> Tables:
    kept = _turn(tables)[:, : max(1, tables.shape[2] // 12)]
    return tables @ kept @ kept.T


def _leaning(tables: Tables, at: int) -> Tables:
    far = 4 * np.linalg.norm(tables[at], axis=1).mean()
    return tables[at:] + far * _turn(tables)[0]


FAULTS: dict[str, Callable[[Tables, int], Tables]] = {
    "rotated": lambda tables, at: tables[at:] @ _turn(tables),
    "reflected": lambda tables, at: tables[at:] @ _mirror(tables),
    "rows_shuffled": lambda tables, at: _shuffled(tables[at:]),
    "began_anew": _anew,
    "rescaled": lambda tables, at: 0.5 * tables[at:],
    "rank_changed": lambda tables, at: _flat(tables[at:]),
    "narrow_cone": _leaning,
}
"""What happens, by the kind of its finding; a reflection is a rotation, too."""


def planted_rows(tables: Tables, fault: str, at: int, rows: Any) -> Tables:
    """Returns a training to some of whose rows something happened at a position."""
    changed = tables.copy()
    changed[:, rows] = ROW_FAULTS[fault](tables[:, rows], at)
    return changed


def some_rows(tables: Tables, count: int, seed: int = 7) -> Any:
    """Returns the numbers of some of the rows that change at every step."""
    changes = (np.diff(tables, axis=0) != 0).any(axis=2).all(axis=0)
    rng = np.random.default_rng(seed)
    return np.sort(rng.choice(np.flatnonzero(changes), count, replace=False))


def _from(at: int, rows: Tables, changed: Tables) -> Tables:
    """Returns rows that are changed from a position on."""
    return np.concatenate([rows[:at], np.broadcast_to(changed, rows[at:].shape)])


def _together(rows: Tables, at: int, apart: float) -> Tables:
    noise = np.random.default_rng(7).normal(size=rows[at:].shape)
    return _from(at, rows, rows[at:, :1] + apart * noise)


def _growing(rows: Tables, at: int) -> Tables:
    factors = 1.5 ** np.arange(1, len(rows) - at + 1)
    return _from(at, rows, rows[at:] * factors[:, None, None])


def _fixed(rows: Tables, at: int) -> Tables:
    """Rows that stay as they are up to a position, and then move."""
    return np.concatenate([np.broadcast_to(rows[at - 1], rows[:at].shape), rows[at:]])


ROW_FAULTS: dict[str, Callable[[Tables, int], Tables]] = {
    "collapsed": lambda rows, at: _together(rows, at, 0),
    "nearly collapsed": lambda rows, at: _together(rows, at, 1e-6),
    "norms_exploding": _growing,
    "frozen_since": lambda rows, at: _from(at, rows, rows[at]),
    "not_finite": lambda rows, at: _from(at, rows, np.float32(np.nan)),
    "swapped": lambda rows, at: _from(at, rows, np.roll(rows[at:], 1, axis=1)),
    "returned": lambda rows, at: _from(at, rows, rows[0]),
    "never_updated": lambda rows, _: _from(0, rows, rows[0]),
    "fixed_rows_moved": _fixed,
}
"""What happens to rows from a position on, by the kind of its finding. Those that never
are updated are so from the first, and fixed rows must be said to be."""


def kind_of(fault: str) -> str:
    """Returns the kind of the finding that names a fault."""
    return "rotated" if fault == "reflected" else fault.split()[-1]
