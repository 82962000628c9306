"""Answers the Projector inside our tab: its tables, and which columns each one has."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tb_wordembed.errors import NotFoundError
from tb_wordembed.projector.metadata_file import Values, fields, joined, taken
from tb_wordembed.projector.names import digest, shown_name
from tb_wordembed.projector.rows import Chosen, Rows, chosen
from tb_wordembed.read import disk_cache
from tb_wordembed.read.log import Log
from tb_wordembed.read.neighbors import known_neighbors
from tb_wordembed.read.series import Series
from tb_wordembed.server.projector_key import Place

K = 10
"""The number of neighbors of which the share that was kept is a column."""

PROMPT_OPERATIONS = 5e9
"""The number of multiplications up to which the neighbors of all tokens are computed:
they take about half a second. A larger table has the column "neighbors kept" only while
its neighbors are in memory."""


def shown(log: Log, place: Place) -> Chosen:
    """Returns the rows of a place that the Projector is given."""
    return _shown(_series(log, place), place)


def content(log: Log, place: Place) -> str:
    """Returns a text that changes when the numbers of a place, or its columns,
    change."""
    series = _series(log, place)
    held = series.checksums(place.step, place.reference_step), series.columns_id
    return digest(repr(held).encode())


def answer(log: Log, place: Place, name: str) -> tuple[bytes, str]:
    """Returns the answer to a request of the page, and its content type."""
    if name not in _ANSWERS:
        raise NotFoundError(f"the Projector has no {name[:80]!r}")
    return _ANSWERS[name](_series(log, place), place)


def _info(series: Series, place: Place) -> tuple[bytes, str]:
    name = shown_name(place.tag)
    embedding = {
        "tensorName": name,
        "tensorShape": [len(_shown(series, place).rows), series.shape[1]],
        "metadataPath": name,
    }
    return _json({"embeddings": [embedding]})


def _tensor(series: Series, place: Place) -> tuple[bytes, str]:
    table, rows = series.table(place.step), _shown(series, place).rows
    kept = table if len(rows) == len(table) else table[rows]
    return kept.astype("<f4", copy=False).tobytes(), "application/octet-stream"


def _metadata(series: Series, place: Place) -> tuple[bytes, str]:
    rows = _shown(series, place).rows
    measured = _measured(series, place.reference_step, place.step)
    # Logged columns are the same at each step, and most of the text.
    content = series.columns_id, series.shape, disk_cache.digest(rows.tobytes())
    names, lines = series.cache.get(
        ("projector_fields", *content), lambda: _fields(series, rows)
    )
    values = {name: taken(of, rows) for name, of in measured.items()}
    heads = [f"{one} (measured)" if one in names else one for one in values]
    return joined([*names, *heads], [lines, fields(values)]), "text/plain"


def _fields(series: Series, rows: Rows) -> tuple[list[str], list[str]]:
    """Returns the names of the logged columns, and a line of them for each row."""
    columns: dict[str, Values] = {"token": series.tokens, **series.metadata}
    some = {name: taken(values, rows) for name, values in columns.items()}
    return list(some), fields(some)


def _measured(series: Series, reference_step: int, step: int) -> dict[str, Values]:
    """Returns the columns that are measured between two steps, for all rows."""
    columns: dict[str, Values] = {
        "norm": series.norms(step),
        "drift": series.drift(reference_step, step),
    }
    rows, dimensions = series.shape
    is_prompt = 2.0 * rows * rows * dimensions <= PROMPT_OPERATIONS
    steps = (reference_step, step)
    if is_prompt or all(known_neighbors(series, one, K) for one in steps):
        columns["neighbors kept"] = series.turnover(*steps, K).overlap
    return columns


_ANSWERS: dict[str, Callable[[Series, Place], tuple[bytes, str]]] = {
    "runs": lambda series, place: _json([shown_name(place.run)]),
    "info": _info,
    "tensor": _tensor,
    "metadata": _metadata,
    "bookmarks": lambda series, place: _json([]),
}


def _shown(series: Series, place: Place) -> Chosen:
    for row in place.wanted:
        series.index_of(row)
    content = series.content_id(place.step), series.columns_id, place.wanted
    return series.cache.get(
        ("projector_rows", *content),
        lambda: chosen(series.table(place.step), series.frequency(), place.wanted),
    )


def _series(log: Log, place: Place) -> Series:
    series = log.series(place.run, place.tag)
    series.check_step(place.step)
    series.check_step(place.reference_step)
    return series


def _json(value: Any) -> tuple[bytes, str]:
    return json.dumps(value).encode(), "application/json"
