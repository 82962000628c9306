"""Files for the Projector's own tab: tables, columns and the config of a run."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from crc32c import crc32c

from tb_wordembed.format.frequency import frequency_column
from tb_wordembed.format.paths import is_remote, replace_file
from tb_wordembed.projector import config
from tb_wordembed.projector.columns import Values, taken, tsv
from tb_wordembed.projector.names import OUR_FILE, file_stem, tensor_names
from tb_wordembed.projector.rows import Numbers, as_binary, shown_rows


@dataclass(frozen=True, eq=False)
class Shown:
    """A table at a step for the Projector to show.

    Attributes:
      step: of the snapshot.
      table: gives the numbers, ``[vocab_size, embedding_dim]``, when they are needed.
      columns: one value per row by name; the tokens come first.
    """

    step: int
    table: Callable[[], Numbers]
    columns: Mapping[str, Values]


@dataclass(frozen=True)
class Written:
    """What the Projector shows of a tag.

    Attributes:
      tag: of the tables.
      steps: of them.
      rows: that are shown of the last one.
      embedding_dim: their dimensions.
      sampled: rows of the last one that are left out because there are too many.
      non_finite: rows of the last one that are left out for NaN or infinity.
    """

    tag: str
    steps: list[int]
    rows: int
    embedding_dim: int
    sampled: int
    non_finite: int


def write(directory: str, tables: Mapping[str, Sequence[Shown]]) -> list[Written]:
    """Has the Projector's own tab show these tables.

    They take the place of what was written for the same tags before. Each file is
    whole when it gets its name, and the config, which names all others, comes last:
    whoever reads meanwhile sees the state before or the one after. Other entries of a
    config that is there stay as they are.

    The Projector reads all of its files when TensorBoard starts, and later only a new
    run's.

    Args:
      directory: of the run, local, below that given to ``tensorboard --logdir``.
      tables: by tag, those to show. Of more than 100,000 rows a sample is, see
        ``tb_wordembed.projector.rows.shown_rows``; rows with NaN or infinity are left
        out, since one of them would leave the Projector without any projection.

    Raises:
      ConfigError: a config that is there can't be read, or is a link; nothing has been
        changed.
      ValueError: the directory is not local, or the Projector can't show a table.
      OSError: the disk refused; what was there before still is.
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
    # Says that it can't be read before anything is written.
    config.merged(before, [], lambda _: False)
    with _Folder(home) as folder:
        found = [_write_tag(folder, tag, list(tables[tag])) for tag in tables]
        entries = [entry for part, _ in found for entry in part]
        stems = "|".join(re.escape(file_stem(tag)) for tag in tables)
        ours = re.compile(rf"{config.FOLDER}/({stems})\.[^/]+")
        text = config.merged(before, entries, lambda path: bool(ours.fullmatch(path)))
        replace_file(home / config.CONFIG, text.encode())
    folder.keep_only(config.files(text))
    return [written for _, written in found]


def frequency_of(columns: Mapping[str, Values]) -> npt.NDArray[np.float64] | None:
    """How often each token occurs, if one of the columns says so."""
    numbers = {k: v for k, v in columns.items() if isinstance(v, np.ndarray)}
    name = frequency_column(numbers)
    return None if name is None else numbers[name].astype(np.float64)


@dataclass(frozen=True, eq=False)
class Prepared:
    """A table as the Projector reads it.

    Attributes:
      numbers: of the rows that it is given, little-endian float32, never taken for
        text.
      columns: of these rows.
      sampled: rows left out because there are too many.
      non_finite: rows left out for NaN or infinity.
    """

    numbers: npt.NDArray[np.float32]
    columns: dict[str, Values]
    sampled: int
    non_finite: int


def prepare(tag: str, shown: Shown) -> Prepared:
    """A table as the Projector reads it.

    Raises:
      ValueError: it is one that the Projector never shows.
    """
    table = shown.table()
    rows = shown_rows(len(table), frequency_of(shown.columns))
    numbers, finite = as_binary(table[rows])
    kept = rows[finite]
    if min(numbers.shape) < 2:
        raise ValueError(
            f"{tag!r} at step {shown.step} has {len(kept)} finite rows and "
            f"{numbers.shape[1]} columns; the Projector shows tables of at least 2 x 2"
        )
    columns = {name: taken(of, kept) for name, of in shown.columns.items()}
    return Prepared(numbers, columns, len(table) - len(rows), len(rows) - len(kept))


def _write_tag(
    folder: _Folder, tag: str, shown: Sequence[Shown]
) -> tuple[list[config.Entry], Written]:
    entries = []
    stem, last = file_stem(tag), max(one.step for one in shown)
    names = tensor_names(tag, [one.step for one in shown])
    for name, one in zip(names, shown, strict=True):
        found = prepare(tag, one)
        content = found.numbers.reshape(-1).view(np.uint8).data
        lines = memoryview(tsv(found.columns))
        rows, columns = found.numbers.shape
        entries.append(
            config.Entry(
                name,
                (rows, columns),
                folder.add(f"{stem}.step{one.step}", "bytes", content),
                folder.add(f"{stem}.labels", "tsv", lines),
            )
        )
        if one.step == last:
            steps = sorted(each.step for each in shown)
            written = Written(
                tag, steps, rows, columns, found.sampled, found.non_finite
            )
    return entries, written


class _Folder:
    """Our files in the directory of a run. Each is named by its content, so that none
    that is in use is ever changed; those that are new go again if something fails."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._path = home / config.FOLDER
        self._new: list[Path] = []

    def __enter__(self) -> _Folder:
        self._path.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            _remove(self._new)

    def add(self, name: str, suffix: str, content: memoryview) -> str:
        """Writes a file, unless it is there; returns its path below the home."""
        file = self._path / f"{name}-{crc32c(content):08x}.{suffix}"
        if not (file.is_file() and file.stat().st_size == len(content)):
            replace_file(file, content)
            self._new.append(file)
        return f"{config.FOLDER}/{file.name}"

    def keep_only(self, named: Iterable[str]) -> None:
        """Removes the files of ours that no entry names any more."""
        kept = {self._home / path for path in named}
        _remove(
            file
            for file in self._path.iterdir()
            if OUR_FILE.fullmatch(file.name) and file not in kept
        )


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise config.ConfigError(
            f"{path} is not UTF-8 ({error}), so it is left as it is and the Projector "
            "shows no new snapshots. Mend it, or remove it to have it written anew"
        ) from error


def _remove(files: Iterable[Path]) -> None:
    for file in files:
        # A file that can't be removed takes room and does no other harm.
        with contextlib.suppress(OSError):
            file.unlink()
