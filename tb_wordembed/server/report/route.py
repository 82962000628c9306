"""Answers the route that makes a web page of a series."""

from __future__ import annotations

from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.logged import WebPageRequest
from tb_wordembed.server.queries import effort
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.report import make_report


def web_page(context: Context, request: WebPageRequest) -> tuple[Job, bytes | None]:
    """Returns the job that makes the page, and the file when it is made."""
    series, steps, tokens = context.series(request), request.steps, request.tokens
    of = series.content_id(*series.steps), series.columns_id
    seconds = effort.measuring(series) + effort.comparing(
        series, tables=min(steps, len(series.steps)), rows=tokens
    )
    return context.job(
        ("web_page", series.run, series.tag, *of, steps, tokens),
        lambda report: make_report.web_page(series, steps, tokens, report),
        seconds,
    )
