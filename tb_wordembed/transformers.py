"""A callback for the ``Trainer`` of transformers that logs its embedding tables."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

try:
    from transformers import TrainerCallback
except ImportError as error:
    raise ImportError(
        "tb_wordembed.transformers needs transformers and PyTorch: pip install "
        '"transformers[torch]". Training loops without its Trainer log with '
        "tb_wordembed.torch.EmbeddingLogger"
    ) from error

from tb_wordembed.format.paths import join
from tb_wordembed.integers import positive_integer
from tb_wordembed.torch.trainer import LogOptions, TrainerLog, with_options

if TYPE_CHECKING:
    from typing_extensions import Unpack


class EmbeddingCallback(TrainerCallback):  # type: ignore[misc]
    """Logs each ``nn.Embedding`` and ``nn.EmbeddingBag`` of a model in training.

    One line in the training script::

        trainer = Trainer(model, args, callbacks=[EmbeddingCallback()], ...)

    The tables are written before the first batch, then after each epoch and when
    training ends, under the trainer's global step: into a run of its own in the
    directory that the trainer logs to. The first process alone writes.

    Wrong arguments are errors before training begins. After that no error ends it.

    Args:
      log_dir: the directory of the training's logs; by default the ``logging_dir`` of
        the ``TrainingArguments``, or "runs" in its ``output_dir``.
      every: "epoch", or the number of global steps from one snapshot to the next.
      tokens: as in ``tb_wordembed.torch.EmbeddingLogger``; by default those of the
        trainer's tokenizer (``processing_class``), for the table that the model looks
        them up in.
      options: ``metadata``, ``index_from``, ``modules``, ``rows``, ``run``, ``dtype``,
        ``projector``, ``scalars`` and ``on_finding`` as in
        ``tb_wordembed.torch.EmbeddingLogger``.
    """

    @with_options
    def __init__(
        self,
        log_dir: Any = None,
        *,
        every: int | str = "epoch",
        **options: Unpack[LogOptions],
    ) -> None:
        self.log_dir = log_dir
        self._steps = None if every == "epoch" else positive_integer("every", every)
        self._log = TrainerLog(options)

    def on_train_begin(
        self, args: Any, state: Any, control: Any, model: Any = None, **more: Any
    ) -> None:
        """Finds the tables and writes them as they are before training.

        Raises:
          ValueError: the model has no embedding, or an argument doesn't fit it.
        """
        self._log.begin(
            self.log_dir or _logging_dir(args),
            model,
            state.global_step,
            0 if state.is_world_process_zero else 1,
            more.get("processing_class", more.get("tokenizer")),
        )

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Writes the tables after every so many steps."""
        if self._steps and state.global_step % self._steps == 0:
            control.should_training_stop |= self._log.write(state.global_step)

    def on_epoch_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Writes the tables after each epoch."""
        if not self._steps:
            control.should_training_stop |= self._log.write(state.global_step)

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Writes the tables if the last step was left out, and closes the log."""
        self._log.end(state.global_step)


def _logging_dir(args: Any) -> str:
    """Returns the directory that the trainer's own logs are in, or beside."""
    # TrainingArguments of transformers 5 have none.
    given = getattr(args, "logging_dir", None) or os.getenv("TENSORBOARD_LOGGING_DIR")
    return given or join(args.output_dir, "runs")
