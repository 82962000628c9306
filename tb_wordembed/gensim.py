"""A callback of gensim that logs the vectors of a model while it trains."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from functools import partial
from typing import Any

from tb_wordembed.format.paths import expand
from tb_wordembed.integers import positive_integer
from tb_wordembed.training.logged_table import LoggedTable, described
from tb_wordembed.training.training_log import TrainingLog, checked_run
from tb_wordembed.write.columns import as_columns
from tb_wordembed.write.keyed_vectors import own_columns
from tb_wordembed.write.tables import check_dtype

try:
    from gensim.models.callbacks import CallbackAny2Vec
except ImportError as error:
    raise ImportError("tb_wordembed.gensim needs gensim: pip install gensim") from error

_logger = logging.getLogger("tb_wordembed")


class EmbeddingCallback(CallbackAny2Vec):  # type: ignore[misc]
    """Logs the vectors of ``Word2Vec``, ``Doc2Vec`` or ``FastText`` after each epoch.

    One line in the training script::

        Word2Vec(sentences, callbacks=[EmbeddingCallback("runs")])

    Step 0 is the untrained table and step n the table after n epochs. The table "words"
    has the words as tokens and their counts as ``frequency``; ``Doc2Vec`` also has the
    table "documents". The vectors of ``FastText`` are those of whole words, with their
    parts. A second ``train`` of the same model with the same callback goes on; any
    other training gets a run of its own, such as "embeddings-2".

    Wrong arguments are errors when the callback is made. After that no error ends the
    training: Python's log says what could not be written.

    Args:
      log_dir: the directory that is given to ``tensorboard --logdir``.
      every_n_epochs: the number of epochs from one snapshot to the next. There is
        always one when training ends.
      run: the name of the run, which is a directory in ``log_dir``.
      dtype: "float16" or "bfloat16" takes half the bytes of float32.
      projector: whether to write what TensorBoard's standard Projector reads, too.

    Raises:
      ValueError: an argument is wrong.
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        *,
        every_n_epochs: int = 1,
        run: str = "embeddings",
        dtype: str | None = None,
        projector: bool = True,
    ) -> None:
        check_dtype(dtype)
        self._place = expand(log_dir), checked_run(run)
        self._every = positive_integer("every_n_epochs", every_n_epochs)
        self._options: dict[str, Any] = {"dtype": dtype, "projector": projector}
        self._model: Any = None
        self._log = TrainingLog(**self._options)
        self._tables: list[LoggedTable] = []

    def on_train_begin(self, model: Any) -> None:
        """Writes the tables as they are before training."""
        try:
            if self._model is not model:
                self._model, self._log = model, TrainingLog(**self._options)
            self._tables = list(_tables(model))
            directory = self._log.open(*self._place, [one.tag for one in self._tables])
            _logger.info("logging %s to %s", described(self._tables), directory)
            self._snapshot(is_first=True)
        except Exception as error:  # noqa: BLE001 - hours of training are at stake
            _logger.warning("nothing is logged: %s. Training goes on", error)
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


def _tables(model: Any) -> Iterator[LoggedTable]:
    """Yields the tables that a model trains."""
    documents = getattr(model, "dv", None)
    # Doc2Vec with dm=0 trains no words, unless it is told to.
    has_words = documents is None or not model.sg or model.dbow_words
    if has_words:
        yield _table("words", model.wv)
    if documents is not None:
        yield _table("documents", documents)


def _table(tag: str, vectors: Any) -> LoggedTable:
    rows, dim = vectors.vectors.shape
    columns = as_columns(*own_columns(vectors, None, None), rows)
    table = partial(_vectors, vectors)
    return LoggedTable(tag=tag, shape=(rows, dim), table=table, columns=columns)


def _vectors(vectors: Any) -> Any:
    # FastText adds the parts of words up only when training has ended.
    if hasattr(vectors, "adjust_vectors"):
        vectors.adjust_vectors()
    return vectors.vectors
