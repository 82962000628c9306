"""Reduces an answer to the rows that a page holds, in fewer bytes."""

from __future__ import annotations

import dataclasses
import gzip
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from tb_wordembed.contract.findings import Finding, Findings
from tb_wordembed.contract.health import Updates
from tb_wordembed.contract.logged import ColumnValues, Tokens
from tb_wordembed.projector.rows import Rows
from tb_wordembed.server import wire
from tb_wordembed.server.queries.shown_rows import cut, per_row

T = TypeVar("T")

_LEAST_HALF = 2.0**-6
"""Arrays whose largest number is smaller lose digits in half precision."""


def piece(answer: Any) -> bytes:
    """Returns an answer as the server sends it, compressed; always the same bytes."""
    body, _ = wire.encode(answer)
    return gzip.compress(body, 9, mtime=0)


def reduced(answer: T, rows: Rows) -> T:
    """Returns an answer about these rows alone, which are numbered anew from 0, its
    numbers in half precision: they are rounded to 11 bits, which is 3 digits."""
    found: Any = cut(answer, rows)
    changes: dict[str, Any] = {
        name: halved(values)
        for name in per_row(type(found))
        # Where a job found nothing, there are no values.
        if len(values := getattr(found, name))
    }
    if isinstance(found, Tokens):
        changes["tokens"] = _some(found.tokens, rows)
    if isinstance(found, ColumnValues):
        changes["numbers"] = found.numbers and _some(found.numbers, rows)
        changes["texts"] = found.texts and _some(found.texts, rows)
    if isinstance(found, Updates):
        changes["fixed_rows"] = _renumbered(found.fixed_rows, rows)
    if isinstance(found, Findings):
        changes["findings"] = [_finding(one, rows) for one in found.findings]
    made: T = dataclasses.replace(found, **changes)
    return made


def halved(numbers: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Returns float32 numbers in half precision, unless they are too large or too small
    for that."""
    if numbers.dtype != np.float32:
        return numbers
    sizes = np.abs(numbers[np.isfinite(numbers)])
    largest = float(sizes.max(initial=0))
    fits = largest == 0 or _LEAST_HALF <= largest <= float(np.finfo(np.float16).max)
    return numbers.astype(np.float16) if fits else numbers


def _some(values: list[Any], rows: Rows) -> list[Any]:
    return [values[row] for row in rows.tolist()]


def _finding(one: Finding, rows: Rows) -> Finding:
    """Returns a finding that selects those of its rows that are held."""
    indices = _renumbered(np.asarray(one.view.indices, np.int64), rows).tolist()
    return dataclasses.replace(one, view=dataclasses.replace(one.view, indices=indices))


def _renumbered(some: npt.NDArray[Any], rows: Rows) -> npt.NDArray[np.int32]:
    """Returns the new numbers of those of some rows that are held."""
    held = some[np.isin(some, rows)]
    return np.searchsorted(rows, held).astype(np.int32)
