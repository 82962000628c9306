"""The log that TensorBoard shows, which grows while it is shown."""

from __future__ import annotations

import argparse
import logging
import os
import re
import threading

from tb_wordembed.format.paths import expand
from tb_wordembed.read.log import Log

logger = logging.getLogger(__name__)

FIRST_LOOK_SECONDS = 2.0
"""How long the first question waits until the log is indexed; of a larger log the
answer says that it is being indexed."""

LATER_LOOK_SECONDS = 0.2
"""How long later questions wait while there are no snapshots: enough for most logs, so
that the tab appears as soon as there is a snapshot."""


class LiveLog:
    """A log whose index a thread keeps up to date, so that no request waits long."""

    def __init__(self, sources: list[tuple[str, str]]) -> None:
        self.log = Log(sources)
        self._lock = threading.Lock()
        self._look: threading.Thread | None = None

    def has_snapshots(self) -> bool:
        """Returns whether the index has snapshots, and begins to update it."""
        look = self._start_look()
        if not self.log.runs:
            look.join(FIRST_LOOK_SECONDS if self.log.scanning else LATER_LOOK_SECONDS)
        return bool(self.log.runs)

    def refresh(self) -> None:
        """Updates the index, and waits at most ``FIRST_LOOK_SECONDS`` for that."""
        self._start_look().join(FIRST_LOOK_SECONDS)

    def _start_look(self) -> threading.Thread:
        with self._lock:
            if self._look is None or not self._look.is_alive():
                self._look = threading.Thread(target=self._refresh, daemon=True)
                self._look.start()
            return self._look

    def _refresh(self) -> None:
        try:
            self.log.refresh()
        except Exception:
            # The next update may succeed; other dashboards must not notice.
            logger.exception("The log could not be indexed")


def sources(
    flags: argparse.Namespace | None, logdir: str | None
) -> list[tuple[str, str]]:
    """Returns the directories that TensorBoard was started on, as ``Log`` takes
    them."""
    spec = getattr(flags, "logdir_spec", None)
    if logdir or not spec:
        return [("", expand(logdir))] if logdir else []
    return [_source(part) for part in spec.split(",")]


def _source(part: str) -> tuple[str, str]:
    """Reads a part of ``--logdir_spec`` as TensorBoard does: ``name:path``, or a path.
    A path that begins with ``/``, a scheme or a drive may hold a colon."""
    is_path = re.match(r"/|[a-zA-Z]+://", part) or os.path.splitdrive(part)[0]
    name, colon, path = part.partition(":")
    if is_path or not colon:
        name, path = "", part
    return name, expand(path)
