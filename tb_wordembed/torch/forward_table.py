"""The table of a PyTorch module, as it acts in the forward pass."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import torch
from torch import nn
from torch.func import functional_call
from torch.nn.utils import parametrize

from tb_wordembed.write.tables import Table, as_table

_BLOCK_NUMBERS = 1 << 19
"""How many numbers are looked up at once: an adapter takes their memory several times,
and the system keeps what large blocks took."""

_ADAPTED = "base_layer", "original_module", "token_adapter"
"""What peft calls a module that it adapts."""


def is_table(module: Any) -> bool:
    """Returns whether a module is an embedding, or one that peft has adapted."""
    return isinstance(_base(module), (nn.Embedding, nn.EmbeddingBag))


def table_of(module: Any) -> Any:
    """Returns the table of a module for which ``is_table`` is true: a tensor, or a
    ``Table`` that was computed for this call, so that no training changes it.

    That is its weight, which a parametrization computes, with norms up to ``max_norm``.
    An adapter, such as LoRA, adds to the weight in its forward pass; then all rows are
    looked up.
    """
    base = _base(module)
    weight = weight_of(base)
    if not _adds_to(module, weight):
        if base.max_norm is None:
            return weight
        weight = weight.full_tensor() if hasattr(weight, "full_tensor") else weight
        return _computed(torch.renorm(weight, base.norm_type, 0, base.max_norm))
    # Weights that are quantized may be packed.
    rows = len(weight) if weight.is_floating_point() else base.num_embeddings
    return _computed(_looked_up(module, rows))


def _computed(table: Any) -> Table:
    return replace(as_table(table), is_shared=False)


def weight_of(module: Any, name: str = "weight") -> Any:
    """Returns a weight of a module, which may be computed."""
    for hook in module._forward_pre_hooks.values():
        # Those of pruning and of the older norms compute it before each forward pass.
        if type(hook).__module__.startswith("torch.nn.utils."):
            hook(module, ())
    return getattr(module, name)


def padding_row(module: Any) -> int | None:
    """Returns the row of a table that has no gradient, if there is one."""
    base = _base(module)
    # What computes a weight may change each row of it.
    return None if parametrize.is_parametrized(base) else base.padding_idx


@contextlib.contextmanager
def watching(module: Any) -> Iterator[None]:
    """Sets a module to evaluation, without gradients, for a moment: no random number
    and no running estimate of the training may change because somebody looks at it."""
    training = [one for one in module.modules() if one.training]
    for one in training:
        one.training = False
    try:
        with torch.no_grad():
            yield
    finally:
        for one in training:
            one.training = True


def _base(module: Any) -> Any:
    """Returns the module that one of peft adapts; others as they are."""
    while type(module).__module__.partition(".")[0] == "peft":
        inner = [module._modules.get(name) for name in _ADAPTED]
        module = next((one for one in inner if one is not None), None)
    return module


def _adds_to(module: Any, weight: Any) -> bool:
    """Returns whether the forward pass looks up anything else than the weight."""
    if module is not _base(module):
        return True
    if isinstance(module, nn.EmbeddingBag):
        return False
    # Embeddings of positions have a forward pass of their own, too.
    has_lora = any("lora" in name.lower() for name, _ in module.named_parameters())
    is_own = type(module).forward is not nn.Embedding.forward
    return is_own and (has_lora or not weight.is_floating_point())


class _Forward(nn.Module):  # type: ignore[misc]
    """Calls the forward pass of a module and none of its hooks."""

    def __init__(self, module: Any) -> None:
        super().__init__()
        self.module = module

    def forward(self, rows: Any) -> Any:
        return self.module.forward(rows)


def _looked_up(module: Any, rows: int) -> Any:
    """Returns all rows as the module looks them up."""
    whole = {
        f"module.{name}": one.full_tensor()
        for name, one in module.named_parameters()
        if hasattr(one, "full_tensor")
    }
    device = next(module.parameters()).device
    forward, table = _Forward(module), None
    at_once = max(1, _BLOCK_NUMBERS // _base(module).embedding_dim)
    for start in range(0, rows, at_once):
        block = torch.arange(start, min(start + at_once, rows), device=device)
        found = functional_call(forward, whole, block)
        if table is None:
            table = torch.empty((rows, found.shape[1]), dtype=found.dtype)
        table[start : start + len(block)] = found
    return table
