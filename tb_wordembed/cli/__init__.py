"""The command ``tb-wordembed``."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence

import tb_wordembed
from tb_wordembed.cli import drift, export, health, logs, neighbors
from tb_wordembed.errors import NotFoundError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; returns the exit status: 0, 1 if a check found something, 2 with
    the reason on stderr, or 130 if it was interrupted."""
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Tokens may hold what the terminal's alphabet lacks; stderr does the same.
        sys.stdout.reconfigure(errors="backslashreplace")
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except BrokenPipeError:
        # `| head` has read enough; what is left to flush at exit goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except (NotFoundError, ValueError, OSError) as error:
        sys.stderr.write(f"tb-wordembed: {error}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tb-wordembed",
        description="Reads embedding snapshots from TensorBoard event files.",
    )
    parser.add_argument("--version", action="version", version=tb_wordembed.__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in (logs.add_ls, logs.add_check, drift.add, health.add, neighbors.add):
        add(commands)
    export.add(commands)
    demo = commands.add_parser(
        "demo", help="train a classifier of movie reviews and log its embedding"
    )
    # Cheap: the demo imports Keras only when it runs.
    from tb_wordembed import demo as training

    training.add_arguments(demo)
    demo.set_defaults(command=training.run)
    return parser
