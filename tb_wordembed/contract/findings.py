"""What stands out in a series."""

from __future__ import annotations

from dataclasses import dataclass

from tb_wordembed.analysis.findings.finding import Kind, Severity, ViewName
from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.route import Route


@dataclass(frozen=True)
class FindingsRequest:
    run: str
    tag: str
    with_neighbors: bool = False
    """Whether to look for words that changed neighbors, too, which takes a while."""


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
    """What to show of them; null where any will do."""


@dataclass(frozen=True)
class Finding:
    """What stands out in a series."""

    kind: Kind
    severity: Severity
    step: int | None
    """At which it happened, or since which it holds; null where that is no single
    one."""
    count: int
    """How many tokens it is about; 0 where it is the whole table."""
    numbers: list[NamedNumber]
    """What is behind it."""
    sentence: str
    """All of that in words. Tokens in it are untrusted text."""
    view: View


@dataclass(frozen=True)
class Findings:
    """What stands out, warnings first."""

    job: Job
    findings: list[Finding]
    """All when the job is done. Until then, if words that changed neighbors are looked
    for, the others; or none."""


ROUTES = (Route("findings", FindingsRequest, Findings),)
