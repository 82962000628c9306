"""Searches many texts for a regular expression, and gives up one that takes long."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

from tb_wordembed.snapshots.record_texts import Block

SILENT_SECONDS = 3.0
"""An expression that takes longer on one block of texts is given up."""

MOST_SECONDS = 60.0
"""So is a search that takes longer in all."""

_AT_ONCE = threading.BoundedSemaphore(2)
"""How many searches run at once: each may take a processor and 1 GiB."""

_PROGRAM = Path(__file__).with_name("expression_process.py")
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "u": re.UNICODE}
_EXPRESSION = re.compile("/(.+)/([imsu]*)", re.DOTALL)


class ExpressionError(ValueError):
    """An expression was not looked for, or not in all texts. The message says why."""


def expression_in(query: str) -> tuple[str, int] | None:
    """Returns the expression and the flags of a query such as ``/ing$/i``; None if it
    is none. Groups may be named as in JavaScript."""
    found = _EXPRESSION.fullmatch(query.strip())
    if found is None:
        return None
    source = re.sub(r"(?<!\\)\(\?<(?![=!])", "(?P<", found[1])
    source = re.sub(r"(?<!\\)\\k<(\w+)>", r"(?P=\1)", source)
    flags = re.RegexFlag(0)
    for flag in found[2]:
        flags |= _FLAGS[flag]
    return source, int(flags)


def rows_matching(
    blocks: Iterable[tuple[int, Block]], source: str, flags: int
) -> Generator[list[int], None, None]:
    """Yields the rows of each block of texts in which an expression is found.

    Args:
      blocks: the row of each one's first text, and the block.

    Raises:
      ExpressionError: it is none, takes too long, or can't be looked for here.
    """
    give_up = time.monotonic() + MOST_SECONDS
    with _process() as process:
        problem = _ask(process, json.dumps([source, flags]).encode() + b"\n")
        if problem is not None:
            raise ExpressionError(
                f"Python's regular expressions don't have this: {problem}"
            )
        for first, block in blocks:
            if time.monotonic() > give_up:
                raise ExpressionError(
                    f"the search took longer than {MOST_SECONDS:.0f} seconds, and "
                    f"stopped at row {first:,}"
                )
            size = f"{len(block.starts) - 1} {len(block.content)}\n".encode()
            message = b"".join([size, block.starts.tobytes(), block.content.tobytes()])
            try:
                found = _ask(process, message)
            except ExpressionError as error:
                raise ExpressionError(
                    f"{error}, in the rows from {first:,} on"
                ) from None
            assert isinstance(found, list), "the program answers blocks with lists"
            yield [first + row for row in found]


@contextlib.contextmanager
def _process() -> Iterator[subprocess.Popen[bytes]]:
    """Starts the program, once few enough of it run, and ends it."""
    # The program needs no site packages and no environment variables of Python.
    command = [sys.executable, "-I", "-S", str(_PROGRAM)]
    pipe = subprocess.PIPE
    with _AT_ONCE:
        try:
            process = subprocess.Popen(
                command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            raise ExpressionError(f"no process could be started: {error}") from None
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


def _ask(process: subprocess.Popen[bytes], message: bytes) -> object:
    """Returns what the program answers to a message."""
    assert process.stdin is not None, "it is a pipe"
    assert process.stdout is not None, "it is a pipe"
    timer = threading.Timer(SILENT_SECONDS, process.kill)
    timer.start()
    try:
        process.stdin.write(message)
        process.stdin.flush()
        line = process.stdout.readline()
    except OSError:
        line = b""
    finally:
        timer.cancel()
    if not line:
        raise ExpressionError(
            f"the expression took longer than {SILENT_SECONDS:g} seconds, or too "
            "much memory"
        )
    answer: object = json.loads(line)
    return answer
