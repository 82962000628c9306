"""``Log``: the runs, tags and series below a log directory."""

from __future__ import annotations

import copy
import itertools
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tb_wordembed.engine.local import LOCAL
from tb_wordembed.engine.progress import Progress, silent
from tb_wordembed.engine.segments import Engine
from tb_wordembed.errors import NotFoundError, listed, not_found
from tb_wordembed.format.paths import expand, is_remote
from tb_wordembed.format.storable_names import run_name
from tb_wordembed.read import why_missing
from tb_wordembed.read.check import Check, check, notes
from tb_wordembed.read.disk_cache import DiskCache, results_directory
from tb_wordembed.read.engines import EngineName, engine_of
from tb_wordembed.read.log_health import TableHealth, sickest_first
from tb_wordembed.read.memory_cache import Cache
from tb_wordembed.read.series import Series
from tb_wordembed.read.vocabulary import misfits
from tb_wordembed.snapshots.checkpoints.given_tokens import GivenTokens, TokensOf
from tb_wordembed.snapshots.index_entries import Problem, SeriesIndex
from tb_wordembed.snapshots.store import Store

__all__ = ["Log", "Problem", "TokensOf", "open"]

CACHE_BYTES = 512 << 20
"""The bound of the cache: it holds the texts and the drift of 20 million tokens."""


@dataclass(frozen=True)
class _Known:
    """What follows from the index of a series, which takes longer than most questions
    where there are many steps."""

    index: SeriesIndex
    series: Series
    misfits: tuple[Problem, ...]


class Log:
    """The embedding snapshots below some directories.

    Args:
      sources: name and path of each directory, local or of a scheme that TensorBoard
        can read; a name, if not empty, comes first in the names of its runs.
      engine: works on the row blocks of the tables.
      disk: keeps results for other processes.
      checkpoints: the tokens of the checkpoints below a local directory that has no
        event files; without it, they are not shown.
    """

    def __init__(
        self,
        sources: Sequence[tuple[str, str]],
        engine: Engine = LOCAL,
        disk: DiskCache | None = None,
        checkpoints: GivenTokens | None = None,
    ) -> None:
        self._store = Store(sources, checkpoints)
        self._engine = engine
        self.cache = Cache(CACHE_BYTES, disk or DiskCache(results_directory()))
        """Results by content, of all series."""
        self._known: dict[tuple[str, str], _Known] = {}

    def __repr__(self) -> str:
        series = "\n".join(f"  {one!r}" for one in self.all_series)
        if not series:
            why = why_missing.explanation(self._missing)
            return f"<Log without embedding snapshots{why}>"
        return f"<Log:\n{series}>"

    @property
    def scanning(self) -> bool:
        """Whether the first refresh is not done yet."""
        return not self._store.scanned

    def refresh(self) -> None:
        """Indexes what was appended to the log since the last refresh."""
        there = {(one.run, one.tag) for one in self._store.refresh().series}
        for gone in self._known.keys() - there:
            self._known.pop(gone, None)

    @property
    def problems(self) -> list[Problem]:
        """The files and snapshots that could not be read and are left out."""
        index = self._store.index
        misfits = (self._known_of(one).misfits for one in index.series)
        return [*index.problems, *itertools.chain.from_iterable(misfits)]

    @property
    def incomplete(self) -> list[Problem]:
        """The steps and columns that are still being written in parts, and which of
        their rows are missing. They are no numbers yet, and among ``notes``."""
        return list(self._store.index.incomplete)

    @property
    def _missing(self) -> list[Problem]:
        """What explains that something is not there."""
        return [*self.problems, *self.incomplete]

    @property
    def notes(self) -> list[Problem]:
        """Remarks on a log without damage: steps that are still being written, steps of
        an earlier training that were replaced, and runs that several processes wrote to
        at once."""
        return [*notes(self._store.index.incomplete, self._store.index.series)]

    def check(self) -> Check:
        """Reads every byte of the event files and verifies every checksum."""
        return check(self._store)

    @property
    def all_series(self) -> list[Series]:
        """Every series, by run and tag."""
        return [*map(self._series, self._store.index.series)]

    def _series(self, index: SeriesIndex) -> Series:
        # A series changes when it meets a damaged step, hence a copy for each question.
        return copy.copy(self._known_of(index).series)

    def _known_of(self, index: SeriesIndex) -> _Known:
        key = index.run, index.tag
        found = self._known.get(key)
        if found is None or found.index is not index:
            series = Series(index, self._store, self.cache, self._engine)
            found = self._known[key] = _Known(index, series, tuple(misfits(index)))
        return found

    @property
    def runs(self) -> list[str]:
        """Names of the runs that hold snapshots; the log directory itself is ``.``."""
        return sorted({one.run for one in self._store.index.series})

    def tags(self, run: str) -> list[str]:
        """Returns the tags of the snapshots of a run.

        Raises:
          NotFoundError: the log has no such run.
        """
        run = run_name(run)
        tags = sorted(one.tag for one in self._store.index.series if one.run == run)
        if not tags:
            self.check_has_snapshots()
            why = why_missing.explanation(why_missing.of_run(self._missing, run))
            raise NotFoundError(not_found("run", run, self.runs) + why)
        return tags

    def series(self, run: str | None = None, tag: str | None = None) -> Series:
        """Returns the series of a run and tag; either may be left out if it is the only
        one.

        Raises:
          NotFoundError: there is no such series.
          ValueError: there are several runs or tags, and none was named.
        """
        self.check_has_snapshots()
        run = _only("run", self.runs) if run is None else run_name(run)
        tags = self.tags(run)
        tag = _only("tag", tags) if tag is None else tag
        for one in self._store.index.series:
            if (one.run, one.tag) == (run, tag):
                return self._series(one)
        why = why_missing.explanation(why_missing.of_series(self._missing, run, tag))
        raise NotFoundError(not_found("tag", tag, tags) + why)

    def health(self, progress: Progress = silent) -> list[TableHealth]:
        """Returns the health of each table at its last step, sickest first: those with
        most warnings among their findings, then those with most notices, then those
        with the least information abundance for their size."""
        return sickest_first(self.all_series, progress)

    def check_has_snapshots(self) -> None:
        """Raises NotFoundError if there is no snapshot; says what could not be read."""
        if not self._store.index.series:
            why = why_missing.explanation(self._missing)
            raise NotFoundError(f"the log has no embedding snapshots{why}")


def open(
    logdir: str | os.PathLike[str],
    *,
    engine: EngineName = "local",
    scheduler: str | None = None,
    workers: int | None = None,
    tokens: Sequence[str] | TokensOf | None = None,
) -> Log:
    """Opens a log directory for reading.

    Example::

        log = tb_wordembed.open("runs")
        words = log.series("embeddings", "embedding")
        moved = words.drift(words.steps[0], words.steps[-1])
        words.neighbors("good", words.steps[-1])

    Args:
      logdir: a local directory, or one of any scheme that TensorBoard can read here,
        such as ``s3://bucket/runs``. Of a local one without event files, the
        checkpoints below it are read where they lie, each as a step: safetensors, also
        in several files, distributed checkpoints of PyTorch, checkpoints of TensorFlow,
        ``.npy`` files, and, with the extras ``parquet`` and ``zarr``, Parquet files and
        zarr arrays. Their rows have no tokens, unless a Parquet file has a column of
        them, or ``tokens`` says them.
      engine: what reads tables and measures them: ``"local"`` threads of this process,
        or the workers of a ``"dask"`` cluster, which must reach the log under the same
        path. Both give the same numbers to the last bit on the same kind of processor.
      scheduler: the address of the cluster's scheduler, such as
        ``tcp://10.0.0.1:8786``. None starts processes on this machine, which end with
        this one.
      workers: the number of these processes, 1 by default.
      tokens: the token of each row of checkpoints: texts, or a function that returns
        them for a number of rows, and raises ValueError for another one.

    Raises:
      FileNotFoundError: there is no such local directory.
      OSError: it can't be read, or there is no cluster; says what is missing.
      ImportError: Dask is not installed: ``pip install tb_wordembed[dask]``.
      TypeError: the tokens are no texts.
      ValueError: there is no such engine, or no number of workers; or no table is of
        checkpoints with as many rows as there are tokens.
    """
    made = partial(engine_of, engine, scheduler, workers)
    return open_with(logdir, made, tokens=tokens)


def open_with(
    logdir: str | os.PathLike[str],
    engine: Callable[[], Engine],
    disk: DiskCache | None = None,
    tokens: Sequence[str] | TokensOf | None = None,
) -> Log:
    """Opens a log directory as ``open`` does. ``engine`` makes the engine when the
    directory is there; ``disk`` keeps results for other processes."""
    path = expand(logdir)
    if not is_remote(path) and not Path(path).is_dir():
        raise FileNotFoundError(f"there is no log directory {path!r}")
    given = GivenTokens(
        tokens if tokens is None or callable(tokens) else lambda _: tokens
    )
    log = Log([("", path)], engine(), disk, given)
    log.refresh()
    for problem in log.problems:
        if problem.path == path:
            raise OSError(f"log directory {path!r} {problem.message}")
    # Where there is no table, what can't be read is said when one is asked for.
    if log.all_series:
        given.check()
    return log


def _only(what: str, names: list[str]) -> str:
    if len(names) > 1:
        raise ValueError(f"the log has several {what}s, name one of: {listed(names)}")
    return names[0]
