"""Calls the query function of a route."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from importlib import import_module
from typing import Any

from tb_wordembed.contract.route import Route
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.queries.shown_rows import cut, per_row, rows_of


def answer(context: Context, route: Route, request: Any) -> Any:
    """Returns the response to a request of a route.

    Raises:
      NotFoundError: the log has no such run, tag, step, column or row.
      DamagedSnapshotError: the bytes of the step are not those that were written.
      ValueError: a parameter is out of its range.
    """
    ask = function(route)
    shown = getattr(request, "shown", "")
    if not shown or route.name in _BY_ROW or not per_row(route.response):
        return ask(context, request)
    rows = rows_of(context.series(request), request)
    whole = ask(context, dataclasses.replace(request, shown=""))
    return whole if rows is None else cut(whole, rows)


_BY_ROW = frozenset({"tokens", "column", "positions", "drift", "norms"})
"""The routes whose functions measure or read no more than the rows that are asked
for."""


@functools.cache
def function(route: Route) -> Callable[[Context, Any], Any]:
    """Returns the function named like a route, in the module named like that of its
    response."""
    subject = route.response.__module__.rpartition(".")[2]
    module = import_module(f"{__package__}.{subject}")
    found: Callable[[Context, Any], Any] = getattr(module, route.name)
    return found
