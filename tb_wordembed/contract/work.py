"""Work that takes more than a moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tb_wordembed.contract.route import Route

State = Literal["queued", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class Job:
    """Where work stands that takes more than a moment. The same question joins it;
    nobody asking for half a minute ends it."""

    id: str
    """For the cancel route; empty when the job is done."""
    state: State
    progress: float
    """The share that is done, 0..1."""
    message: str
    error: str
    """Why it failed; empty unless it did."""


@dataclass(frozen=True)
class CancelRequest:
    id: str


@dataclass(frozen=True)
class Cancel:
    """Whether there was such a job, done or not."""

    found: bool


ROUTES = (Route("cancel", CancelRequest, Cancel),)
