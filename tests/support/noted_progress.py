"""A progress function that notes the shares that it is called with."""

from __future__ import annotations

from tb_wordembed.engine.progress import Progress


def noted(shares: list[float]) -> Progress:
    """Returns a progress function that appends each share to a list."""

    def note(share: float, message: str = "") -> None:
        shares.append(share)

    return note
