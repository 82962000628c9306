"""The embedding tables of a PyTorch model: found, and read while it trains."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel

from tb_wordembed.torch.forward_table import (
    is_table,
    padding_row,
    table_of,
    watching,
    weight_of,
)
from tb_wordembed.torch.sharded_weights import whole
from tb_wordembed.training.logged_table import LoggedTable
from tb_wordembed.write.shards import shards_of
from tb_wordembed.write.tables import Table, as_table
from tb_wordembed.write.tag_and_step import check_tag

_WRAPPERS = nn.DataParallel, nn.parallel.DistributedDataParallel, AveragedModel
_WRAPPED = "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"


@dataclass(frozen=True)
class ModuleTable(LoggedTable):
    """An embedding table of a PyTorch model.

    Attributes:
      name: the qualified name of its module in the model, those of wrappers included;
        empty if a function takes it from the model.
      is_by_rows: whether it is divided by rows among processes, so that each can log
        its own.
    """

    name: str = ""
    is_by_rows: bool = False

    def is_named(self, by: Any) -> bool:
        """Returns whether this table is meant by a name."""
        return by in (self.tag, self.name)


def find(model: Any, wanted: Any = None) -> list[ModuleTable]:
    """Finds the embedding tables of a model; one that is shared is found once. Raises
    ValueError if there is none, or something that is wanted is no table."""
    if not isinstance(model, nn.Module):
        raise ValueError(
            f"model={type(model).__name__}: expected a torch.nn.Module: the model that "
            "is trained"
        )
    if isinstance(wanted, Mapping):
        with whole(model, dict.fromkeys(wanted, ""), "find") as here:
            return [_chosen(model, tag, wanted[tag]) for tag in here]
    names = _names_by_tag(model, wanted)
    with whole(model, names, "find") as here:
        return list(_tables(model, {tag: names[tag] for tag in here}))


def present(
    model: Any, tables: Sequence[ModuleTable], *, is_kept: bool
) -> list[ModuleTable]:
    """Returns the tables that can be read now. Those of which several processes have
    parts are made whole, for which each of these has to call this, and copied.
    ``is_kept`` says whether this process does anything with the tables."""
    with whole(model, {one.tag: one.name for one in tables}, "read") as here:
        return [
            _copied(one, is_kept=is_kept) if here[one.tag] else one
            for one in tables
            if one.tag in here
        ]


def _copied(table: ModuleTable, *, is_kept: bool) -> ModuleTable:
    data = table.table()
    data = data.full_tensor() if hasattr(data, "full_tensor") else data
    if not is_kept:
        data = None
    elif not isinstance(data, Table):
        data = data.to("cpu", copy=True)
        # It is read where no error ends the training.
        return replace(table, table=lambda: replace(as_table(data), is_shared=False))
    return replace(table, table=lambda: data)


def _chosen(model: Any, tag: str, get: Any) -> ModuleTable:
    if callable(get) and not isinstance(get, nn.Module):
        try:
            return _table(model, tag, "", get)
        except (AttributeError, TypeError, LookupError) as error:
            raise ValueError(
                f"modules: the function for {tag!r} returns no table: "
                f"{type(error).__name__}: {error}"
            ) from error
    raise ValueError(
        f"modules: {tag!r} goes to {get!r}; expected a function that takes a table "
        "from the model, such as lambda model: model.head.weight"
    )


def _tables(model: Any, names: Mapping[str, str]) -> Iterator[ModuleTable]:
    """Yields the tables of modules, from tags to names."""
    seen: set[tuple[int, ...]] = set()
    for tag, name in names.items():
        module = model.get_submodule(name)
        weights = tuple(map(id, module.parameters()))
        if not is_table(module):
            yield from _matrices(model, tag, name)
        elif weights not in seen:
            seen.add(weights)
            found, row = _table(model, tag, name, table_of), padding_row(module)
            yield found if row is None else replace(found, fixed_rows=((row, row + 1),))


def _matrices(model: Any, tag: str, name: str) -> Iterator[ModuleTable]:
    """Yields the tables of a module in which there is no embedding: its weight, or all
    of its own parameters that have two dimensions."""
    module = model.get_submodule(name)
    own = module.named_parameters(recurse=False)
    tags = {f"{tag}.{one}": one for one, weight in own if weight.dim() == 2}
    if isinstance(getattr(module, "weight", None), torch.Tensor):
        tags = {tag: "weight"}
    if not tags:
        raise ValueError(f"modules: {tag!r} has no weights of two dimensions to log")
    for inner, one in tags.items():
        yield _table(model, inner, name, partial(weight_of, name=one))


_OF_POSITIONS = re.compile("(?<![a-z])position|wpe$")
"""What is in the tags of tables whose rows are positions, and no tokens."""


def _table(model: Any, tag: str, name: str, get: Callable[[Any], Any]) -> ModuleTable:
    check_tag(tag)
    read = partial(_read, model, name, get)
    data = read()
    if isinstance(data, Table):
        data = data.values
    if data.ndim != 2:
        raise ValueError(
            f"modules: {tag!r} has the shape {list(data.shape)}; a table has two "
            "dimensions, [vocab_size, embedding_dim]"
        )
    return ModuleTable(
        tag=tag,
        name=name,
        table=read,
        shape=tuple(data.shape),
        has_tokens=not _OF_POSITIONS.search(tag),
        is_by_rows=shards_of(data) is not None,
    )


def _read(model: Any, name: str, get: Callable[[Any], Any]) -> Any:
    """Returns a table of a module, which may be another module by now."""
    module = model.get_submodule(name)
    with watching(module):
        found = get(module)
    return found if isinstance(found, Table) else found.detach()


def _names_by_tag(model: Any, wanted: Any) -> dict[str, str]:
    """Returns the qualified names of the modules to log: of the embeddings in each that
    is wanted or, if there is none, its own. The tag of each is its name as it is in the
    model without wrappers. Arguments and errors are those of ``find``."""
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
