"""The processes that train one model: which is the first, and what they agree on."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from typing import Any

from torch import distributed

_LONGEST_WAIT = timedelta(seconds=30)

_meetings: Counter[str] = Counter()
"""How often this process has waited for the others, by what it waited for."""


def are_several() -> bool:
    """Returns whether this process knows of others that train the same model."""
    return bool(distributed.is_available() and distributed.is_initialized())


def is_first(rank: int | None) -> bool:
    """Returns whether this is the first of the processes that train one model."""
    if rank is not None:
        return rank == 0
    if are_several():
        return int(distributed.get_rank()) == 0
    # torchrun sets it for processes that have not found each other yet.
    return os.environ.get("RANK", "0") == "0"


def said_by_first(said: str | None, about: str, *, is_first: bool) -> str | None:
    """Returns what the first of the processes says, which waits for none of the others;
    None if it says nothing, or nothing in time.

    Args:
      said: what this process says.
      about: the name of the question, which all processes ask the same number of times.
    """
    if not are_several():
        return said
    store, key = _meeting(about)
    if is_first:
        store.set(key, said or "")
        return said
    try:
        store.wait([key], min(_LONGEST_WAIT, store.timeout / 4))
    except RuntimeError:
        return None
    return store.get(key).decode() or None


def meet(ranks: set[int], purpose: str) -> None:
    """Waits until some processes have all called this; all come to the same result.
    Raises TimeoutError if some are not here: none may begin what needs all of them."""
    store, key = _meeting(f"{sorted(ranks)}/{purpose}")
    if store.add(key, 1) == len(ranks):
        store.compare_set(f"{key}/result", "", "all")
    try:
        store.wait([f"{key}/result"], min(_LONGEST_WAIT, store.timeout / 4))
    except RuntimeError:
        store.compare_set(f"{key}/result", "", "not all")
    if store.get(f"{key}/result") != b"all":
        raise TimeoutError(
            f"not all of these {len(ranks)} came here in time. Each "
            "has to make the EmbeddingLogger, and to call its methods at the same "
            "steps; only the first one writes"
        )


def _meeting(about: str) -> tuple[Any, str]:
    """Returns the one thing that processes share without waiting for each other, and
    the key in it of the next question about something."""
    key = f"tb_wordembed/{about}/{_meetings[about]}"
    _meetings[about] += 1
    return distributed.distributed_c10d._get_default_store(), key
