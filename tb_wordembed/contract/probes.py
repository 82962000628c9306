"""Request and response of probes: a table scored against what people know of words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.route import Route, SeriesRequest

ProbeKind = Literal["pairs", "analogies", "classes", "associations"]


@dataclass(frozen=True)
class ProbeRequest(SeriesRequest):
    text: str
    """The content of a file with a probe: pairs of words and how similar they are,
    analogies, words and their classes, or four sets of words for WEAT."""


@dataclass(frozen=True)
class Probe:
    """The scores of a probe, one per step. Empty until the job is done."""

    job: Job
    kind: ProbeKind
    """What the scores are: Spearman's rank correlation of pairs, -1..1; the share of
    analogies, or of words by class, that are right, 0..1; or the effect size of WEAT,
    about -2..2."""
    items: int
    """The number of pairs, questions or words in the probe."""
    steps: list[int]
    values: list[float | None]
    """Null where too few words are known."""
    used: list[int]
    """The number of items that each score rests on."""


ROUTES = (Route("probe", ProbeRequest, Probe),)
