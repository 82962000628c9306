"""``Background``: does work in a thread while its caller goes on."""

from __future__ import annotations

import contextlib
import threading
import traceback
from collections.abc import Callable

from tb_wordembed.errors import LOG


class Background:
    """Work that is done while the caller goes on: one piece at a time, in order.

    What goes wrong in it is an error of ``raise_error``, once. A process that ends, by
    an exception or not, ends its work first; one that is killed leaves it undone. In a
    process that is forked meanwhile, the work is that of its parent.
    """

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._errors: list[OSError] = []

    def start(
        self, work: Callable[[], None], what: str, meanwhile: Callable[[], None]
    ) -> None:
        """Starts a piece of work in another thread when the one before is done.
        ``what`` says what it is about, such as "the snapshot of 'words' at step 3".
        ``meanwhile`` is called in this thread; the work may wait for it."""
        self.wait()
        # Not a daemon: an interpreter that ends waits for the thread.
        thread = threading.Thread(target=self._run, args=(work, what))
        try:
            thread.start()
        except RuntimeError:
            # An interpreter that is shutting down starts no more threads.
            meanwhile()
            self._run(work, what)
        else:
            # Set now: others may wait at any time, and only for what has started.
            self._thread = thread
            meanwhile()

    def wait(self) -> None:
        """Waits until what was started is done, whether or not it failed."""
        thread = self._thread
        # A writer that nobody else holds any more is closed in the thread itself.
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def raise_error(self) -> None:
        """Raises an OSError that says what could not be written, if anything failed by
        now."""
        # Of several threads that come here, one gets the error.
        with contextlib.suppress(IndexError):
            error = self._errors.pop(0)
            raise error

    def report(self) -> None:
        """Waits, and says in Python's log what failed, unless an error said so."""
        self.wait()
        while self._errors:
            LOG.warning("%s", self._errors.pop(0))

    def _run(self, work: Callable[[], None], what: str) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the caller gets it
            said = f"{what} could not be written: {type(error).__name__}: {error}"
            failed = OSError(said)
            failed.errno = getattr(error, "errno", None)
            failed.__cause__ = error
            # They have the table, which must not be kept as long as the error.
            traceback.clear_frames(error.__traceback__)
            self._errors.append(failed)
