"""The standard Projector on a table: its address, and the rows that it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tb_wordembed.contract.route import Ints, Route, SeriesRequest, Shape


@dataclass(frozen=True)
class ProjectorRequest(SeriesRequest):
    step: int
    reference_step: int
    """The step from which the drift among the columns is measured."""
    indices: str = ""
    """Rows, separated by dots, that are shown even of a table that is too large to be
    shown whole; 200 at most."""


@dataclass(frozen=True)
class Projector:
    """The standard Projector's own page on a table. It and its answers are at
    ``projector/<key>/projector_binary.html``."""

    key: str
    problem: str
    """Why the page can't be shown, in words; empty if it can."""
    step: int
    indices: str
    """The rows that the request names."""
    tensor_name: str
    """The name of the table in the page, at every step."""
    sampled: int
    """The number of rows left out because the Projector shows no more; those shown are
    spread evenly over all frequencies."""
    non_finite: int
    """The number of rows left out because they hold NaN or infinity."""
    rows: Annotated[Ints, Shape(("shown",))]
    """The row of each point, ascending; empty if every row is shown."""


ROUTES = (Route("projector", ProjectorRequest, Projector),)
