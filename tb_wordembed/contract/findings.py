"""Requests and responses of findings: what stands out in a series."""

from __future__ import annotations

from dataclasses import dataclass

from tb_wordembed.analysis.findings.finding import Kind, Severity, ViewName
from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.noise import NoiseRequest
from tb_wordembed.contract.route import Route, SeriesRequest


@dataclass(frozen=True)
class FindingsRequest(SeriesRequest):
    with_neighbors: bool = False
    """Whether to look for tokens that changed neighbors, too, which takes a while."""


@dataclass(frozen=True)
class NamedNumber:
    name: str
    value: float | None


@dataclass(frozen=True)
class View:
    """Where to see a finding."""

    name: ViewName
    step: int
    reference_step: int | None
    indices: list[int]
    """Rows to select."""
    measure: str | None
    """The measure that shows the finding; null where any measure does."""


@dataclass(frozen=True)
class Finding:
    """A sentence about what stands out in a series, and the numbers behind it."""

    kind: Kind
    severity: Severity
    step: int | None
    """The step at which it happened, or since which it holds; null where there is no
    single one."""
    count: int
    """The number of tokens that it is about; 0 for the whole table."""
    numbers: list[NamedNumber]
    """The numbers behind the sentence."""
    sentence: str
    """The finding in words. Tokens in it are untrusted text."""
    raised: str
    """How often findings of this kind are raised in healthy trainings, in words."""
    view: View


@dataclass(frozen=True)
class Findings:
    """Everything that stands out, warnings first."""

    job: Job
    findings: list[Finding]
    """All findings when the job is done. Until then those other than tokens that
    changed neighbors, or none. ``findings_between`` needs ``seeds``, and a reference
    that is another series."""


ROUTES = (
    Route("findings", FindingsRequest, Findings),
    Route("findings_between", NoiseRequest, Findings),
)
