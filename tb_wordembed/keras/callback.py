"""``EmbeddingCallback``: after which epochs or batches it writes the tables."""

from __future__ import annotations

import copy
import os
from typing import Any, Literal

import keras

from tb_wordembed.format.paths import expand
from tb_wordembed.integers import positive_integer
from tb_wordembed.keras import training_state
from tb_wordembed.keras.logged_layers import LoggedLayers
from tb_wordembed.training.training_log import TrainingLog
from tb_wordembed.write.alerts import OnFinding
from tb_wordembed.write.run_directory import checked_run


class EmbeddingCallback(keras.callbacks.Callback):  # type: ignore[misc]
    """Logs the tables of all Embedding layers of a model while it trains.

    One line in the training script, and ``tensorboard --logdir logs``::

        model.fit(x, y, epochs=5, callbacks=[
            keras.callbacks.TensorBoard("logs"),
            EmbeddingCallback("logs", tokens=imdb.get_word_index()),
        ])

    Step 0 is the untrained table and step n the table after n epochs or, with
    ``update_freq``, after n batches. Weights that another callback restores after the
    last epoch, as ``EarlyStopping`` does, are not logged. A second ``fit`` of the same
    model with the same callback goes on after the last epoch, or batch, that the first
    one completed; if the table has changed since, because weights were restored or
    training was interrupted, the table it starts from replaces that step.

    Any other training that starts at epoch 0, such as a trial of a tuner, a fold or a
    script that is run again, gets a run of its own: "embeddings-2" where "embeddings"
    holds snapshots of these tables. So does one of the same model whose tables are
    again those that it began with. A training that is resumed with ``initial_epoch``
    goes on in the newest run that ended at that epoch.

    When training begins, one line in Python's log says what is logged, and what is not.

    Where several processes train one model, under a ``tf.distribute`` strategy for
    several workers or with JAX, the chief alone writes. With Horovod and the like, pass
    the callback on rank 0 only.

    Logged are the layers of the class ``Embedding`` of Keras 3 and ``tf_keras``,
    positions and reverse embeddings as in KerasHub, and layers with weights called
    ``embeddings``. The tag of a layer is its name; where two layers have the same name,
    the names of the models and layers that it is in come before it. Layers inside other
    layers and models are found, and one that is used several times is logged once. The
    table of a layer with LoRA or quantized weights is the one that it looks up. Layers
    that Keras would build in the first batch are built before it, in the same way, for
    step 0; a layer that another one makes in its ``build``, that has a ``build`` of its
    own, or that is of ``tf_keras``, is found after the first batch and logged from step
    1 on.

    Wrong arguments are errors before training begins. After that no error of this
    callback ends the training: a full disk is one line in Python's log.

    Args:
      log_dir: the directory that is given to ``keras.callbacks.TensorBoard``.
      tokens: the token of each row, in any form that ``SnapshotWriter.embedding``
        takes, such as ``imdb.get_word_index()`` or a ``TextVectorization`` layer. By
        default those of the vocabulary layer in the model itself, if there is one that
        fits. In a model with several Embedding layers these are the tokens of those
        with as many rows; a dict from layer name to any of these has the tokens of each
        layer.
      metadata: columns of metadata, as in ``SnapshotWriter.embedding``; or a dict from
        layer name to those of that layer.
      index_from: the number to add to each index of a dict of tokens, as the datasets
        of Keras do. By default 3 for the word indexes of ``keras.datasets.imdb`` and
        ``reuters``, and 0 otherwise.
      layers: the layers to log, or their names: one or several, whatever their class;
        by default all embeddings. Of a layer that is none, all weights of two
        dimensions are logged. Or a dict from tag to a function that takes a table from
        the model, such as ``{"head": lambda model: model.get_layer("head").kernel}``.
      update_freq: when to write, as in ``keras.callbacks.TensorBoard``: "epoch", or the
        number of batches from one snapshot to the next; "batch" is 1. With batches, all
        steps are numbers of batches, those of the curves ``batch_loss`` of that
        callback in a first ``fit``. They go on in the next epoch and in a second
        ``fit``, where those of Keras begin at 0 again; a training that is resumed with
        ``initial_epoch`` goes on after the batches of the epochs before.
      rows: the rows to log of each table of tokens, if not all, as in
        ``SnapshotWriter.embedding``; or a dict from layer name to any of these.
      run: the name of the run: the directory in ``log_dir`` that is written to, such as
        "embeddings" or "a/embeddings"; empty for ``log_dir`` itself.
      freq: the number of epochs from one snapshot to the next, where ``update_freq`` is
        "epoch". There is always one when training ends.
      dtype: "float16" or "bfloat16" takes half the bytes of float32; by default a table
        keeps its own dtype.
      projector: whether to write, beside the event file, what TensorBoard's standard
        Projector reads, so that its own tab shows the latest tables, one labeled point
        per row. Tables of more than 64 MB together are written when training ends. What
        others have written for the Projector is kept. Local directories only.
      scalars: whether to write four numbers of each table as ordinary scalars, which
        TensorBoard shows beside the loss: ``wordembed/<tag>/median_drift`` (cosine) and
        ``updated_share`` since the snapshot before, ``mean_norm``, ``effective_rank``.
        Large tables are sampled: ``tb_wordembed.training.health_curves.HealthCurves``.
      on_finding: what to do when a snapshot shows that something is wrong with a table,
        such as rows of NaN, padding that moved, exploding norms or a rank that fell:
        "warn" in Python's log, "stop" the training as well (with several processes it
        only warns), or a function that is called with each finding, once: see
        ``tb_wordembed.write.alerts``.
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str],
        *,
        tokens: Any = None,
        metadata: Any = None,
        index_from: int | None = None,
        layers: Any = None,
        update_freq: int | str = "epoch",
        rows: Any = None,
        run: str = "embeddings",
        freq: int = 1,
        dtype: str | None = None,
        projector: bool = True,
        scalars: bool = True,
        on_finding: OnFinding | Literal["stop"] | None = None,
    ) -> None:
        super().__init__()
        self.log_dir = expand(log_dir)
        self.run = checked_run(run)
        self.freq = positive_integer("freq", freq)
        self._batches = training_state.batches_between(update_freq, self.freq)
        # Keras may call such callbacks in a thread, while the next batch is trained on.
        self.async_safe = self._batches is None
        self._logged = LoggedLayers(
            self.log_dir,
            layers,
            tokens=tokens,
            metadata=metadata,
            index_from=index_from,
            rows=rows,
        )
        self._log = TrainingLog(
            dtype, projector=projector, scalars=scalars, on_finding=on_finding
        )
        self._model_logged: Any = None
        self._first_step = 0  # The step of an epoch 0 of this fit.
        self._epoch_step = 0  # The step at which this epoch begins.
        self._has_begun = False
        self._is_first_batch = False  # Whether the next batch is the first of an epoch.

    def __deepcopy__(self, memo: dict[int, Any]) -> EmbeddingCallback:
        """Returns a callback with the same arguments for another training: tuners make
        one for each trial."""
        copied = copy.copy(self)
        memo[id(self)] = copied
        copied._model = copied._model_logged = None
        copied._logged, copied._log = copy.copy(self._logged), copy.copy(self._log)
        copied._forget()
        return copied

    def _forget(self) -> None:
        self._logged.forget()
        self._log.forget()

    def on_train_begin(self, logs: Any = None) -> None:
        """Checks the arguments against the model.

        Raises:
          ValueError: the model has no Embedding layer, or tokens or metadata fit none.
        """
        if self._model_logged is not self.model:
            self._model_logged = self.model
            self._forget()
        self._has_begun = False
        self._logged.begin(self.model)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Makes the event file and writes the tables as they are, before the first
        epoch of this training."""
        self._is_first_batch = True
        if not self._has_begun:
            self._has_begun = True
            self._begin(epoch)
        self._epoch_step = self._log.step

    def _begin(self, epoch: int) -> None:
        if epoch == 0 and self._log.has_been_reset(self._logged.embeddings):
            self._log.forget()
        if self._batches is None:
            # A fit that counts from 0 again goes on from the end of the one before.
            self._first_step = max(0, self._log.step - epoch)
            self._log.step = self._first_step + epoch
        elif self._log.last_step is None:
            self._log.step = training_state.batches_before(
                epoch, self.params, self._model_logged
            )
        if training_state.is_chief(self._model_logged):
            tags = [one.tag for one in self._logged.embeddings]
            directory = self._log.open(self.log_dir, self.run, tags)
            self._logged.say(f"to {directory}, from step {self._log.step} on")
        self._log.snapshot(self._logged.embeddings, is_first=True)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Finds the tables of layers that were built in the first batch; writes all
        after each ``update_freq`` batches."""
        if self._logged.may_grow and self._is_first_batch:
            self._is_first_batch = False
            self._grow()
        if self._batches is None:
            return
        before = self._log.step
        self._log.step = self._epoch_step + training_state.completed_batches(
            batch, self.params
        )
        if before // self._batches != self._log.step // self._batches:
            training_state.load_weights(self._model_logged)
            self._snapshot()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Writes the tables after each ``freq`` epochs."""
        if self._logged.may_grow:
            self._grow()
        if self._batches is None:
            self._log.step = self._first_step + epoch + 1
            if (epoch + 1) % self.freq == 0:
                self._snapshot()

    def on_train_end(self, logs: Any = None) -> None:
        """Writes the tables if there is no snapshot of the last epoch or batch; closes
        the file, and says how many snapshots could not be written."""
        if self._has_begun and self._log.step != self._log.last_step:
            self._snapshot()
        self._log.close(self._logged.embeddings)

    def _snapshot(self) -> None:
        self._log.snapshot(self._logged.embeddings, is_first=False)
        # Other processes would wait for one that stops alone.
        if self._log.should_stop and training_state.is_alone(self._model_logged):
            self._model_logged.stop_training = True

    def _grow(self) -> None:
        """Finds the tables of layers that were built meanwhile."""
        if self._logged.grow() and training_state.is_chief(self._model_logged):
            self._logged.say(f"to {self._log.directory}, after the first batch")

    # tf_keras asks for these. Nothing need wait for logs of batches.
    _supports_tf_logs = True

    def _implements_train_batch_hooks(self) -> bool:
        return True

    def _implements_test_batch_hooks(self) -> bool:
        return False

    def _implements_predict_batch_hooks(self) -> bool:
        return False
