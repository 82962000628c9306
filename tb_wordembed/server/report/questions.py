"""The questions whose answers a web page holds, the most telling first."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from tb_wordembed.contract import ROUTES_BY_NAME
from tb_wordembed.contract.route import Route
from tb_wordembed.read.series import Series
from tb_wordembed.server.queries import effort

Question = tuple[Route, Any]
"""A route, and a request of it."""

MEASURES = ("cosine", "euclidean", "relative", "norm_change")
"""The measures of drift from the first step that a page holds where there is room."""

_BRIEF_SECONDS = 20.0
"""Answers about the neighbors of all tokens are held where they take no longer."""


def compares_all(series: Series) -> bool:
    """Returns whether the neighbors of all tokens are compared."""
    return effort.comparing(series, tables=2) <= _BRIEF_SECONDS


def needed(series: Series, steps: list[int]) -> Iterator[Question]:
    """Yields the questions that every page holds the answers of."""
    first, last = steps[0], steps[-1]
    if series.has_tokens:
        yield _ask(series, "tokens")
    yield _ask(series, "findings")
    yield _ask(series, "health")
    for step in steps:
        yield _ask(series, "positions", step=step)
        yield _ask(series, "norms", step=step)
    if first != last:
        for step in steps:
            yield _ask(series, "drift", from_step=first, to_step=step)
        yield _ask(series, "updates")
        # Health shows it, and it has 64 steps at most.
        yield _ask(series, "similarity_matrix")


def wanted(series: Series, steps: list[int]) -> Iterator[Question]:
    """Yields the questions that a page holds the answers of where there is room."""
    first, last = steps[0], steps[-1]
    frequency = series.frequency_column
    names = [*([frequency] if frequency else []), *series.column_kinds]
    for name in dict.fromkeys(names):
        yield _ask(series, "column", column=name)
    for components, step in itertools.product(("2d", "3d"), steps):
        yield _ask(series, "quality", step=step, components=components)
    if first == last:
        yield _ask(series, "undertrained", step=last)
        return
    between = {"from_step": first, "to_step": last}
    for name in "path", "breaks":
        yield _ask(series, name)
    for before, step in itertools.pairwise(steps):
        # From the first step it is among those that are needed.
        if before != first:
            yield _ask(series, "drift", from_step=before, to_step=step)
    yield _ask(series, "noise", **between)
    if compares_all(series):
        yield _ask(series, "findings", with_neighbors=True)
        yield _ask(series, "turnover", **between)
        yield _ask(series, "second_order_drift", **between)
    for measure, step in itertools.product(MEASURES[1:], steps):
        drift = {"from_step": first, "to_step": step, "measure": measure}
        yield _ask(series, "drift", **drift)


def _ask(series: Series, name: str, **fields: Any) -> Question:
    route = ROUTES_BY_NAME[name]
    return route, route.request(run=series.run, tag=series.tag, **fields)
