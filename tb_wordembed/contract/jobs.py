"""Jobs: work that may take longer than a moment, and how to cancel it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tb_wordembed.contract.route import Route

PAGE_HEADER = "X-Wordembed-Page"
"""The request header by which a page says which one it is: any text of up to 64
characters, another one for each page that is open. Jobs tell pages apart by it."""

State = Literal["queued", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class Job:
    """How far the work for an answer is.

    A page asks the same question again until the job is done. Pages that ask the same
    question share one job. A job goes on while no page asks for it, as in a browser tab
    that sleeps. After two minutes without a question it gives way to a job that waits;
    after an hour it ends. A question that comes later begins it again.
    """

    id: str
    """For the cancel route; empty when the job is done."""
    state: State
    progress: float
    """The share that is done, 0..1."""
    message: str
    """The part of the work that is under way, in words; may be empty."""
    error: str
    """Why the job failed; empty unless it did. A failure is reported once: the same
    question after that tries again."""


@dataclass(frozen=True)
class CancelRequest:
    """A page no longer wants a job."""

    id: str


@dataclass(frozen=True)
class Cancel:
    """The page no longer wants a job. The job ends, unless another page asked for it
    within the last two minutes."""

    found: bool
    """Whether there was such a job."""


ROUTES = (Route("cancel", CancelRequest, Cancel),)
