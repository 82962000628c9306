"""A Lightning callback that logs the embedding tables of a model while it trains."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

from tb_wordembed.integers import positive_integer
from tb_wordembed.torch.trainer import LogOptions, TrainerLog, with_options

if TYPE_CHECKING:
    from typing_extensions import Unpack


def _callback_class() -> Any:
    """Returns the ``Callback`` of the package that the user trains with."""
    packages = "lightning.pytorch", "pytorch_lightning"
    for name in sorted(packages, key=lambda one: one not in sys.modules):
        try:
            return importlib.import_module(name).Callback
        except ImportError:
            continue
    raise ImportError(
        "tb_wordembed.lightning needs Lightning: pip install lightning. Training loops "
        "without it log with tb_wordembed.torch.EmbeddingLogger"
    )


class EmbeddingCallback(_callback_class()):  # type: ignore[misc]
    """Logs each ``nn.Embedding`` and ``nn.EmbeddingBag`` of a ``LightningModule``.

    One line in the training script::

        trainer = Trainer(callbacks=[EmbeddingCallback(tokens=words)])

    The tables are written before the first batch, then after each epoch and when
    training ends, under ``trainer.global_step``: into a run of its own in the directory
    of the trainer's logger. The first process alone writes; nothing is written in a
    ``fast_dev_run``.

    Wrong arguments are errors before training begins. After that no error ends it.

    Args:
      log_dir: the directory of the training's logs; by default ``trainer.log_dir``.
      every_n_epochs: the number of epochs from one snapshot to the next.
      every_n_train_steps: the number of global steps from one snapshot to the next, in
        place of epochs.
      tokens: as in ``tb_wordembed.torch.EmbeddingLogger``; by default those of the
        ``tokenizer`` that is an attribute of the module or the data module, if any.
      options: ``metadata``, ``index_from``, ``modules``, ``rows``, ``run``, ``dtype``,
        ``projector``, ``scalars`` and ``on_finding`` as in
        ``tb_wordembed.torch.EmbeddingLogger``.
    """

    @with_options
    def __init__(
        self,
        log_dir: Any = None,
        *,
        every_n_epochs: int = 1,
        every_n_train_steps: int | None = None,
        **options: Unpack[LogOptions],
    ) -> None:
        super().__init__()
        self.log_dir = log_dir
        self._epochs = positive_integer("every_n_epochs", every_n_epochs)
        self._steps = every_n_train_steps
        if every_n_train_steps is not None:
            self._steps = positive_integer("every_n_train_steps", every_n_train_steps)
        self._log = TrainerLog(options)

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Finds the tables and writes them as they are before training.

        Raises:
          ValueError: the model has no embedding, or an argument doesn't fit it.
        """
        directory = trainer.log_dir  # Processes agree on it here.
        if trainer.fast_dev_run:
            return
        # Only FSDP's own wrapper can make the parts in it whole.
        has_fsdp = hasattr(type(trainer.model), "summon_full_params")
        homes = pl_module, getattr(trainer, "datamodule", None)
        found = (getattr(one, "tokenizer", None) for one in homes)
        self._log.begin(
            self.log_dir or directory or trainer.default_root_dir,
            trainer.model if has_fsdp else pl_module,
            trainer.global_step,
            trainer.global_rank,
            next(filter(None, found), None),
        )

    def on_train_batch_end(self, trainer: Any, *_: Any, **__: Any) -> None:
        """Writes the tables after every ``every_n_train_steps`` steps."""
        if self._steps and trainer.global_step % self._steps == 0:
            self._write(trainer)

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        """Writes the tables after every ``every_n_epochs`` epochs."""
        if not self._steps and (trainer.current_epoch + 1) % self._epochs == 0:
            self._write(trainer)

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        """Writes the tables if the last epoch was left out, and closes the log."""
        self._log.end(trainer.global_step)

    def _write(self, trainer: Any) -> None:
        if self._log.write(trainer.global_step):
            trainer.should_stop = True
