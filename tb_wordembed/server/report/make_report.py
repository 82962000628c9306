"""Makes a web page of one series in one file, by asking what the tab asks."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np

from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.logged import Index, WebPageRequest
from tb_wordembed.engine.progress import Progress, part, silent
from tb_wordembed.errors import NotFoundError
from tb_wordembed.integers import positive_integer
from tb_wordembed.read.log import Log
from tb_wordembed.read.series import Series
from tb_wordembed.server import frames
from tb_wordembed.server.jobs import Jobs
from tb_wordembed.server.queries import effort
from tb_wordembed.server.queries.answer import answer
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.queries.logged import described
from tb_wordembed.server.report import chosen_rows, questions
from tb_wordembed.server.report.chosen_rows import Chosen
from tb_wordembed.server.report.html_document import document, page_script
from tb_wordembed.server.report.nearest_tokens import nearest_of, pairs
from tb_wordembed.server.report.reduced_answers import piece, reduced

_BYTES_PER_NUMBER = 21
"""The bytes of data, for each token at each step: 4.2 MB for 10,000 tokens at 20. The
script comes on top."""

_LEAST_BYTES = 250_000

_Asked = tuple[str, dict[str, Any], Callable[[], Any]]
"""A question, as the page asks it, and the function that answers it."""

_Held = tuple[str, dict[str, Any], bytes]
"""A question, and its answer in the file."""


def web_page(
    series: Series,
    steps: int = chosen_rows.STEPS,
    tokens: int = chosen_rows.TOKENS,
    progress: Progress = silent,
) -> bytes:
    """Returns the bytes of the web page that ``Series.report`` writes.

    The file is smaller than 5 MB for 10,000 tokens at 20 steps, and in proportion for
    others, or smaller than 1 MB: measures that don't fit are left out, and the page
    says so.

    Raises:
      ValueError: these are no positive integers, or too many for one file.
      NotFoundError: the page was not built.
    """
    steps = positive_integer("steps", steps, chosen_rows.MOST_NUMBERS)
    tokens = positive_integer("tokens", tokens, chosen_rows.MOST_NUMBERS)
    script = page_script()
    brief = questions.compares_all(series)
    findings = series.findings(with_neighbors=brief, progress=part(progress, 0, 0.2))
    choice = chosen_rows.choose(series, findings, steps, tokens)
    numbers = len(choice.rows) * len(choice.steps)
    most = max(_BYTES_PER_NUMBER * numbers, _LEAST_BYTES)
    needed = _asked(series, questions.needed(series, choice.steps))
    wanted = _asked(series, questions.wanted(series, choice.steps))
    asked = [*needed, *_nearest(series, choice), *wanted]
    held: list[_Held] = []
    size = 0
    for at, (name, ask, find) in enumerate(asked):
        progress(0.2 + 0.8 * at / len(asked))
        try:
            data = piece(reduced(find(), choice.rows))
        except (NotFoundError, ValueError):
            if at < len(needed):
                raise
            continue  # Such as noise, of a table that never settled.
        # Base64 makes four bytes of three.
        if at < len(needed) or 4 * (size + len(data)) <= 3 * most:
            held.append((name, ask, data))
            size += len(data)
    return document(script, f"{series.run} · {series.tag}", _data(series, choice, held))


def _nearest(series: Series, choice: Chosen) -> list[_Asked]:
    return [
        (
            "nearest",
            {"step": step},
            partial(nearest_of, series, step, some, choice.rows),
        )
        for step, some in pairs(choice)
    ]


def _asked(series: Series, all_of: Iterable[questions.Question]) -> list[_Asked]:
    context = Context(_LogOf(series), Jobs(), at_once=True)
    return [
        (
            route.name,
            dataclasses.asdict(request),
            partial(answer, context, route, request),
        )
        for route, request in all_of
    ]


def web_page_job(context: Context, request: WebPageRequest) -> tuple[Job, bytes | None]:
    """Returns the job that makes the page, and the file when it is made."""
    series, steps, tokens = context.series(request), request.steps, request.tokens
    seconds = effort.measuring(series) + effort.comparing(
        series, tables=min(steps, len(series.steps)), rows=tokens
    )
    return context.job(
        ("web_page", request, series.content_id(*series.steps), series.columns_id),
        lambda report: web_page(series, steps, tokens, report),
        seconds,
    )


class _LogOf(Log):
    """A log with one series, which may be gone from the log on disk."""

    def __init__(self, series: Series) -> None:
        self._only, self.cache = series, series.cache

    def series(self, run: str | None = None, tag: str | None = None) -> Series:
        """Returns the series."""
        del run, tag
        return self._only


def _data(series: Series, choice: Chosen, held: list[_Held]) -> bytes:
    """Returns all answers in one frame: the questions, and the bytes of each answer."""
    columns = {ask["column"] for name, ask, _ in held if name == "column"}
    frequency = series.frequency_column
    whole = described(series)
    steps = [whole.steps.index(step) for step in choice.steps]
    of = dataclasses.replace(
        whole,
        vocab_size=len(choice.rows),
        shown_rows=len(choice.rows),
        full_vocab_size=max(whole.full_vocab_size, series.shape[0]),
        steps=choice.steps,
        wall_times=[whole.wall_times[at] for at in steps],
        checksums=[whole.checksums[at] for at in steps],
        columns=[one for one in whole.columns if one.name in columns],
        image_columns=[],
        frequency_column=frequency if frequency in columns else None,
    )
    index = Index(
        scanning=False, series=[of], problems=[], incomplete=[], layouts=["pca"]
    )
    all_of = [("index", {}, piece(index)), *held]
    fields = {
        "logged_steps": len(whole.steps),
        "questions": [{"route": name, "ask": ask} for name, ask, _ in all_of],
    }
    arrays = {
        str(at): np.frombuffer(data, np.uint8) for at, (_, _, data) in enumerate(all_of)
    }
    return frames.encode(fields, arrays)
