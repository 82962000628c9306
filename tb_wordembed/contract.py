"""The wire contract: what the page can ask and what it is answered.

This module is the only place where the contract is written. ``scripts/generate``
derives the JSON Schema (docs/contract.schema.json), the TypeScript types
(frontend/src/api/contract.gen.ts) and docs/http_api.md from it, and the tests
fail when they are out of date.

A request's fields are query parameters; a field with a default may be left out.
A response is JSON, unless one of its fields is an array: then it is a frame (see
frames.py), with the other fields as JSON in its header. Non-finite numbers are
``null`` in JSON and NaN in arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.finding import Kind, Severity, ViewName
from tb_wordembed.analysis.neighbors import Metric
from tb_wordembed.jobs import State

VectorFormat = Literal["npz", "word2vec"]


@dataclass(frozen=True)
class Shape:
    """Names the axes of an array field."""

    axes: tuple[str, ...]


# ---------------------------------------------------------------- what was logged


@dataclass(frozen=True)
class IndexRequest:
    """No parameters."""


@dataclass(frozen=True)
class Column:
    """A per-row column logged beside the table."""

    name: str
    kind: Literal["number", "text"]


@dataclass(frozen=True)
class Series:
    """The snapshots of one run and tag."""

    run: str
    tag: str
    description: str
    vocab_size: int
    embedding_dim: int
    dtype: str
    steps: list[int]
    wall_times: list[float]
    has_tokens: bool
    """Whether labels were logged; if not, row i is labeled ``#i``."""
    columns: list[Column]
    """Columns other than the tokens."""
    columns_id: str
    """Changes whenever tokens or columns change."""


@dataclass(frozen=True)
class Problem:
    """Something in the log that could not be read, and was left out."""

    path: str
    offset: int
    message: str


@dataclass(frozen=True)
class Index:
    """Everything that was logged, by run and tag."""

    scanning: bool
    """True while the log is being indexed for the first time: more may appear."""
    series: list[Series]
    problems: list[Problem]


# ------------------------------------------------------------------------- columns


@dataclass(frozen=True)
class TokensRequest:
    run: str
    tag: str


@dataclass(frozen=True)
class Tokens:
    """The label of each row. Untrusted text."""

    tokens: list[str]


@dataclass(frozen=True)
class ColumnRequest:
    run: str
    tag: str
    column: str


@dataclass(frozen=True)
class ColumnValues:
    """One value per row; exactly one of ``numbers`` and ``texts`` is given."""

    column: str
    numbers: list[float | None] | None
    texts: list[str] | None


# ----------------------------------------------------------------- the whole table


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
    """A picture of the table at a step."""

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
    """The positions of some tokens at all steps, in the picture of the positions
    route; of ``tsne`` empty until that is done."""

    indices: list[int]
    steps: list[int]
    layout: LayoutName
    components: list[int]
    expressions: list[str]
    trails: Annotated[
        npt.NDArray[np.float32], Shape(("tokens", "steps", "coordinates"))
    ]


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
    1966): raw displacement would mostly be that rotation."""

    step: int
    other_run: str
    other_tag: str
    other_step: int
    measure: Measure
    centered: bool
    """Whether the mean of each table was taken off first."""
    common: int
    """How many tokens both have: what is aligned."""
    residual: float | None
    """What the rotation leaves over, 0..1: 0 for tables that are the same but for it,
    1 for tables that have nothing in common."""
    values: Annotated[npt.NDArray[np.float32], Shape(("vocab_size",))]
    """NaN for a token that the other lacks."""


@dataclass(frozen=True)
class PathRequest:
    run: str
    tag: str


@dataclass(frozen=True)
class Path:
    """The ways of all tokens from the first step to the last."""

    length: Annotated[npt.NDArray[np.float32], Shape(("vocab_size",))]
    """The sum of the Euclidean displacements from step to step."""
    displacement: Annotated[npt.NDArray[np.float32], Shape(("vocab_size",))]
    """Euclidean, from the first step to the last."""
    straightness: Annotated[npt.NDArray[np.float32], Shape(("vocab_size",))]
    """Displacement over length, 0..1; NaN for what never moved."""


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
    k: int = 10


@dataclass(frozen=True)
class Quality:
    """How far a picture can be trusted at a step (Venna & Kaski 2001); null until the
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


@dataclass(frozen=True)
class HealthRequest:
    run: str
    tag: str


@dataclass(frozen=True)
class Quantiles:
    """Over the tokens, one value per step; null where there is nothing to compare."""

    p10: list[float | None]
    p50: list[float | None]
    p90: list[float | None]
    max: list[float | None]


@dataclass(frozen=True)
class Likeness:
    """How like the table of another step it is, one value per step; null where there
    is nothing to compare."""

    cka: list[float | None]
    """Linear centered kernel alignment, 0..1: 1 for the same table but for rotation,
    scale and mean (Kornblith et al. 2019)."""
    pip_loss: list[float | None]
    """Pairwise inner product loss over the sum of both norms, 0..1: 0 for the same
    table but for a rotation (Yin & Shen 2018)."""
    procrustes_residual: list[float | None]
    """What the best rotation leaves over, 0..1 (Schönemann 1966)."""


@dataclass(frozen=True)
class Health:
    """Measures of the whole table, one value per step."""

    job: Job
    steps: list[int]
    """Those measured so far, from the first on; all when the job is done."""
    drift_from_first: Quantiles
    """Cosine drift from the first step."""
    drift_from_previous: Quantiles
    """Cosine drift from the step before."""
    norm: Quantiles
    """Euclidean norm of the rows."""
    effective_rank: list[float | None]
    """exp of the entropy of the normalized singular values, 1..embedding_dim
    (Roy & Vetterli 2007)."""
    mean_pairwise_cosine: list[float | None]
    """Average cosine between two different rows, -1..1 (Ethayarajh 2019)."""
    participation_ratio: list[float | None]
    """Over how many dimensions the variance is spread, 1..embedding_dim (Gao et al.
    2017)."""
    iso_score: list[float | None]
    """How evenly the variance uses all dimensions, 0..1 (Rudman et al. 2022). Neither
    end is better."""
    to_first: Likeness
    to_previous: Likeness
    frozen_rows: list[int | None]
    """Finite rows that equal those of the step before, number by number."""
    zero_rows: list[int]
    duplicate_rows: list[int]
    """Rows that equal an earlier row, number by number."""
    non_finite_rows: list[int]
    """Rows with NaN or infinite values: counted here, left out elsewhere."""


# ----------------------------------------------------------------------- one token


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
class NeighborsRequest:
    run: str
    tag: str
    index: int
    step: int
    k: int = 10
    metric: Metric = "cosine"


@dataclass(frozen=True)
class Neighbor:
    index: int
    token: str
    distance: float


@dataclass(frozen=True)
class Neighbors:
    """The k nearest tokens at a step, nearest first, the token itself left out."""

    index: int
    token: str
    step: int
    metric: Metric
    neighbors: list[Neighbor]


@dataclass(frozen=True)
class NeighborChangeRequest:
    run: str
    tag: str
    index: int
    from_step: int
    to_step: int
    k: int = 10
    metric: Metric = "cosine"


@dataclass(frozen=True)
class NeighborChange:
    """Which neighbors a token gained, kept and lost between two steps."""

    index: int
    token: str
    from_step: int
    to_step: int
    metric: Metric
    before: list[Neighbor]
    after: list[Neighbor]
    gained: list[int]
    kept: list[int]
    lost: list[int]
    overlap: float | None
    """overlap@k: the share of neighbors kept, 0..1 (Wendlandt et al. 2018)."""
    jaccard: float | None
    """Kept over gained, kept and lost together, 0..1 (Antoniak & Mimno 2018)."""
    second_order_drift: float | None
    """How much its cosines to its neighbors at either step changed, 0..2, whatever the
    metric (Hamilton et al. 2016b)."""


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


# ------------------------------------------------------------- what takes a while


@dataclass(frozen=True)
class Job:
    """Where work stands that takes more than a moment. The same question joins it;
    nobody asking for half a minute ends it."""

    id: str
    """For the cancel route; empty when the job is done."""
    state: State
    progress: float
    """The share that is done, 0..1."""
    message: str
    error: str
    """Why it failed; empty unless it did."""


@dataclass(frozen=True)
class CancelRequest:
    id: str


@dataclass(frozen=True)
class Cancel:
    """Whether there was such a job, done or not."""

    found: bool


@dataclass(frozen=True)
class TurnoverRequest:
    run: str
    tag: str
    from_step: int
    to_step: int
    k: int = 10
    metric: Metric = "cosine"


@dataclass(frozen=True)
class Turnover:
    """How much of its k neighbors each token kept between two steps. Arrays are empty
    until the job is done; the estimate is there at once."""

    job: Job
    from_step: int
    to_step: int
    k: int
    metric: Metric
    mean_overlap: float | None
    """Exact when the job is done, until then that of a sample; null until there is
    one."""
    standard_error: float | None
    """Of ``mean_overlap``; 0 when it is exact."""
    sampled: int
    overlap: Annotated[npt.NDArray[np.float32], Shape(("vocab_size",))]
    """overlap@k; NaN for a token without neighbors."""
    jaccard: Annotated[npt.NDArray[np.float32], Shape(("vocab_size",))]


@dataclass(frozen=True)
class SecondOrderDriftRequest:
    run: str
    tag: str
    from_step: int
    to_step: int
    k: int = 10


@dataclass(frozen=True)
class SecondOrderDrift:
    """How much the cosines of every token to its neighbors at either step changed
    (Hamilton et al. 2016b). Empty until the job is done."""

    job: Job
    from_step: int
    to_step: int
    k: int
    values: Annotated[npt.NDArray[np.float32], Shape(("vocab_size",))]
    """0..2; NaN for a token without neighbors."""


@dataclass(frozen=True)
class AllNeighborsRequest:
    run: str
    tag: str
    step: int
    k: int = 10
    metric: Metric = "cosine"


@dataclass(frozen=True)
class AllNeighbors:
    """The k nearest tokens of every token at a step, exact, nearest first. Empty until
    the job is done."""

    job: Job
    step: int
    k: int
    metric: Metric
    indices: Annotated[npt.NDArray[np.int32], Shape(("vocab_size", "k"))]
    """-1 where a token has no more neighbors."""
    distances: Annotated[npt.NDArray[np.float32], Shape(("vocab_size", "k"))]
    """NaN there."""


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


# ------------------------------------------------------------------- semantic axes


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


# ------------------------------------------------------------------------ findings


@dataclass(frozen=True)
class FindingsRequest:
    run: str
    tag: str
    with_company: bool = False
    """Whether to look for words that changed company, too, which takes a while."""


@dataclass(frozen=True)
class NamedNumber:
    name: str
    value: float | None


@dataclass(frozen=True)
class View:
    """Where to see a finding."""

    name: ViewName
    step: int
    reference_step: int | None
    indices: list[int]
    """Rows to select."""
    measure: str | None
    """What to show of them; null where any will do."""


@dataclass(frozen=True)
class Finding:
    """What stands out in a series."""

    kind: Kind
    severity: Severity
    step: int | None
    """At which it happened, or since which it holds; null where that is no single
    one."""
    count: int
    """How many tokens it is about; 0 where it is the whole table."""
    numbers: list[NamedNumber]
    """What is behind it."""
    sentence: str
    """All of that in words. Tokens in it are untrusted text."""
    view: View


@dataclass(frozen=True)
class Findings:
    """What stands out, warnings first."""

    job: Job
    findings: list[Finding]
    """All when the job is done. Until then, if words that changed company are looked
    for, the others; or none."""


# ----------------------------------------------------------------------- Projector


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


# ------------------------------------------------------------------------- vectors


@dataclass(frozen=True)
class VectorsRequest:
    """Not one of ``ROUTES``: it is answered by a file."""

    run: str
    tag: str
    step: int
    format: VectorFormat = "npz"


# -------------------------------------------------------------------------- routes


@dataclass(frozen=True)
class Route:
    """A question: the function of the same name in queries.py answers it."""

    name: str
    request: type
    response: type


ROUTES = (
    Route("index", IndexRequest, Index),
    Route("tokens", TokensRequest, Tokens),
    Route("column", ColumnRequest, ColumnValues),
    Route("positions", PositionsRequest, Positions),
    Route("trails", TrailsRequest, Trails),
    Route("drift", DriftRequest, Drift),
    Route("norms", NormsRequest, Norms),
    Route("aligned_drift", AlignedDriftRequest, AlignedDrift),
    Route("path", PathRequest, Path),
    Route("quality", QualityRequest, Quality),
    Route("health", HealthRequest, Health),
    Route("trajectory", TrajectoryRequest, Trajectory),
    Route("trajectories", TrajectoriesRequest, Trajectories),
    Route("neighbors", NeighborsRequest, Neighbors),
    Route("neighbor_change", NeighborChangeRequest, NeighborChange),
    Route("motion", MotionRequest, Motion),
    Route("turnover", TurnoverRequest, Turnover),
    Route("second_order_drift", SecondOrderDriftRequest, SecondOrderDrift),
    Route("all_neighbors", AllNeighborsRequest, AllNeighbors),
    Route("breaks", BreaksRequest, Breaks),
    Route("cancel", CancelRequest, Cancel),
    Route("axis", AxisRequest, Axis),
    Route("analogy", AnalogyRequest, Analogy),
    Route("findings", FindingsRequest, Findings),
    Route("projector", ProjectorRequest, Projector),
)
