"""The table of a PyTorch module, as it acts in the forward pass."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn
from torch.nn.utils import parametrize

_BLOCK_ROWS = 1 << 14
"""How many rows are looked up at once."""

_ADAPTED = "base_layer", "original_module", "token_adapter"
"""What peft calls a module that it adapts."""


def is_table(module: Any) -> bool:
    """Returns whether a module is an embedding, or one that peft has adapted."""
    return isinstance(_base(module), (nn.Embedding, nn.EmbeddingBag))


def table_of(module: Any) -> Any:
    """Returns the table of a module for which ``is_table`` is true, without gradient.

    That is its weight, which a parametrization computes. An adapter, such as LoRA,
    adds to the weight in its forward pass; then all rows are looked up.
    """
    weight = weight_of(_base(module))
    if not _adds_to(module, weight):
        return weight
    with torch.no_grad(), _evaluating(module):
        return _looked_up(module, tuple(weight.shape))


def padding_row(module: Any) -> int | None:
    """Returns the row of a table that has no gradient, if there is one."""
    base = _base(module)
    # What computes a weight may change each row of it.
    return None if parametrize.is_parametrized(base) else base.padding_idx


def weight_of(module: Any, name: str = "weight") -> Any:
    """Returns a weight of a module without gradient, which may be computed."""
    with torch.no_grad(), _evaluating(module):
        return getattr(module, name).detach()


def called(function: Callable[[Any], Any], model: Any) -> Any:
    """Returns what a user's function takes from a model."""
    with torch.no_grad(), _evaluating(model):
        return function(model)


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


def _looked_up(module: Any, shape: tuple[int, ...]) -> Any:
    """Returns all rows as the module looks them up. None of its hooks is called."""
    device = next(module.parameters()).device
    table = None
    for start in range(0, shape[0], _BLOCK_ROWS):
        rows = torch.arange(start, min(start + _BLOCK_ROWS, shape[0]), device=device)
        block = module.forward(rows)
        if table is None:
            table = torch.empty(shape, dtype=block.dtype)
        table[start : start + len(rows)] = block
    return table


@contextlib.contextmanager
def _evaluating(module: Any) -> Iterator[None]:
    """Sets a module to evaluation for a moment: no random number and no running
    estimate of the training may change because somebody looks at it."""
    training = [one for one in module.modules() if one.training]
    for one in training:
        one.training = False
    try:
        yield
    finally:
        for one in training:
            one.training = True
