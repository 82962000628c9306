"""The part of the Projector's address that says which table it shows.

The page asks for its data relative to its own address, with names of runs and tables
that it does not escape. So the address names the table, in characters that need no
escape, and the names are ignored.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from urllib.parse import urlencode

from tb_wordembed.contract.projector import ProjectorRequest
from tb_wordembed.errors import NotFoundError
from tb_wordembed.server import wire
from tb_wordembed.server.queries.to_contract import row_list

MOST_WANTED = 200
"""The largest number of rows that an address names; a selection may hold more."""


@dataclass(frozen=True)
class Place(ProjectorRequest):
    """A table at a step, and the step from which its drift is measured.

    Attributes:
      content: a text that changes when the numbers at these steps change.
    """

    content: str = ""

    @property
    def key(self) -> str:
        """The place in letters, digits, ``-`` and ``_``."""
        text = urlencode(vars(self)).encode()
        return base64.urlsafe_b64encode(text).decode().rstrip("=")

    @property
    def wanted(self) -> tuple[int, ...]:
        """Rows that are shown even of a table that is too large to be shown whole.

        Raises:
          ValueError: the request names more than ``MOST_WANTED``, or what are no rows.
        """
        wanted = row_list("indices", self.indices) if self.indices else []
        if len(wanted) > MOST_WANTED:
            raise ValueError(
                f"parameter 'indices' names {len(wanted)} rows; expected at most "
                f"{MOST_WANTED}"
            )
        return tuple(wanted)


def parse(key: str) -> Place:
    """Returns the place of a key; raises NotFoundError where it is none."""
    try:
        text = base64.b64decode(key.encode() + b"=" * (-len(key) % 4), b"-_", True)
        place: Place = wire.parse(Place, wire.parameters(text))
    except ValueError as error:
        raise NotFoundError(f"{key[:80]!r} is no address of the Projector") from error
    return place
