from __future__ import annotations

from tb_wordembed.analysis.findings.false_alarm_rates import (
    COMPARED,
    RAISED,
    TRAININGS,
    broken,
    raised,
)
from tb_wordembed.analysis.findings.finding import KINDS


def test_each_kind_says_how_often_healthy_trainings_raise_it() -> None:
    assert set(RAISED) <= set(KINDS)
    assert all(0 <= count <= TRAININGS for count in RAISED.values())
    said = f"Raised in {RAISED['settled']} of {TRAININGS} healthy trainings"
    assert raised("settled") == said
    assert raised("collapsed") == f"Raised in 0 of {TRAININGS} healthy trainings"
    assert raised("group_beyond_noise").endswith(f"of {COMPARED} comparisons of seeds")
    assert raised("new_tokens") == "Raised wherever there are some"
    assert broken().endswith("% of the tokens of healthy trainings have a break")
