"""Writes events.golden and, in parts, events_2.golden, as the writer would at a given
moment: versions 1 and 2 of the format.

They are made anew only when the event format gets a new version::

    python tests/support/golden_events.py
"""

from __future__ import annotations

import contextlib
import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import numpy as np

from tb_wordembed.write import snapshot_file, writer

GOLDEN = Path(__file__).parents[1] / "golden" / "events.golden"
GOLDEN_PARTS = GOLDEN.with_name("events_2.golden")

TAG = "words"
TOKENS = ["<pad>", "the", "café"]
METADATA = {
    "count": [0, 7, 3],
    "score": [0.5, None, -1.0],
    "class": ["", "det", "noun"],
}
FIRST = np.array([[0, 0], [0.5, -1.5], [2.25, 1e-3]], np.float32)
DTYPES = ("float32", "float16", "bfloat16", "float64")


@contextlib.contextmanager
def _snapshots(folder: Path) -> Iterator[writer.SnapshotWriter]:
    wall_times = itertools.count(1_700_000_000.25, 60)
    with (
        mock.patch.object(snapshot_file, "time", mock.Mock(time=wall_times.__next__)),
        writer.SnapshotWriter(folder) as snapshots,
    ):
        yield snapshots


def write(folder: Path) -> bytes:
    """The bytes of the golden file: a step for each dtype, then new tokens."""
    with _snapshots(folder) as snapshots:
        for step, dtype in enumerate(DTYPES):
            snapshots.embedding(
                TAG,
                FIRST + step,
                step,
                tokens=TOKENS,
                metadata=METADATA,
                description="*Words* of the reviews.",
                dtype=dtype,
            )
        snapshots.embedding(TAG, FIRST * 2, 300, tokens=["<pad>", "a", "tea"])
    return event_file(folder).read_bytes()


def write_parts(folder: Path) -> bytes:
    """The bytes of the golden file of version 2: three steps in two parts, of which the
    last lacks one, and a table that is no part."""
    with _snapshots(folder) as snapshots:
        for step in range(3):
            for start, stop in [(1, 3), (0, 1)][: 2 - step // 2]:
                snapshots.embedding(
                    TAG,
                    FIRST[start:stop] + step,
                    step,
                    part=(start, len(FIRST)),
                    tokens=TOKENS,
                    metadata=METADATA,
                    fixed_rows=0,
                    description="*Words* of the reviews.",
                )
        snapshots.embedding("whole", FIRST, 2)
    return event_file(folder).read_bytes()


def event_file(folder: Path) -> Path:
    """The one event file in a folder."""
    (path,) = folder.iterdir()
    return path


if __name__ == "__main__":
    for path, content in ((GOLDEN, write), (GOLDEN_PARTS, write_parts)):
        with tempfile.TemporaryDirectory() as folder:
            path.write_bytes(content(Path(folder)))
