"""The tab on a table that is too large for the page, beside the page that holds it all.

The peers are a usual table of 50,000 x 300, and the same large one held whole.

Real TensorBoard processes and a real Chromium with WebGL in software, in turn, each new
and with nothing kept, on one log: with the bound of rows that the page has by default,
and with one that lets it hold every row. A search is over all tokens in both.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

from browser import Size, fresh_cache, wait_for_steps, waited, write_ours
from measure import (
    Target,
    absolute,
    faster,
    in_turn,
    line,
    ratio,
    scratch,
    start_with,
)
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
    """Measures all three."""
    parser = argparse.ArgumentParser(description=__doc__ or "")
    parser.add_argument("--rows", type=int, help="of the large table")
    parser.add_argument(
        "--alone", action="store_true", help="not the page that holds all rows"
    )
    options = start_with(parser)
    size = Size(1_100_000, 16, 2) if options.quick else Size(5_000_000, 16, 3)
    size = replace(size, rows=options.rows or size.rows)
    small = Size(50_000, 300, size.steps)
    with scratch(2 * (size.bytes + small.bytes)) as directory:
        print(f"  {size}")
        write_ours(directory / "large", size)
        write_ours(directory / "small", small)
        sides = {
            "some": lambda: look(directory / "large", size, SHOWN),
            "small": lambda: look(directory / "small", small, small.rows),
        }
        if not options.alone:
            sides["all"] = lambda: look(directory / "large", size, size.rows)
        seen = in_turn(sides, 2, warm_up=False)
    report(seen)


def report(seen: dict[str, list[Seen]]) -> None:
    """Prints the large table's numbers, and how they compare."""
    some, small = seen["some"], seen["small"]
    first, search = [one.first for one in some], [one.search for one in some]
    of_small = [one.first for one in small]
    ratio("first points", first, "those of 50,000 x 300", of_small, Target("<=", 2))
    absolute("search until the token is listed", search, Target("<", 0.5))
    for what, bound in ("heap", 300.0), ("server", 1500.0):
        most = max(getattr(one, what) for one in some) / MB
        said = (
            f"MB; {max(getattr(one, what) for one in small) / MB:,.0f} of 50,000 x 300"
        )
        line(f"memory of the {what}: {most:,.0f} MB", said, most, Target("<", bound))
    if "all" not in seen:
        return
    every, peer = seen["all"], "the page that holds all rows"
    faster("first points", first, peer, [one.first for one in every])
    faster(
        "search until the token is listed", search, peer, [one.search for one in every]
    )
    for what in "heap", "server":
        ours = max(getattr(one, what) for one in some) / MB
        theirs = max(getattr(one, what) for one in every) / MB
        share = ours / theirs
        said = f"{ours:,.0f} MB and {theirs:,.0f} MB"
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
        with open_ours(server, min(shown, size.rows)) as one:
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
