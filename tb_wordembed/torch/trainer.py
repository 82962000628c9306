"""What the callbacks of trainers share: their arguments, and the log of a training."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypedDict, TypeVar, cast

from tb_wordembed.errors import LOG
from tb_wordembed.torch.logger import EmbeddingLogger
from tb_wordembed.write.alerts import as_alerts, warn
from tb_wordembed.write.run_directory import checked_run
from tb_wordembed.write.tables import check_dtype

F = TypeVar("F", bound=Callable[..., None])


class LogOptions(TypedDict, total=False):
    """The arguments that a callback has from ``EmbeddingLogger``, which says what they
    mean."""

    tokens: Any
    metadata: Any
    index_from: int | None
    modules: Any
    rows: Any
    run: str
    dtype: str | None
    projector: bool
    scalars: bool
    on_finding: Any
    gather: bool


def with_options(init: F) -> F:
    """Gives an ``__init__`` that takes ``**options: Unpack[LogOptions]`` the signature
    with their names and defaults, for ``help()``, and refuses other names."""
    own = list(inspect.signature(init).parameters.values())[:-1]
    every = inspect.signature(EmbeddingLogger).parameters
    options = [every[name] for name in LogOptions.__annotations__]
    signature = inspect.Signature([*own, *options])

    @functools.wraps(init)
    def checked(*args: Any, **more: Any) -> None:
        signature.bind(*args, **more)
        init(*args, **more)

    checked.__signature__ = signature  # type: ignore[attr-defined]
    return cast(F, checked)


class TrainerLog:
    """The log of a trainer: begun when it starts to train, closed when it ends."""

    def __init__(self, options: LogOptions) -> None:
        check_dtype(options.get("dtype"))
        checked_run(options.get("run", "embeddings"))
        as_alerts(options.get("on_finding"), warn)
        self._options = options
        self._first_step = 0
        self._logger: EmbeddingLogger | None = None

    def begin(
        self, log_dir: Any, model: Any, step: int, rank: int, tokenizer: Any
    ) -> None:
        """Finds the tables of a model and writes them as they are.

        Args:
          step: the global step of the trainer.
          rank: the number of this process.
          tokenizer: the tokenizer of the trainer, if it has one. It labels the rows if
            no tokens were passed, as far as it fits.
        """
        self._first_step = step
        make = functools.partial(
            EmbeddingLogger, log_dir, model, first_step=step, rank=rank
        )
        given = self._options.get("tokens")
        tokens = _tokens(model, tokenizer) if given is None else given
        try:
            self._logger = make(**(self._options | {"tokens": tokens}))
        # Users may have tokenizers of their own, which fail in any way.
        except Exception as error:
            if tokens is given:
                raise
            self._logger = make(**self._options)
            LOG.warning("the trainer's tokenizer labels no row: %s", error)

    def write(self, step: int) -> bool:
        """Writes the tables at a global step, unless they were at this step before;
        returns whether the training should stop, because of a finding."""
        if self._logger is None or step <= self._first_step:
            return False
        self._logger.step(step)
        return self._logger.should_stop

    def end(self, step: int) -> None:
        """Writes the tables if this step was left out, and closes the log."""
        self.write(step)
        logger, self._logger = self._logger, None
        if logger is not None:
            logger.close()


def _tokens(model: Any, tokenizer: Any) -> Any:
    """Returns the tokens of a trainer, by the name of the module they are for if the
    model says which it is."""
    # A processor holds a tokenizer.
    tokenizer = getattr(tokenizer, "tokenizer", tokenizer)
    if not hasattr(tokenizer, "get_vocab"):
        return None
    for one in model.modules():
        try:
            looked_up = one.get_input_embeddings()
        # What users call so may take arguments, or do something else.
        except Exception:  # noqa: BLE001
            continue
        names = [name for name, inner in model.named_modules() if inner is looked_up]
        return dict.fromkeys(names[:1], tokenizer) or None
    return tokenizer
