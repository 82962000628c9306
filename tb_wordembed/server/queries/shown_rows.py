"""The rows that an answer is asked about, and answers cut to them."""

from __future__ import annotations

import dataclasses
import typing
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_wordembed.contract.route import RowsRequest, array_of
from tb_wordembed.projector.rows import shown_rows
from tb_wordembed.read.series import Series
from tb_wordembed.server.queries import to_contract

Rows = npt.NDArray[np.int64]

MOST_SHOWN = 200_000
"""The largest number of rows of one answer about some."""


def rows_of(series: Series, request: RowsRequest) -> Rows | None:
    """Returns the rows that a request is about; None for all of them. Raises ValueError
    if it names none, too many, or what are no rows."""
    if not request.shown:
        return None
    sample = request.shown.removeprefix("sample.")
    found = to_contract.row_numbers(sample.encode(), "parameter 'shown'")
    count = series.shape[0]
    if sample != request.shown:
        if len(found) != 2 or not 0 < found[0] <= MOST_SHOWN or found[1] > count:
            raise ValueError(
                f"parameter 'shown' is {request.shown[:80]!r}; expected such as "
                f"sample.1000.{count}: 1 to {MOST_SHOWN:,} of the first {count:,} rows "
                "or fewer"
            )
        return shown_rows(int(found[1]), most=int(found[0]))
    if len(found) > MOST_SHOWN:
        raise ValueError(
            f"parameter 'shown' names {len(found):,} rows; expected {MOST_SHOWN:,} at "
            "most"
        )
    series.index_of(int(found.max()))
    return found


def per_row(kind: type) -> list[str]:
    """Returns the arrays of a response that have one value for each row."""
    hints = typing.get_type_hints(kind, include_extras=True)
    arrays = {name: array_of(hint) for name, hint in hints.items()}
    return [name for name, one in arrays.items() if one and one[1][0] == "vocab_size"]


def cut(answer: Any, rows: Rows) -> Any:
    """Returns an answer about these rows alone, in their order."""
    arrays = {name: getattr(answer, name) for name in per_row(type(answer))}
    # Until a job is done, they are empty.
    some = {name: values[rows] for name, values in arrays.items() if len(values)}
    return dataclasses.replace(answer, **some)
