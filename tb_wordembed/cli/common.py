"""Options, messages and progress that several commands share."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import tb_wordembed
from tb_wordembed.analysis.findings.false_alarm_rates import raised
from tb_wordembed.analysis.findings.finding import Finding
from tb_wordembed.analysis.findings.sentences import sentence
from tb_wordembed.cli.output import FORMATS, Row, markdown_paragraph, printable
from tb_wordembed.engine.progress import Progress, silent
from tb_wordembed.format.paths import expand
from tb_wordembed.format.storable_names import run_name
from tb_wordembed.read.log import Log, Problem, TokensOf
from tb_wordembed.read.series import Series
from tb_wordembed.write.tokens import read as read_tokens

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""The type of ``add_subparsers()``, which takes no parameters at runtime."""

Options: TypeAlias = argparse.Namespace


def add_command(
    commands: Commands,
    name: str,
    run: Callable[[Log, Options], int | None],
    summary: str,
    *,
    description: str | None = None,
    epilog: str | None = None,
    tokens: str = "--tokens",
) -> argparse.ArgumentParser:
    """Adds a command with the argument ``logdir``: it opens the log, runs, and reports
    what could not be read. ``run`` returns the exit status; None stands for 0.
    ``tokens`` is the option of ``add_tokens``."""
    parser = commands.add_parser(
        name,
        help=summary,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter
        if epilog
        else argparse.HelpFormatter,
    )
    add_logdir(parser)
    add_tokens(parser, tokens)

    def command(options: Options) -> int:
        log = tb_wordembed.open(options.logdir, tokens=tokens_of(options))
        status = run(log, options)
        for problem in log.problems:
            report_problem(problem)
        return status or 0

    parser.set_defaults(command=command)
    return parser


def add_logdir(parser: argparse.ArgumentParser) -> None:
    """Adds the argument ``logdir``."""
    parser.add_argument("logdir", help="the directory given to tensorboard --logdir")


def add_tokens(parser: argparse.ArgumentParser, option: str = "--tokens") -> None:
    """Adds the option with the tokens of checkpoints."""
    parser.add_argument(
        option,
        dest="tokens_file",
        metavar="FILE",
        help="the token of each row, where LOGDIR is a directory of checkpoints: in "
        "vocab.txt, tokenizer.json or any other file that import takes",
    )


def tokens_of(options: Options) -> TokensOf | None:
    """Returns what gives the tokens in the file of the option, if there is one."""
    if options.tokens_file is None:
        return None
    vocabulary = read_tokens(options.tokens_file)
    return lambda rows: vocabulary.labels(rows).texts


def add_series(parser: argparse.ArgumentParser) -> None:
    """Adds the options of commands that print something about one series of a log."""
    add_names(parser)
    add_format(parser)


def add_names(parser: argparse.ArgumentParser) -> None:
    """Adds the options that name a series of a log."""
    parser.add_argument("--run", help="needed if there are several")
    parser.add_argument("--tag", help="needed if the run has several")


def chosen_series(log: Log, options: Options) -> list[Series]:
    """Returns the series of ``--run`` and ``--tag``; where either is left out, of all.
    Raises NotFoundError if there is none."""
    log.check_has_snapshots()
    run = None if options.run is None else run_name(options.run)
    found = [
        one
        for one in log.all_series
        if run in (None, one.run) and options.tag in (None, one.tag)
    ]
    return found or [log.series(log.runs[0] if run is None else run, options.tag)]


def add_format(parser: argparse.ArgumentParser) -> None:
    """Adds the option ``--format``."""
    parser.add_argument(
        "--format",
        choices=sorted(FORMATS),
        default="table",
        help="(table); csv holds tokens as they are: import them into a spreadsheet as "
        "text, since =a is a formula there",
    )


def add_steps(
    parser: argparse.ArgumentParser, first: str = "first", last: str = "last"
) -> None:
    """Adds the options ``--from`` and ``--to``, and says what they are by default."""
    for option, default in ("from", first), ("to", last):
        parser.add_argument(
            f"--{option}",
            type=int,
            dest=f"{option}_step",
            metavar="STEP",
            help=f"(the {default})",
        )


def add_measure(parser: argparse.ArgumentParser, choices: Iterable[str]) -> None:
    """Adds the option ``--measure``, of which the epilog of the command tells more."""
    parser.add_argument(
        "--measure",
        choices=list(choices),
        default="cosine",
        metavar="MEASURE",
        help="the measure of drift, see below (cosine)",
    )


def first_and_last(series: Series, options: Options) -> tuple[int, int]:
    """Returns the steps that ``--from`` and ``--to`` name."""
    first, last = options.from_step, options.to_step
    steps = series.steps
    return steps[0] if first is None else first, steps[-1] if last is None else last


def whole_number(least: int, most: int | None = None) -> Callable[[str], int]:
    """Returns a function that parses a whole number from ``least`` to ``most``."""
    expected = f"a whole number from {least}" + ("" if most is None else f" to {most}")

    def parse(text: str) -> int:
        number = int(text) if text.isdecimal() else -1
        if number < least or (most is not None and number > most):
            raise argparse.ArgumentTypeError(f"{text!r}; expected {expected}")
        return number

    return parse


count = whole_number(1)
"""Parses a whole number from 1."""


def directory(text: str) -> Path:
    """Parses the path of a local directory."""
    return Path(expand(text))


def write(options: Options, rows: list[Row]) -> None:
    """Writes rows to stdout, in the format of ``--format``."""
    FORMATS[options.format](rows, sys.stdout)


def remark(options: Options, text: str, always: bool = False) -> None:
    """Writes a line for people: to stderr below a table, to stdout in Markdown; in
    formats for programs only if ``always``, to stderr."""
    if options.format == "markdown":
        sys.stdout.write(markdown_paragraph(text))
    elif always or options.format == "table":
        sys.stderr.write(printable(text) + "\n")


def say_findings(
    options: Options, findings: Iterable[Finding], tokens: Sequence[str]
) -> None:
    """Writes findings for people, and how often such ones are raised by chance."""
    for one in findings:
        remark(options, f"{sentence(one, tokens)} ({raised(one.kind)}.)")


@contextmanager
def progress() -> Iterator[Progress]:
    """Shows on a terminal how much of the work is done, and removes it at the end."""
    if not sys.stderr.isatty():
        yield silent
        return

    def show(share: float, message: str = "") -> None:
        sys.stderr.write(f"\r{share:4.0%} ")
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r\x1b[K")


def report_problem(problem: Problem) -> None:
    """Writes where a problem is, and what it is, to stderr."""
    sys.stderr.write(printable(str(problem)) + "\n")
