"""Requests and responses that find rows in tables that are too large for a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.layouts import LayoutRequest
from tb_wordembed.contract.route import Ints, Range, Route, SeriesRequest, Shape

MOST_IN_WINDOW = 50_000
"""The largest number of rows of one answer."""

Window = Annotated[int, Range(1, MOST_IN_WINDOW)]

RankedRoute = Literal[
    "drift",
    "norms",
    "column",
    "path",
    "breaks",
    "updates",
    "undertrained",
    "turnover",
    "second_order_drift",
    "noise",
]
"""The routes whose answers rank rows."""

RankOrder = Literal["largest", "smallest", "largest_size", "smallest_size"]
"""Which rows come first; ``size`` is the absolute value."""


@dataclass(frozen=True)
class SearchRequest(SeriesRequest):
    query: str
    """Words that a label must hold, letter case aside; ``^word`` for its start, or
    ``/ing$/i`` for a regular expression."""
    most: Annotated[int, Range(1, 10_000)] = 1000


@dataclass(frozen=True)
class Search:
    """The rows that a search finds among all of a table. Empty until the job is
    done."""

    job: Job
    rows: Annotated[Ints, Shape(("found",))]
    """Those that are the very word first, then those that start with the first word;
    each by row."""
    more: bool
    """Whether there may be more."""
    problem: str
    """Why not all labels were searched; empty where they were: a regular expression may
    be none that Python reads, or take too long."""


@dataclass(frozen=True)
class RankedRequest(SeriesRequest):
    route: RankedRoute
    """The route whose answer ranks the rows."""
    question: str
    """The parameters of a request of that route, written as in an address, without
    ``run`` and ``tag``."""
    field: str
    """The field of its answer that ranks; ``numbers`` of a column."""
    order: RankOrder = "largest"
    most: Window = 1000
    condition: str = ""
    """What a row must meet, as JSON; empty for nothing. ``columns`` are the values that
    it is about: each the route, the question and the field as above, ``["column",
    "column=<name>", "texts"]`` for a column of texts, or ``["tokens"]``. ``meets`` is
    the condition: ``["and", [">", ["column", 0], ["number", 0.3]], ["contains",
    ["column", 1], ["text", "ing"]]]``. The operators are those of the filter of the
    page; a text is compared with a column of texts on its left."""


@dataclass(frozen=True)
class Ranked:
    """The rows that come first by a measure, of all of a table. Empty until the job is
    done."""

    job: Job
    rows: Annotated[Ints, Shape(("ranked",))]
    """First things first; rows with equal values by row. Those without a number are
    left out."""
    count: int
    """How many rows meet the condition; how many there are without one."""


@dataclass(frozen=True, kw_only=True)
class WithinRequest(LayoutRequest):
    """A request about a rectangle of the map in the layout ``pca``."""

    step: int
    box: str
    """Its least coordinates along two components and its largest ones:
    ``x0_y0_x1_y1``."""
    most: Window = MOST_IN_WINDOW


@dataclass(frozen=True)
class Within:
    """The rows in a rectangle of the map, or a sample of them. Empty until the job is
    done."""

    job: Job
    rows: Annotated[Ints, Shape(("within",))]
    """Ascending. The sample is the same at every step, as far as its rows are
    there."""
    count: int
    """How many rows of the table are in the rectangle."""


ROUTES = (
    Route("search", SearchRequest, Search),
    Route("ranked", RankedRequest, Ranked),
    Route("within", WithinRequest, Within),
)
