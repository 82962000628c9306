"""Requests and responses of logged data: index, tokens, columns, files of vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from tb_wordembed.contract.layouts import LayoutName
from tb_wordembed.contract.route import Range, Route, RowsRequest, SeriesRequest

MOST_PAGE_STEPS = 10_000
MOST_PAGE_TOKENS = 2_000_000

VectorFormat = Literal["npz", "word2vec"]


@dataclass(frozen=True)
class IndexRequest:
    """A request without parameters."""


@dataclass(frozen=True)
class Column:
    """A column: one value per row, logged beside the table."""

    name: str
    kind: Literal["number", "text"]


@dataclass(frozen=True)
class Series:
    """The snapshots of one run and tag."""

    run: str
    tag: str
    description: str
    vocab_size: int
    full_vocab_size: int
    """The number of rows of the table that was trained; more than ``vocab_size`` where
    only some of them were logged."""
    shown_rows: int
    """The number of rows that a page holds: ``vocab_size``, or a sample of a larger
    table."""
    embedding_dim: int
    dtype: str
    steps: list[int]
    wall_times: list[float]
    checksums: list[int]
    """One number per step, which changes when the snapshot of the step is replaced."""
    replaced_steps: int
    """How many steps of an earlier training were replaced; they can't be shown."""
    basis_steps: list[int]
    """The steps whose snapshots are pooled for the basis of the ``pca`` layout."""
    has_tokens: bool
    """Whether labels were logged; if not, row i is labeled ``#i``."""
    columns: list[Column]
    """Columns other than the tokens."""
    image_columns: list[str]
    """The names of the columns of images, which are no ``columns``."""
    frequency_column: str | None
    """The column that says how often each token occurs; null where none does."""
    columns_id: str
    """Another text whenever tokens or columns change."""


@dataclass(frozen=True)
class Problem:
    """A part of the log that could not be read and was left out, or is incomplete."""

    path: str
    offset: int
    message: str


@dataclass(frozen=True)
class Index:
    """Everything that was logged, by run and tag."""

    scanning: bool
    """Whether the log is still being indexed for the first time: more may appear."""
    series: list[Series]
    problems: list[Problem]
    incomplete: list[Problem]
    """The steps and columns of which some rows have not been written yet."""
    layouts: list[LayoutName]
    """What the server can compute: ``tsne`` only where openTSNE is installed."""


@dataclass(frozen=True)
class Tokens:
    """The label of each row. Untrusted text."""

    tokens: list[str]


@dataclass(frozen=True)
class ColumnRequest(RowsRequest):
    column: str


@dataclass(frozen=True)
class ColumnValues:
    """One value per row; exactly one of ``numbers`` and ``texts`` is given."""

    numbers: list[float | None] | None
    texts: list[str] | None


@dataclass(frozen=True)
class VectorsRequest(SeriesRequest):
    """A request for a file of vectors; it is not one of ``ROUTES``."""

    step: int
    format: VectorFormat = "npz"


@dataclass(frozen=True)
class ImageRequest(SeriesRequest):
    """A request for the image of a row; it is not one of ``ROUTES``."""

    column: str
    row: int
    columns_id: str = ""
    """That of the series, where the answer may be kept for an hour: other images have
    another address."""


@dataclass(frozen=True)
class WebPageRequest(SeriesRequest):
    """A request for a series as a web page in one file; it is not one of ``ROUTES``.
    Until the page is made, the answer has the status 202, and is a ``Job``."""

    steps: Annotated[int, Range(1, MOST_PAGE_STEPS)] = 20
    """How many steps to hold at most."""
    tokens: Annotated[int, Range(1, MOST_PAGE_TOKENS)] = 10_000
    """How many tokens to hold at most."""


ROUTES = (
    Route("index", IndexRequest, Index),
    Route("tokens", RowsRequest, Tokens),
    Route("column", ColumnRequest, ColumnValues),
)
