"""Layouts: where the tokens of a table are drawn, and how far that can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt

from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.route import Count, Route, Shape

LayoutName = Literal["pca", "axes", "tsne"]
"""``pca``: principal components of all steps together, one basis, so that frames
compare without flipping. ``axes``: directions spanned by tokens. ``tsne``: a non-linear
layout, carried on from step to step."""


@dataclass(frozen=True)
class PositionsRequest:
    run: str
    tag: str
    step: int
    layout: LayoutName = "pca"
    components: str = "1.2.3"
    """Of ``pca``: two or three of 1 to 10, separated by dots."""
    x: str = ""
    """Of ``axes``: an expression such as ``good - bad`` for each of x, y and, unless it
    is empty, z."""
    y: str = ""
    z: str = ""


@dataclass(frozen=True)
class Positions:
    """The position of every token in a layout of the table at a step."""

    run: str
    tag: str
    step: int
    layout: LayoutName
    components: list[int]
    """Those shown by ``pca``; otherwise empty."""
    expressions: list[str]
    """Those of ``axes``, otherwise empty. Their coordinates are cosines, -1..1."""
    basis_steps: list[int]
    """The steps whose snapshots were pooled for the basis of ``pca``."""
    explained_variance_ratio: list[float | None]
    """Of ``pca``, per component that can be shown, the share of this step's variance
    along it; null when all rows are equal."""
    job: Job | None
    """Of ``tsne``: null for what takes no time."""
    laid_out: int
    """Of ``tsne``: how many tokens were laid out; the others are placed by their
    neighbors."""
    positions: Annotated[npt.NDArray[np.float32], Shape(("vocab_size", "coordinates"))]
    """Empty until the job is done; NaN for a token without a place."""


@dataclass(frozen=True)
class TrailsRequest:
    run: str
    tag: str
    indices: str
    """Rows, separated by dots: ``3.14.15``."""
    layout: LayoutName = "pca"
    components: str = "1.2.3"
    x: str = ""
    y: str = ""
    z: str = ""


@dataclass(frozen=True)
class Trails:
    """The positions of some tokens at all steps, in the layout of the positions route.
    Empty until a layout ``tsne`` is done."""

    indices: list[int]
    steps: list[int]
    layout: LayoutName
    components: list[int]
    expressions: list[str]
    trails: Annotated[
        npt.NDArray[np.float32], Shape(("tokens", "steps", "coordinates"))
    ]


@dataclass(frozen=True)
class QualityRequest:
    run: str
    tag: str
    step: int
    layout: LayoutName = "pca"
    components: str = "1.2"
    x: str = ""
    y: str = ""
    z: str = ""
    k: Count = 10


@dataclass(frozen=True)
class Quality:
    """How far a layout can be trusted at a step (Venna & Kaski 2001); null until the
    job is done."""

    job: Job
    step: int
    layout: LayoutName
    components: list[int]
    expressions: list[str]
    k: int
    trustworthiness: float | None
    """0..1: less where tokens are near each other on the map only; null while a layout
    is not done."""
    continuity: float | None
    """0..1: less where tokens are near each other in the table only."""
    sampled: int
    """Over how many tokens the means were taken."""
    population: int
    """Of how many: all but those that are not finite, or zero."""


ROUTES = (
    Route("positions", PositionsRequest, Positions),
    Route("trails", TrailsRequest, Trails),
    Route("quality", QualityRequest, Quality),
)
