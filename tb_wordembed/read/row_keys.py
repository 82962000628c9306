"""The keys of measures of rows in the cache."""

from __future__ import annotations

from tb_wordembed.analysis.drift import Measure
from tb_wordembed.read.tables import Tables


def drift_key(
    series: Tables,
    from_step: int,
    to_step: int,
    measure: Measure,
    tables: Tables | None = None,
) -> tuple[object, ...]:
    """Returns the key of drift, from a step of ``tables``, which are
    those of the series by default."""
    before = (series if tables is None else tables).content_id(from_step)
    return "drift", (*before, *series.content_id(to_step)), measure


def norms_key(series: Tables, step: int) -> tuple[object, ...]:
    """Returns the key of the norms at a step."""
    return "norms", series.content_id(step)
