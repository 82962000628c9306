"""Why a token moved, and what lies along a direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt

from tb_wordembed.contract.route import Route, Shape


@dataclass(frozen=True)
class MotionRequest:
    run: str
    tag: str
    index: int
    from_step: int
    to_step: int
    k: int = 10


@dataclass(frozen=True)
class Similar:
    index: int
    token: str
    cosine: float


@dataclass(frozen=True)
class Motion:
    """Why a token moved between two steps: along with its neighbors, or on its own."""

    index: int
    token: str
    from_step: int
    to_step: int
    shared_share: float | None
    """Of its squared displacement what its k neighbors of the time explain, 0..1; null
    where it did not move."""
    own_share: float | None
    """The rest."""
    neighbors: int
    """How many neighbors were averaged."""
    neighbor_steps: list[int]
    """The steps on the way at which its neighbors were looked up: neighbors at a random
    first step would tell nothing of clusters, and those at the end have met there."""
    parallel: list[Similar]
    """The tokens whose displacement is most parallel to its own."""


@dataclass(frozen=True)
class AxisRequest:
    run: str
    tag: str
    expression: str
    step: int


@dataclass(frozen=True)
class Axis:
    """Where every token lies along a direction spanned by tokens, such as
    ``good - bad``."""

    expression: str
    step: int
    values: Annotated[npt.NDArray[np.float32], Shape(("vocab_size",))]
    """Cosine of row and direction, -1..1; NaN where either has none."""


@dataclass(frozen=True)
class AnalogyRequest:
    run: str
    tag: str
    expression: str
    step: int
    n: int = 10


@dataclass(frozen=True)
class Analogy:
    """The tokens nearest to an expression, such as ``king - man + woman``, its own
    left out."""

    expression: str
    step: int
    nearest: list[Similar]


ROUTES = (
    Route("motion", MotionRequest, Motion),
    Route("axis", AxisRequest, Axis),
    Route("analogy", AnalogyRequest, Analogy),
)
