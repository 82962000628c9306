"""Finds the page of the standard Projector in the installed TensorBoard."""

from __future__ import annotations

import functools
import gzip
from dataclasses import dataclass
from importlib import resources

HTML, SCRIPT = "projector_binary.html", "projector_binary.js"

_OF_RUN = ("info", "tensor", "metadata", "bookmarks", "sprite_image")
_ASKS = ("/runs", *(f"/{name}?run=" for name in _OF_RUN))
"""The requests of the script to ``projector_routes``. There are no sprite images."""


@dataclass(frozen=True)
class Page:
    """The two files of the page; the script is compressed by gzip."""

    html: bytes
    script: bytes


@functools.cache
def find() -> Page | str:
    """Returns the page, or a sentence that says why it can't be shown."""
    home = resources.files("tensorboard.plugins.projector") / "tf_projector_plugin"
    try:
        html = home.joinpath(HTML).read_bytes()
        script = home.joinpath(SCRIPT).read_bytes()
    except OSError:
        return _problem("its page is not where it was")
    return check(html, script) or Page(html, gzip.compress(script, 6, mtime=0))


def check(html: bytes, script: bytes) -> str | None:
    """Returns a sentence about what is unknown in a page; None where nothing is."""
    if SCRIPT.encode() not in html or b"<vz-projector-dashboard" not in html:
        return _problem("its page is built in another way")
    lost = [ask for ask in _ASKS if ask.encode() not in script]
    if lost:
        return _problem(f"its page no longer asks for {', '.join(lost)}")
    return None


def _problem(what: str) -> str:
    from tensorboard import version

    return (
        f"The Projector of this TensorBoard, {version.VERSION}, is not one that can be "
        f"shown here: {what}. Its own tab and everything else go on working; a newer "
        "tb_wordembed may know it."
    )
