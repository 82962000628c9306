"""``tb-wordembed export``: writes files for TensorBoard's standard Projector."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tb_wordembed.cli import common
from tb_wordembed.cli.common import Commands, Options
from tb_wordembed.cli.output import printable
from tb_wordembed.format.storable_names import is_unicode
from tb_wordembed.read.log import Log
from tb_wordembed.read.series import Series

if TYPE_CHECKING:
    from tb_wordembed.projector.tab_files import Shown, Written


def add(commands: Commands) -> None:
    """Adds the command ``export``."""
    parser = common.add_command(
        commands,
        "export",
        _export,
        "write what TensorBoard's standard Projector shows",
        description="Writes embedding tables with their tokens and other columns for "
        "TensorBoard's standard Projector. TensorBoard reads them when it starts. Of "
        "more than 100,000 rows the Projector gets a sample, even over all "
        "frequencies; rows with NaN or infinity are left out.",
    )
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
        type=common.directory,
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


def _steps(text: str) -> str | int:
    if text in ("latest", "all"):
        return text
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r}; expected latest, all, or the number of a step"
        ) from None


def _export(log: Log, options: Options) -> None:
    if options.output and not options.projector_json:
        raise ValueError(
            "-o is for --projector-json; --projector writes into the directories of "
            "the runs, where TensorBoard reads it"
        )
    tables: dict[str, dict[str, list[Shown]]] = {}
    directories: dict[str, str] = {}
    for one in _chosen(log, options):
        if min(one.shape) > 1:
            tables.setdefault(one.run, {})[one.tag] = _shown(one, options.steps)
            directories[one.run] = one.directory
        else:
            rows, columns = one.shape
            sys.stderr.write(
                f"{printable(one.run)}: {printable(one.tag)} is {rows} x {columns}; "
                "the Projector shows tables of at least 2 x 2\n"
            )
    if options.projector_json:
        from tb_wordembed.projector import site_files

        output = options.output or Path("projector")
        link = site_files.write(output, options.projector_json, tables)
        sys.stdout.write(
            f"{output}: serve it at {options.projector_json}, then open\n{link}\n"
        )
    else:
        _write_for_tab(tables, directories)


def _write_for_tab(
    tables: dict[str, dict[str, list[Shown]]], directories: dict[str, str]
) -> None:
    from tb_wordembed.projector import names, tab_files

    for run, by_tag in sorted(tables.items()):
        home = directories[run]
        for written in tab_files.write(home, by_tag):
            sys.stdout.write(printable(f"{home}: {_summary(written)}") + "\n")
        if not (names.is_in_tab(run) and is_unicode(home)):
            sys.stderr.write(
                f"the Projector's own tab can't ask for run {run!r}: its URLs lose "
                "&, #, %, + and bytes that are not UTF-8. Rename the directory to see "
                "it there; the Projector inside the Word Embeddings tab shows it\n"
            )


def _chosen(log: Log, options: Options) -> list[Series]:
    found = common.chosen_series(log, options)
    if not isinstance(options.steps, int):
        return found
    there = [one for one in found if options.steps in one.steps]
    if not there:
        found[0].check_step(options.steps)
    return there


def _shown(series: Series, steps: str | int) -> list[Shown]:
    """Returns the steps of a series that are meant by latest, all or a number."""
    from tb_wordembed.projector.tab_files import Shown

    columns = {"token": series.tokens, **series.metadata}
    return [
        Shown(step, series.shape, partial(series.table, step), lambda: columns)
        for step in (series.steps[-1:] if steps == "latest" else series.steps)
        if steps in ("latest", "all", step)
    ]


def _summary(written: Written) -> str:
    steps = written.steps
    what = f"step {steps[0]}" if len(steps) == 1 else f"{len(steps)} steps"
    rows, columns = written.shape
    _, sampled, non_finite = written.last
    parts = [
        f"{written.tag}, {what}, {rows} x {columns}",
        *([f"{sampled} rows beyond the limit"] if sampled else []),
        *([f"{non_finite} rows not finite"] if non_finite else []),
    ]
    return "; ".join(parts)
