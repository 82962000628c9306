"""``tb-wordembed export``: writes files for TensorBoard's standard Projector."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tb_wordembed
from tb_wordembed.cli.output import printable
from tb_wordembed.errors import NotFoundError, not_found
from tb_wordembed.format.paths import join
from tb_wordembed.read.series import Series

if TYPE_CHECKING:
    from tb_wordembed.projector.tab_files import Shown, Written


def add(commands: Any) -> None:
    """Adds the command to those of the command line."""
    parser = commands.add_parser(
        "export",
        help="write what TensorBoard's standard Projector shows",
        description="Writes embedding tables with their tokens and other columns for "
        "TensorBoard's standard Projector. TensorBoard reads them when it starts. Of "
        "more than 100,000 rows the Projector gets a sample, even over all "
        "frequencies; rows with NaN or infinity are left out.",
    )
    parser.add_argument("logdir", help="the directory given to tensorboard --logdir")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--projector",
        action="store_true",
        help="for the Projector's own tab: a config and the files it names, in the "
        "directories of the runs. What others have written there is kept",
    )
    what.add_argument(
        "--projector-json",
        metavar="URL",
        help="for projector.tensorflow.org: a directory of files to be served below "
        "this address by a server that allows other origins; prints the link that "
        "opens them",
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="DIR",
        help="with --projector-json: the directory to write (projector)",
    )
    parser.add_argument("--run", help="only this run")
    parser.add_argument("--tag", help="only this tag")
    parser.add_argument(
        "--steps",
        type=_steps,
        default="latest",
        metavar="latest|all|N",
        help="the latest step of each table (the default), all of them, or step N",
    )
    parser.set_defaults(command=_export)


def _steps(text: str) -> str | int:
    if text in ("latest", "all"):
        return text
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r}; expected latest, all, or the number of a step"
        ) from None


def _export(options: argparse.Namespace) -> int:
    if options.output and not options.projector_json:
        raise ValueError(
            "-o is for --projector-json; --projector writes into the directories of "
            "the runs, where TensorBoard reads it"
        )
    chosen = [one for one in _chosen(options) if _can_be_shown(one)]
    if options.projector_json:
        _write_for_site(options, chosen)
    else:
        _write_for_tab(options, chosen)
    return 0


def _write_for_site(options: argparse.Namespace, chosen: Sequence[Series]) -> None:
    from tb_wordembed.projector import site_files

    tables: dict[str, dict[str, list[Shown]]] = {}
    for one in chosen:
        by_tag = tables.setdefault(one.run, {})
        by_tag[one.tag] = shown(one, wanted_steps(one, options.steps))
    directory = options.output or Path("projector")
    link = site_files.write(directory, options.projector_json, tables)
    print(f"{directory}: serve it at {options.projector_json}, then open\n{link}")  # noqa: T201


def _write_for_tab(options: argparse.Namespace, chosen: Sequence[Series]) -> None:
    from tb_wordembed.projector import names, tab_files

    for run in sorted({one.run for one in chosen}):
        directory = options.logdir if run == "." else join(options.logdir, run)
        tables = {
            one.tag: shown(one, wanted_steps(one, options.steps))
            for one in chosen
            if one.run == run
        }
        for written in tab_files.write(directory, tables):
            print(printable(f"{directory}: {_summary(written)}"))  # noqa: T201
        if not names.survives(run):
            sys.stderr.write(
                f"the Projector's own tab can't ask for run {run!r}: its URLs lose "
                "&, #, % and +. Rename the directory to see it there; the Projector "
                "inside the Word Embeddings tab shows it\n"
            )


def _can_be_shown(series: Series) -> bool:
    if min(series.shape) > 1:
        return True
    rows, columns = series.shape
    sys.stderr.write(
        f"{printable(series.run)}: {printable(series.tag)} is {rows} x {columns}; the "
        "Projector shows tables of at least 2 x 2\n"
    )
    return False


def _chosen(options: argparse.Namespace) -> list[Series]:
    log = tb_wordembed.open(options.logdir)
    if not log.runs:
        raise NotFoundError(f"no embedding snapshots below {options.logdir}")
    if options.run is not None and options.run not in log.runs:
        raise NotFoundError(not_found("run", options.run, log.runs))
    found = [one for one in log.all_series if options.run in (None, one.run)]
    tags = sorted({one.tag for one in found})
    if options.tag is not None and options.tag not in tags:
        raise NotFoundError(not_found("tag", options.tag, tags))
    found = [one for one in found if options.tag in (None, one.tag)]
    if isinstance(options.steps, int):
        there = [one for one in found if options.steps in one.steps]
        if not there:
            steps = sorted({step for one in found for step in one.steps})
            raise NotFoundError(not_found("step", options.steps, steps))
        found = there
    return found


def wanted_steps(series: Series, steps: str | int) -> list[int]:
    """The steps of a series that are meant by latest, all or a number."""
    if steps == "all":
        return series.steps
    return [series.steps[-1] if steps == "latest" else int(steps)]


def shown(series: Series, steps: Sequence[int]) -> list[Shown]:
    """Snapshots as the Projector is given them: tables, tokens and other columns."""
    from tb_wordembed.projector.tab_files import Shown

    columns = {"token": series.tokens, **series.metadata}
    return [
        Shown(step, series.shape, partial(series.table, step), lambda: columns)
        for step in steps
    ]


def _summary(written: Written) -> str:
    steps = written.steps
    what = f"step {steps[0]}" if len(steps) == 1 else f"{len(steps)} steps"
    parts = [
        f"{written.tag}, {what}, {written.rows} x {written.embedding_dim}",
        *([f"{written.sampled} rows beyond the limit"] if written.sampled else []),
        *([f"{written.non_finite} rows not finite"] if written.non_finite else []),
    ]
    return "; ".join(parts)
