"""Request and response of motion: why a token moved."""

from __future__ import annotations

from dataclasses import dataclass

from tb_wordembed.contract.axes import Similar
from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.route import BetweenRequest, Count, Route


@dataclass(frozen=True)
class MotionRequest(BetweenRequest):
    index: int
    k: Count = 10


@dataclass(frozen=True)
class Motion:
    """Why a token moved between two steps: along with its neighbors, or on its own.
    Null, 0 and empty until the job is done."""

    job: Job
    index: int
    reference_run: str
    """The run that ``from_step`` is a step of; empty for the series itself."""
    reference_tag: str
    from_step: int
    to_step: int
    shared_share: float | None
    """The share of its squared displacement that its k neighbors explain, 0..1; null
    where it did not move."""
    own_share: float | None
    """The rest."""
    neighbors: int
    """How many neighbors were averaged."""
    neighbor_steps: list[int]
    """The steps on the way at which its neighbors were looked up. Neighbors at a random
    first step would say nothing about clusters; those at the last step have met
    there."""
    parallel: list[Similar]
    """The tokens whose displacement is most parallel to its own."""


ROUTES = (Route("motion", MotionRequest, Motion),)
