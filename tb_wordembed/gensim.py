"""A callback of gensim that logs the vectors of a model while it trains."""

from __future__ import annotations

import os
from functools import partial
from typing import Any

from tb_wordembed.errors import LOG
from tb_wordembed.format.paths import expand
from tb_wordembed.integers import positive_integer
from tb_wordembed.training.columns import with_columns, without_iterators
from tb_wordembed.training.logged_table import LoggedTable, described
from tb_wordembed.training.training_log import TrainingLog
from tb_wordembed.write.data_frames import own_columns
from tb_wordembed.write.run_directory import checked_run

try:
    from gensim.models.callbacks import CallbackAny2Vec
except ImportError as error:
    raise ImportError("tb_wordembed.gensim needs gensim: pip install gensim") from error


class EmbeddingCallback(CallbackAny2Vec):  # type: ignore[misc]
    """Logs the vectors of ``Word2Vec``, ``Doc2Vec`` or ``FastText`` after each epoch.

    One line in the training script::

        Word2Vec(sentences, callbacks=[EmbeddingCallback("runs")])

    Step 0 is the untrained table and step n the table after n epochs. The table "words"
    has the words as tokens and their counts as ``frequency``; ``Doc2Vec`` also has the
    table "documents". The vectors of ``FastText`` are those of whole words, with their
    parts. A second ``train`` of the same model with the same callback goes on; any
    other training gets a run of its own, such as "embeddings-2".

    Wrong arguments are errors when the callback is made, and rows that the model does
    not have before it trains. After that no error ends the training: Python's log says
    what could not be written.

    Args:
      log_dir: the directory that is given to ``tensorboard --logdir``.
      every_n_epochs: the number of epochs from one snapshot to the next. There is
        always one when training ends.
      rows: the rows to log, if not all, as in ``SnapshotWriter.embedding``, such as
        "top:50000" for the most frequent words; or a dict from table to any of these.
      run: the name of the run, which is a directory in ``log_dir``.
      dtype: "float16" or "bfloat16" takes half the bytes of float32.
      projector: whether to write what TensorBoard's standard Projector reads, too.
      scalars: whether to write a few curves of each table as ordinary scalars, such as
        ``wordembed/words/median_drift`` (see
        ``tb_wordembed.training.health_curves.HealthCurves``).
      on_finding: what to do when a snapshot shows that something is wrong with a table:
        "warn" in Python's log, or a function that is called with each finding, once
        (see ``tb_wordembed.write.alerts``). gensim can't be stopped.

    Raises:
      ValueError: an argument is wrong.
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        *,
        every_n_epochs: int = 1,
        rows: Any = None,
        run: str = "embeddings",
        dtype: str | None = None,
        projector: bool = True,
        scalars: bool = True,
        on_finding: Any = None,
    ) -> None:
        if on_finding == "stop":
            raise ValueError(
                'on_finding="stop": gensim trains to the end whatever happens; '
                'expected "warn", or a function that is called with each finding'
            )
        self._place = expand(log_dir), checked_run(run)
        self._rows = without_iterators(rows)
        self._every = positive_integer("every_n_epochs", every_n_epochs)
        self._log = TrainingLog(
            dtype, projector=projector, scalars=scalars, on_finding=on_finding
        )
        self._model: Any = None
        self._tables: list[LoggedTable] = []

    def on_train_begin(self, model: Any) -> None:
        """Writes the tables as they are before training.

        Raises:
          ValueError: ``rows`` doesn't fit the tables.
        """
        if self._model is not model:
            self._model = model
            self._log.forget()
        self._tables = _tables(model, self._rows)
        try:
            directory = self._log.open(*self._place, [one.tag for one in self._tables])
            LOG.info("logging %s to %s", described(self._tables), directory)
            self._snapshot(is_first=True)
        except Exception as error:  # noqa: BLE001 - hours of training are at stake
            LOG.warning("nothing is logged: %s. Training goes on", error)
            self._tables = []

    def on_epoch_end(self, model: Any) -> None:
        """Writes the tables if a snapshot is due."""
        self._log.step += 1
        if self._log.step % self._every == 0:
            self._snapshot()

    def on_train_end(self, model: Any) -> None:
        """Writes the tables if the last epoch was left out, and closes the log."""
        if self._log.last_step != self._log.step:
            self._snapshot()
        self._log.close(self._tables)

    def _snapshot(self, *, is_first: bool = False) -> None:
        if self._tables:
            self._log.snapshot(self._tables, is_first=is_first)


def _tables(model: Any, rows: Any) -> list[LoggedTable]:
    """Returns the tables that a model trains, with the rows to log."""
    vectors = {"words": model.wv}
    if hasattr(model, "dv"):
        # Doc2Vec with dm=0 trains no words, unless it is told to.
        has_words = not model.sg or model.dbow_words
        vectors = (vectors if has_words else {}) | {"documents": model.dv}
    own = {tag: own_columns(of, None, None) for tag, of in vectors.items()}
    tables = [
        LoggedTable(tag=tag, shape=of.vectors.shape, table=partial(_vectors, of))
        for tag, of in vectors.items()
    ]
    tokens = {tag: words for tag, (words, _) in own.items()}
    metadata = {tag: columns for tag, (_, columns) in own.items() if columns}
    return with_columns(tables, tokens, metadata or None, None, "", rows=rows)


def _vectors(vectors: Any) -> Any:
    # FastText adds the parts of words up only when training has ended.
    if hasattr(vectors, "adjust_vectors"):
        vectors.adjust_vectors()
    return vectors.vectors
