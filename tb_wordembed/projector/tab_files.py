"""Files for the Projector's own tab: tables, columns and the config of a run."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from crc32c import crc32c
from tensorboard.plugins.projector.projector_config_pb2 import EmbeddingInfo

from tb_wordembed.format.column_names import frequency_column
from tb_wordembed.format.paths import is_remote, replace_file
from tb_wordembed.projector import config
from tb_wordembed.projector.metadata_file import Values, taken, tsv
from tb_wordembed.projector.names import OUR_FILE, file_stem, tensor_names
from tb_wordembed.projector.rows import Chosen, Numbers, as_binary, chosen


@dataclass(frozen=True, eq=False)
class Shown:
    """A table at a step that the Projector is to show.

    Attributes:
      shape: ``(vocab_size, embedding_dim)``.
      table: returns the numbers, ``[vocab_size, embedding_dim]``.
      columns: returns one value per row by name; the tokens come first.
    """

    step: int
    shape: tuple[int, int]
    table: Callable[[], Numbers]
    columns: Callable[[], Mapping[str, Values]]


class Written(NamedTuple):
    """The result for a tag: its steps, and the rows that are shown of the last one."""

    tag: str
    steps: list[int]
    shape: tuple[int, ...]
    last: Chosen


def write(directory: str, tables: Mapping[str, Sequence[Shown]]) -> list[Written]:
    """Writes files with which the Projector's own tab shows tables.

    They take the place of what was written for the same tags before. Each file is
    complete when it gets its name, and the config, which names all others, comes last:
    a reader sees the files before or those after, never some of each. Other entries of
    a config that is there stay as they are.

    The Projector reads all of its files when TensorBoard starts, and later only those
    of a new run.

    Args:
      directory: the local directory of the run, below the one that is given to
        ``tensorboard --logdir``.
      tables: the tables to show, by tag. From a table of more than 100,000 rows, a
        sample is shown, see ``tb_wordembed.projector.rows.shown_rows``. Rows with NaN
        or infinity are left out, since the Projector can't project a table with one.

    Raises:
      ConfigError: a config that is there can't be read, or is a link; nothing has been
        changed.
      ValueError: the directory is not local, or the Projector can't show a table.
      OSError: the files can't be written; what was there before still is.
    """
    if is_remote(directory):
        raise ValueError(
            f"{directory}: the Projector reads tables from local directories only"
        )
    home = Path(directory)
    for name in (config.CONFIG, config.FOLDER):
        if (home / name).is_symlink():
            raise config.ConfigError(
                f"{home / name} is a link; it is left as it is, and the Projector "
                f"shows no new snapshots. Remove it to have {name} written there"
            )
    before = _read(home / config.CONFIG)
    named = config.files(before)
    (home / config.FOLDER).mkdir(parents=True, exist_ok=True)
    try:
        found = [_write_tag(home, tag, shown) for tag, shown in tables.items()]
        entries = [entry for part, _ in found for entry in part]
        text = config.merged(before, entries, [file_stem(tag) for tag in tables])
        replace_file(home / config.CONFIG, text.encode())
        named = config.files(text)
    finally:
        _remove_all_but(home, named)
    return [written for _, written in found]


def prepare(tag: str, shown: Shown) -> tuple[Chosen, npt.NDArray[np.float32], bytes]:
    """Returns the rows of a table that are shown, their numbers as ``as_binary`` does,
    and their metadata file. Raises ValueError where the Projector never shows such a
    table."""
    table, columns = shown.table(), shown.columns()
    numeric = {k: v for k, v in columns.items() if isinstance(v, np.ndarray)}
    name = frequency_column(numeric)
    frequency = None if name is None else numeric[name].astype(np.float64)
    found = chosen(table, frequency)
    numbers = as_binary(table[found.rows])
    if min(numbers.shape) < 2:
        raise ValueError(
            f"{tag!r} at step {shown.step} has {len(numbers)} finite rows and "
            f"{numbers.shape[1]} columns; the Projector shows tables of at least 2 x 2"
        )
    labels = {name: taken(values, found.rows) for name, values in columns.items()}
    return found, numbers, tsv(labels)


def _write_tag(
    home: Path, tag: str, shown: Sequence[Shown]
) -> tuple[list[EmbeddingInfo], Written]:
    entries = []
    stem, steps = file_stem(tag), sorted(one.step for one in shown)
    names = tensor_names(tag, [one.step for one in shown])
    for name, one in zip(names, shown, strict=True):
        found, numbers, labels = prepare(tag, one)
        content = numbers.reshape(-1).view(np.uint8).data
        entries.append(
            EmbeddingInfo(
                tensor_name=name,
                tensor_shape=numbers.shape,
                tensor_path=_add(home, f"{stem}.step{one.step}", "bytes", content),
                metadata_path=_add(home, f"{stem}.labels", "tsv", labels),
            )
        )
        if one.step == steps[-1]:
            written = Written(tag, steps, numbers.shape, found)
    return entries, written


def _add(home: Path, name: str, suffix: str, content: bytes | memoryview) -> str:
    """Writes a file, unless it is there; returns its path below the home.

    The name says the content, so that no file that is in use is ever changed.
    """
    path = f"{config.FOLDER}/{name}-{crc32c(content):08x}.{suffix}"
    file = home / path
    if not (file.is_file() and file.stat().st_size == len(content)):
        replace_file(file, content)
    return path


def _remove_all_but(home: Path, named: Collection[str]) -> None:
    """Removes the files of ours that no entry names."""
    for file in (home / config.FOLDER).iterdir():
        if (
            OUR_FILE.fullmatch(file.name)
            and f"{config.FOLDER}/{file.name}" not in named
        ):
            # A file that can't be removed takes room and does no other harm.
            with contextlib.suppress(OSError):
                file.unlink()


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise config.unreadable(error) from error
