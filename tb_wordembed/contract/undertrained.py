"""Request and response about under-trained tokens at a step."""

from __future__ import annotations

from dataclasses import dataclass

from tb_wordembed.analysis.undertrained import Indicator
from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.route import Route, RowFloats, RowsRequest


@dataclass(frozen=True)
class UndertrainedRequest(RowsRequest):
    step: int


@dataclass(frozen=True)
class Undertrained:
    """How little every token was trained (Land & Bartolo 2024). Empty until the job is
    done."""

    job: Job
    step: int
    indicator: Indicator
    """What the values are: the norm of each row where no row is known to be unused,
    else its distance from the mean of those."""
    known_unused: int
    """How many rows are known to be unused: they are called so, such as
    ``[unused12]``, or no step has changed them while it changed others."""
    values: RowFloats
    """Low for the least trained; NaN where the row is not finite."""


ROUTES = (Route("undertrained", UndertrainedRequest, Undertrained),)
