"""What the Projector inside our tab is to show, as a part of its address.

The page asks for what it shows relative to its own address, with names that it puts
into URLs unescaped. So the address says it all, in characters that need no escape, and
the names are never looked at.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import astuple, dataclass

from tb_wordembed.errors import NotFoundError

MOST_WANTED = 200
"""Rows that an address names; a selection may hold more."""


@dataclass(frozen=True)
class Place:
    """A table at a step, and the step that its drift is measured from.

    Attributes:
      wanted: rows that are to be shown even of a table too large to be shown whole.
      content: another one when the numbers at these steps are others.
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
    """The place that a key is of.

    Raises:
      NotFoundError: it is of none.
    """
    try:
        padded = key.encode() + b"=" * (-len(key) % 4)
        fields = json.loads(base64.b64decode(padded, b"-_", validate=True))
        run, tag, step, reference, wanted, content = fields
        texts, numbers = (run, tag, content), (step, reference, *wanted)
    except (binascii.Error, TypeError, ValueError, RecursionError) as error:
        raise NotFoundError(f"{key[:80]!r} is no address of the Projector") from error
    sound = all(type(one) is str for one in texts)
    sound = sound and all(type(one) is int for one in numbers)
    if not sound or len(wanted) > MOST_WANTED:
        raise NotFoundError(f"{key[:80]!r} is no address of the Projector")
    return Place(run, tag, step, reference, tuple(wanted), content)
