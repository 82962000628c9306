"""Weights of which each process of a training has a part, made whole for a moment.

FSDP, tensor parallelism and the ZeRO of DeepSpeed divide them. To make them whole all
of these processes have to take part; a training in which only one of them asks for it
would stand still.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from torch import distributed

_logger = logging.getLogger("tb_wordembed")

_LONGEST_WAIT = timedelta(seconds=30)

_meetings: Counter[str] = Counter()
"""How often this process has waited for the others, by what it waited for."""


@contextlib.contextmanager
def whole(
    model: Any, names: Mapping[str, str], purpose: str
) -> Iterator[dict[str, bool]]:
    """Makes the weights of some modules whole while the context lasts. A ``DTensor``
    stays one, and has to be asked for its ``full_tensor`` by every process.

    Every process has to come here. Where some don't, the others say so in Python's log
    and go on without the weights that are divided.

    Args:
      names: the qualified name of the module of each table, by the tag of the table.
      purpose: what is done with them, the same in each process.

    Yields:
      The tags of the tables that can be read, and whether each is divided.
    """
    holders = {tag: _holders(model, name) for tag, name in names.items()}
    divided = [tag for tag, ranks in holders.items() if ranks]
    with contextlib.ExitStack() as stack:
        if divided:
            try:
                _meet(set().union(*holders.values()), f"{purpose} {divided}")
                _gather(model, [names[tag] for tag in divided], stack)
            except Exception as error:  # noqa: BLE001 - hours of training are at stake
                _logger.warning(
                    "%s can't be logged from here on, because several processes hold "
                    "parts of each: %s. Training goes on",
                    ", ".join(map(repr, divided)),
                    error,
                )
                holders = {tag: ranks for tag, ranks in holders.items() if not ranks}
        yield {tag: bool(ranks) for tag, ranks in holders.items()}


def full(tensor: Any, purpose: str) -> Any:
    """Returns a ``DTensor`` as a whole, for which each process has to call this with
    the same purpose; anything else as it is.

    Raises:
      TimeoutError: some processes don't come here.
    """
    if not hasattr(tensor, "full_tensor"):
        return tensor
    _meet(_mesh(tensor), purpose)
    return tensor.full_tensor()


def _mesh(tensor: Any) -> set[int]:
    return set(tensor.device_mesh.mesh.flatten().tolist())


def _holders(model: Any, name: str) -> set[int]:
    """Returns the ranks of the processes that hold parts of a module, if several do."""
    if not (distributed.is_available() and distributed.is_initialized()):
        return set()
    ranks: set[int] = set()
    for unit in _units(model, name, "summon_full_params"):
        ranks.update(distributed.get_process_group_ranks(unit.process_group))
    for weight in model.get_submodule(name).parameters():
        if hasattr(weight, "device_mesh"):
            ranks |= _mesh(weight)
        elif hasattr(weight, "ds_id"):
            ranks.update(range(distributed.get_world_size()))
    if not ranks and list(_units(model, name, "reshard")):
        # After a validation its weights are whole in each process.
        ranks.update(range(distributed.get_world_size()))
    return ranks if len(ranks) > 1 else set()


def _units(model: Any, name: str, method: str) -> Iterator[Any]:
    """Yields the module of a name and those that it is in, from the outermost on, if
    they have a method: that of ``fully_shard``, or of the FSDP before it."""
    parts = name.split(".") if name else []
    for depth in range(len(parts) + 1):
        unit = model.get_submodule(".".join(parts[:depth]))
        if hasattr(type(unit), method):
            yield unit


def _gather(model: Any, names: Sequence[str], stack: contextlib.ExitStack) -> None:
    """Makes what some modules have whole until the stack is closed."""
    flat = [one for name in names for one in _units(model, name, "summon_full_params")]
    # The outermost comes first: it prepares those inside it.
    for unit in dict.fromkeys(flat):
        summoned = unit.summon_full_params(unit, recurse=False, writeback=False)
        stack.enter_context(summoned)
    for unit in (one for name in names for one in _units(model, name, "reshard")):
        # What is whole after a validation is rounded to the dtype that it computes in.
        unit.reshard()
    # All of the model would be too much.
    modules = [model.get_submodule(name) for name in names if name]
    weights = [weight for module in modules for weight in module.parameters()]
    weights = [one for one in dict.fromkeys(weights) if hasattr(one, "ds_id")]
    if weights:
        zero = importlib.import_module("deepspeed").zero
        stack.enter_context(zero.GatheredParameters(weights))


def said_by_first(answer: bool, about: str, *, is_first: bool) -> bool:
    """Returns what the first of the processes says, which waits for none of the others;
    false if it says nothing in time.

    Args:
      answer: what this process says.
      about: what it is about, which is said once.
    """
    if not (distributed.is_available() and distributed.is_initialized()):
        return answer
    store = distributed.distributed_c10d._get_default_store()
    key = f"tb_wordembed/{about}"
    if is_first:
        store.set(key, str(int(answer)))
        return answer
    try:
        store.wait([key], min(_LONGEST_WAIT, store.timeout / 4))
    except RuntimeError:
        return False
    return bool(store.get(key) == b"1")


def _meet(ranks: set[int], purpose: str) -> None:
    """Waits until all of some processes are here; each comes to the same result.

    Raises:
      TimeoutError: some are not here, so none may begin what needs all of them.
    """
    about = f"tb_wordembed/{sorted(ranks)}/{purpose}"
    key = f"{about}/{_meetings[about]}"
    _meetings[about] += 1
    # The one thing that processes share without waiting for each other.
    store = distributed.distributed_c10d._get_default_store()
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
