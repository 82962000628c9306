"""Which modules of a PyTorch model hold tables, and what they are called in the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from torch import nn
from torch.optim.swa_utils import AveragedModel

from tb_wordembed.torch.forward_table import is_table

_WRAPPERS = nn.DataParallel, nn.parallel.DistributedDataParallel, AveragedModel
_WRAPPED = "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"


def names_by_tag(model: Any, wanted: Any) -> dict[str, str]:
    """Returns the qualified names of the modules to log. The tag of each is its name as
    it is in the model without wrappers.

    Args:
      wanted: modules or their names, one or several. The embeddings in each are logged,
        or its own weights if there is none. None for all embeddings of the model.

    Raises:
      ValueError: there is none, or not each that is wanted.
    """
    tags = _tags(model)
    names = _embeddings(model) if wanted is None else _meant(model, tags, wanted)
    if not names:
        raise ValueError(
            f"the model {type(model).__name__} has no nn.Embedding or nn.EmbeddingBag. "
            'Other weights are logged with modules={"name": lambda model: ...}, and '
            "other tables with add_embedding"
            if wanted is None
            else f"modules={wanted!r} names no module; leave it out for all embeddings"
        )
    # fully_shard makes a class of each.
    own = type(model).__name__.removeprefix("FSDP").lower()
    return {tags[name] or own: name for name in names}


def _tags(model: Any) -> dict[str, str]:
    """Returns the name of each module as it is in the model without wrappers."""
    tags = {"": ""}
    modules = dict(model.named_modules(remove_duplicate=False))
    for name in filter(None, modules):
        parent, _, own = name.rpartition(".")
        is_inner = _is_wrapped(modules[parent], own)
        tags[name] = ".".join(filter(None, [tags[parent], "" if is_inner else own]))
    return tags


def _is_wrapped(parent: Any, name: str) -> bool:
    package = type(parent).__module__.partition(".")[0]
    return (
        name in _WRAPPED
        or (name == "module" and isinstance(parent, _WRAPPERS))
        or (name == "module" and package == "deepspeed")
        or (name in ("base_model", "model") and package == "peft")
    )


def _embeddings(model: Any, name: str = "") -> list[str]:
    """Returns the names of the embeddings in a module, but of none in another one."""
    found: list[str] = []
    for inner, module in model.get_submodule(name).named_modules(prefix=name):
        outer = tuple(f"{one}." if one else "" for one in found)
        if is_table(module) and not inner.startswith(outer):
            found.append(inner)
    return found


def _meant(model: Any, tags: Mapping[str, str], wanted: Any) -> list[str]:
    named = dict(model.named_modules(remove_duplicate=False))
    is_one = isinstance(wanted, (str, nn.Module)) or not isinstance(wanted, Iterable)
    found: list[str] = []
    for by in [wanted] if is_one else wanted:
        meant = [one for one in named if by is named[one] or by in (one, tags[one])]
        if not meant:
            known = ", ".join(repr(tags[one]) for one in _embeddings(model)) or "none"
            raise ValueError(
                f"modules: there is no module {by!r}; the embeddings are {known}"
            )
        found += _embeddings(model, meant[0]) or meant[:1]
    return list(dict.fromkeys(found))
