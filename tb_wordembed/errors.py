"""What is not in a log, in words."""

from __future__ import annotations

from collections.abc import Sequence

from tb_wordembed.quote import quoted


class NotFoundError(LookupError):
    """The log has no such run, tag, step, column or token."""

    def __str__(self) -> str:
        return str(self.args[0])


def not_found(what: str, wanted: object, there: Sequence[object]) -> str:
    """Names what was wanted and what there is."""
    return f"there is no {what} {quoted(wanted)}; there are: {listed(there)}"


def listed(names: Sequence[object]) -> str:
    """The first of the names, and how many more there are."""
    shown = ", ".join(map(quoted, names[:20]))
    return shown + (f" and {len(names) - 20} more" if len(names) > 20 else "")
