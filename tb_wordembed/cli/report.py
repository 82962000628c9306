"""``tb-wordembed report``: writes a series as a web page in one file."""

from __future__ import annotations

import sys

from tb_wordembed.cli import common
from tb_wordembed.cli.common import Commands, Options
from tb_wordembed.cli.output import printable
from tb_wordembed.read.log import Log


def add(commands: Commands) -> None:
    """Adds the command ``report``."""
    report = common.add_command(
        commands,
        "report",
        _report,
        "write a web page that shows a table without a server",
        description="Writes one HTML file with the map, the table, what stands out, "
        "and the neighbors of tokens. It opens from disk, without a server or a "
        "network. What is measured is measured over the whole table, whichever tokens "
        "the page holds: those that findings are about, those that moved furthest, the "
        "most frequent ones, and an even sample of the others.",
        tokens="--tokens-file",
    )
    common.add_names(report)
    report.add_argument(
        "-o",
        "--output",
        default="page.html",
        metavar="FILE",
        help="the file to write (page.html)",
    )
    report.add_argument(
        "--steps",
        type=common.count,
        default=20,
        metavar="N",
        help="how many steps to hold at most, spread evenly (20)",
    )
    report.add_argument(
        "--tokens",
        type=common.count,
        default=10_000,
        metavar="N",
        help="how many tokens to hold at most (10000)",
    )


def _report(log: Log, options: Options) -> None:
    series = log.series(options.run, options.tag)
    with common.progress() as progress:
        file = series.report(
            options.output,
            steps=options.steps,
            tokens=options.tokens,
            progress=progress,
        )
    size = file.stat().st_size / 1e6
    sys.stdout.write(printable(f"{file}: {size:.1f} MB") + "\n")
