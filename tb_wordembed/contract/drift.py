"""How tokens moved: between two steps, and through all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.drift import Measure
from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.route import Route, Shape


@dataclass(frozen=True)
class DriftRequest:
    run: str
    tag: str
    from_step: int
    to_step: int
    measure: Measure = "cosine"


@dataclass(frozen=True)
class Drift:
    """The change of every token between two steps; NaN where a row is zero under
    a measure that needs a direction, or not finite."""

    from_step: int
    to_step: int
    measure: Measure
    values: Annotated[npt.NDArray[np.float32], Shape(("vocab_size",))]


@dataclass(frozen=True)
class NormsRequest:
    run: str
    tag: str
    step: int


@dataclass(frozen=True)
class Norms:
    """The Euclidean norm of every row at a step."""

    step: int
    values: Annotated[npt.NDArray[np.float32], Shape(("vocab_size",))]
    """NaN where the row is not finite."""


@dataclass(frozen=True)
class AlignedDriftRequest:
    run: str
    tag: str
    step: int
    other_run: str
    other_tag: str
    other_step: int
    measure: Measure = "cosine"
    centered: bool = False


@dataclass(frozen=True)
class AlignedDrift:
    """The change of every token from one series to another, such as another run or
    seed, after the rotation that best lays the one table upon the other (Schönemann
    1966): raw displacement would mostly be that rotation. Empty until the job is
    done."""

    job: Job
    step: int
    other_run: str
    other_tag: str
    other_step: int
    measure: Measure
    centered: bool
    """Whether the mean of each table was taken off first."""
    common: int
    """The number of tokens that both have: they are aligned."""
    residual: float | None
    """The share that the rotation leaves over, 0..1: 0 for tables that differ by a
    rotation only, 1 for tables that have nothing in common."""
    values: Annotated[npt.NDArray[np.float32], Shape(("vocab_size",))]
    """NaN for a token that the other lacks."""


@dataclass(frozen=True)
class PathRequest:
    run: str
    tag: str


@dataclass(frozen=True)
class Path:
    """The ways of all tokens from the first step to the last. Empty until the job is
    done."""

    job: Job
    length: Annotated[npt.NDArray[np.float32], Shape(("vocab_size",))]
    """The sum of the Euclidean displacements from step to step."""
    displacement: Annotated[npt.NDArray[np.float32], Shape(("vocab_size",))]
    """Euclidean, from the first step to the last."""
    straightness: Annotated[npt.NDArray[np.float32], Shape(("vocab_size",))]
    """Displacement over length, 0..1; NaN for what never moved."""


@dataclass(frozen=True)
class TrajectoryRequest:
    run: str
    tag: str
    index: int
    reference_step: int
    measure: Measure = "cosine"


@dataclass(frozen=True)
class Trajectory:
    """One token through all steps."""

    index: int
    token: str
    reference_step: int
    measure: Measure
    steps: list[int]
    drift: list[float | None]
    """From the reference step to each step."""
    step_drift: list[float | None]
    """From the step before to each step; null at the first."""
    norm: list[float | None]


@dataclass(frozen=True)
class TrajectoriesRequest:
    run: str
    tag: str
    indices: str
    """Rows, separated by dots: ``3.14.15``."""
    reference_step: int
    measure: Measure = "cosine"


@dataclass(frozen=True)
class Trajectories:
    """Some tokens through all steps, in the order asked for; NaN where a token has no
    such number. Only their rows are read."""

    indices: list[int]
    reference_step: int
    measure: Measure
    steps: list[int]
    drift: Annotated[npt.NDArray[np.float32], Shape(("tokens", "steps"))]
    """From the reference step to each step."""
    norm: Annotated[npt.NDArray[np.float32], Shape(("tokens", "steps"))]


@dataclass(frozen=True)
class BreaksRequest:
    run: str
    tag: str
    measure: Measure = "cosine"


@dataclass(frozen=True)
class Breaks:
    """When each token broke off its trend, and when the table came to rest. Empty until
    the job is done."""

    job: Job
    measure: Measure
    steps: list[int]
    positions: Annotated[npt.NDArray[np.int32], Shape(("vocab_size",))]
    """The position in ``steps`` of the first step after the break in the drift from the
    first step; -1 where there is none."""
    strengths: Annotated[npt.NDArray[np.float32], Shape(("vocab_size",))]
    """The largest jump off the trend in standard errors, whether it is a break or not;
    NaN with fewer than six steps."""
    jumps: Annotated[npt.NDArray[np.float32], Shape(("vocab_size",))]
    """How far the drift jumps there, of either sign."""
    break_strength: float
    """From how many standard errors a jump is a break."""
    settled_step: int | None
    """The step since which the usual token turns at no more than ``settled_share`` of
    its largest rate in any interval between steps, two intervals at least; null where
    the table is not settled."""
    settled_share: float


ROUTES = (
    Route("drift", DriftRequest, Drift),
    Route("norms", NormsRequest, Norms),
    Route("aligned_drift", AlignedDriftRequest, AlignedDrift),
    Route("path", PathRequest, Path),
    Route("trajectory", TrajectoryRequest, Trajectory),
    Route("trajectories", TrajectoriesRequest, Trajectories),
    Route("breaks", BreaksRequest, Breaks),
)
