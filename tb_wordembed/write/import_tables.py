"""``import_tables``: logs the tables in files of other programs as snapshots."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tb_wordembed.errors import FileError, quoted
from tb_wordembed.format.paths import expand, join
from tb_wordembed.write.chosen_rows import as_part, columns_and_rows
from tb_wordembed.write.run_directory import checked_run, choose
from tb_wordembed.write.snapshot_file import SnapshotFile
from tb_wordembed.write.table_files import formats
from tb_wordembed.write.table_files.choices import steps_of, table_of
from tb_wordembed.write.table_files.found_array import (
    Found,
    Report,
)
from tb_wordembed.write.table_files.named_files import files_of
from tb_wordembed.write.tables import check_dtype, row_count
from tb_wordembed.write.tag_and_step import as_step, check_tag
from tb_wordembed.write.tokens import read
from tb_wordembed.write.vocabulary import Vocabulary

_RUN = "imported"

_TOKENS = ("tokenizer.json", "vocab.txt", "vocab.json", "metadata.tsv", "labels.tsv")
"""What the files are called that have the tokens of a table beside them."""

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
    steps: list[int]
    notes: list[str]


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
    notes: dict[str, str] = {}

    def note(what: str, text: str) -> None:
        if what not in notes:
            notes[what] = f"{what}: {text}"
            progress(0, notes[what])

    tables, key = _tables(named, key, note)
    steps = _with_steps(tables, named, step_from, note)
    tag = tag or key or _common_name(list(named))
    directory = join(expand(logdir), checked_run(run)) if run is not None else ""
    directory = directory or choose(expand(logdir), _RUN, [tag], 0)
    given = None if tokens is None else read(tokens)
    with contextlib.ExitStack() as stack:
        writer = None
        for number, (step, (path, found)) in enumerate(sorted(steps.items())):
            with _errors_of(path):
                content = found.read(_report(progress, number, len(steps)))
                count = row_count(content.numbers)
                found_tokens = content.tokens if given is None else given
                if found_tokens is None:
                    found_tokens, where = _tokens_beside(path, count)
                    note("tokens", ". ".join(filter(None, (where, content.unread))))
                columns, chosen = columns_and_rows(
                    found_tokens, None, count, None, rows
                )
                table = as_part(content.numbers, dtype, chosen)
                # A file doesn't change while it is imported.
                table = replace(table, is_shared=False)
            if writer is None:
                writer = stack.enter_context(SnapshotFile(directory))
            writer.write(tag, table, columns, step)
            writer.flush()  # So that one table is in memory at a time.
            logged, dim = table.values.shape
            part = f"{logged:,}" if chosen is None else f"{logged:,} of {count:,} rows"
            progress(
                (number + 1) / len(steps),
                f"step {step}: {named[path]}, {part} x {dim} {table.dtype}",
            )
    return Imported(directory, tag, sorted(steps), [*notes.values()])


def _report(progress: Progress, number: int, count: int) -> Report:
    """Returns what hears how much of a file has been read, one of several."""
    return lambda share: progress((number + share) / count, "")


_Note = Callable[[str, str], None]
"""Notes what was taken for something, such as the table or the steps, once."""

_Place = tuple[Path, Found]


def _tables(
    named: dict[Path, str], key: str | None, note: _Note
) -> tuple[list[_Place], str]:
    """Returns the table of each file, and its key, which is the same in all."""
    tables: list[_Place] = []
    chosen: str | None = None
    for path in named:
        with _errors_of(path):
            found = formats.find(path)
            one, why = table_of(found, key if chosen is None else chosen)
            if chosen is not None and one != chosen:
                raise FileError(f"has no table {quoted(chosen)}, as others have")
        if chosen is None and one:
            note("table", f"{one}, {why}")
        chosen = one
        for of in found:
            if of.key == one:
                if of.problem:
                    raise FileError(of.problem)
                tables.append((path, of))
    assert chosen is not None
    return tables, chosen


def _with_steps(
    tables: list[_Place],
    named: dict[Path, str],
    step_from: str | None,
    note: _Note,
) -> dict[int, _Place]:
    """Returns the tables by step. Some files say the steps of theirs."""
    names = [named[path] for path, found in tables if found.step is None]
    of_names, why = steps_of(names, step_from) if names else ([], "as the files say")
    note("steps", why)
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


def _tokens_beside(path: Path, rows: int) -> tuple[Vocabulary | None, str]:
    """Returns the tokens in the first file beside another that fit a table, and where
    they are from.

    Tables of models have some rows more than tokens, at most a tenth. Others, such as
    that of the positions, have other numbers of rows.
    """
    for file in filter(Path.is_file, map(path.parent.joinpath, _TOKENS)):
        with contextlib.suppress(ValueError, OSError):
            vocabulary = read(file)
            is_near = 0 <= rows - vocabulary.rows <= rows // 10
            if vocabulary.fills(rows) or (is_near and not vocabulary.is_exact):
                return vocabulary, str(file)
    return None, "none, so that rows have numbers; --tokens names a file"


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
