"""A series as a web page in one file, and as what a notebook shows of it."""

from __future__ import annotations

import html
import os
from importlib import import_module
from pathlib import Path

from tb_wordembed.engine.progress import Progress, silent
from tb_wordembed.errors import LOG, NotFoundError
from tb_wordembed.format.paths import expand
from tb_wordembed.read.logged_series import LoggedSeries

_NOTEBOOK_STEPS = 10
_NOTEBOOK_TOKENS = 1000

_MOST_NUMBERS = 200_000_000
"""The largest number of numbers in all tables that a notebook reads without being
asked to: some seconds."""

_FRAME = (
    '<iframe sandbox="allow-scripts allow-downloads" title="{title}" '
    'style="width: 100%; height: 640px; border: 1px solid #8884" '
    'srcdoc="{page}"></iframe>'
)


def report(
    series: LoggedSeries,
    path: str | os.PathLike[str],
    *,
    steps: int = 20,
    tokens: int = 10_000,
    progress: Progress = silent,
) -> Path:
    """Writes a web page that shows the series without a server and without a network:
    one HTML file with the map, the table, what stands out, and the neighbors of tokens
    by cosine. An earlier file is replaced.

    What is measured is measured over the whole table, whichever tokens the page holds;
    its numbers are rounded to 11 bits, which is 3 digits. It holds the tokens that
    findings are about, those that moved furthest, the most frequent ones, and an even
    sample of the others. The file is smaller than 5 MB for 10,000 tokens at 20 steps.

    Args:
      path: the file to write.
      steps: how many steps to hold at most, spread evenly over those that were logged;
        the first and the last are among them.
      tokens: how many tokens to hold at most.

    Returns:
      The path.

    Raises:
      ValueError: ``steps`` or ``tokens`` is no positive integer, or there are more
        than 2,000,000 of them, tokens times steps.
      OSError: the file can't be written.
    """
    # The directory must be there before minutes of work.
    file = Path(expand(os.fspath(path)))
    if not file.parent.is_dir():
        raise FileNotFoundError(f"{file.parent} is not a directory; make it first")
    if file.is_dir():
        raise IsADirectoryError(f"{file} is a directory; name a file, such as a.html")
    page = _web_page(series, steps, tokens, progress)
    file.write_bytes(page)
    return file


def repr_html(series: LoggedSeries) -> str | None:
    """Returns what a notebook shows of the series: its web page, of 1,000 tokens at 10
    steps at most, in a frame that can do nothing to the notebook. Returns None, so that
    the notebook shows the text, for a series of more than 200,000,000 numbers: that
    page would take long, and ``report`` makes it."""
    rows, columns = series.shape
    if len(series.steps) * rows * columns > _MOST_NUMBERS:
        return None
    try:
        page = _web_page(series, _NOTEBOOK_STEPS, _NOTEBOOK_TOKENS, silent)
    except (NotFoundError, ValueError, OSError) as error:
        # The notebook shows the text instead: a value without a picture is no error.
        LOG.warning("the series is shown as text, without its page: %s", error)
        return None
    title = html.escape(f"{series.run} {series.tag}", quote=True)
    return _FRAME.format(title=title, page=html.escape(page.decode(), quote=True))


def _web_page(
    series: LoggedSeries, steps: int, tokens: int, progress: Progress
) -> bytes:
    # The maker asks the queries of the server, which import this folder. So it is
    # looked up here, when a page is made.
    maker = import_module("tb_wordembed.server.report.make_report")
    page: bytes = maker.web_page(series, steps, tokens, progress)
    return page
