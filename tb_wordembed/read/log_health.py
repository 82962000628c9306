"""The health of all tables of a log, sickest first."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tb_wordembed.analysis.findings.sentences import sentence
from tb_wordembed.analysis.health import StepHealth
from tb_wordembed.engine.progress import Progress, part, silent
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read.series import Series


@dataclass(frozen=True)
class TableHealth:
    """The health of a table at its last step, and how much stands out in its series.

    Attributes:
      shape: ``(vocab_size, embedding_dim)``.
      warnings: the number of findings that are warnings.
      notices: the number of findings that are notices.
      sentence: the first finding in words; empty if there is none.
      health: the measures of the last step.
    """

    run: str
    tag: str
    shape: tuple[int, int]
    step: int
    warnings: int
    notices: int
    sentence: str
    health: StepHealth

    @property
    def abundance_share(self) -> float:
        """The information abundance over the largest that the table could have, 0..1;
        0 for a table of zeros."""
        abundance = self.health.information_abundance
        return abundance / min(self.shape) if abundance > 0 else 0.0


def sickest_first(
    all_series: Iterable[Series], progress: Progress = silent
) -> list[TableHealth]:
    """Returns what ``Log.health`` does. Tables of which all snapshots are damaged are
    left out."""
    listed, found = list(all_series), []
    for at, series in enumerate(listed):
        share = part(progress, at / len(listed), 1 / len(listed))
        with contextlib.suppress(NotFoundError):
            found.append(_table_health(series, share))
    return sorted(
        found, key=lambda one: (-one.warnings, -one.notices, one.abundance_share)
    )


def _table_health(series: Series, progress: Progress) -> TableHealth:
    findings = series.findings(progress=progress)
    counts = Counter(one.severity for one in findings)
    return TableHealth(
        run=series.run,
        tag=series.tag,
        shape=series.shape,
        step=series.steps[-1],
        warnings=counts["warning"],
        notices=counts["notice"],
        sentence=sentence(findings[0], series.labels) if findings else "",
        health=series.health()[-1],
    )
