"""The context of questions whose answers are waited for."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.route import ReferenceRequest, SeriesRequest
from tb_wordembed.engine.progress import Progress, silent
from tb_wordembed.read.reference import Reference
from tb_wordembed.read.series import Series
from tb_wordembed.server.queries.context import DONE, Context

T = TypeVar("T")


class AtOnce(Context):
    """Answers about one series, each whole when it comes: no job is left at work."""

    def __init__(self, series: Series) -> None:
        # A field of a frozen class.
        object.__setattr__(self, "_series", series)

    def series(self, request: SeriesRequest) -> Series:
        """Returns the series, whichever the request names."""
        del request
        found: Series = self.__dict__["_series"]
        return found

    def reference(self, request: ReferenceRequest) -> Reference | None:
        """Returns None: the page compares the steps of one series."""
        del request
        return None

    def job(
        self,
        key: Hashable,
        work: Callable[[Progress], T],
        seconds: float,
        keeps: Callable[[Any], bool] = lambda _: True,
    ) -> tuple[Job, T | None]:
        """Does the work, unless its result is in the cache, where the tab's is too."""
        del seconds, keeps
        cache = self.__dict__["_series"].cache
        return DONE, cache.get(("answer", key), lambda: work(silent))
