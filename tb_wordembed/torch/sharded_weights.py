"""Weights of which each process of a training has a part, made whole for a moment.

FSDP, tensor parallelism and the ZeRO of DeepSpeed divide them. To make them whole all
of these processes have to take part; a training in which only one of them asks for it
would stand still.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from torch import distributed

from tb_wordembed.errors import LOG
from tb_wordembed.torch.processes import are_several, meet


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
                meet(set().union(*holders.values()), f"{purpose} {divided}")
                _gather(model, [names[tag] for tag in divided], stack)
            except Exception as error:  # noqa: BLE001 - hours of training are at stake
                LOG.warning(
                    "%s can't be logged from here on, because several processes hold "
                    "parts of each: %s. Training goes on",
                    ", ".join(map(repr, divided)),
                    error,
                )
                holders = {tag: ranks for tag, ranks in holders.items() if not ranks}
        yield {tag: bool(ranks) for tag, ranks in holders.items()}


def full(tensor: Any, purpose: str) -> Any:
    """Returns a ``DTensor`` as a whole, for which each process has to call this with
    the same purpose; anything else as it is. Raises TimeoutError if some don't come
    here."""
    if not hasattr(tensor, "full_tensor"):
        return tensor
    meet(_mesh(tensor), purpose)
    return tensor.full_tensor()


def _mesh(tensor: Any) -> set[int]:
    return set(tensor.device_mesh.mesh.flatten().tolist())


def _holders(model: Any, name: str) -> set[int]:
    """Returns the ranks of the processes that hold parts of a module, if several do."""
    if not are_several():
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


def divide_again(model: Any, name: str) -> None:
    """Has ``fully_shard`` divide the weights of a module that are whole after a
    validation, and rounded to the dtype that it computes in."""
    for unit in _units(model, name, "reshard"):
        unit.reshard()


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
    for name in names:
        divide_again(model, name)
    # All of the model would be too much.
    modules = [model.get_submodule(name) for name in names if name]
    weights = [weight for module in modules for weight in module.parameters()]
    weights = [one for one in dict.fromkeys(weights) if hasattr(one, "ds_id")]
    if weights:
        zero = importlib.import_module("deepspeed").zero
        stack.enter_context(zero.GatheredParameters(weights))
