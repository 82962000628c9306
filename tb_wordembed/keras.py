"""A Keras callback that logs every embedding table of a model at every epoch."""

from __future__ import annotations

import logging
import os
import sys
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import PurePath
from typing import Any

from tb_wordembed.format.paths import expand, is_remote, join
from tb_wordembed.integers import as_integer
from tb_wordembed.projector.tab_files import Shown
from tb_wordembed.projector.training_files import TrainingFiles, values_of
from tb_wordembed.write.failures import Failures
from tb_wordembed.write.tables import as_table, check_dtype
from tb_wordembed.write.writer import SnapshotWriter

try:
    import keras
except ImportError as error:
    raise ImportError(
        "tb_wordembed.keras needs Keras and a backend for it: pip install tensorflow "
        "(or tensorflow-cpu). Training loops without Keras log with "
        "tb_wordembed.SnapshotWriter"
    ) from error

# Imports Keras itself: below the message above.
from tb_wordembed.write.keras_layers import Embedding, build_early, find, with_columns

_logger = logging.getLogger("tb_wordembed")


class EmbeddingCallback(keras.callbacks.Callback):  # type: ignore[misc]
    """Logs the tables of all Embedding layers of a model, from epoch to epoch.

    One line in the training script, and ``tensorboard --logdir logs``::

        model.fit(x, y, epochs=5, callbacks=[
            keras.callbacks.TensorBoard("logs"),
            EmbeddingCallback("logs", tokens=imdb.get_word_index()),
        ])

    Step 0 is the untrained table and step n the table after n epochs. Weights that
    another callback restores after the last epoch, as ``EarlyStopping`` does, are not
    logged. A training that is resumed with ``initial_epoch`` goes on at that step. A
    second ``fit`` with the same callback goes on after the last epoch that the first
    one completed; if the table has changed since, because weights were restored or
    training was interrupted, the table it starts from replaces that step. A new
    callback that starts at step 0 in the same place replaces what was logged there
    before, with a warning in Python's log.

    Where several processes train one model, under a ``tf.distribute`` strategy for
    several workers or with JAX, the chief alone writes. With Horovod and the like, pass
    the callback on rank 0 only.

    The tag of a layer is its name; where two layers have the same name, the names of
    the models and layers that it is in come before it. Layers inside other layers and
    models are found, and one that is used several times is logged once. The table of a
    layer with LoRA or quantized weights is the one that it looks up. Layers that Keras
    would build in the first batch are built before it, in the same way, for step 0; a
    layer that has a ``build`` of its own, or is of Keras 2, is logged from step 1 on.

    Wrong arguments are errors before training begins. After that no error of this
    callback ends the training: a full disk is one line in Python's log.

    Args:
      log_dir: the directory that is given to ``keras.callbacks.TensorBoard``.
      tokens: the token of each row: a list with one token per row, a dict from row to
        token or from token to row (``imdb.get_word_index()`` included, see
        ``index_from``), the path of a file (from here or from ``log_dir``), a
        ``TextVectorization`` or ``StringLookup`` layer, a tokenizer with
        ``get_vocab()``. In a model with several Embedding layers these are the tokens
        of those with as many rows; a dict from layer name to any of these has the
        tokens of each layer.
      metadata: further columns: a dict from name to one number or text per row, or to
        a dict from token to number or text, such as a ``Counter``; or a dict from
        layer name to such a dict of columns.
      index_from: the number to add to each index of a dict of tokens, as the datasets
        of Keras do. By default 3 for the word indexes of ``keras.datasets.imdb`` and
        ``reuters``, and 0 otherwise.
      layers: the Embedding layers to log, or their names: one or several; by default
        all.
      run: the name of the run: the directory in ``log_dir`` that is written to, such as
        "embeddings" or "a/embeddings"; empty for ``log_dir`` itself.
      freq: the number of epochs from one snapshot to the next. There is always one when
        training ends.
      dtype: "float16" or "bfloat16" takes half the bytes of float32; by default a table
        keeps its own dtype.
      projector: whether to write, beside the event file, what TensorBoard's standard
        Projector reads, so that its own tab shows the latest tables, one labeled point
        per row. Tables of more than 64 MB together are written when training ends. What
        others have written for the Projector is kept. Local directories only.
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        *,
        tokens: Any = None,
        metadata: Any = None,
        index_from: int | None = None,
        layers: Any = None,
        run: str = "embeddings",
        freq: int = 1,
        dtype: str | None = None,
        projector: bool = True,
    ) -> None:
        super().__init__()
        check_dtype(dtype)
        every = as_integer(freq)
        if every is None or every < 1:
            raise ValueError(
                f"freq={freq!r}: expected a whole number of epochs, at least 1"
            )
        self.log_dir = expand(log_dir)
        self.run = _checked_run(run)
        self.freq = every
        self.dtype = dtype
        self._tokens = _without_iterators(tokens)
        self._metadata = _without_iterators(metadata)
        self._index_from = index_from
        self._layers = _without_iterators(layers)
        self._embeddings: list[Embedding] = []
        self._writer: SnapshotWriter | None = None
        self._directory = join(self.log_dir, self.run)
        self._projector = TrainingFiles(self._directory) if projector else None
        self._logged_model: Any = None
        self._step = 0  # The number of epochs completed, in this fit and those before.
        self._first_step = 0  # The step of an epoch 0 of this fit.
        self._has_begun = False
        self._last_step: int | None = None  # The step that was logged last.
        self._checksums: dict[str, int] = {}  # Of the tables logged last, by tag.
        self._failures = Failures(self._directory)
        self._has_warned = False

    def on_train_begin(self, logs: Any = None) -> None:
        """Checks the arguments against the model, and makes the event file.

        Raises:
          ValueError: the model has no Embedding layer, or tokens or metadata fit none.
          OSError: the event file can't be made.
        """
        found = find(self.model, self._layers)
        for embedding in found:
            embedding.check_size(self.dtype)
        self._embeddings = with_columns(
            found, self._tokens, self._metadata, self._index_from, self.log_dir
        )
        for embedding in found:
            build_early(embedding)
        if self._logged_model is not self.model:
            self._logged_model, self._step, self._last_step = self.model, 0, None
        self._has_begun = False
        if is_chief(self.model):
            self._writer = SnapshotWriter(self._directory)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Writes the tables as they are before the first epoch of this training."""
        if self._has_begun:
            return
        self._has_begun = True
        # A fit that counts from 0 again goes on from the end of the one before.
        self._first_step = max(0, self._step - epoch)
        self._step = self._first_step + epoch
        self._snapshot(unless_logged=self._last_step in (None, self._step))

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Writes the tables after each ``freq`` epochs."""
        self._step = self._first_step + epoch + 1
        if (epoch + 1) % self.freq == 0:
            self._snapshot()

    def on_train_end(self, logs: Any = None) -> None:
        """Writes the tables if ``freq`` left out the last epoch; closes the file."""
        if self._has_begun and self._step != self._last_step:
            self._snapshot()
        self._show(at_end=True)
        self._failures.report()
        writer, self._writer = self._writer, None
        if writer is None:
            return
        try:
            writer.close()
        except Exception as error:  # noqa: BLE001 - as for a snapshot
            # Some file systems write only now, or fail only now.
            _logger.warning(
                "the event file in %s could not be closed: %s: %s. The last snapshots "
                "may be missing there",
                self._directory,
                type(error).__name__,
                error,
            )

    def _snapshot(self, *, unless_logged: bool = False) -> None:
        """Writes all tables at the present step, or those that were not logged last."""
        if self._writer is None:
            return
        for embedding in self._embeddings:
            if not embedding.layer.built:
                continue
            try:
                with self._failures.counted():
                    self._write(embedding, unless_logged)
            except Exception as error:  # noqa: BLE001 - hours of training are at stake
                if not self._has_warned:
                    # Not warnings.warn, which a filter may turn into an error.
                    _logger.warning(
                        "the snapshot of %r at step %d could not be written: %s: %s. "
                        "Training goes on, and says at its end how many could not",
                        embedding.tag,
                        self._step,
                        type(error).__name__,
                        error,
                    )
                self._has_warned = True
        self._last_step = self._step
        self._show()

    def _write(self, embedding: Embedding, unless_logged: bool) -> None:
        table = as_table(embedding.table(), self.dtype)
        checksum = zlib.crc32(table.content)
        if unless_logged and self._checksums.get(embedding.tag) == checksum:
            return
        assert self._writer is not None
        if unless_logged and self._is_resumed_at(embedding.tag):
            return
        self._writer.write(embedding.tag, table, embedding.columns, self._step)
        self._checksums[embedding.tag] = checksum

    def _is_resumed_at(self, tag: str) -> bool:
        """Whether this training goes on with another one, which logged this step."""
        is_first = tag not in self._checksums and self._step > 0
        writer = self._writer if is_first else None
        return writer is not None and writer.last_step(tag) == self._step

    def _show(self, *, at_end: bool = False) -> None:
        """Shows the tables as they are in the standard Projector's own tab."""
        if self._projector is None or self._writer is None:
            return
        shown = {
            one.tag: Shown(
                self._step,
                (one.rows, int(one.layer.output_dim)),
                partial(self._numbers, one),
                partial(values_of, one.columns, one.rows),
            )
            for one in self._embeddings
            if one.layer.built
        }
        self._projector.show(self._step, shown, at_end=at_end)

    def _numbers(self, embedding: Embedding) -> Any:
        return as_table(embedding.table(), self.dtype).numbers


def _checked_run(run: Any) -> str:
    """Returns the name of a directory in another one.

    Raises:
      ValueError: it is not such a name.
    """
    if isinstance(run, str) and not is_remote(run):
        path = PurePath(run)
        if not path.is_absolute() and ".." not in path.parts:
            return run
    raise ValueError(
        f"run={run!r}: expected the name of a directory in log_dir, such as "
        '"embeddings"'
    )


def _without_iterators(source: Any) -> Any:
    """Returns a source that each fit can read: iterators, which end, become lists."""
    if isinstance(source, Iterator):
        return list(source)
    if isinstance(source, dict):
        return {key: _without_iterators(value) for key, value in source.items()}
    return source


def is_chief(model: Any) -> bool:
    """Whether this process, of those that train a model, is the one to write logs."""
    strategy = getattr(model, "distribute_strategy", None)
    if strategy is not None:
        return bool(strategy.extended.should_save_summary)
    jax = sys.modules.get("jax")
    return keras.backend.backend() != "jax" or jax is None or jax.process_index() == 0
