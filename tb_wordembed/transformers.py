"""A callback for the ``Trainer`` of transformers that logs its embedding tables."""

from __future__ import annotations

import logging
import os
from functools import partial
from typing import Any

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
from tb_wordembed.torch import EmbeddingLogger
from tb_wordembed.training.training_log import checked_run
from tb_wordembed.write.tables import check_dtype

_logger = logging.getLogger("tb_wordembed")


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
      tokens: the token of each row, as in ``tb_wordembed.torch.EmbeddingLogger``; by
        default those of the trainer's tokenizer (``processing_class``), for the table
        that the model looks them up in.
      metadata, index_from, modules, run, dtype, projector: as in
        ``tb_wordembed.torch.EmbeddingLogger``.
      every: "epoch", or the number of global steps from one snapshot to the next.
    """

    def __init__(
        self,
        log_dir: Any = None,
        *,
        tokens: Any = None,
        metadata: Any = None,
        index_from: int | None = None,
        modules: Any = None,
        every: int | str = "epoch",
        run: str = "embeddings",
        dtype: str | None = None,
        projector: bool = True,
    ) -> None:
        self.log_dir = log_dir
        self._steps = None if every == "epoch" else positive_integer("every", every)
        check_dtype(dtype)
        self._tokens = tokens
        self._arguments = {
            "metadata": metadata,
            "index_from": index_from,
            "modules": modules,
            "run": checked_run(run),
            "dtype": dtype,
            "projector": projector,
        }
        self._first_step = 0
        self._logger: EmbeddingLogger | None = None

    def on_train_begin(
        self, args: Any, state: Any, control: Any, model: Any = None, **more: Any
    ) -> None:
        """Finds the tables and writes them as they are before training.

        Raises:
          ValueError: the model has no embedding, or an argument doesn't fit it.
        """
        self._first_step = state.global_step
        make = partial(
            EmbeddingLogger,
            self.log_dir or _logging_dir(args),
            model,
            first_step=self._first_step,
            rank=0 if state.is_world_process_zero else 1,
            **self._arguments,
        )
        tokenizer = more.get("processing_class", more.get("tokenizer"))
        found = None if self._tokens is not None else _tokens(model, tokenizer)
        try:
            self._logger = make(tokens=found or self._tokens)
        except ValueError as error:
            if not found:
                raise
            self._logger = make()
            _logger.warning("the trainer's tokenizer labels no row: %s", error)

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Writes the tables after every so many steps."""
        if self._steps and state.global_step % self._steps == 0:
            self._write(state)

    def on_epoch_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Writes the tables after each epoch."""
        if not self._steps:
            self._write(state)

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Writes the tables if the last step was left out, and closes the log."""
        self._write(state)
        logger, self._logger = self._logger, None
        if logger is not None:
            logger.close()

    def _write(self, state: Any) -> None:
        if self._logger is not None and state.global_step > self._first_step:
            self._logger.step(state.global_step)


def _logging_dir(args: Any) -> str:
    """Returns the directory that the trainer's own logs are in, or beside."""
    # TrainingArguments of transformers 5 have none.
    given = getattr(args, "logging_dir", None) or os.getenv("TENSORBOARD_LOGGING_DIR")
    return given or join(args.output_dir, "runs")


def _tokens(model: Any, tokenizer: Any) -> dict[str, Any] | None:
    """Returns the trainer's tokens by the name of the module that they are for."""
    # A processor holds a tokenizer.
    tokenizer = getattr(tokenizer, "tokenizer", tokenizer)
    looked_up = getattr(model, "get_input_embeddings", lambda: None)()
    if looked_up is None or not hasattr(tokenizer, "get_vocab"):
        return None
    names = [name for name, one in model.named_modules() if one is looked_up]
    return dict.fromkeys(names[:1], tokenizer)
