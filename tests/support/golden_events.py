"""Writes events.golden, as the writer would at a given moment.

It is made anew only when the event format gets a new version::

    python tests/support/golden_events.py
"""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from unittest import mock

import numpy as np

from tb_wordembed.write import writer

GOLDEN = Path(__file__).parents[1] / "golden" / "events.golden"

TAG = "words"
TOKENS = ["<pad>", "the", "café"]
METADATA = {
    "count": [0, 7, 3],
    "score": [0.5, None, -1.0],
    "class": ["", "det", "noun"],
}
FIRST = np.array([[0, 0], [0.5, -1.5], [2.25, 1e-3]], np.float32)
DTYPES = ("float32", "float16", "bfloat16", "float64")


def write(folder: Path) -> bytes:
    """The bytes of the golden file: a step for each dtype, then new tokens."""
    wall_times = itertools.count(1_700_000_000.25, 60)
    with (
        mock.patch.object(writer, "time", mock.Mock(time=wall_times.__next__)),
        writer.SnapshotWriter(folder) as snapshots,
    ):
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


def event_file(folder: Path) -> Path:
    """The one event file in a folder."""
    (path,) = folder.iterdir()
    return path


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        GOLDEN.write_bytes(write(Path(folder)))
