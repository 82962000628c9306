"""The engines that users name."""

from __future__ import annotations

from typing import Literal, get_args

from tb_wordembed.engine.dask import DaskWorkers
from tb_wordembed.engine.local import LOCAL
from tb_wordembed.engine.segments import Engine, SegmentEngine
from tb_wordembed.integers import positive_integer

EngineName = Literal["local", "dask"]
"""Threads of this process, or the workers of a Dask cluster."""

MOST_WORKERS = 64
"""The largest number of processes that are started on this machine."""


def engine_of(
    name: EngineName, scheduler: str | None = None, workers: int | None = None
) -> Engine:
    """Returns an engine; see ``tb_wordembed.open`` for parameters and errors."""
    if name not in get_args(EngineName):
        raise ValueError(f"engine is {name!r}; expected one of {get_args(EngineName)}")
    if name == "dask":
        return SegmentEngine(dask_workers(scheduler, workers))
    for what, value in (("scheduler", scheduler), ("workers", workers)):
        if value is not None:
            raise ValueError(
                f"{what} is {value!r} with engine 'local', which has none; expected "
                "engine='dask' with it"
            )
    return LOCAL


def dask_workers(scheduler: str | None, workers: int | None) -> DaskWorkers:
    """Returns the workers of a scheduler, or as many processes of this machine."""
    if scheduler is not None and workers is not None:
        raise ValueError(
            f"scheduler is {scheduler!r} and workers is {workers!r}: a cluster has the "
            "workers that it has; expected one of the two"
        )
    count = 1 if workers is None else positive_integer("workers", workers, MOST_WORKERS)
    return DaskWorkers(scheduler, count)
