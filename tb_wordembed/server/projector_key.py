"""The part of the Projector's address that says which table it shows.

The page asks for its data relative to its own address, with names of runs and tables
that it does not escape. So the address names the table, in characters that need no
escape, and the names are ignored.
"""

from __future__ import annotations

import base64
import json
from dataclasses import astuple, dataclass

from tb_wordembed.errors import NotFoundError

MOST_WANTED = 200
"""The largest number of rows that an address names; a selection may hold more."""


@dataclass(frozen=True)
class Place:
    """A table at a step, and the step from which its drift is measured.

    Attributes:
      wanted: rows that are shown even of a table that is too large to be shown whole.
      content: a text that changes when the numbers at these steps change.
    """

    run: str
    tag: str
    step: int
    reference_step: int
    wanted: tuple[int, ...] = ()
    content: str = ""

    @property
    def key(self) -> str:
        """The place in letters, digits, ``-`` and ``_``."""
        text = json.dumps(astuple(self), separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def parse(key: str) -> Place:
    """Returns the place of a key; raises NotFoundError where it is none."""
    try:
        padded = key.encode() + b"=" * (-len(key) % 4)
        fields = json.loads(base64.b64decode(padded, b"-_", validate=True))
        run, tag, step, reference, wanted, content = fields
        texts, numbers = (run, tag, content), (step, reference, *wanted)
        sound = {*map(type, texts)} == {str} and {*map(type, numbers)} == {int}
        if not sound or len(wanted) > MOST_WANTED:
            raise ValueError("a field is of another type, or has too many rows")
    except (TypeError, ValueError, RecursionError) as error:
        raise NotFoundError(f"{key[:80]!r} is no address of the Projector") from error
    return Place(run, tag, step, reference, tuple(wanted), content)
