"""The standard Projector on a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt

from tb_wordembed.contract.route import Route, Shape


@dataclass(frozen=True)
class ProjectorRequest:
    run: str
    tag: str
    step: int
    reference_step: int
    """That the drift among the columns is measured from."""
    indices: str = ""
    """Rows, separated by dots, that are to be among those shown even of a table too
    large to be shown whole; 200 at most."""


@dataclass(frozen=True)
class Projector:
    """The standard Projector's own page on a table. It and its answers are at
    ``projector/<key>/projector_binary.html``."""

    key: str
    problem: str
    """Why the page can't be shown, in words; empty if it can."""
    step: int
    reference_step: int
    indices: str
    """As asked for."""
    run_name: str
    """What the page calls the run and the table, at every step."""
    tensor_name: str
    sampled: int
    """Rows left out because the Projector shows no more: those shown are spread evenly
    over all frequencies."""
    non_finite: int
    """Rows left out because they hold NaN or infinity."""
    rows: Annotated[npt.NDArray[np.int32], Shape(("shown",))]
    """The row of each point, ascending; empty if every row is shown."""


ROUTES = (Route("projector", ProjectorRequest, Projector),)
