"""Tensors of which each process has some rows: each writes its own, and one table is
read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from processes import END_OF_RANK, free_ports, run_together

import tb_wordembed
from tb_wordembed.snapshots.store import Store

pytest.importorskip("torch")

START = """
import datetime, sys, torch
from torch import distributed
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import Replicate, Shard, distribute_tensor
from torch.distributed._shard import sharded_tensor
from torch.distributed._shard.sharded_tensor import ShardMetadata
from tb_wordembed import SnapshotWriter

distributed.init_process_group("gloo", timeout=datetime.timedelta(seconds=20))
rank = distributed.get_rank()
table = torch.arange(33.).reshape(11, 3)
tokens = [f"w{row}" for row in range(11)]

def log(name, tensor):
    with SnapshotWriter(f"{sys.argv[1]}/{name}") as writer:
        given = tokens[:tensor.size(0)]
        writer.embedding("words", tensor, 0, tokens=given, fixed_rows=0)

def sharded(bounds, columns=(0, 3), owners=range(4)):
    shards = []
    for owner, (start, stop) in zip(owners, bounds):
        if owner == rank:
            place = ShardMetadata(
                [start, columns[0]], [stop - start, columns[1] - columns[0]],
                f"rank:{rank}/cpu",
            )
            rows = table[start:stop, columns[0]:columns[1]].clone()
            shards.append(sharded_tensor.Shard(rows, place))
    return sharded_tensor.init_from_local_shards(shards, 11, 3)
"""

TENSORS = (
    START
    + """
line = init_device_mesh("cpu", (4,))
square = init_device_mesh("cpu", (2, 2))
log("rows", distribute_tensor(table, line, [Shard(0)]))
log("fewer rows than processes", distribute_tensor(table[:3], line, [Shard(0)]))
log("replicas", distribute_tensor(table, square, [Replicate(), Shard(0)]))
log("twice", distribute_tensor(table, square, [Shard(0), Shard(0)]))
log("bfloat16", distribute_tensor(table.bfloat16(), line, [Shard(0)]))
model = torch.nn.Embedding(11, 3)
model.weight.data.copy_(table)
fully_shard(model, mesh=line)
log("fsdp", model.weight)
log("uneven", sharded([(0, 1), (1, 2), (2, 9), (9, 11)]))
log("several", sharded([(0, 3), (3, 4), (4, 9), (9, 11)], owners=[0, 2, 0, 2]))
log("one owner", sharded([(0, 11)], owners=[3]))
try:
    columns = sharded([(0, 11)], columns=(0, 3), owners=[0])
    for shard in columns.local_shards():
        shard.metadata.shard_sizes[1] = 2
    log("columns", columns)
    assert rank != 0
except ValueError as error:
    assert "not spread by rows. Collect it with its gather()" in str(error)
"""
    + END_OF_RANK
)


TRAININGS = (
    START
    + """
from torch import nn
from tb_wordembed.torch import EmbeddingLogger

line = init_device_mesh("cpu", (4,))

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.words = nn.Embedding(11, 3, padding_idx=0)
        self.whole = nn.Embedding(5, 3)

    def forward(self, x):
        return self.words(x).sum() + self.whole(x % 5).sum()

def train(name, **arguments):
    model = Model()
    fully_shard(model.words, mesh=line)
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    folder = f"{sys.argv[1]}/{name}"
    with EmbeddingLogger(folder, model, tokens=tokens, **arguments) as embeddings:
        for _ in range(3):
            optimizer.zero_grad()
            model(torch.arange(rank, 11, 4)).backward()
            optimizer.step()
            with torch.no_grad():
                model(torch.arange(11))
            embeddings.step()

train("gathered")
train("own", gather=False)
train("own", gather=False)
train("chosen", gather=False, rows={"words": [1, 5]})
"""
    + END_OF_RANK
)


def environments(count: int) -> list[dict[str, str]]:
    (port,) = free_ports(1)
    address = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    return [
        {**address, "RANK": str(rank), "WORLD_SIZE": str(count)}
        for rank in range(count)
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("shards")
    said = run_together(TENSORS, [directory], environments(4))
    assert not any("another process" in one for one in said)
    return directory


@pytest.mark.parametrize(
    "name",
    [
        *("rows", "fewer rows than processes", "replicas", "twice", "bfloat16", "fsdp"),
        *("uneven", "several", "one owner"),
    ],
)
def test_each_process_writes_its_own_rows(folder: Path, name: str) -> None:
    log = tb_wordembed.open(folder / name)
    assert not log.problems
    assert not log.notes
    series = log.series()
    rows = 3 if name.startswith("fewer") else 11
    wanted = np.arange(3 * rows, dtype=np.float32).reshape(rows, 3)
    np.testing.assert_array_equal(series.table(0), wanted)
    assert series.tokens == [f"w{row}" for row in range(rows)]
    assert series.fixed_rows.tolist() == [0]
    assert series.dtype == ("bfloat16" if name == "bfloat16" else "float32")


def test_no_row_is_written_twice(folder: Path) -> None:
    for name in ("rows", "replicas", "twice", "fsdp"):
        (series,) = Store([("", str(folder / name))]).refresh().series
        assert sum(one.table.shape[0] for one in series.written) == 11


@pytest.fixture(scope="module")
def trainings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("trainings")
    said = run_together(TRAININGS, [directory], environments(4))
    assert not any("WARNING" in one or "can't be logged" in one for one in said)
    return directory


@pytest.mark.parametrize("run", ["embeddings", "embeddings-2"])
def test_a_logger_that_gathers_nothing_logs_the_same(trainings: Path, run: str) -> None:
    wanted = tb_wordembed.open(trainings / "gathered")
    found = tb_wordembed.open(trainings / "own")
    assert not found.problems
    assert not found.notes
    for tag in ("words", "whole"):
        one, other = found.series(run, tag), wanted.series("embeddings", tag)
        assert one.steps == other.steps == [0, 1, 2, 3]
        assert one.tokens == other.tokens
        assert one.fixed_rows.tolist() == other.fixed_rows.tolist()
        for step in one.steps:
            np.testing.assert_array_equal(one.table(step), other.table(step))
    assert len(list((trainings / "own" / run).glob("*tfevents*"))) == 4


def test_chosen_rows_are_gathered(trainings: Path) -> None:
    series = tb_wordembed.open(trainings / "chosen").series("embeddings", "words")
    assert (series.shape, series.full_vocab_size) == ((2, 3), 11)
