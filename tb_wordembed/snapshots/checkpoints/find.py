"""Finds the checkpoints below a directory: which files hold them, and their steps."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tb_wordembed.errors import FileError
from tb_wordembed.format.metadata import Part
from tb_wordembed.snapshots.checkpoints import (
    numpy_file,
    parquet_file,
    safe_tensors,
    tensor_bundle,
    torch_shards,
    zarr_arrays,
)
from tb_wordembed.snapshots.checkpoints.placed_rows import (
    Placed,
    PlacedRows,
    called_embeddings,
    own_tables,
)

Find = Callable[[Path], list[Placed]]

_FINDERS: dict[str, Find] = {
    torch_shards.METADATA: torch_shards.find,
    safe_tensors.INDEX: safe_tensors.find,
    safe_tensors.SUFFIX: safe_tensors.find,
    tensor_bundle.INDEX: tensor_bundle.find,
    numpy_file.SUFFIX: numpy_file.find,
    parquet_file.SUFFIX: parquet_file.find,
    **dict.fromkeys(zarr_arrays.METADATA, zarr_arrays.find),
}
"""What finds the tables in a file, by how its name ends; the first that fits."""

_DIRECTORIES = (torch_shards.METADATA, *zarr_arrays.METADATA)
"""The files of which each tells what its directory holds."""

OTHERS = (".pt", ".pth", ".bin", ".ckpt", ".h5", ".keras", ".npz")
"""How the names end of what may hold tables, and is not read in place: its rows are
compressed, or in a pickle."""

_DIGITS = re.compile(r"(\d+)")
_COUNTED = re.compile(
    r"(?:layer|block|head|expert|part|shard|table|h)s?[-_./]?\d", re.I
)
"""Numbers in names of arrays that are no steps."""
_SHARD = re.compile(r"(.+)-\d{5}-of-(\d{5})(\.\w+)")
_PART = re.compile(r"part[-._]?\d.*")
"""How writers of Parquet call the files of a directory that is one table."""
_TEMPORARY = "_temporary"
"""What Spark has beside such files until all of them are there."""
_MOST_FILES = 100_000


@dataclass(frozen=True)
class Checkpoint:
    """Files that hold the tables of one step.

    Attributes:
      name: its path from the directory that was searched.
      files: the file that names all others, or the files of which each holds a part.
      table: the name of its table, if it is an array in a group of zarr.
    """

    name: str
    files: tuple[Path, ...]
    table: str = ""

    def tables(self) -> list[Placed]:
        """Returns the rows of each table that lie together. Raises FileError if it
        can't be read in place, and OSError if a file can't be read."""
        find = _finder(self.files[0].name)
        assert find is not None, "only files with a finder are checkpoints"
        try:
            found = [one for file in self.files for one in find(file)]
        except (FileError, OSError):
            raise
        except Exception as error:
            # Damaged and hostile headers raise errors of many types.
            raise FileError(f"can't be read: {error!r}; it is damaged") from error
        return found if len(self.files) == 1 else _joined(found)


def _joined(found: Sequence[Placed]) -> list[Placed]:
    """Returns tables of which each file has rows, in the order of the files."""
    by_key: dict[str, list[PlacedRows]] = defaultdict(list)
    joined: list[Placed] = []
    for one in found:
        if isinstance(one, PlacedRows):
            by_key[one.key].append(one)
        else:
            joined.append(one)
    for parts in by_key.values():
        rows, first = sum(one.shape[0] for one in parts), 0
        for one in parts:
            joined.append(replace(one, part=Part(first, rows)))
            first += one.shape[0]
    return joined


def _finder(name: str) -> Find | None:
    return next((_FINDERS[end] for end in _FINDERS if name.endswith(end)), None)


def checkpoints(directory: str) -> tuple[list[Checkpoint], list[tuple[str, str]]]:
    """Returns the checkpoints below a directory, links not followed, and the paths of
    files that can't be read in place, each with what is wrong."""
    found, problems = [], []
    others: list[str] = []
    for folder, names in _listed(directory):
        used = set()
        for index in (one for one in names if one.endswith(safe_tensors.INDEX)):
            try:
                shards = safe_tensors.shards_of(Path(folder, index)).values()
            except (FileError, OSError) as error:
                problems.append((os.path.join(folder, index), str(error)))  # noqa: PTH118
                used.add(index)
            else:
                used |= {one.name for one in shards}
        groups: dict[tuple[Path, int], list[Path]] = defaultdict(list)
        for name in sorted(set(names) - used, key=natural):
            file = Path(folder, name)
            if _finder(name) is not None:
                groups[_whole(file)].append(file)
            elif name.endswith(OTHERS):
                others.append(str(file))
        for (whole, count), files in groups.items():
            if missing := _missing(files, count):
                problems.append((str(files[0]), f"is still being written: {missing}"))
                continue
            name = os.path.relpath(whole, directory).replace(os.sep, "/")
            found.append(Checkpoint(name, tuple(files)))
    if not found:
        problems += [
            (one, "is not read in place; log its tables with tb-wordembed import")
            for one in others[:1]
        ]
    return found, problems


def _listed(directory: str) -> Iterator[tuple[str, list[str]]]:
    """Yields the directories below one, each with the files in it."""
    count = 0
    for folder, folders, names in os.walk(directory):
        for metadata in _DIRECTORIES:
            if metadata in names:
                # What else is there are its parts.
                folders.clear()
                names = [metadata]
        folders[:] = sorted(one for one in folders if one != _TEMPORARY)
        count += len(names)
        if count > _MOST_FILES:
            raise OSError(
                f"has more than {_MOST_FILES:,} files below it, and no event file; "
                "name the directory of the checkpoints"
            )
        yield folder, sorted(names)


def natural(name: str) -> list[tuple[int, str]]:
    """Returns a key that sorts numbers in texts as numbers."""
    parts = enumerate(_DIGITS.split(name))
    return [(int(one), "") if at % 2 else (0, one) for at, one in parts]


def _is_part(file: Path) -> bool:
    """Returns whether a Parquet file has some rows of the table of its directory."""
    is_parquet = file.suffix == parquet_file.SUFFIX
    of_directory = file.parent.suffix == parquet_file.SUFFIX
    return is_parquet and (of_directory or _PART.match(file.name) is not None)


def _whole(file: Path) -> tuple[Path, int]:
    """Returns the path of the checkpoint that a file is, or is a part of; and the
    number of its parts, 0 where the name does not say it."""
    part = _SHARD.fullmatch(file.name)
    if part:
        return file.with_name(part[1] + part[3]), int(part[2])
    in_directory = file.name in _DIRECTORIES or _is_part(file)
    return (file.parent if in_directory else file), 0


def _missing(files: Sequence[Path], count: int) -> str:
    """Says how many of the parts are not there; nothing if all are."""
    if _is_part(files[0]) and (files[0].parent / _TEMPORARY).exists():
        return f"{_TEMPORARY} is beside it"
    if count and len(files) != count:
        return f"{len(files)} of {count} files are there"
    return ""


def by_run(found: Iterable[Checkpoint]) -> dict[str, list[tuple[int, Checkpoint]]]:
    """Returns the checkpoints of each run with their steps, ascending.

    The step is the last number in the last part of the path of which the numbers
    differ among checkpoints of the same form; the parts before it are the run. A
    checkpoint alone of its form has step 0, unless the arrays in it are the steps.
    """
    runs: dict[str, list[tuple[int, Checkpoint]]] = defaultdict(list)
    opened = [
        one
        for alike in _by_form(found)
        for one in (_arrays(alike[0]) if len(alike) == 1 else alike)
    ]
    for alike in _by_form(opened):
        parts = [one.name.split("/") for one in alike]
        differing = [
            at for at, of in enumerate(zip(*parts, strict=True)) if len(set(of)) > 1
        ]
        at = differing[-1] if differing else -1
        for one, path in zip(alike, parts, strict=True):
            step = int(_DIGITS.findall(path[at])[-1]) if differing else 0
            runs["/".join(path[:at]) or "."].append((step, one))
    return {
        run: sorted(steps, key=lambda one: one[0])
        for run, steps in sorted(runs.items())
    }


def _by_form(found: Iterable[Checkpoint]) -> list[list[Checkpoint]]:
    """Returns checkpoints together of whose names only the numbers differ."""
    forms: dict[str, list[Checkpoint]] = defaultdict(list)
    for one in found:
        forms[_DIGITS.sub("#", one.name)].append(one)
    return [*forms.values()]


def _arrays(store: Checkpoint) -> list[Checkpoint]:
    """Returns the tables in a group of zarr as checkpoints, where there are several of
    a form, and all of a form have one shape; the group itself otherwise, and where
    numbers count layers or the like."""
    metadata = store.files[0]
    if metadata.name not in zarr_arrays.METADATA:
        return [store]
    try:
        found = {
            key: (Checkpoint(f"{store.name}/{key}", (file,), _unnumbered(key)), shape)
            for key, file, shape in zarr_arrays.arrays_of(metadata.parent)
            if len(shape) == 2
        }
        # The layers of a model have one shape, too.
        if any(map(_COUNTED.search, found)):
            return [store]
        shapes = dict(found[key] for key in chosen(found))
        forms = _by_form(shapes)
        is_one_shape = all(len({shapes[one] for one in form}) == 1 for form in forms)
    except Exception:  # noqa: BLE001 - to find its tables raises it again, in words
        return [store]
    return [*shapes] if is_one_shape and len(forms) < len(shapes) else [store]


def chosen(keys: Iterable[str]) -> list[str]:
    """Returns the names of the tables to show: embeddings, if any is called so."""
    own = own_tables(keys)
    return called_embeddings(own) or own


def tag_of(key: str, checkpoint: Checkpoint) -> str:
    """Returns the name of a table: its key or, if it has none, that of the file without
    numbers at its end."""
    stem = checkpoint.name.rpartition("/")[2].partition(".")[0]
    return key or checkpoint.table or _unnumbered(stem) or "embedding"


def _unnumbered(name: str) -> str:
    """Returns the last part of a path without numbers at its end."""
    return name.rstrip("-_./0123456789").rpartition("/")[2]
