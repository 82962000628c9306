"""A program of its own that looks for a regular expression in texts.

An expression can take forever on one text, and nothing stops it there but the end of
its process. ``tb_wordembed.read.expressions`` starts it, and ends it in time. It
imports nothing of this package, so that it is there at once.

It reads a line with the expression and the flags as JSON, and answers with a line: what
is wrong with them, or null. Then it reads blocks: a line with the number of texts and
of bytes, the place of each text and the end as 32-bit numbers, and the bytes, as
``EncodedTexts`` has them. It answers each with a line: the numbers of the texts that
match.
"""

import array
import contextlib
import json
import re
import sys

MOST_BYTES = 1 << 30
"""The most memory that an expression may take, where the system can tell."""


def main() -> None:
    """Answers until there are no more blocks."""
    _bound_memory()
    source, flags = json.loads(sys.stdin.buffer.readline())
    try:
        search = re.compile(source, flags).search
    except (re.error, OverflowError, RecursionError, MemoryError) as error:
        _say(str(error) or type(error).__name__)
        return
    _say(None)
    for line in sys.stdin.buffer:
        count, size = map(int, line.split())
        starts = array.array("I")
        starts.frombytes(sys.stdin.buffer.read(starts.itemsize * (count + 1)))
        content = sys.stdin.buffer.read(size)
        found = []
        for row in range(count):
            start = starts[row] + 1
            while content[start] & 0x80:
                start += 1
            text = content[start + 1 : starts[row + 1]]
            if search(text.decode("utf-8", "backslashreplace")):
                found.append(row)
        _say(found)


def _say(what: object) -> None:
    sys.stdout.buffer.write(json.dumps(what).encode() + b"\n")
    sys.stdout.buffer.flush()


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:
        return
    # Some systems know the limit and set none, others have a smaller one already.
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))


if __name__ == "__main__":
    main()
