"""The tab on a table that is too large for the page, beside the page that holds it all.

Real TensorBoard processes and a real Chromium with WebGL in software, in turn, each new
and with nothing kept, on one log: with the bound of rows that the page has by default,
and with one that lets it hold every row. A search is over all tokens in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from browser import Size, fresh_cache, wait_for_steps, waited, write_ours
from measure import faster, in_turn, line, scratch, start
from playwright.sync_api import Frame
from server import Watch, tensorboard
from viewers import open_ours

SHOWN = 100_000
"""The number of rows that the page shows of a larger table, at first."""

MB = 1e6


@dataclass(frozen=True)
class Seen:
    """A tab, from the click on it to a token that was searched."""

    first: float
    """Seconds to the first points."""
    search: float
    """Seconds until a token is listed, after a first search."""
    heap: int
    """Bytes of the page."""
    server: int
    """The most bytes that the server had allocated."""


def main() -> None:
    """Measures both."""
    quick = start(__doc__ or "")
    size = Size(1_100_000, 16, 2) if quick else Size(5_000_000, 16, 3)
    with scratch(2 * size.bytes) as directory:
        print(f"  {size}")
        write_ours(directory, size)
        seen = in_turn(
            {
                "some": lambda: look(directory, size, SHOWN),
                "all": lambda: look(directory, size, size.rows),
            },
            2,
            warm_up=False,
        )
    some, every = seen["some"], seen["all"]
    peer = "the page that holds all rows"
    first = [one.first for one in some], [one.first for one in every]
    faster("first points", first[0], peer, first[1])
    search = [one.search for one in some], [one.search for one in every]
    faster("search until the token is listed", search[0], peer, search[1])
    for what in "heap", "server":
        ours = [getattr(one, what) / MB for one in some]
        theirs = [getattr(one, what) / MB for one in every]
        share = ours[0] / theirs[0]
        said = f"{ours[0]:,.0f} MB and {theirs[0]:,.0f} MB"
        line(
            f"memory of the {what}: {share:.2f} times that of {peer}", said, share, None
        )


def look(logdir: Path, size: Size, shown: int) -> Seen:
    """Opens the tab, and searches twice: the first search reads the tokens."""
    flags = () if shown == SHOWN else ("--wordembed_most_rows", str(shown))
    with (
        fresh_cache(),
        tensorboard(logdir, *flags) as server,
        Watch(server.pid) as watch,
    ):
        wait_for_steps(server, size)
        with open_ours(server, shown) as one:
            one.settle()
            taken = [
                find(one.frame, f"token{row:07d}")
                for row in (size.rows // 3, size.rows - 2)
            ]
            one.settle()
            return Seen(one.seconds, taken[-1], one.heap(), watch.peak_anonymous)


def find(tab: Frame, token: str) -> float:
    """Seconds until a token is listed."""
    row = tab.get_by_role("row").get_by_text(token, exact=True)

    def search() -> None:
        tab.get_by_label("Find a token").fill(token)
        row.wait_for()

    return waited(search)


if __name__ == "__main__":
    main()
