"""Two workers that train one model of TensorFlow in a loop of their own: one log."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from processes import free_ports, run_together
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

import tb_wordembed

TRAINING = """
import sys
import tensorflow as tf
from tb_wordembed import summary

strategy = tf.distribute.MultiWorkerMirroredStrategy()
with strategy.scope():
    table = tf.Variable(tf.zeros([6, 4]))

def update():
    context = tf.distribute.get_replica_context()
    mine = tf.ones([6, 4]) * (tf.cast(context.replica_id_in_sync_group, tf.float32) + 1)
    table.assign_add(context.all_reduce("sum", mine))
    summary.embedding("inside", table, tf.summary.experimental.get_step())

@tf.function
def train(step):
    tf.summary.experimental.set_step(step)
    summary.embedding("traced", table)
    strategy.run(update)

with tf.summary.create_file_writer(sys.argv[1]).as_default():
    for step in range(3):
        summary.embedding("words", table, step, tokens=list("abcdef"))
        with strategy.scope():
            summary.embedding("copy", table + 0, step)
        train(tf.constant(step, tf.int64))
"""


@pytest.mark.tensorflow
def test_the_chief_of_two_workers_writes_alone(tmp_path: Path) -> None:
    pytest.importorskip("tensorflow")
    workers = [f"127.0.0.1:{port}" for port in free_ports(2)]
    tasks = [{"type": "worker", "index": number} for number in (0, 1)]
    each = [{"cluster": {"worker": workers}, "task": one} for one in tasks]
    said = run_together(
        TRAINING, [tmp_path], [{"TF_CONFIG": json.dumps(one)} for one in each]
    )
    log = tb_wordembed.open(tmp_path)
    assert log.tags(".") == ["copy", "inside", "traced", "words"]
    for tag in log.tags("."):
        series = log.series(".", tag)
        tables = [series.table(step) for step in series.steps]
        right = np.full((3, 6, 4), [[[0]], [[3]], [[6]]]) + 3 * (tag == "inside")
        np.testing.assert_array_equal(tables, right)
    files = [EventFileLoader(str(path)).Load() for path in tmp_path.iterdir()]
    assert sorted(any(event.summary.value for event in one) for one in files) == [0, 1]
    assert "AutoGraph" not in "".join(said)
