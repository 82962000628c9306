"""A log that grows while TensorBoard shows it."""

from __future__ import annotations

import argparse
import logging
import os
import re
import threading

from tb_wordembed.read.log import Log

logger = logging.getLogger(__name__)

FIRST_LOOK_SECONDS = 2.0
"""How long the first question waits for the index; a larger log says it is at it."""

LATER_LOOK_SECONDS = 0.2
"""How long it is waited for after that, while there are no snapshots: enough for most
logs, so that the tab is there as soon as they are."""


class LiveLog:
    """Keeps a log's index fresh without making anyone wait long for it.

    Args:
      sources: as for ``Log``.
    """

    def __init__(self, sources: list[tuple[str, str]]) -> None:
        self.log = Log(sources)
        self._lock = threading.Lock()
        self._look: threading.Thread | None = None

    def has_snapshots(self) -> bool:
        """Whether there are any, as far as is known; has the log looked at."""
        look = self._start_look()
        if not self.log.runs:
            look.join(FIRST_LOOK_SECONDS if self.log.scanning else LATER_LOOK_SECONDS)
        return bool(self.log.runs)

    def refresh(self) -> None:
        """Looks at what was appended, as far as that goes without a long wait."""
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
            # The next look may fare better; other dashboards must not notice.
            logger.exception("The log could not be indexed")


def sources(
    flags: argparse.Namespace | None, logdir: str | None
) -> list[tuple[str, str]]:
    """The directories that TensorBoard was started on, as for ``Log``."""
    spec = getattr(flags, "logdir_spec", None)
    if logdir or not spec:
        return [("", _expand(logdir))] if logdir else []
    return [_source(part) for part in spec.split(",")]


def _source(part: str) -> tuple[str, str]:
    """As TensorBoard reads ``--logdir_spec``: ``name:path``, or a path, of which a
    colon may be part if it starts with ``/``, a scheme or a drive."""
    is_path = re.match(r"/|[a-zA-Z]+://", part) or os.path.splitdrive(part)[0]
    name, colon, path = part.partition(":")
    if is_path or not colon:
        name, path = "", part
    return name, _expand(path)


def _expand(path: str) -> str:
    # Not pathlib, which makes one slash of the two in "gs://".
    return os.path.expanduser(path)  # noqa: PTH111
