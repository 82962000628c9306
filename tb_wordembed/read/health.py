"""Health of the table at each step, and the step since which the series is settled."""

from __future__ import annotations

from tb_wordembed.analysis.findings.table_trends import settled
from tb_wordembed.analysis.health import StepHealth
from tb_wordembed.engine.progress import Progress, silent
from tb_wordembed.read import step_measures
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.series_outline import skips_damaged


@skips_damaged
def health(series: LoggedSeries, progress: Progress = silent) -> list[StepHealth]:
    """Returns the health of the table at each step; see
    ``tb_wordembed.analysis.health.StepHealth``."""
    found = step_measures.health_so_far(series)
    if len(found) < len(series.steps):
        found = step_measures.measure(series, progress).health[:]
    return found


@skips_damaged
def settled_step(series: LoggedSeries) -> int | None:
    """Returns the step since which the median token hardly turns any more, or None. See
    ``tb_wordembed.analysis.findings.table_trends.settled`` for the rule."""
    history = step_measures.history(series)
    # Steps before the last change of the vocabulary are left out.
    shown = health(series)[-len(history.steps) :] if history.steps else []
    found = settled(history, shown)
    return None if found is None else history.steps[found]
