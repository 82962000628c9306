"""Finds the embedding tables of a PyTorch model, also in wrappers and adapters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from torch import nn
from torch.optim.swa_utils import AveragedModel

from tb_wordembed.format.metadata import TABLE_DTYPES
from tb_wordembed.torch.forward import (
    called,
    is_table,
    padding_row,
    table_of,
    weight_of,
)
from tb_wordembed.training.logged_table import LoggedTable, errors_of, no_layer
from tb_wordembed.write.tables import check_shape
from tb_wordembed.write.writer import check_tag

_WRAPPERS = nn.DataParallel, nn.parallel.DistributedDataParallel, AveragedModel
_WRAPPED = "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"


@dataclass(frozen=True)
class ModuleTable(LoggedTable):
    """An embedding table of a PyTorch model.

    Attributes:
      name: the qualified name of its module in the model, those of wrappers included.
      dtype: its own dtype.
      is_sharded: whether each process has only a part of it.
    """

    name: str = ""
    dtype: str = "float32"
    is_sharded: bool = False

    def is_named(self, by: Any) -> bool:
        """Returns whether this table is meant by a name."""
        return by in (self.tag, self.name)

    def check_size(self, dtype: str | None) -> None:
        """Raises ValueError if it is too large in a dtype, or in its own."""
        own = self.dtype if self.dtype in TABLE_DTYPES else "float32"
        with errors_of(self):
            check_shape(self.shape, dtype or own)


def find(model: Any, wanted: Any = None) -> list[ModuleTable]:
    """Finds the embedding tables of a model; a table that is shared is found once.

    Args:
      wanted: modules or their names, one or several, or a dict from tag to a function
        of the model; None for all ``nn.Embedding`` and ``nn.EmbeddingBag``.

    Raises:
      ValueError: there is none, a module that is wanted has none.
    """
    if not isinstance(model, nn.Module):
        raise ValueError(
            f"model={type(model).__name__}: expected a torch.nn.Module: the model that "
            "is trained"
        )
    if isinstance(wanted, Mapping):
        return [_chosen(model, tag, get) for tag, get in wanted.items()]
    tags = _tags(model)
    embeddings = list(_embeddings(model, tags))
    if wanted is not None:
        return _wanted(model, tags, embeddings, wanted)
    if not embeddings:
        raise ValueError(
            f"the model {type(model).__name__} has no nn.Embedding or nn.EmbeddingBag "
            "with a weight of two dimensions. Other weights are logged with modules="
            '{"name": lambda model: ...}, and other tables with add_embedding'
        )
    return embeddings


def whole(table: ModuleTable) -> ModuleTable:
    """Returns a table with all rows, which each process has to ask for if each has only
    a part of it. Others are returned as they are."""
    if not table.is_sharded:
        return table
    data = table.table().full_tensor().cpu()
    return replace(table, table=lambda: data)


def _tags(model: Any) -> dict[str, str]:
    """Returns the name of each module as it is in the model without wrappers."""
    tags = {"": ""}
    modules = dict(model.named_modules(remove_duplicate=False))
    for name in modules:
        parent, _, own = name.rpartition(".")
        if name:
            is_inner = _is_wrapped(modules[parent], own)
            parts = [tags[parent], "" if is_inner else own]
            tags[name] = ".".join(filter(None, parts))
    return tags


def _is_wrapped(parent: Any, name: str) -> bool:
    package = type(parent).__module__.partition(".")[0]
    return (
        name in _WRAPPED
        or (name == "module" and isinstance(parent, _WRAPPERS))
        or (name == "module" and package == "deepspeed")
        or (name in ("base_model", "model") and package == "peft")
    )


def _chosen(model: Any, tag: str, get: Any) -> ModuleTable:
    if not callable(get) or isinstance(get, nn.Module):
        raise ValueError(
            f"modules: {tag!r} goes to {get!r}; expected a function that takes a table "
            "from the model, such as lambda model: model.head.weight"
        )
    return _table(tag, partial(called, get, model))


def _embeddings(model: Any, tags: Mapping[str, str]) -> Iterator[ModuleTable]:
    seen: set[tuple[int, ...]] = set()
    inside: list[str] = []  # The names of modules in which there is no further table.
    for name, module in model.named_modules():
        if name.startswith(tuple(inside)) or not is_table(module):
            continue
        inside.append(f"{name}.")
        weights = tuple(map(id, module.parameters()))
        # Between batches, FSDP 1 and DeepSpeed may keep weights in another form.
        if weights not in seen and table_of(module).dim() == 2:
            seen.add(weights)
            tag = tags[name] or type(module).__name__.lower()
            found = _table(tag, partial(_at, model, name, table_of), name)
            row = padding_row(module)
            yield found if row is None else replace(found, fixed_rows=((row, row + 1),))


def _at(model: Any, name: str, get: Callable[..., Any], *more: Any) -> Any:
    """Returns a table of a module, which may be another module by now."""
    return get(model.get_submodule(name), *more)


def _table(tag: str, get: Callable[[], Any], name: str = "") -> ModuleTable:
    check_tag(tag)
    data = get()
    table = ModuleTable(
        tag=tag,
        name=name or tag,
        table=get,
        shape=tuple(data.shape),
        has_tokens="position" not in name and not name.endswith("wpe"),
        dtype=str(data.dtype).removeprefix("torch."),
        is_sharded=hasattr(data, "full_tensor"),
    )
    if len(table.shape) != 2:
        raise ValueError(
            f"modules: {tag!r} has the shape {list(table.shape)}; a table has two "
            "dimensions, [vocab_size, embedding_dim]"
        )
    return table


def _wanted(
    model: Any,
    tags: Mapping[str, str],
    embeddings: Sequence[ModuleTable],
    wanted: Any,
) -> list[ModuleTable]:
    """Returns the tables of the modules that are wanted, and of those inside them."""
    named = dict(model.named_modules(remove_duplicate=False))
    is_one = isinstance(wanted, (str, nn.Module)) or not isinstance(wanted, Iterable)
    found: dict[str, ModuleTable] = {}
    for by in [wanted] if is_one else wanted:
        meant = [one for one in named if by is named[one] or by in (one, tags[one])]
        if not meant:
            raise ValueError(no_layer("modules", by, embeddings))
        inside = set(map(id, named[meant[0]].modules()))
        tables = [one for one in embeddings if id(named[one.name]) in inside]
        tables = tables or _matrices(model, meant[0], tags[meant[0]])
        if not tables:
            raise ValueError(
                f"modules: {tags[meant[0]]!r} has no weights of two dimensions to log"
            )
        found |= {one.tag: one for one in tables}
    if not found:
        raise ValueError(
            f"modules={wanted!r} names no module; leave it out for all embeddings"
        )
    return list(found.values())


def _matrices(model: Any, name: str, tag: str) -> list[ModuleTable]:
    """Returns the tables of a module in which there is no embedding: its weight, or all
    of its own parameters that have two dimensions."""
    module = model.get_submodule(name)
    own = [one for one, _ in module.named_parameters(recurse=False)]
    own = ["weight"] if hasattr(module, "weight") else own
    own = [one for one in own if weight_of(module, one).dim() == 2]
    return [
        _table(
            tag if own == ["weight"] else ".".join(filter(None, [tag, one])),
            partial(_at, model, name, weight_of, one),
            name,
        )
        for one in own
    ]
