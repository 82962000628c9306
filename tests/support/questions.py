"""Questions put to the server's functions as the page puts them over HTTP."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

from tb_wordembed import contract
from tb_wordembed.read.log import Log
from tb_wordembed.server import wire
from tb_wordembed.server.jobs import Jobs
from tb_wordembed.server.queries.answer import answer
from tb_wordembed.server.queries.context import Context

ROUTES = {route.name: route for route in contract.ROUTES}
JOBS = Jobs()
OF = {"run": ".", "tag": "words"}
"""The series that ``logs.write_series`` writes."""

SECONDS = 60
"""Nothing in the tests takes that long, unless it hangs."""


def ask(log: Log, route: str, page: str = "", /, **parameters: Any) -> Any:
    """The answer to a question; of the series ``OF`` where it names no other one."""
    kind = ROUTES[route].request
    of = OF if "run" in {field.name for field in dataclasses.fields(kind)} else {}
    request = wire.parse(kind, as_query({**of, **parameters}))
    return answer(Context(log, JOBS, page), ROUTES[route], request)


def ask_until_done(log: Log, route: str, page: str = "", /, **parameters: Any) -> Any:
    """The answer when its job has ended, or that of a route without jobs."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        found = ask(log, route, page, **parameters)
        job = getattr(found, "job", None)
        if job is None or job.state in ("done", "failed"):
            return found
    raise AssertionError(f"{route} is never done")


def as_query(parameters: dict[str, Any]) -> dict[str, str]:
    """Parameters as a browser writes them."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in parameters.items()
    }
