"""``EmbeddingLogger``: logs the embedding tables of a PyTorch model, step by step."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import Any, Literal

from tb_wordembed.errors import LOG
from tb_wordembed.integers import as_integer, positive_integer
from tb_wordembed.torch.processes import is_first, said_by_first
from tb_wordembed.torch.sharded_weights import divide_again, full
from tb_wordembed.torch.tables import ModuleTable, find, present
from tb_wordembed.training.columns import as_labels, with_columns
from tb_wordembed.training.logged_table import LoggedTable, described
from tb_wordembed.training.training_log import TrainingLog
from tb_wordembed.write.alerts import OnFinding
from tb_wordembed.write.harmless import Harmless
from tb_wordembed.write.run_directory import place
from tb_wordembed.write.tables import as_table
from tb_wordembed.write.tag_and_step import as_step

_ROWS_ARE_MISSING = "Training goes on, and readers say which rows are missing"


class EmbeddingLogger(AbstractContextManager["EmbeddingLogger", None]):
    """Logs each ``nn.Embedding`` and ``nn.EmbeddingBag`` of a model while it trains.

    One line before the training and one in it::

        embeddings = EmbeddingLogger("runs", model, tokens=words)
        for epoch in range(epochs):
            ...
            embeddings.step()
        embeddings.close()

    Step 0 is the table as it is when the logger is made, and step n the one at the n-th
    call of ``step``. A training that is run again gets a run of its own:
    "embeddings-2" where "embeddings" holds snapshots of these tables.

    The tag of a table is the qualified name of its module, without those of wrappers,
    such as ``DistributedDataParallel`` and ``torch.compile``. A shared table is logged
    once. One with LoRA or a parametrization is logged as the forward pass looks it up.

    Where several processes train one model, each makes a logger and calls its methods:
    only the first one writes, and tables of which each process has a part (FSDP, tensor
    parallelism, ZeRO) are made whole for it. If only some of the processes come, such a
    table is left out after half a minute, with a warning.

    Wrong arguments are errors when the logger is made. After that no error ends the
    training: a full disk is one line in Python's log.

    Args:
      log_dir: the directory of the training's logs, or the ``SummaryWriter`` that
        writes them, of ``torch`` or ``tensorboardX``.
      model: the model; None if all tables come from ``add_embedding``.
      tokens: the token of each row, in any form that ``SnapshotWriter.embedding``
        takes, such as a list or a tokenizer. In a model with several tables these are
        the tokens of those with as many rows; a dict from module name to any of these
        has the tokens of each table.
      metadata: columns of metadata, as there; or a dict from module name to those of
        that module.
      index_from: the number to add to each index of a dict of tokens.
      modules: the modules to log, or their names: one or several, of any class that has
        a weight of two dimensions; or a dict from tag to a function of the model, such
        as ``{"head": lambda model: model.head.weight}``. By default all embeddings.
      rows: the rows to log of each table of tokens, if not all, as in
        ``SnapshotWriter.embedding``; or a dict from module name to any of these.
      every: the number of steps from one snapshot to the next. There is always one at
        the end.
      first_step: the step of the tables as they are now. A training that is resumed at
        this step goes on in the newest run that ended at it.
      run: the name of the run, which is a directory in ``log_dir``.
      dtype: "float16" or "bfloat16" takes half the bytes of float32; by default a table
        keeps its own.
      projector: whether to write what TensorBoard's standard Projector reads, too.
      scalars: whether to write a few curves of each table as ordinary scalars, such as
        ``wordembed/<tag>/median_drift`` (see
        ``tb_wordembed.training.health_curves.HealthCurves``).
      on_finding: what to do when a snapshot shows that something is wrong with a table,
        such as rows of NaN, padding that moved, exploding norms or a rank that fell:
        "warn" in Python's log, "stop" to set ``should_stop`` as well, or a function
        that is called with each finding, once (see ``tb_wordembed.write.alerts``).
      rank: the number of this process among those that train the model, if
        ``torch.distributed`` doesn't know it.
      gather: False has each process write the rows that it has of a table that is a
        ``DTensor`` divided by rows, as with ``fully_shard``. Such a table is never made
        whole, so it may be larger than the memory of a process, and has no curves,
        findings and files of the Projector.

    Attributes:
      should_stop: whether the training should end, because of a finding: the same in
        all processes of ``torch.distributed`` after ``step``.

    Raises:
      ValueError: an argument is wrong, or the model has no embedding.
      OSError: the event file can't be made.
    """

    def __init__(
        self,
        log_dir: Any,
        model: Any = None,
        *,
        tokens: Any = None,
        metadata: Any = None,
        index_from: int | None = None,
        modules: Any = None,
        rows: Any = None,
        every: int = 1,
        first_step: int = 0,
        run: str = "embeddings",
        dtype: str | None = None,
        projector: bool = True,
        scalars: bool = True,
        on_finding: OnFinding | Literal["stop"] | None = None,
        rank: int | None = None,
        gather: bool = True,
    ) -> None:
        self._place = place(log_dir, run)
        self._dtype, self._every = dtype, positive_integer("every", every)
        self._first_step = self._step = self._logged_step = as_step(first_step)
        self._is_writer = is_first(rank)
        self._log = TrainingLog(
            dtype, projector=projector, scalars=scalars, on_finding=on_finding
        )
        self._may_stop, self.should_stop = on_finding == "stop", False
        self._model = model
        self._tables: list[ModuleTable] = []
        self._divided: list[ModuleTable] = []
        if model is not None:
            self._tables = find(model, modules)
            if self._tables:
                sources = tokens, metadata, index_from, self._place[0]
                self._tables = with_columns(self._tables, *sources, rows=rows)
                self._open([one.tag for one in self._tables])
                if not gather:
                    self._divide()
            self._snapshot(is_first=True)

    def step(self, step: int | None = None) -> None:
        """Counts a step of the training, and writes the tables if one is due.

        Args:
          step: the number of steps completed, such as batches or epochs; by default one
            more than before.
        """
        number = None if step is None else as_integer(step)
        if step is not None and (
            number is None or not self._first_step < number < 2**63
        ):
            LOG.warning(
                "step(%r): expected a number of completed steps above %d, which is "
                "that of the tables before the training, and below 2**63. Nothing is "
                "logged for it",
                step,
                self._first_step,
            )
            return
        self._step = self._step + 1 if number is None else number
        if self._step // self._every != self._logged_step // self._every:
            self._snapshot()

    def add_embedding(
        self,
        mat: Any,
        metadata: Any = None,
        label_img: Any = None,
        global_step: int | None = None,
        tag: str = "default",
        metadata_header: Any = None,
    ) -> None:
        """Writes any table, with the arguments of ``SummaryWriter.add_embedding``.

        Args:
          mat: ``[vocab_size, embedding_dim]`` numbers, a tensor or an array. Of a
            ``DTensor``, each process has to pass its own.
          metadata: the token of each row or, with ``metadata_header``, a list of values
            for each row, the token first.
          label_img: is not logged.
          global_step: the step; by default that of the training.
          tag: the name of the table.
          metadata_header: the names of the columns in ``metadata``.
        """
        with Harmless().caught(f"add_embedding of {tag!r}"):
            mat = full(mat, f"add {tag}")
            if not self._is_writer:
                return
            step = self._step if global_step is None else as_step(global_step)
            table = as_table(mat, self._dtype)
            shape = table.vocab_size, int(table.values.shape[1])
            columns = as_labels(metadata, metadata_header, shape[0])
            added = LoggedTable(
                tag=tag, shape=shape, table=lambda: mat, columns=columns
            )
            self._open([tag])
            self._log.step = step
            self._log.snapshot([added], is_first=False)

    def close(self) -> None:
        """Writes the tables if the last step was left out, and closes the event file.

        Closing twice is allowed; calls after it write nothing.
        """
        if self._step != self._logged_step:
            self._snapshot()
        self._log.step = self._step
        self._log.close(self._present())
        self._tables, self._is_writer = [], False

    def __exit__(self, kind: Any, *_: object) -> None:
        if kind is not None:
            # The tables of a step that was broken off are those of no step.
            self._tables, self._divided, self._logged_step = [], [], self._step
        self.close()

    def _open(self, tags: list[str]) -> None:
        if not self._is_writer or self._log.directory is not None:
            return
        self._log.step = self._first_step
        directory = self._log.open(*self._place, tags)
        LOG.info(
            "EmbeddingLogger logs %s to %s, from step %d on",
            described(self._tables),
            directory,
            self._first_step,
        )

    def _divide(self) -> None:
        """Has each process write its own rows of the tables that are divided so."""
        divided = [one for one in self._tables if one.is_by_rows and one.chosen is None]
        if not divided:
            return
        self._tables = [one for one in self._tables if one not in divided]
        about = f"run/{self._place}/{[one.tag for one in divided]}"
        directory = said_by_first(self._log.directory, about, is_first=self._is_writer)
        self._divided = [
            replace(one, table=partial(self._divided_table, one), is_divided=True)
            for one in divided
        ]
        with Harmless(_ROWS_ARE_MISSING).caught(
            "the rows of this process can't be logged"
        ):
            if directory is None:
                raise TimeoutError(
                    "the first process has not said to which run it logs"
                )
            if not self._is_writer:
                self._log.directory = directory
                self._log.open(*self._place, [])

    def _divided_table(self, table: ModuleTable) -> Any:
        divide_again(self._model, table.name)
        return table.table()

    def _snapshot(self, *, is_first: bool = False) -> None:
        self._logged_step = self._log.step = self._step
        whole = self._present()
        tables = [*self._divided, *(whole if self._is_writer else [])]
        self._log.snapshot(tables, is_first=is_first)
        if self._may_stop:
            tags = [one.tag for one in self._tables]
            about = f"stop/{self._place[1]}/{tags}/{self._step}"
            said = "stop" if self._log.should_stop else None
            said = said_by_first(said, about, is_first=self._is_writer)
            self.should_stop = said is not None

    def _present(self) -> list[ModuleTable]:
        """Returns the tables as they are, in which all processes take part."""
        try:
            found = present(self._model, self._tables, is_kept=self._is_writer)
        except Exception as error:  # noqa: BLE001 - hours of training are at stake
            LOG.warning("step %d can't be logged: %s", self._step, error)
            return []
        tags = [one.tag for one in found]
        self._tables = [one for one in self._tables if one.tag in tags]
        return found
