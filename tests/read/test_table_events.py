"""What happened to a whole table, planted in real trainings: the step and the kind."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed.analysis.findings.sentences import sentence
from tb_wordembed.read.series import Series

STEPS, ITEMS, DIM = 18, 500, 12
AT = 10

Tables = Any
"""float32 ``[steps, rows, dim]``."""


@lru_cache(maxsize=8)
def factorization(seed: int, rate: float = 0.5, momentum: float = 0.8) -> Tables:
    """Item factors of a recommender, trained by gradient descent on ratings."""
    rng = np.random.default_rng(seed)
    true = rng.normal(size=(200, 4)) @ rng.normal(size=(4, ITEMS))
    ratings = true + 0.5 * rng.normal(size=true.shape)
    is_known = rng.random(true.shape) < 0.3
    users, items = (0.1 * rng.normal(size=(n, DIM)) for n in (200, ITEMS))
    speeds = np.zeros_like(users), np.zeros_like(items)
    steps = [items.copy()]
    for epoch in range(1, STEPS):
        for _ in range(20):
            error = is_known * (users @ items.T - ratings)
            slopes = error @ items + users, error.T @ users + items
            for table, speed, slope in zip((users, items), speeds, slopes, strict=True):
                speed *= momentum
                speed -= rate / (100 * epoch) * slope
                table += speed
        steps.append(items.copy())
    return np.stack(steps).astype(np.float32)


def orthogonal(seed: int) -> Any:
    rng = np.random.default_rng(seed)
    return np.linalg.qr(rng.normal(size=(DIM, DIM)))[0].astype(np.float32)


def rotate(tables: Tables) -> Tables:
    return np.concatenate([tables[:AT], tables[AT:] @ orthogonal(7)])


def reflect(tables: Tables) -> Tables:
    mirror = np.eye(DIM) - 2 * np.full((DIM, DIM), 1 / DIM)
    return np.concatenate([tables[:AT], tables[AT:] @ mirror.astype(np.float32)])


def shuffle(tables: Tables) -> Tables:
    order = np.random.default_rng(7).permutation(ITEMS)
    return np.concatenate([tables[:AT], tables[AT:, order]])


def begin_anew(tables: Tables) -> Tables:
    return np.concatenate([tables[:AT], factorization(99)[: STEPS - AT]])


def rescale(tables: Tables) -> Tables:
    return np.concatenate([tables[:AT], 0.5 * tables[AT:]])


def flatten(tables: Tables) -> Tables:
    kept = orthogonal(7)[:, :2]
    return np.concatenate([tables[:AT], tables[AT:] @ kept @ kept.T])


def lean(tables: Tables) -> Tables:
    far = 4 * np.linalg.norm(tables[AT], axis=1).mean()
    return np.concatenate([tables[:AT], tables[AT:] + far * orthogonal(7)[0]])


FAULTS: dict[str, tuple[Callable[[Tables], Tables], str, str]] = {
    "rotated": (rotate, "rotated", "was rotated or reflected at step 100"),
    "reflected": (reflect, "rotated", "was rotated or reflected at step 100"),
    "shuffled": (shuffle, "rows_shuffled", "were shuffled at step 100"),
    "anew": (begin_anew, "began_anew", "began anew at step 100"),
    "rescaled": (rescale, "rescaled", "rescaled at step 100: all norms became"),
    "flattened": (flatten, "rank_changed", "fell from"),
    "leaning": (lean, "narrow_cone", "one common direction at step 100"),
}


def log(folder: Path, tables: Tables) -> Series:
    with tb_wordembed.SnapshotWriter(folder) as writer:
        for position, table in enumerate(tables):
            writer.embedding("items", table, 10 * position)
    return tb_wordembed.open(folder).series()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("fault", FAULTS)
def test_names_what_happened_and_when(tmp_path: Path, fault: str, seed: int) -> None:
    plant, kind, said = FAULTS[fault]
    series = log(tmp_path, plant(factorization(seed)))
    found = series.findings()
    warnings = [one for one in found if one.severity == "warning"]
    assert [(one.kind, one.step) for one in warnings] == [(kind, 10 * AT)]
    assert said in sentence(warnings[0], series.tokens)
    assert warnings[0].view.name == "health"
    assert (warnings[0].view.reference_step, warnings[0].view.step) == (90, 100)
    # Nothing says that the table is at rest while this happened.
    settled = series.settled_step()
    assert settled is None or settled > 10 * AT
    assert all((one.step or 0) > 10 * AT for one in found if one.kind == "settled")


@pytest.mark.parametrize("rate", [0.1, 0.5])
@pytest.mark.parametrize("momentum", [0.0, 0.8])
@pytest.mark.parametrize("seed", range(3))
def test_is_silent_on_a_training(
    tmp_path: Path, seed: int, rate: float, momentum: float
) -> None:
    found = log(tmp_path, factorization(seed, rate, momentum)).findings()
    assert [one.kind for one in found if one.severity == "warning"] == []


def test_a_table_that_is_rotated_at_its_last_step(tmp_path: Path) -> None:
    tables = factorization(0)[: AT + 1]
    found = log(tmp_path, rotate(tables)).findings()
    assert [(one.kind, one.step) for one in found] == [("rotated", 10 * AT)]


def test_few_rows_that_any_rotation_explains_are_not_rotated(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    tables = np.cumsum(rng.normal(size=(8, 6, 12)), axis=0).astype(np.float32)
    found = log(tmp_path, tables).findings()
    assert "rotated" not in {one.kind for one in found}
