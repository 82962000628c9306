from __future__ import annotations

from dataclasses import fields
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import blocks, tables

from tb_wordembed.analysis.change_points import breaks
from tb_wordembed.analysis.drift import Moved, drift
from tb_wordembed.analysis.findings.collapsed_rows import (
    Collapse,
    candidates,
    collapses,
    spacing,
)
from tb_wordembed.analysis.findings.collect import collect_findings
from tb_wordembed.analysis.findings.finding import KINDS, SELECTED, Finding
from tb_wordembed.analysis.findings.outliers import (
    NEIGHBORS,
    jumped_rows,
)
from tb_wordembed.analysis.findings.row_histories import History, Record
from tb_wordembed.analysis.findings.sentences import sentence
from tb_wordembed.analysis.findings.swapped_rows import exchanged
from tb_wordembed.analysis.health import StepHealth
from tb_wordembed.analysis.measure_steps import measure_steps
from tb_wordembed.analysis.neighbors.given_rows import Neighbors
from tb_wordembed.analysis.neighbors.turnover import turnover

Tables = npt.NDArray[np.float32]
"""A table at each step, ``[steps, rows, dim]``."""

K = NEIGHBORS


def nearest(table: Any) -> Neighbors:
    """By brute force."""
    with np.errstate(invalid="ignore", divide="ignore"):
        unit = table / np.linalg.norm(table.astype(np.float64), axis=1, keepdims=True)
    cosine = unit @ unit.T
    usable = np.isfinite(cosine)
    np.fill_diagonal(usable, False)
    # In no order: turnover compares sets.
    distance, last = np.where(usable, -cosine, np.inf), min(K, len(table) - 1)
    order = np.argpartition(distance, last, axis=1)[:, :K]
    there = np.take_along_axis(usable, order, axis=1)
    return Neighbors(np.where(there, order, -1).astype(np.int32), cosine)


def found_in(
    tables: Any, steps: list[int] | None = None, rows: list[int] | None = None
) -> list[Finding]:
    """What is found in a series, by the way a log would take: in one pass, then the
    neighbors at both ends and the curves of what is worth examining."""
    steps = steps or list(range(len(tables)))
    shape = tables[0].shape
    # All in one block: how rows come is the matter of other tests.
    measured = [*measure_steps([[(0, table)] for table in tables], shape)]
    record = Record(shape[0])
    for position, one in enumerate(measured):
        there = rows[position] if rows else shape[0]
        moved = one.from_previous
        if moved is not None and there < shape[0]:
            cut = {
                item.name: getattr(moved, item.name)[:there] for item in fields(moved)
            }
            moved = type(moved)(**cut)
        record.add(steps[position], one.norm[:there], one.prints[:there], moved)
    history = record.finish()
    chosen = jumped_rows(history)
    curves = np.stack(
        [drift(tables[-1][chosen], one[chosen]) for one in tables], axis=1
    )
    return collect_findings(
        history,
        [one.health for one in measured],
        turnover(nearest(tables[0]), nearest(tables[-1])).overlap,
        breaks(curves, steps),
        [
            exchanged(
                *(some, at, tables[at - 1][some], tables[at][some]),
                *(partial(blocks, tables[at - 1]), len(tables)),
            )
            for at, some in history.peaks
        ],
        collapses=collapses_in(tables, history, [one.health for one in measured]),
    )


def collapses_in(
    tables: Any, history: History, health: list[StepHealth]
) -> list[Collapse]:
    rows, table = np.arange(len(tables[-1])), tables[-1]
    space = spacing(rows, table, blocks(table))
    if space is None or len(tables) < 2:
        return []
    groups = candidates(blocks(table), history.norm, space.usual)
    sizes = np.array([one.norm[1] for one in health])
    read = partial(rows_of, tables)
    return list(collapses(history, groups, space, sizes, read))


def rows_of(tables: Any, at: int, rows: Any) -> Any:
    return tables[at][rows]


def said(found: list[Finding]) -> dict[tuple[str, int | None], set[int]]:
    """The rows of each finding, but whether the table settled."""
    return {
        (one.kind, one.step): set(one.rows.tolist())
        for one in found
        if one.kind != "settled"
    }


def learning(
    seed: int,
    rows: int = 400,
    dim: int = 16,
    steps: int = 20,
    rate: str = "equal",
    pace: float = 6,
    settle: float = 0.02,
    toward: float = 0,
    noise: float = 0.03,
) -> Tables:
    """Words in clusters that walk at random, at a rate that decays; or that learn:
    they start at random and go ``toward`` clusters of their own.

    Args:
      rate: of the rows: ``equal``, or ``frequent`` words, which come first, faster.
      pace: in how many steps the rate falls to 1 / e.
      settle: what remains of it at last.
      noise: how far they walk at first, in each dimension.
    """
    rng = np.random.default_rng(seed)
    cluster = np.arange(rows) % (rows // 20)
    centers = rng.normal(size=(rows // 20, dim))
    table = 0.3 * rng.normal(size=(rows, dim))
    goal = table + toward * centers[rng.permutation(cluster)]
    if not toward:
        table += centers[cluster]
    speed = np.ones((rows, 1))
    if rate == "frequent":
        speed = 4 / np.sqrt(np.arange(1, rows + 1))[:, None]
    made = [table]
    for step in range(1, steps):
        decayed = np.exp(-step / pace) + settle
        walk = noise * rng.normal(size=(rows, dim))
        pull = 0.5 * (goal - made[-1]) if toward else 0.0
        made.append(made[-1] + speed * decayed * walk + pull * decayed)
    return np.stack(made).astype(np.float32)


# ------------------------------------------------------------------- what was planted

SWAPPED, ROTATED, COLLAPSED = {300, 351}, set(range(7, 400, 20)), {33, 94, 215, 376}
NEVER, FROZEN, ZEROED = {5, 121, 260}, {62, 149}, {48}


def plant_all(tables: Tables, seed: int, swap: int = 10, turn: int = 6) -> Tables:
    """Everything at once, in different tokens."""
    made: Tables = tables.copy()
    rng = np.random.default_rng(seed + 1000)
    some = sorted(SWAPPED)
    made[swap:, some] = made[swap:, some[::-1]]
    turned, _ = np.linalg.qr(rng.normal(size=(made.shape[2],) * 2))
    rotated = sorted(ROTATED)
    made[turn:, rotated] = made[turn:, rotated] @ turned.astype(np.float32)
    collapsed = sorted(COLLAPSED)
    made[13:, collapsed] = made[13:, collapsed[:1]]
    never = sorted(NEVER)
    made[:, never] = made[0, never]
    frozen = sorted(FROZEN)
    made[9:, frozen] = made[8, frozen]
    made[11:, sorted(ZEROED)] = 0
    return made


@pytest.mark.parametrize("noise", [0.03, 0.3])
@pytest.mark.parametrize("rate", ["equal", "frequent"])
@pytest.mark.parametrize("seed", range(6))
def test_what_was_planted_is_named_and_nothing_else(
    seed: int, rate: str, noise: float
) -> None:
    made = plant_all(learning(seed, rate=rate, noise=noise), seed)
    assert said(found_in(made, [10 * step for step in range(20)])) == {
        ("collapsed", 130): COLLAPSED,
        ("zero_rows", 110): ZEROED,
        ("frozen_since", 80): FROZEN,
        ("broke_off", 60): ROTATED,
        ("swapped", 100): SWAPPED,
        ("never_updated", None): NEVER,
    }


TRAININGS: dict[str, dict[str, Any]] = {
    "learning": {"toward": 1.0},
    "learning much": {"toward": 3.0, "pace": 8},
    "noisy learning": {"toward": 1.0, "noise": 0.3},
    "frequent words learn faster": {"toward": 1.0, "rate": "frequent"},
}


@pytest.mark.parametrize("at", [3, 6, 12])
@pytest.mark.parametrize("training", TRAININGS)
def test_what_was_planted_in_a_training_is_named_and_nothing_else(
    training: str, at: int
) -> None:
    for seed in range(3):
        made = learning(seed, **TRAININGS[training])
        some = sorted(SWAPPED)
        made[at:, some] = made[at:, some[::-1]]
        collapsed, frozen = sorted(COLLAPSED), sorted(FROZEN)
        made[at:, collapsed] = made[at:, collapsed[:1]]
        made[at + 1 :, frozen] = made[at, frozen]
        assert said(found_in(made)) == {
            ("collapsed", at): COLLAPSED,
            ("swapped", at): SWAPPED,
            ("frozen_since", at): FROZEN,
        }, seed


@pytest.mark.parametrize("training", TRAININGS)
def test_tokens_rotated_while_all_words_slow_down_are_named(training: str) -> None:
    for seed in range(3):
        made = learning(seed, **TRAININGS[training])
        turned, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(16, 16)))
        some = sorted(ROTATED)
        made[10:, some] = made[10:, some] @ turned.astype(np.float32)
        assert said(found_in(made)) == {("broke_off", 10): ROTATED}, seed


def test_tokens_that_trade_places_in_a_ring_are_named() -> None:
    made = learning(2, toward=1.0)
    made[9:, [10, 130, 250, 370]] = made[9:, [130, 250, 370, 10]]
    assert said(found_in(made)) == {("swapped", 9): {10, 130, 250, 370}}


def test_tokens_swapped_and_swapped_back_are_named_once() -> None:
    made = learning(2, toward=1.0)
    some = sorted(SWAPPED)
    made[9:14, some] = made[9:14, some[::-1]]
    assert said(found_in(made)) == {("swapped", 9): SWAPPED}


# ------------------------------------------------------------------ what is no finding

CONTROLS: dict[str, dict[str, Any]] = {
    "a walk": {},
    "a walk that goes on": {"settle": 1.0},
    "a fast walk": {"settle": 0.3, "pace": 20, "steps": 40},
    "frequent words move more": {"rate": "frequent"},
    "frequent words go on": {"rate": "frequent", "settle": 0.5},
    "a noisy walk": {"noise": 0.3},
    "a noisy walk that goes on": {"noise": 0.3, "settle": 1.0},
    "noisy frequent words": {"noise": 0.3, "rate": "frequent"},
    "two noisy steps": {"noise": 0.3, "rate": "frequent", "steps": 2},
    "learning": {"toward": 1.0},
    "noisy learning": {"toward": 1.0, "noise": 0.3},
    "learning much": {"toward": 30.0},
    "slow learning": {"toward": 3.0, "pace": 60, "steps": 30},
    "few dimensions": {"dim": 4},
    "a short walk": {"steps": 6},
    "short learning": {"steps": 6, "toward": 3.0},
    "three steps": {"steps": 3},
    "two steps": {"steps": 2},
    "two steps, frequent words": {"steps": 2, "rate": "frequent"},
    "two steps of learning": {"steps": 2, "toward": 1.0},
    "one step": {"steps": 1},
    "many steps": {"steps": 60, "rows": 200, "pace": 20},
    "few rows": {"rows": 40},
}


@pytest.mark.parametrize("control", CONTROLS)
def test_nothing_is_found_where_nothing_was_planted(control: str) -> None:
    for seed in range(8):
        assert said(found_in(learning(seed, **CONTROLS[control]))) == {}, seed


def trained(seed: int, rows: int = 500, epochs: int = 15) -> Tables:
    """A classifier of texts, trained in earnest: words of Zipf frequencies, each good
    or bad to some degree, the mean of whose rows tells the class of a text. Rare words
    are seen now and then, and all move along one line."""
    rng = np.random.default_rng(seed)
    frequency = 1 / np.arange(1, rows + 1)
    goodness = rng.normal(size=rows)
    table, weights = rng.uniform(-0.05, 0.05, (rows, 16)), 0.3 * rng.normal(size=16)
    made = [table]
    for _ in range(epochs):
        for _ in range(20):
            texts = rng.choice(rows, (32, 30), p=frequency / frequency.sum())
            good = goodness[texts].mean(axis=1) > 0
            mean = table[texts].mean(axis=1)
            wrong = (1 / (1 + np.exp(-mean @ weights)) - good) / 32
            step = np.zeros_like(table)
            np.add.at(step, texts, np.outer(wrong, weights)[:, None] / 30)
            table, weights = table - 10 * step, weights - 0.5 * wrong @ mean
        made.append(table)
    return np.stack(made).astype(np.float32)


def test_nothing_is_found_in_a_training_in_earnest() -> None:
    for seed in range(6):
        assert said(found_in(trained(seed))) == {}, seed


@pytest.mark.parametrize("rows", [30, 400])
def test_no_row_is_called_frozen_where_rare_words_are_updated_seldom(rows: int) -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        seldom = rng.uniform(size=rows) ** rng.choice([0.2, 1, 3])
        made = learning(seed, rows=400, steps=24)[:, :rows].copy()
        for step in range(1, len(made)):
            idle = rng.uniform(size=rows) > seldom
            made[step, idle] = made[step - 1, idle]
        kinds = {one.kind for one in found_in(made)}
        assert kinds <= {"never_updated", "settled"}, seed


def test_a_table_that_never_learned_is_one_sentence_without_a_list() -> None:
    made = np.repeat(learning(0, steps=1), 5, axis=0)
    made[:, 0] = 0
    [found] = found_in(made)
    assert (found.kind, found.severity, len(found.rows)) == (
        "never_updated",
        "warning",
        0,
    )
    assert (found.numbers["tokens"], found.numbers["of"]) == (400, 400)


def test_padding_that_is_zero_is_said_to_be() -> None:
    made = learning(0)
    made[:, 0] = 0
    made[:, 1] = made[0, 1]
    [found] = [one for one in found_in(made) if one.kind != "settled"]
    assert (found.kind, found.severity) == ("never_updated", "info")
    assert found.rows.tolist() == [0, 1]
    assert (found.numbers["tokens"], found.numbers["zero"]) == (2, 1)
    [alone] = found_in(made[:1])
    assert (alone.kind, alone.severity, alone.rows.tolist()) == (
        "zero_rows",
        "info",
        [0],
    )


def test_a_table_that_stopped_is_said_to_have_once() -> None:
    made = learning(1, settle=0.5)
    made[15:] = made[14]
    [found] = found_in(made)
    assert (found.kind, found.step, len(found.rows)) == ("frozen_since", 14, 0)
    assert found.numbers["intervals"] == 5
    # The last step is often logged twice.
    assert found_in(made[:16]) == []


def test_tokens_frozen_before_the_table_stopped_are_named_too() -> None:
    made = learning(1, settle=0.5, steps=24)
    made[8:, [3, 4]] = made[7, [3, 4]]
    made[21:] = made[20]
    assert said(found_in(made)) == {
        ("frozen_since", 20): set(),
        ("frozen_since", 7): {3, 4},
    }


@pytest.mark.parametrize("steps", [10, 20, 50])
def test_a_table_settles_when_its_rate_fell_to_a_twentieth(steps: int) -> None:
    made = learning(3, steps=steps, pace=steps / 8, settle=0.0)
    [found] = found_in(made)
    # The rate falls by e in every eighth: to a twentieth in three, and the first
    # interval is the largest.
    assert found.kind == "settled"
    assert found.step == pytest.approx(1 + 3 * steps / 8, abs=1 + steps / 50)
    numbers = found.numbers
    assert 0 < numbers["rate"] <= 0.05 * numbers["largest_rate"]


def test_a_table_in_which_few_tokens_move_has_not_settled() -> None:
    made = learning(3, settle=1.0)
    made[:, 100:] = made[0, 100:]
    assert {one.kind for one in found_in(made)} == {"never_updated"}


def test_a_table_that_is_only_scaled_has_not_settled() -> None:
    made = learning(3, steps=1) * 2.0 ** np.arange(4, dtype=np.float32)[:, None, None]
    assert found_in(made) == []


@pytest.mark.parametrize("seed", range(3))
def test_exploding_norms_are_a_warning(seed: int) -> None:
    made = learning(seed, toward=3.0, steps=24)
    growth = 1.5 ** np.maximum(np.arange(24) - 13, 0)
    made *= growth[:, None, None].astype(np.float32)
    found = [one for one in found_in(made) if one.kind == "norms_exploding"]
    [one] = found
    assert one.severity == "warning"
    norm = np.linalg.norm(made.astype(np.float64), axis=2)
    level = np.quantile(norm, one.numbers["quantile"], axis=1)
    told = [one.numbers[name] for name in ("first", "middle", "last")]
    assert told == pytest.approx(level[[0, 12, 23]].tolist())
    assert one.rows[0] == norm[-1].argmax()


@pytest.mark.parametrize("seed", range(3))
def test_norms_that_leave_the_others_behind_are_named(seed: int) -> None:
    made = learning(seed, toward=3.0, steps=24)
    growth = 1.5 ** np.maximum(np.arange(24) - 13, 0)
    made[:, 70:73] *= growth[:, None, None].astype(np.float32)
    assert said(found_in(made)) == {("norms_exploding", 14): {70, 71, 72}}


def test_growth_and_decline_that_slow_down_are_learning() -> None:
    share = np.linspace(0, 1, 24, dtype=np.float32)[:, None, None]
    made = learning(0, settle=1.0)[0] * 10 ** (5 * np.sqrt(share))
    assert found_in(made) == []
    made = learning(0, settle=1.0, steps=24)
    made[:, :, 2:] *= 10 ** (-3 * np.sqrt(share))
    assert "rank_collapsing" not in {one.kind for one in found_in(made)}


def test_norms_that_recover_have_not_exploded() -> None:
    made = learning(0, settle=1.0)
    made[8:16] /= 50
    assert "norms_exploding" not in {one.kind for one in found_in(made)}


@pytest.mark.parametrize("seed", range(3))
def test_a_collapsing_rank_is_a_warning(seed: int) -> None:
    made = learning(seed, settle=0.3, steps=24)
    shrinking = 0.7 ** np.maximum(np.arange(24) - 8, 0)
    made[:, :, 2:] *= shrinking[:, None, None].astype(np.float32)
    [one] = [one for one in found_in(made) if one.kind == "rank_collapsing"]
    assert one.severity == "warning"
    assert one.numbers["first"] > 12
    assert one.numbers["last"] < 3


def test_rows_that_are_not_finite_are_named_with_the_step() -> None:
    made = learning(0)
    made[7:, [3, 9]] = np.nan
    made[12:14, 5] = np.inf
    found = [one for one in found_in(made) if one.kind != "settled"]
    assert said(found) == {("not_finite", 7): {3, 9}, ("not_finite", 12): {5}}
    assert [one.numbers["still"] for one in found] == [2, 0]


def test_rows_that_come_later_are_not_broken() -> None:
    made = learning(0, settle=1.0)
    made[:8, 380:] = np.nan
    present = [380] * 8 + [400] * 12
    assert said(found_in(made, rows=present)) == {}
    made[8:, 390] = made[8, 390]
    assert said(found_in(made, rows=present)) == {("never_updated", None): {390}}


@pytest.mark.parametrize("value", [0.0, 0.25])
def test_rows_that_were_equal_from_the_start_have_not_collapsed(value: float) -> None:
    made = learning(0)
    made[:, 40:50] = made[:, 40:41] if value else 0.0
    kinds = {one.kind for one in found_in(made)}
    assert kinds <= {"never_updated", "settled"}


@pytest.mark.parametrize("value", [0.0, 0.25])
@pytest.mark.parametrize("steps", [1, 2, 12])
def test_a_table_of_equal_rows_is_one_sentence(value: float, steps: int) -> None:
    made = np.full((steps, 60, 8), value, np.float32)
    found = {one.kind: one for one in found_in(made)}
    assert set(found) == {"all_equal"} | ({"never_updated"} if steps > 1 else set())
    one = found["all_equal"]
    assert (one.severity, one.step, len(one.rows)) == ("warning", None, 0)
    assert one.numbers == {"tokens": 60, "of": 60, "zero": 0 if value else 60}


@pytest.mark.parametrize("value", [0.0, 0.25])
def test_a_table_whose_rows_become_equal_says_since_when(value: float) -> None:
    made = learning(0)
    made[12:] = value
    made[12:, 0] = 0
    found = [one for one in found_in(made) if one.kind != "frozen_since"]
    assert said(found) == {("all_equal", 12): set()}
    tokens = 399 if value else 400
    zero = 1 if value else 400
    assert found[0].numbers == {"tokens": tokens, "of": 400, "zero": zero}


def test_equal_rows_that_learn_alike_are_named_too() -> None:
    made = np.repeat(learning(0, settle=1.0)[:, :1], 40, axis=1)
    assert said(found_in(made)) == {("all_equal", None): set()}


def test_one_row_of_its_own_is_enough_for_a_table_not_to_be_of_equal_rows() -> None:
    made = np.full((3, 60, 8), 0.25, np.float32)
    made[:, 7] = 0.5
    zeros = np.zeros((3, 60, 8), np.float32)
    zeros[:, [7, 8]] = 0.5
    for of in (made, zeros, made[:1], zeros[:1], made[:, :1], made[:, 6:8]):
        assert "all_equal" not in {one.kind for one in found_in(of)}


def test_a_row_that_joins_others_has_collapsed_when_it_did() -> None:
    made = learning(0)
    made[:, 41] = made[:, 40]
    made[12:, 42] = made[12:, 40]
    made[5:, 61] = made[5:, 60]
    assert said(found_in(made)) == {
        ("collapsed", 12): {40, 41, 42},
        ("collapsed", 5): {60, 61},
    }


def test_rows_equal_by_chance_have_not_collapsed() -> None:
    rng = np.random.default_rng(0)
    made = np.cumsum(rng.normal(size=(12, 400, 1)), axis=0)
    coarse = (made * 32).round() / 32
    assert "collapsed" not in {one.kind for one in found_in(coarse.astype(np.float32))}


@pytest.mark.parametrize("steps", [2, 4])
@pytest.mark.parametrize("seed", range(3))
def test_a_swap_in_a_short_series_is_named(seed: int, steps: int) -> None:
    made = learning(seed, steps=steps)
    some = sorted(SWAPPED)
    made[steps // 2 :, some] = made[steps // 2 :, some[::-1]]
    assert said(found_in(made)) == {("swapped", steps // 2): SWAPPED}


def test_tokens_that_go_elsewhere_in_a_short_series_changed_neighbors() -> None:
    for seed in range(3):
        made = learning(seed, steps=4)
        # Each into a cluster of its own.
        made[2:, [47, 293]] = made[2:, [68, 374]] + np.float32(0.3)
        assert said(found_in(made)) == {("changed_neighbors", None): {47, 293}}, seed


def test_breaks_at_many_steps_are_put_together() -> None:
    made = learning(0, steps=40)
    at = {10 + 2 * number: (20 * number, 20 * number + 1) for number in range(10)}
    for step, some in at.items():
        made[step:, some] = -made[step:, some]
    found = [one for one in found_in(made) if one.kind == "broke_off"]
    assert [one.step for one in found] == [10, 12, 14, 16, 18, None]
    assert {row for one in found for row in one.rows} == set(
        np.ravel(list(at.values()))
    )
    rest = found[-1].numbers
    assert (rest["from_step"], rest["to_step"], rest["tokens"]) == (20, 28, 10)


def test_the_order_of_the_rows_and_their_scale_do_not_matter() -> None:
    made = plant_all(learning(7), 7)
    order = np.random.default_rng(0).permutation(400)
    back = np.argsort(order)
    expected = {
        key: {int(back[row]) for row in rows}
        for key, rows in said(found_in(made)).items()
    }
    assert said(found_in(made[:, order] * np.float32(2.0**20))) == expected


def test_a_finding_links_to_the_view_that_shows_it() -> None:
    views = {
        (one.kind, one.step): (one.view.name, one.view.reference_step, one.view.step)
        for one in found_in(
            plant_all(learning(0), 0), [10 * step for step in range(20)]
        )
    }
    assert views["broke_off", 60] == ("token", 50, 60)
    assert views["swapped", 100] == ("map", 90, 100)
    assert views["collapsed", 130] == ("map", 120, 130)
    assert views["frozen_since", 80] == ("table", 80, 190)
    made = learning(0)
    made[:, 100:] = made[0, 100:]
    [found] = [one for one in found_in(made) if one.kind == "never_updated"]
    assert found.view.rows.tolist() == list(range(100, 100 + SELECTED))


def test_a_series_without_steps_has_no_findings() -> None:
    assert collect_findings(Record(3).finish(), []) == []


# ---------------------------------------------------------------------- any tables

labels = st.text(max_size=60) | st.text("\n\r\t\x00\x1b\u202e\u2028“”", max_size=6)


@pytest.mark.parametrize(
    "rows", [[[0, 3e38, 0, 3e38], [1, 2, 1, 2]], [[1e-40, 1, 1, 1e38], [1, 2, 3, 4]]]
)
def test_histories_beyond_float32_are_finite(rows: list[list[float]]) -> None:
    norms = np.array(rows).T
    record = Record(2)
    for step, norm in enumerate(norms):
        far = np.abs(norm - norms[max(step - 1, 0)]).astype(np.float32)
        moved = Moved(far, far, far == 0) if step else None
        record.add(step, norm, moved=moved)
    history = record.finish()
    assert np.isfinite(history.path).all()
    assert np.isfinite(history.growth).all()


@given(tables(), st.data())
def test_any_series_is_put_in_words(first: Any, data: st.DataObject) -> None:
    series = [first]
    for _ in range(data.draw(st.integers(0, 9))):
        table: Any = series[-1].copy()
        for row in data.draw(st.lists(st.integers(0, len(table) - 1), max_size=4)):
            other = data.draw(st.integers(0, len(table) - 1))
            value = data.draw(
                st.sampled_from([0.0, 1.0, -1.5, 3e38, 1e-40, np.nan, np.inf])
            )
            table[row] = table[other] + value if abs(value) < 1e38 else value
        series.append(table)
    names = data.draw(st.lists(labels, min_size=len(first), max_size=len(first)))
    for one in found_in(series):
        assert one.kind in KINDS
        assert len(np.unique(one.rows)) == len(one.rows)
        assert ((one.rows >= 0) & (one.rows < len(first))).all()
        assert np.isfinite(list(one.numbers.values())).all()
        text = sentence(one, names)
        assert text == sentence(one, names.__getitem__)
        assert text.endswith(".")
        assert text.isprintable()
