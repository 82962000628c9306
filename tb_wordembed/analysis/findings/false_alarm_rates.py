"""How often findings and breaks are raised in trainings in which nothing is the matter.

``benchmarks/findings.py`` counts them, and prints these numbers: item factors of a
recommender with four optimizers, word2vec on the text that gensim carries, and the
demo's Keras models; 16 or 17 epochs, with learning rates and sizes of all sorts.
Counted on 2026-11-30.
"""

from __future__ import annotations

from tb_wordembed.analysis.findings.finding import Kind

TRAININGS = 122
"""The number of healthy trainings."""

RAISED: dict[Kind, int] = {
    "undertrained": 2,
    "never_updated": 23,
    "frozen_since": 3,
    "settled": 99,
}
"""In how many of them a kind of finding is raised; the other kinds are in none."""

BETWEEN_RUNS: dict[Kind, int] = {"changed_beyond_noise": 0, "group_beyond_noise": 1}
COMPARED = 144
"""In how many comparisons of trainings that differ in nothing but chance a kind of
finding between runs is raised, and the number of these: 9 trainings of word2vec and of
the demo's model, each held against the floor of the others. ``benchmarks/noise.py``
counts them."""

CURVES, BROKEN = 155_600, 2_696
"""The curves of tokens in these trainings, and how many have a break."""


def raised(kind: Kind) -> str:
    """Says in words how often a kind of finding is raised where nothing is the
    matter."""
    if kind in ("new_tokens", "gone_tokens"):
        return "Raised wherever there are some"
    if kind in BETWEEN_RUNS:
        return f"Raised in {BETWEEN_RUNS[kind]} of {COMPARED} comparisons of seeds"
    return f"Raised in {RAISED.get(kind, 0)} of {TRAININGS} healthy trainings"


def broken() -> str:
    """Says in words how often the curve of a token has a break in healthy trainings."""
    return f"{BROKEN / CURVES:.1%} of the tokens of healthy trainings have a break"
