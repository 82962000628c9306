"""Finds the tables in PyTorch's distributed checkpoints. No pickle is executed."""

from __future__ import annotations

import zipfile
from functools import partial
from pathlib import Path
from typing import Any

from tb_wordembed.errors import FileError, quoted
from tb_wordembed.format.metadata import Part
from tb_wordembed.snapshots.checkpoints import inert_pickle
from tb_wordembed.snapshots.checkpoints.inert_pickle import Inert
from tb_wordembed.snapshots.checkpoints.placed_rows import (
    Placed,
    PlacedRows,
    check_fits,
    is_table,
    placed_or_not,
)
from tb_wordembed.snapshots.checkpoints.zip_members import file_part, member_start

METADATA = ".metadata"
"""The file that says what is in a checkpoint; the rows are in others beside it."""

_MOST_PICKLE_BYTES = 1 << 28
_LITTLE = b"little"


def find(metadata: Path) -> list[Placed]:
    """Returns the rows of each table that each rank wrote. Raises FileError if the
    checkpoint is damaged."""
    if metadata.stat().st_size > _MOST_PICKLE_BYTES:
        raise FileError(f"is larger than {_MOST_PICKLE_BYTES:,} bytes")
    said = inert_pickle.load(metadata.read_bytes())
    if not isinstance(said, Inert) or said.name != "Metadata":
        raise FileError("does not describe a distributed checkpoint of PyTorch")
    tensors = _mapping(said.get_field("state_dict_metadata"))
    found: list[Placed] = []
    for index, place in _mapping(said.get_field("storage_data")).items():
        key = index.get_field("fqn")
        tensor = tensors.get(key)
        if not isinstance(tensor, Inert) or tensor.name != "TensorStorageMetadata":
            continue
        size = _sizes(tensor.get_field("size"))
        dtype = _dtype(tensor)
        if not is_table(size, dtype):
            continue
        rows = partial(_rows, metadata, index, place, tensor, dtype)
        found += placed_or_not(str(key), rows)
    return found


def _mapping(value: Any) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise FileError("does not describe a distributed checkpoint of PyTorch")
    return value


def _sizes(value: Any) -> tuple[int, ...]:
    """Returns the numbers of a ``torch.Size``."""
    numbers = value.args[0] if isinstance(value, Inert) and value.args else value
    if not isinstance(numbers, (tuple, list)) or not all(
        type(one) is int and one >= 0 for one in numbers
    ):
        raise FileError("has no valid shape for a tensor: it is damaged")
    return tuple(numbers)


def _dtype(tensor: Inert) -> str:
    """Returns the dtype of a tensor; its properties are a tuple that begins with it."""
    properties = tensor.get_field("properties")
    state = properties.state
    first = state[0] if isinstance(state, tuple) and state else None
    if isinstance(state, dict):
        first = state.get("dtype")
    return str(getattr(first, "name", ""))


def _rows(
    metadata: Path, index: Inert, place: Inert, tensor: Inert, dtype: str
) -> list[PlacedRows]:
    """Returns the place of the rows of a tensor that a rank wrote, if it has any."""
    key, size = str(index.get_field("fqn")), _sizes(tensor.get_field("size"))
    offsets = _sizes(index.get_field("offset"))
    shapes = [
        _sizes(one.get_field("sizes"))
        for one in tensor.get_field("chunks")
        if _sizes(one.get_field("offsets")) == offsets
    ]
    if len(offsets) != len(size) or not shapes:
        raise FileError(f"says nothing of the part of {quoted(key)} at {offsets}")
    shape = shapes[0]
    if len(shape) != 2 or shape[1] != size[1]:
        raise FileError(
            f"has {quoted(key)} with its columns distributed, which is not read in "
            "place. Gather it, such as with "
            "torch.distributed.checkpoint.format_utils.dcp_to_torch_save, and import it"
        )
    if not shape[0]:
        return []
    name = place.get_field("relative_path")
    path = metadata.parent / str(name)
    if Path(str(name)).name != name or not path.is_file():
        raise FileError(f"names the file {quoted(name)}, which is not beside it")
    if place.state.get("transform_descriptors"):
        raise FileError(
            f"has {quoted(key)} compressed or otherwise transformed, which is not read "
            "in place. Write it with dcp_to_torch_save, and import it"
        )
    start, length = _sizes((place.get_field("offset"), place.get_field("length")))
    if start + length > path.stat().st_size:
        raise FileError(f"has no valid place for {quoted(key)} in {quoted(name)}")
    at = start + _elements(path, key, start, length, shape)
    part = Part(offsets[0], size[0])
    found = PlacedRows(key, path, at, dtype, shape, part)
    check_fits(found, start + length)
    return [found]


def _elements(
    path: Path, key: str, start: int, length: int, shape: tuple[int, ...]
) -> int:
    """Returns the offset of the elements of a tensor that was saved at ``start`` of a
    file, from there: ``torch.save`` writes a zip archive, in which they are one file.
    """
    with path.open("rb") as file:
        part = file_part(file, start, length)
        try:
            with zipfile.ZipFile(part) as archive:
                return member_start(part, _data_of(archive, key, shape))
        except zipfile.BadZipFile as error:
            raise FileError(
                f"has {quoted(key)} in another form than torch.save writes: {error}"
            ) from error


def _data_of(
    archive: zipfile.ZipFile, key: str, shape: tuple[int, ...]
) -> zipfile.ZipInfo:
    """Returns the member with the elements of a tensor, which lie as they are."""
    members = {one.filename.partition("/")[2]: one for one in archive.filelist}
    described, data = members.get("data.pkl"), members.get("data/0")
    order = members.get("byteorder")
    if (
        described is None
        or data is None
        or data.compress_type != zipfile.ZIP_STORED
        or described.file_size > _MOST_PICKLE_BYTES
        or (order is not None and order.file_size > len(_LITTLE))
        or (order is not None and archive.read(order) != _LITTLE)
    ):
        raise FileError(f"has {quoted(key)} in a form that is not read in place")
    _check_laid_out(key, inert_pickle.load(archive.read(described)), shape)
    return data


def _check_laid_out(key: str, tensor: Any, shape: tuple[int, ...]) -> None:
    """Raises FileError if the elements of a tensor do not lie one behind the other."""
    if isinstance(tensor, Inert) and tensor.name == "_rebuild_parameter":
        tensor = next(iter(tensor.args), None)
    is_one = isinstance(tensor, Inert) and tensor.module == "torch._utils"
    if is_one and tensor.name.startswith("_rebuild_tensor") and len(tensor.args) >= 4:
        # The arguments of the call that makes it; the storage is the first.
        _, offset, sizes, steps, *_ = tensor.args
        strides = _sizes(steps)
        is_behind = strides == (shape[1], 1) or (shape[0] == 1 and strides[1:] == (1,))
        if offset == 0 and _sizes(sizes) == shape and is_behind:
            return
    raise FileError(
        f"has the rows of {quoted(key)} not one behind the other, but transposed or "
        "with gaps, which is not read in place; save its .contiguous()"
    )
