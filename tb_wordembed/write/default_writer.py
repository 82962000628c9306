"""Keeps the columns and steps that TensorFlow's default summary writer has written."""

from __future__ import annotations

import contextlib
import os
import sys
import time
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tensorboard.compat.proto import event_pb2

from tb_wordembed.format.metadata import Part
from tb_wordembed.format.record import FOOTER_BYTES
from tb_wordembed.snapshots.local_files import is_event_file
from tb_wordembed.write.columns import Column
from tb_wordembed.write.logged_steps import LoggedSteps

_NO_STEP = -(2**63)

_found: weakref.WeakKeyDictionary[Any, DefaultWriter] = weakref.WeakKeyDictionary()


class DefaultWriter:
    """The columns and steps that a summary writer of TensorFlow has written.

    They are kept in tables of TensorFlow, because inside a ``tf.function`` only
    TensorFlow knows what ran.
    """

    def __init__(self, tf: Any, path: str | None) -> None:
        self._tf = tf
        self.directory = None if path is None else str(Path(path).parent)
        """The directory of its event file; None if it can't be found."""
        self._digests = _table(tf, 0)
        self._last_steps = _table(tf, _NO_STEP)
        self._logged = LoggedSteps(self.directory, path)

    def write_column(self, key: str, column: Column, write: Any) -> None:
        """Calls ``write`` unless this column was the last one written under its tag."""
        tf = self._tf
        digest = int.from_bytes(column.digest, "little", signed=True)
        changed = tf.not_equal(self._digests.lookup(tf.constant(key)), digest)

        def write_and_remember() -> Any:
            with tf.control_dependencies([write()]):
                self._digests.insert(tf.constant(key), tf.constant(digest, tf.int64))
            return tf.constant(True)

        tf.cond(changed, write_and_remember, lambda: tf.constant(False))

    def add_step(self, tag: str, step: Any, parts: Sequence[Part | None]) -> list[Any]:
        """Notes the step of a snapshot, written in these parts, and warns if it
        replaces others. Returns the operations for that; none outside of a
        ``tf.function``."""
        tf = self._tf
        if tf.executing_eagerly():
            for part in parts:
                self._logged.add(tag, int(step), part)
            return []
        key, step = tf.constant(tag), tf.cast(step, tf.int64)
        self._seed(tag)
        last = self._last_steps.lookup(key)

        def warn() -> Any:
            said = tf.print(
                f"tb_wordembed: {tag!r}: step", step, "replaces steps up to", last,
                self._logged.before,
            )  # fmt: skip
            with tf.control_dependencies([said]):
                return tf.constant(True)

        with tf.control_dependencies(
            [tf.cond(step <= last, warn, lambda: tf.constant(False))]
        ):
            return [self._last_steps.insert(key, step)]

    def _seed(self, tag: str) -> None:
        """Tells TensorFlow's table the last step that was logged before."""
        tf, last = self._tf, self._logged.last_step(tag)
        with tf.init_scope():
            key = tf.constant(tag)
            if last is not None and int(self._last_steps.lookup(key)) == _NO_STEP:
                self._last_steps.insert(key, tf.constant(last, tf.int64))


def default_writer(tf: Any) -> DefaultWriter | None:
    """Returns the record of the default summary writer; None in graph mode, or if the
    default writer can't be found."""
    try:
        # TensorFlow has no public name for the default writer.
        from tensorflow.python.ops import summary_ops_v2

        writer = summary_ops_v2._summary_state.writer
    except (ImportError, AttributeError):
        return None
    with tf.init_scope(), tf.device("cpu:0"):
        if not tf.executing_eagerly():
            return None
        if writer is not None and writer not in _found:
            _found[writer] = DefaultWriter(tf, _event_file(tf, writer))
    return None if writer is None else _found[writer]


def _table(tf: Any, default: int) -> Any:
    return tf.lookup.experimental.MutableHashTable(tf.string, tf.int64, default)


def _event_file(tf: Any, writer: Any) -> str | None:
    """Returns the event file of a summary writer, if it is a local one.

    TensorFlow doesn't say which file that is. So this writes an event that holds only
    the time, and looks for the open file that ends with it.
    """
    with contextlib.suppress(Exception):
        mark = event_pb2.Event(wall_time=time.time()).SerializeToString()
        tf.raw_ops.ImportEvent(writer=writer._resource, event=mark)
        writer.flush()
        for path in _open_files():
            if is_event_file(path.name) and _ends_with(path, mark):
                return str(path)
    return None


def _open_files() -> Iterator[Path]:
    """Yields the files that this process has open, as far as the system tells."""
    for number in os.listdir("/dev/fd"):  # noqa: PTH208 - the names alone
        with contextlib.suppress(OSError):
            if sys.platform == "darwin":
                import fcntl

                found = fcntl.fcntl(int(number), fcntl.F_GETPATH, bytes(1024))
                yield Path(os.fsdecode(found.rstrip(b"\0")))
            else:
                yield Path(f"/proc/self/fd/{number}").readlink()


def _ends_with(path: Path, event: bytes) -> bool:
    with contextlib.suppress(OSError), path.open("rb") as file:
        file.seek(-len(event) - FOOTER_BYTES, os.SEEK_END)
        return file.read(len(event)) == event
    return False
