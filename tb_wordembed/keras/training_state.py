"""What a Keras training says of itself: its batches, its weights, its processes."""

from __future__ import annotations

import contextlib
import sys
from typing import Any

import keras

from tb_wordembed.integers import positive_integer


def batches_between(update_freq: int | str, freq: int) -> int | None:
    """Returns the number of batches from one snapshot to the next; None for epochs.

    Raises:
      ValueError: ``update_freq`` is none of "epoch", "batch" and a number of batches,
        or ``freq`` counts epochs where it counts batches.
    """
    if update_freq == "epoch":
        return None
    if freq != 1:
        raise ValueError(
            f"freq={freq} is a number of epochs, but update_freq={update_freq!r} "
            "counts batches; pass one of the two"
        )
    if update_freq == "batch":
        return 1
    if isinstance(update_freq, str):
        raise ValueError(
            f'update_freq={update_freq!r}: expected "epoch", "batch" or a number of '
            "batches"
        )
    return positive_integer("update_freq", update_freq)


def batches_before(epoch: int, params: Any, model: Any) -> int:
    """Returns how many batches a training has completed that is resumed at an epoch.

    They are those of the epochs before or, where Keras does not know how many batches
    an epoch has, the updates that the optimizer has made.
    """
    steps = (params or {}).get("steps")
    if epoch == 0 or steps is not None:
        return epoch * (steps or 0)
    iterations = getattr(model.optimizer, "iterations", None)
    return 0 if iterations is None else int(keras.ops.convert_to_numpy(iterations))


def completed_batches(batch: int, params: Any) -> int:
    """Returns how many batches of an epoch are completed after the one with a number.

    With ``steps_per_execution``, Keras may count beyond the end of an epoch.
    """
    steps = (params or {}).get("steps")
    return batch + 1 if steps is None else min(batch + 1, steps)


def load_weights(model: Any) -> None:
    """Brings the weights into the variables of a model, in the midst of an epoch. Keras
    with JAX does so only at its end."""
    # What can't be read then is said when the tables are written.
    with contextlib.suppress(Exception):
        getattr(model, "jax_state_sync", lambda: None)()


def is_chief(model: Any) -> bool:
    """Returns whether this process writes the logs if several train one model."""
    strategy = getattr(model, "distribute_strategy", None)
    if strategy is not None:
        return bool(strategy.extended.should_save_summary)
    jax = sys.modules.get("jax")
    return keras.backend.backend() != "jax" or jax is None or jax.process_index() == 0


def is_alone(model: Any) -> bool:
    """Returns whether no other process trains the model, too."""
    strategy = getattr(model, "distribute_strategy", None)
    if strategy is not None:
        has_workers = getattr(strategy.extended, "_in_multi_worker_mode", None)
        return has_workers is None or not has_workers()
    jax = sys.modules.get("jax")
    return keras.backend.backend() != "jax" or jax is None or jax.process_count() == 1
