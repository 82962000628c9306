"""Finds the values of all rows that a large table is ranked and filtered by."""

from __future__ import annotations

import math
import typing
from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_wordembed.contract import ROUTES_BY_NAME
from tb_wordembed.contract import large_tables as contract
from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.noise import NoiseRequest
from tb_wordembed.contract.route import ReferenceRequest
from tb_wordembed.read.labels import Labels
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.series import Series
from tb_wordembed.server import wire
from tb_wordembed.server.queries import noise
from tb_wordembed.server.queries.answer import function
from tb_wordembed.server.queries.context import DONE, Context
from tb_wordembed.server.queries.shown_rows import per_row

_TEXTS = "texts"
"""The field of a column of texts."""

_FIELDS_OF_STEPS = ("positions", "last_change")
"""The fields that hold for each row the position of a step, or -1 for none."""


class RowValues(ABC):
    """One value for each row of a table, which may take a job to find."""

    def job(self) -> Job:
        """Returns the state of the job, which is begun if need be."""
        return DONE

    def sources(self) -> tuple[Hashable, ...]:
        """Returns what the values depend on beside the request and its series: the
        contents of other runs."""
        return ()

    @abstractmethod
    def read(self) -> npt.NDArray[Any] | Labels:
        """Returns the values, after the job is done. Raises ValueError if there are
        none for each row, or the answer is no longer kept."""


def row_values(
    context: Context, request: contract.RankedRequest, column: Sequence[str]
) -> RowValues:
    """Returns the values of a column of a condition, which the contract describes.
    Raises ValueError if there is no such route, question or field."""
    if column[0] == "tokens" or column[2] == _TEXTS:
        return _RowTexts(context.series(request), column)
    return RowNumbers(context, request, *column)


class RowNumbers(RowValues):
    """The numbers of a field of the answer to a question about the rows of a series.

    Raises:
      ValueError: there is no such route, question or field, or its values are texts.
    """

    def __init__(
        self,
        context: Context,
        request: contract.RankedRequest,
        route: str,
        question: str,
        field: str,
    ) -> None:
        known = typing.get_args(contract.RankedRoute)
        if route not in known:
            raise ValueError(f"route {route[:80]!r} ranks no rows; expected {known}")
        self._context, self._series = context, context.series(request)
        self._route, self._field = route, field
        response = ROUTES_BY_NAME[route].response
        parameters = wire.parameters(question.encode("utf-8", "replace"))
        parameters |= {"run": request.run, "tag": request.tag, "shown": ""}
        self._request = wire.parse(ROUTES_BY_NAME[route].request, parameters)
        fields = ["numbers"] if route == "column" else per_row(response)
        if field not in fields:
            raise ValueError(
                f"parameter 'field' is {field[:80]!r}; expected one of {fields}"
            )
        self._has_job = "job" in typing.get_type_hints(response)
        column = self._request.column if route == "column" else ""
        if self._series.column_kinds.get(column) == "text":
            raise ValueError(
                f"column {column!r} holds texts; expected a column of numbers"
            )

    def job(self) -> Job:
        """Returns the state of the job for the answer."""
        return self._answer().job if self._has_job else DONE

    def sources(self) -> tuple[Hashable, ...]:
        """Returns the contents of the other runs that the numbers depend on."""
        request, series = self._request, list[LoggedSeries]()
        if isinstance(request, ReferenceRequest):
            reference = self._context.reference(request)
            if reference is not None:
                series.append(reference.series)
        if isinstance(request, NoiseRequest):
            series += noise.named_seeds(self._context, request) or []
        return tuple((one.content_id(*one.steps), one.columns_id) for one in series)

    def read(self) -> npt.NDArray[Any]:
        """Returns one number per row; steps in place of their positions."""
        if self._route == "column":
            return np.asarray(self._series.column(self._request.column), np.float64)
        answer = self._answer()
        if self._has_job and answer.job.state != "done":
            raise ValueError(f"the answer of {self._route!r} is gone; ask again")
        values: npt.NDArray[Any] = getattr(answer, self._field)
        if self._field not in _FIELDS_OF_STEPS:
            return values
        steps = np.array([*answer.steps, math.nan], np.float64)
        found: npt.NDArray[Any] = steps[np.clip(values, -1, len(steps) - 1)]
        return found

    def _answer(self) -> Any:
        return function(ROUTES_BY_NAME[self._route])(self._context, self._request)


class _RowTexts(RowValues):
    """The tokens, or the texts of a column."""

    def __init__(self, series: Series, column: Sequence[str]) -> None:
        self._series, self._column = series, column

    def read(self) -> Labels:
        if self._column[0] == "tokens":
            return self._series.labels
        route, question, _ = self._column
        name = wire.parameters(question.encode("utf-8", "replace")).get("column", "")
        texts = self._series.texts(name) if route == "column" else None
        if texts is None:
            raise ValueError(
                f"{name[:80]!r} is no column with a text for each row of the newest "
                "table"
            )
        return texts
