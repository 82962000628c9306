"""The command ``tb-wordembed``."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence

import tb_wordembed
from tb_wordembed.cli import (
    compare,
    demo,
    drift,
    export,
    gate,
    health,
    imports,
    logs,
    measure,
    neighbors,
    probe,
    report,
    undertrained,
)
from tb_wordembed.cli.arguments import parse
from tb_wordembed.cli.output import printable
from tb_wordembed.errors import NotFoundError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns the exit status: 0, 1 if a check found a problem, 2 if
    the command failed, with the reason on stderr, or 130 if it was interrupted."""
    options = parse(parser(), sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Escapes characters that the terminal's encoding lacks, as stderr does.
        sys.stdout.reconfigure(errors="backslashreplace")
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except BrokenPipeError:
        # `| head` has read enough; what is flushed at exit is dropped.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except (NotFoundError, ValueError, OSError) as error:
        sys.stderr.write(f"tb-wordembed: {printable(str(error))}\n")
        return 2


def parser() -> argparse.ArgumentParser:
    """Returns the parser of the command line, with all commands."""
    whole = argparse.ArgumentParser(
        prog="tb-wordembed",
        description="Reads embedding snapshots from TensorBoard event files.",
    )
    whole.add_argument("--version", action="version", version=tb_wordembed.__version__)
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    for module in (
        logs,
        drift,
        compare,
        gate,
        health,
        undertrained,
        probe,
        neighbors,
        export,
        measure,
        report,
        imports,
        demo,
    ):
        module.add(commands)
    return whole
