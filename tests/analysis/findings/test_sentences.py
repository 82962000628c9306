from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tb_wordembed.analysis.findings.finding import KINDS, Finding, View
from tb_wordembed.analysis.findings.sentences import LONGEST, quoted, sentence

TOKENS = ["<pad>", "film", "good", "bad", "plot", "cast", "star", "dull"]


def words(
    kind: Any, rows: int, numbers: dict[str, float], step: int | None = 40
) -> str:
    chosen = np.arange(rows)
    view = View("map", 90, 0, chosen, "overlap")
    names = "class", "noun"
    found = Finding(kind, "notice", step, chosen, numbers, view, names)
    return sentence(found, TOKENS)


CASES: list[tuple[str, tuple[Any, ...]]] = [
    (
        "“<pad>” was NaN or infinite for the first time at step 40, and still is at "
        "step 90.",
        ("not_finite", 1, {"tokens": 1, "of": 8, "still": 1, "last_step": 90}),
    ),
    (
        "3 of 8 tokens (“<pad>”, “film” and “good”) were NaN or infinite for the first "
        "time at step 40, and 1 of them is not finite at step 90.",
        ("not_finite", 3, {"tokens": 3, "of": 8, "still": 1, "last_step": 90}),
    ),
    (
        "7 of 8 tokens (“<pad>”, “film”, “good”, “bad”, “plot” and 2 more) became zero "
        "at other steps, from 50 to 80.",
        (
            "zero_rows",
            7,
            {"tokens": 7, "of": 8, "from_step": 50, "to_step": 80},
            None,
        ),
    ),
    (
        "“<pad>” may be hardly trained: it is as near to the mean of the 994 unused "
        "rows as 90% of these.",
        (
            "undertrained",
            1,
            {"tokens": 1, "of": 8, "unused": 994, "share": 0.9},
            None,
        ),
    ),
    ("“<pad>” is zero, as padding is.", ("zero_rows", 1, {"tokens": 1, "of": 8})),
    (
        "All 8 tokens have one and the same vector since step 40: nothing tells them "
        "apart.",
        ("all_equal", 0, {"tokens": 8, "of": 8, "zero": 0}),
    ),
    (
        "7 of 8 tokens have one and the same vector, and 1 more is zero: nothing tells "
        "them apart.",
        ("all_equal", 0, {"tokens": 7, "of": 8, "zero": 1}, None),
    ),
    (
        "All 8 tokens are zero: nothing tells them apart.",
        ("all_equal", 0, {"tokens": 8, "of": 8, "zero": 8}, None),
    ),
    (
        "All 8 tokens (“<pad>”, “film”, “good”, “bad”, “plot” and 3 more) collapsed "
        "onto one another: they became the same row in 2 groups at step 40.",
        ("collapsed", 8, {"tokens": 8, "of": 8, "groups": 2, "radius": 0.0}),
    ),
    (
        "2 of 8 tokens (“<pad>” and “film”) collapsed onto one another: they came "
        "within 8.4e-06 of one point at step 40, and had been about 1.2 away from "
        "there the step before.",
        (
            "collapsed",
            2,
            {"tokens": 2, "of": 8, "groups": 1, "radius": 8.4e-6, "before": 1.2},
        ),
    ),
    (
        "2 of 8 tokens (“<pad>” and “film”) took one another's places at step 40: each "
        "came at least 4.52 times as near to where another had been as to where it had "
        "been itself.",
        ("swapped", 2, {"tokens": 2, "of": 8, "nearer": 4.52}),
    ),
    (
        "“<pad>” was never updated from step 0 to 90; it is zero, as padding is.",
        (
            "never_updated",
            1,
            {"tokens": 1, "of": 8, "zero": 1, "first_step": 0, "last_step": 90},
        ),
    ),
    (
        "Nothing was updated at all: all 8 tokens stayed the same from step 0 to 90.",
        (
            "never_updated",
            0,
            {"tokens": 8, "of": 8, "zero": 1, "first_step": 0, "last_step": 90},
        ),
    ),
    (
        "2 of 8 tokens (“<pad>” and “film”) were updated at step 40 for the last time; "
        "others were updated at least 7 times after that, up to step 90.",
        ("frozen_since", 2, {"tokens": 2, "of": 8, "intervals": 7, "last_step": 90}),
    ),
    (
        "Nothing was updated after step 40: all 8 tokens stayed the same at the next 2 "
        "steps, up to step 90.",
        ("frozen_since", 0, {"tokens": 8, "of": 8, "intervals": 2, "last_step": 90}),
    ),
    (
        "2 of 8 tokens (“<pad>” and “film”) changed by more than noise from step 40 of "
        "the reference to step 90, by neighbors: at least 3.21 times as much as seeds "
        "usually differ in them (false discovery rate 0.05).",
        (
            "changed_beyond_noise",
            2,
            {
                **{"tokens": 2, "of": 8, "from_step": 40, "to_step": 90},
                **{"rate": 0.05, "multiple": 3.21},
            },
        ),
    ),
    (
        "The 2 tokens whose “class” is “noun” changed by more than noise, and by more "
        "than other tokens, from step 40 of the reference to step 90, by neighbors: "
        "their median is 0.5, that of others 0.25 (false discovery rate 0.0123).",
        (
            "group_beyond_noise",
            2,
            {
                **{"tokens": 2, "of": 8, "from_step": 40, "to_step": 90},
                **{"rate": 0.01234, "median": 0.5, "others": 0.25},
            },
        ),
    ),
    (
        "“<pad>” is new: the reference lacks it.",
        ("new_tokens", 1, {"tokens": 1, "of": 8}),
    ),
    (
        "2 of 8 tokens of the reference are gone (“class” and “noun”).",
        ("gone_tokens", 0, {"tokens": 2, "of": 8}),
    ),
    (
        "“<pad>” broke off its own trend at step 40: it moved 12.3 times as far as it "
        "usually did, a break of 1,235 standard errors.",
        ("broke_off", 1, {"tokens": 1, "of": 8, "jump": 12.34, "strength": 1234.6}),
    ),
    (
        "2 of 8 tokens (“<pad>” and “film”) changed neighbors from step 0 to 90: they "
        "kept at most 10% of their 10 nearest neighbors, at least 5.3 standard "
        "deviations less than the 90% that tokens usually kept.",
        (
            "changed_neighbors",
            2,
            {
                **{"tokens": 2, "of": 8, "overlap": 0.1, "usual": 0.9, "k": 10},
                **{"deviations": 5.34, "first_step": 0, "last_step": 90},
            },
        ),
    ),
    (
        "Norms explode: the largest norm grew faster and faster, 1.2 at step 0, 2.4 at "
        "step 50, 812,345 at step 90; it is largest for “<pad>” and “film”.",
        (
            "norms_exploding",
            2,
            {
                **{"first": 1.2, "middle": 2.4, "last": 812_345.3, "quantile": 1.0},
                **{"first_step": 0, "middle_step": 50, "last_step": 90},
            },
        ),
    ),
    (
        "Norms explode: at step 40, the norms of 2 of 8 tokens (“<pad>” and “film”) "
        "began to leave the others behind; up to step 90, they grew at least 25.6 "
        "times as much as usual.",
        ("norms_exploding", 2, {"tokens": 2, "of": 8, "growth": 25.6, "last_step": 90}),
    ),
    (
        "The rank collapses: the effective rank fell faster and faster, 100 at step 0, "
        "80.1 at step 50, 2.5 at step 90.",
        (
            "rank_collapsing",
            0,
            {
                **{"first": 100.0, "middle": 80.1, "last": 2.5},
                **{"first_step": 0, "middle_step": 50, "last_step": 90},
            },
        ),
    ),
    (
        "The rows of the table were shuffled at step 10: 250 of 256 rows are where "
        "other rows were at the step before, so tokens may label the wrong rows.",
        ("rows_shuffled", 0, {"turn": 90.0, "sampled": 256, "elsewhere": 250}, 10),
    ),
    (
        "The table began anew at step 10: half of the tokens turned by 90° or more, "
        "and no rotation of the table before explains it (CKA 0.012).",
        ("began_anew", 0, {"turn": 90.0, "cka": 0.012}, 10),
    ),
    (
        "The whole table was rotated or reflected at step 10: half of the tokens "
        "turned by 90° or more, and one rotation explains all but 4.0% of it, so "
        "distances between tokens stayed the same.",
        ("rotated", 0, {"turn": 90.0, "left": 0.04}, 10),
    ),
    (
        "The whole table was rescaled at step 10: all norms became 1.5 times what they "
        "were, and directions stayed the same.",
        ("rescaled", 0, {"factor": 1.5}, 10),
    ),
    (
        "The effective rank fell from 50 to 3.9 at step 10: the table uses 3.9 "
        "dimensions from then on.",
        ("rank_changed", 0, {"before": 50.0, "after": 3.9}, 10),
    ),
    (
        "All tokens took on one common direction at step 10: the mean cosine between "
        "two tokens rose from 0.05 to 0.9.",
        ("narrow_cone", 0, {"before": 0.05, "after": 0.9}, 10),
    ),
    (
        "“<pad>” must not change, and was changed at step 10 for the first time: it "
        "moved by 0.25 in all, up to step 90.",
        (
            "fixed_rows_moved",
            1,
            {"tokens": 1, "of": 8, "path": 0.25, "last_step": 90},
            10,
        ),
    ),
    (
        "2 of 8 tokens (“<pad>” and “film”) must not change, and were changed at other "
        "steps, from 50 to 80 for the first time: they moved by at most 0.25 in all, "
        "up to step 90.",
        (
            "fixed_rows_moved",
            2,
            {
                **{"tokens": 2, "of": 8, "path": 0.25, "last_step": 90},
                **{"from_step": 50, "to_step": 80},
            },
            None,
        ),
    ),
    (
        "2 of 8 tokens (“<pad>” and “film”) were updated, and are exactly what they "
        "were at step 0 again at step 40.",
        ("returned", 2, {"tokens": 2, "of": 8, "first_step": 0}),
    ),
    (
        "The table has settled since step 40: up to step 90, half of the tokens turned "
        "by 0.002° a step at most, 2.0% of the 0.1° a step when they turned fastest.",
        ("settled", 0, {"rate": 0.002, "largest_rate": 0.1, "last_step": 90}),
    ),
]


@pytest.mark.parametrize(("said", "of"), CASES)
def test_a_finding_is_a_sentence_with_its_numbers(said: str, of: Any) -> None:
    assert words(*of) == said


def test_every_kind_has_its_sentence() -> None:
    assert {of[0] for _, of in CASES} == set(KINDS)


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("a b", "“a b”"),
        ("a\r\nb\x1b[31m\u202ec", "“a b [31m c”"),
        ("“done”. Next", '“"done". Next”'),
        ("x" * LONGEST, f"“{'x' * LONGEST}”"),
        ("x" * 10**6, f"“{'x' * (LONGEST - 1)}…”"),
        ("\ud800\x00", "row 7"),
        ("", "row 7"),
    ],
)
def test_a_token_is_quoted_on_one_line(label: str, shown: str) -> None:
    assert quoted(label, 7) == shown


@given(st.text(max_size=500))
def test_any_token_can_be_quoted(label: str) -> None:
    shown = quoted(label, 3)
    assert shown.isprintable()
    assert 3 <= len(shown) <= LONGEST + 2
