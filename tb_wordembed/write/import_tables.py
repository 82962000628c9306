"""``import_tables``: logs the tables in files of other programs as snapshots."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tb_wordembed.errors import FileError, quoted
from tb_wordembed.format.paths import expand, join
from tb_wordembed.write.chosen_rows import as_part, part_of_columns
from tb_wordembed.write.columns import Column, as_columns
from tb_wordembed.write.run_directory import checked_run, choose
from tb_wordembed.write.snapshot_file import SnapshotFile
from tb_wordembed.write.table_files import array_choice, formats
from tb_wordembed.write.table_files.file_steps import steps_of
from tb_wordembed.write.table_files.found_array import (
    Content,
    Found,
    Report,
)
from tb_wordembed.write.table_files.named_files import files_of
from tb_wordembed.write.table_files.tokens_beside import tokens_beside
from tb_wordembed.write.tables import check_dtype, row_count
from tb_wordembed.write.tag_and_step import as_step, check_tag
from tb_wordembed.write.tokens import read

_RUN = "imported"

Progress = Callable[[float, str], None]
"""Is called with the share that is done, and a sentence or nothing."""


@dataclass(frozen=True)
class Imported:
    """What was logged.

    Attributes:
      directory: the directory of the run.
      tag: the name of the table.
      steps: the steps that were logged.
      notes: sentences that say what was taken for the table, the steps and the tokens.
    """

    directory: str
    tag: str
    steps: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def import_tables(
    logdir: str | os.PathLike[str],
    files: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    key: str | None = None,
    tokens: Any = None,
    rows: Any = None,
    step_from: str | None = None,
    run: str | None = None,
    tag: str | None = None,
    dtype: str | None = None,
    progress: Progress = lambda share, message: None,
) -> Imported:
    r"""Logs the tables in files as snapshots: one step for each file.

    Read are ``.weights.h5`` and ``.keras`` of Keras; checkpoints and SavedModels of
    TensorFlow; checkpoints of PyTorch; safetensors; vectors of word2vec, GloVe and
    fastText in text, and word2vec's binary ones; ``.npy``, ``.npz``; Parquet, Arrow and
    zarr; what a ``projector_config.pbtxt`` names, so also logs of ``add_embedding``.
    Models in several files are read by their index. No pickle is executed.

    Args:
      logdir: the directory that is given to ``tensorboard --logdir``.
      files: local files, or directories with one model in each, such as the
        ``checkpoint-500`` of a trainer.
      key: which table of a file, by its name in it or a part of the name. Needed if
        several may be meant; the error lists them.
      tokens: the token of each row (see ``tb_wordembed.write.tokens.read``). By default
        those in the file, or in a ``tokenizer.json``, ``vocab.txt`` or ``metadata.tsv``
        beside it that fits.
      rows: the rows to log, if not all: their numbers, a slice, or "top:50000" for the
        most frequent ones by a column called ``frequency`` or ``count`` beside the
        tokens. Tokens are those of the whole table.
      step_from: a regular expression that finds the step in the path of a file, with a
        group around the number, such as ``r"epoch-(\d+)"``. By default the number in
        which the paths differ or, where they differ in more, 0, 1, 2, ... in natural
        order.
      run: the name of the run; by default "imported", or "imported-2" and so on where
        that holds snapshots of the table.
      tag: the name of the table; by default its key or, if it has none, the name of the
        file.
      dtype: "float16" or "bfloat16" takes half the bytes of float32; by default a table
        keeps its own dtype.
      progress: is called with the share that is done, 0 to 1, and a sentence or "".

    Returns:
      What was logged, and what was taken for the table, the steps and the tokens.

    Raises:
      FileNotFoundError: there is no such file.
      ValueError: a file can't be read, or several tables, steps or tokens may be meant.
        The message names the file and the remedy. Nothing is logged before all files
        have been looked at.
    """
    check_dtype(dtype)
    if tag is not None:
        check_tag(tag)
    if Path(expand(logdir)).is_file():
        raise ValueError(
            f"logdir={str(logdir)!r} is a file. The first argument is the directory to "
            'log to, such as "runs", and the files follow it'
        )
    named = files_of([files] if isinstance(files, (str, os.PathLike)) else files)
    notes: list[str] = []

    def note(text: str) -> None:
        if text not in notes:
            notes.append(text)
            progress(0, text)

    tables, key = _tables(named, key, note)
    steps = _with_steps(tables, named, step_from, note)
    tag = tag or key or _common_name(list(named))
    directory = join(expand(logdir), checked_run(run)) if run is not None else ""
    directory = directory or choose(expand(logdir), _RUN, [tag], 0)
    result = Imported(directory, tag, [], notes)
    columns = _Columns(tokens, note)
    with contextlib.ExitStack() as stack:
        writer = None
        for number, (step, (path, found)) in enumerate(sorted(steps.items())):
            with _errors_of(path):
                content = found.read(_report(progress, number, len(steps)))
                count = row_count(content.numbers)
                beside, chosen = part_of_columns(
                    columns.of(path, content, count), count, rows
                )
                table = as_part(content.numbers, dtype, chosen)
                # A file doesn't change while it is imported.
                table = replace(table, is_shared=False)
            if writer is None:
                writer = stack.enter_context(SnapshotFile(directory))
            writer.write(tag, table, beside, step)
            writer.flush()  # So that one table is in memory at a time.
            result.steps.append(step)
            logged, dim = table.values.shape
            part = f"{logged:,}" if chosen is None else f"{logged:,} of {count:,} rows"
            progress(
                (number + 1) / len(steps),
                f"step {step}: {named[path]}, {part} x {dim} {table.dtype}",
            )
    return result


def _report(progress: Progress, number: int, count: int) -> Report:
    """Returns what hears how much of a file has been read, one of several."""
    return lambda share: progress((number + share) / count, "")


_Place = tuple[Path, Found]


def _tables(
    named: dict[Path, str], key: str | None, note: Callable[[str], None]
) -> tuple[list[_Place], str]:
    """Returns the table of each file, and its key, which is the same in all."""
    tables: list[_Place] = []
    chosen: str | None = None
    for path in named:
        with _errors_of(path):
            found = formats.find(path)
            one, why = array_choice.choose(found, key if chosen is None else chosen)
            if chosen is not None and one != chosen:
                raise FileError(f"has no table {quoted(chosen)}, as others have")
        if chosen is None and one:
            note(f"table: {one}, {why}")
        chosen = one
        for of in found:
            if of.key == one:
                of.check()
                tables.append((path, of))
    assert chosen is not None
    return tables, chosen


def _with_steps(
    tables: list[_Place],
    named: dict[Path, str],
    step_from: str | None,
    note: Callable[[str], None],
) -> dict[int, _Place]:
    """Returns the tables by step. Some files say the steps of theirs."""
    names = [named[path] for path, found in tables if found.step is None]
    of_names, why = steps_of(names, step_from) if names else ([], "as the files say")
    note(f"steps: {why}")
    numbers = iter(of_names)
    by_step: dict[int, _Place] = {}
    for path, found in tables:
        step = as_step(next(numbers) if found.step is None else found.step)
        if step in by_step:
            raise ValueError(
                f"{named[path]} and {named[by_step[step][0]]} both are step {step}; "
                "name where the step is with --step-from, a regular expression, or "
                "import them into two runs with --run"
            )
        by_step[step] = path, found
    return by_step


class _Columns:
    """The columns of each table: the tokens that the user names, those in its file, or
    those beside it."""

    def __init__(self, tokens: Any, note: Callable[[str], None]) -> None:
        self._given = None if tokens is None else read(tokens)
        self._note = note
        self._has_said = False
        self._columns: dict[int, tuple[Column, ...]] = {}  # By the number of rows.

    def of(self, path: Path, content: Content, rows: int) -> tuple[Column, ...]:
        if self._given is not None:
            if rows not in self._columns:
                self._columns[rows] = as_columns(self._given, None, rows)
            return self._columns[rows]
        if content.tokens is not None:
            return as_columns(content.tokens, None, rows)
        beside = tokens_beside(path, rows)
        if not self._has_said:
            none = "none, so that rows have numbers; --tokens names a file"
            self._note(f"tokens: {beside[0] if beside else none}")
            self._has_said = True
        return as_columns(beside[1], None, rows) if beside else ()


@contextlib.contextmanager
def _errors_of(path: Path) -> Iterator[None]:
    """Puts the name of a file before what is wrong with it."""
    try:
        yield
    except FileError as error:
        raise ValueError(f"{path} {error}") from error
    except (ValueError, FileNotFoundError) as error:
        raise ValueError(f"{path}: {error}") from error
    except MemoryError:
        raise
    except Exception as error:
        # Each library has errors of its own for files that are damaged.
        raise ValueError(
            f"{path} can't be read: {type(error).__name__}: {error}. It may be "
            "damaged, cut short, or of another kind than its first bytes say"
        ) from error


def _common_name(paths: Sequence[Path]) -> str:
    """Returns what the names of files have in common, without suffix and number."""
    stems = {path.name.partition(".")[0] for path in paths}
    if len(stems) > 1:
        stems = {stem.rstrip("-_0123456789") for stem in stems}
    return (stems.pop() if len(stems) == 1 else "") or "embedding"
