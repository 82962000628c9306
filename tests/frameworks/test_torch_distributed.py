"""Two processes that train one model of PyTorch: one log, of the whole tables."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import tb_wordembed

pytest.importorskip("torch")

TRAINING = """
import sys, torch
from torch import nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.tensor import Shard, distribute_tensor
from tb_wordembed.torch import EmbeddingLogger

torch.distributed.init_process_group("gloo")
rank = torch.distributed.get_rank()
torch.manual_seed(0)
words = nn.Embedding(6, 4)
model = nn.parallel.DistributedDataParallel(nn.Sequential(words, nn.Linear(4, 1)))
optimizer = torch.optim.SGD(model.parameters(), 1.0)
with EmbeddingLogger(f"{sys.argv[1]}/ddp", model) as embeddings:
    for _ in range(2):
        optimizer.zero_grad()
        model(torch.arange(3) + 3 * rank).sum().backward()
        optimizer.step()
        embeddings.step()

mesh = init_device_mesh("cpu", (2,))
sharded = nn.Embedding(6, 4)
whole = torch.arange(24.).reshape(6, 4)
sharded.weight = nn.Parameter(distribute_tensor(whole, mesh, [Shard(0)]))
with EmbeddingLogger(f"{sys.argv[1]}/sharded", sharded) as embeddings:
    embeddings.step()
torch.distributed.destroy_process_group()
"""


def test_one_of_two_processes_logs_whole_tables(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": "2"}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", TRAINING, tmp_path],
            env={**os.environ, **where, "RANK": str(rank), "OMP_NUM_THREADS": "1"},
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(2)
    ]
    for process in both:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
    log = tb_wordembed.open(tmp_path)
    assert log.runs == ["ddp/embeddings", "sharded/embeddings"]
    assert len(list((tmp_path / "ddp" / "embeddings").glob("events*"))) == 1
    words = log.series("ddp/embeddings", "0")
    assert words.steps == [0, 1, 2]
    assert words.drift(0, 2).min() > 0  # Each process looks up half of the rows.
    parts = log.series("sharded/embeddings", "embedding")
    assert parts.steps == [0, 1]
    assert parts.table(1).tolist() == [
        [4 * row + i for i in range(4)] for row in range(6)
    ]
