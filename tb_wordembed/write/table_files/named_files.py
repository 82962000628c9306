"""Finds the files that arguments name: directories, shards and parts of checkpoints."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tb_wordembed.format.paths import expand, is_remote
from tb_wordembed.snapshots.checkpoints import safe_tensors, tensor_bundle
from tb_wordembed.write.table_files import zarr_arrays

_IN_DIRECTORY = (
    "model.safetensors",
    f"model.safetensors{safe_tensors.INDEX}",
    "pytorch_model.bin",
    f"pytorch_model.bin{safe_tensors.INDEX}",
    "model.weights.h5",
    "projector_config.pbtxt",
    "variables/variables.index",
)

_SHARD = re.compile(r"(.+)-\d{5}-of-\d{5}(\.\w+)")
_PART = re.compile(r"(.+)\.data-\d{5}-of-\d{5}")


def files_of(arguments: Iterable[str | os.PathLike[str]]) -> dict[Path, str]:
    """Returns the files to read, and for each the argument that names it, or the file
    itself where an argument names several.

    Raises:
      FileNotFoundError: there is no such file.
      ValueError: an argument is remote, or a directory with no table, or several.
    """
    found: dict[Path, str] = {}
    for one in arguments:
        name = expand(one)
        if is_remote(name):
            raise ValueError(f"{name} is remote; copy it to a local disk first")
        paths = list(_resolved(Path(name)))
        for path in paths:
            found.setdefault(path, name if len(paths) == 1 else str(path))
    if not found:
        raise ValueError("there is no file to import; pass one or more")
    return found


def _resolved(path: Path) -> Iterator[Path]:
    if path.is_dir() and zarr_arrays.is_one(path):
        yield path
        return
    if path.is_dir():
        yield from _in_directory(path)
        return
    index = path.with_name(path.name + tensor_bundle.INDEX)
    if part := _PART.fullmatch(path.name):
        index = path.with_name(part[1] + tensor_bundle.INDEX)
    elif shard := _SHARD.fullmatch(path.name):
        index = path.with_name(shard[1] + shard[2] + safe_tensors.INDEX)
    if index.is_file():
        yield index
    elif path.is_file():
        yield path
    # A link that leads nowhere is found, too, under its own name.
    elif found := {*glob.glob(str(path))} - {str(path)}:  # noqa: PTH207 - in each part
        for one in sorted(found):
            yield from _resolved(Path(one))
    else:
        raise FileNotFoundError(f"there is no file or directory {str(path)!r}")


def _in_directory(folder: Path) -> list[Path]:
    known = [folder / name for name in _IN_DIRECTORY if (folder / name).is_file()]
    checkpoints = sorted(folder.glob(f"*{tensor_bundle.INDEX}"))
    if len(known) == 1 and not checkpoints:
        return known
    if checkpoints and not known:
        return checkpoints
    if not known:
        raise ValueError(
            f"{str(folder)!r} is a directory without {', '.join(_IN_DIRECTORY)} or a "
            "checkpoint of TensorFlow in it; pass the files with the tables"
        )
    names = ", ".join(str(one.relative_to(folder)) for one in [*known, *checkpoints])
    raise ValueError(
        f"{str(folder)!r} is a directory with several files that may be meant: "
        f"{names}. Pass one of them"
    )
