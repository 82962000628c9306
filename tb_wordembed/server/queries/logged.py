"""Answers the routes of logged data: index, tokens, columns, images, vectors."""

from __future__ import annotations

import math
from typing import IO

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.tsne_layout import can_lay_out
from tb_wordembed.contract import logged as contract
from tb_wordembed.contract.route import RowsRequest
from tb_wordembed.errors import NotFoundError
from tb_wordembed.format.images import (
    MOST_IMAGE_BYTES,
    MOST_PIXELS,
    image_type,
    pixels,
)
from tb_wordembed.format.storable_names import as_unicode
from tb_wordembed.read.log import Problem
from tb_wordembed.read.series import Series
from tb_wordembed.server import wire
from tb_wordembed.server.queries import to_contract
from tb_wordembed.server.queries.context import NO_BOUND, Context
from tb_wordembed.server.queries.shown_rows import rows_of
from tb_wordembed.server.vector_files import VectorFile, vector_file

SAMPLED_ROWS = 100_000
"""The number of rows that a page holds of a larger table, at first."""


def index(context: Context, request: contract.IndexRequest) -> contract.Index:
    """Returns everything that was logged, by run and tag."""
    del request
    log = context.log
    return contract.Index(
        scanning=log.scanning,
        series=[described(one, context.most_rows) for one in log.all_series],
        problems=list(map(_problem, log.problems)),
        incomplete=list(map(_problem, log.incomplete)),
        layouts=["pca", "axes", "tsne"] if can_lay_out() else ["pca", "axes"],
    )


def _problem(one: Problem) -> contract.Problem:
    return contract.Problem(as_unicode(one.path), one.offset, one.message)


def described(one: Series, most_rows: int = NO_BOUND) -> contract.Series:
    """Returns what the contract says about a series."""
    vocab_size, embedding_dim = one.shape
    is_whole = vocab_size <= most_rows
    return to_contract.filled(
        contract.Series,
        one,
        vocab_size=vocab_size,
        shown_rows=vocab_size if is_whole else min(most_rows, SAMPLED_ROWS),
        embedding_dim=embedding_dim,
        wall_times=[time if math.isfinite(time) else 0.0 for time in one.wall_times],
        checksums=one.checksums(*one.steps),
        basis_steps=one.basis_steps(),
        columns=[
            contract.Column(name, kind) for name, kind in one.column_kinds.items()
        ],
    )


def tokens(context: Context, request: RowsRequest) -> contract.Tokens:
    """Returns the label of each row."""
    series = context.series(request)
    rows = rows_of(series, request)
    if rows is None:
        return contract.Tokens(series.tokens)
    labels = series.labels
    return contract.Tokens([labels[row] for row in rows.tolist()])


def column(context: Context, request: contract.ColumnRequest) -> contract.ColumnValues:
    """Returns the values of a column."""
    series = context.series(request)
    rows, name = rows_of(series, request), request.column
    kind = series.column_kinds.get(name)
    # Only the texts that are asked for become objects: a table may have millions.
    labels = series.texts(name) if kind == "text" and rows is not None else None
    values = series.column(name) if labels is None else labels
    if not isinstance(values, np.ndarray):
        texts = list(values) if rows is None else [values[row] for row in rows.tolist()]
        return contract.ColumnValues(numbers=None, texts=texts)
    values = values if rows is None else values[rows]
    return contract.ColumnValues(to_contract.numbers(values), texts=None)


def image(context: Context, request: contract.ImageRequest) -> tuple[bytes, str]:
    """Returns the image of a row, and its media type by its first bytes. A row without
    an image has no bytes. Raises NotFoundError if there is no such column or row, or it
    holds something else."""
    found = context.series(request).image(request.column, request.row)
    kind = image_type(found)
    is_small = (
        len(found) <= MOST_IMAGE_BYTES and 0 < (pixels(found) or 0) <= MOST_PIXELS
    )
    if found and not is_small:
        raise NotFoundError(
            f"row {request.row} of column {request.column!r} holds no PNG, JPEG, GIF "
            f"or WebP of at most {MOST_IMAGE_BYTES:,} bytes and {MOST_PIXELS:,} pixels"
        )
    return found, kind or "application/octet-stream"


def vectors(
    context: Context, request: contract.VectorsRequest, body: IO[bytes] | None = None
) -> VectorFile:
    """Returns a file of the table at a step: of all rows, or of those that the body of
    the request names, separated by dots."""
    series = context.series(request)
    rows = None if body is None else _rows(body, series.shape[0])
    return vector_file(series, request.step, request.format, rows)


def _rows(body: IO[bytes], count: int) -> npt.NDArray[np.int64]:
    """Returns the rows that a body names. Raises ValueError if they are more than the
    table has, or it holds other text."""
    most = count * (len(str(count)) + 1)
    text = wire.read(body, most)
    if len(text) > most or text.count(b".") >= count:
        raise ValueError(
            f"the body names more rows than the {count:,} of the table; ask for all "
            "rows instead"
        )
    return to_contract.row_numbers(text, "the body")
