"""Two processes that train one model of PyTorch: one log, of the whole tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from processes import END_OF_RANK, free_ports, run_together

import tb_wordembed

pytest.importorskip("torch")

START = """
import datetime, sys, torch
from torch import nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import FullyShardedDataParallel, fully_shard
from torch.distributed.fsdp import MixedPrecisionPolicy
from torch.distributed.tensor import Shard, distribute_tensor
from tb_wordembed.torch import EmbeddingLogger

torch.distributed.init_process_group("gloo", timeout=datetime.timedelta(seconds=20))
mesh = init_device_mesh("cpu", (2,))
rank = torch.distributed.get_rank()
folder = sys.argv[1]

class Lora(nn.Embedding):
    def __init__(self):
        super().__init__(6, 4)
        self.lora_a = nn.Parameter(torch.ones(6, 1))
        self.lora_b = nn.Parameter(torch.ones(1, 4))

    def forward(self, x):
        return super().forward(x) + self.lora_a[x] @ self.lora_b

class Model(nn.Module):
    def __init__(self, words=None):
        super().__init__()
        torch.manual_seed(0)
        self.words = words or nn.Embedding(6, 4)
        self.block = nn.Sequential(nn.Embedding(6, 4), nn.Linear(4, 4))
        self.tied = nn.Embedding(6, 4)
        self.tied.weight = self.words.weight

    def forward(self, x):
        return self.words(x) + self.tied(x) + self.block(x)

def train(model, after):
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    for _ in range(2):
        optimizer.zero_grad()
        model(torch.arange(3) + 3 * rank).square().sum().backward()
        optimizer.step()
        with torch.no_grad():
            model(torch.arange(6))
        after()

def log(name, model):
    with EmbeddingLogger(f"{folder}/{name}", model) as embeddings:
        train(model, embeddings.step)
"""

TRAININGS = (
    START
    + """
def sharded(model, **arguments):
    fully_shard(model.block, mesh=mesh)
    fully_shard(model, mesh=mesh, **arguments)
    return model

def flat(model, **arguments):
    arguments["device_id"] = torch.device("cpu")
    model.block = FullyShardedDataParallel(model.block, **arguments)
    return FullyShardedDataParallel(model, **arguments)

log("ddp", nn.parallel.DistributedDataParallel(Model()))
log("fully_shard", sharded(Model()))
low = MixedPrecisionPolicy(param_dtype=torch.bfloat16)
log("mixed", sharded(Model(), mp_policy=low))
log("lora", sharded(Model(Lora())))
log("fsdp", flat(Model()))
log("fsdp_original", flat(Model(), use_orig_params=True))
log("fsdp_lora", flat(Model(Lora())))
words = nn.Embedding(6, 4)
whole = torch.arange(24.).reshape(6, 4)
words.weight = nn.Parameter(distribute_tensor(whole, mesh, [Shard(0)]))
with EmbeddingLogger(f"{folder}/tensor_parallel", words) as embeddings:
    embeddings.step()
    embeddings.add_embedding(words.weight * 2, tag="added")

model = sharded(Model())
choice = {"chosen": lambda model: model.block[1].weight}
with EmbeddingLogger(f"{folder}/chosen", model, modules=choice) as embeddings:
    train(model, embeddings.step)

# Only the first process looks at what it writes; all hear of it.
words = nn.Embedding(6, 4)
with EmbeddingLogger(f"{folder}/stop", words, on_finding="stop") as embeddings:
    assert not embeddings.should_stop
    words.weight.data[2] = torch.nan
    embeddings.step()
    assert embeddings.should_stop
"""
    + END_OF_RANK
)


def both(script: str, folder: Path) -> list[str]:
    """Runs a script in two processes; returns what each wrote to stderr."""
    where = {
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(*free_ports(1)),
        "WORLD_SIZE": "2",
    }
    ranks = [{"RANK": rank, "LOCAL_RANK": rank, "NODE_RANK": "0"} for rank in "01"]
    return run_together(script, [folder], [{**where, **rank} for rank in ranks])


def tables(folder: Path, tag: str) -> Any:
    """The tables of a log, ``[steps, rows, dim]``."""
    series = tb_wordembed.open(folder).series("embeddings", tag)
    assert series.steps == [0, 1, 2]
    return np.stack([series.table(step) for step in series.steps])


def test_one_of_two_processes_logs_whole_tables(tmp_path: Path) -> None:
    both(TRAININGS, tmp_path)
    # DDP averages what FSDP does, and each process looks up half of the rows.
    right = {tag: tables(tmp_path / "ddp", tag) for tag in ("words", "block.0")}
    assert np.abs(np.diff(right["words"], axis=0)).min(axis=2).min() > 0
    for name in ("fully_shard", "fsdp", "fsdp_original"):
        assert tb_wordembed.open(tmp_path / name).tags("embeddings") == sorted(right)
        for tag, expected in right.items():
            found = tables(tmp_path / name, tag)
            np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
        assert len(list((tmp_path / name / "embeddings").glob("events*"))) == 1
    steps = np.diff(tables(tmp_path / "lora", "words"), axis=0)
    np.testing.assert_allclose(
        tables(tmp_path / "lora", "words"),
        tables(tmp_path / "fsdp_lora", "words"),
        rtol=1e-5,
    )
    assert np.abs(steps).min() > 0
    mixed = tables(tmp_path / "mixed", "words")
    assert mixed.dtype == np.float32
    np.testing.assert_allclose(mixed, right["words"], atol=0.05)
    assert (mixed.view(np.uint32) & 0xFFFF).any(axis=(1, 2)).all()
    log, whole = tb_wordembed.open(tmp_path / "tensor_parallel"), np.arange(24)
    for tag, times in (("embedding", 1), ("added", 2)):
        table = log.series("embeddings", tag).table(1)
        np.testing.assert_array_equal(table, times * whole.reshape(6, 4))
    assert tables(tmp_path / "chosen", "chosen").shape == (3, 4, 4)


ALONE = (
    START
    + """
# A quarter of this is how long a process waits for the others.
store = torch.distributed.distributed_c10d._get_default_store()
store.set_timeout(datetime.timedelta(seconds=12))
model = Model()
fully_shard(model, mesh=mesh)
if rank == 0:
    embeddings = EmbeddingLogger(f"{folder}/alone", model)
    train(model, embeddings.step)
    embeddings.close()
else:
    train(model, lambda: None)

torch.distributed.barrier()
model = fully_shard(nn.Embedding(6, 4), mesh=mesh)
embeddings = EmbeddingLogger(f"{folder}/half", model)
train(model, embeddings.step if rank == 0 else lambda: None)
part = distribute_tensor(torch.ones(6, 4), mesh, [Shard(0)])
if rank == 0:
    embeddings.add_embedding(part)
    embeddings.close()
"""
    + END_OF_RANK
)


def test_a_process_alone_trains_on_and_says_what_is_needed(tmp_path: Path) -> None:
    said = both(ALONE, tmp_path)
    message = (
        "'words', 'block.0', 'tied' can't be logged from here on, because several "
        "processes hold parts of each: not all of these 2 came here in time. Each has "
    )
    assert said[0].count("can't be logged") == 2
    assert message in said[0]
    assert not (tmp_path / "alone").exists()
    assert tb_wordembed.open(tmp_path / "half").series(
        "embeddings", "embedding"
    ).steps == [0]


TRAINERS = (
    """
import sys, torch
import lightning, transformers
import tb_wordembed.lightning, tb_wordembed.transformers

folder = sys.argv[1]

class Module(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.words = torch.nn.Embedding(8, 3)

    def training_step(self, batch, _):
        return self.words(batch).square().sum()

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), 0.1)

lightning.Trainer(
    default_root_dir=folder, max_epochs=2, accelerator="cpu", devices=2, strategy="ddp",
    callbacks=[tb_wordembed.lightning.EmbeddingCallback()],
    enable_progress_bar=False, enable_model_summary=False,
).fit(Module(), torch.utils.data.DataLoader(torch.arange(20) % 8, 5))

config = transformers.BertConfig(
    vocab_size=5, hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
    intermediate_size=8, max_position_embeddings=5,
)
transformers.Trainer(
    transformers.BertForSequenceClassification(config),
    transformers.TrainingArguments(
        f"{folder}/out", num_train_epochs=2, per_device_train_batch_size=2,
        report_to=[], use_cpu=True, save_strategy="no", disable_tqdm=True,
    ),
    train_dataset=[{"input_ids": [1 + i % 4, 3], "labels": i % 2} for i in range(8)],
    callbacks=[tb_wordembed.transformers.EmbeddingCallback()],
).train()
"""
    + END_OF_RANK
)


def test_trainers_write_in_the_first_process(tmp_path: Path) -> None:
    pytest.importorskip("lightning")
    pytest.importorskip("accelerate")
    both(TRAINERS, tmp_path)
    log = tb_wordembed.open(tmp_path)
    assert log.runs == ["lightning_logs/version_0/embeddings", "out/runs/embeddings"]
    for run, tag in zip(
        log.runs, ("words", "bert.embeddings.word_embeddings"), strict=True
    ):
        assert len(list((tmp_path / run).glob("events*"))) == 1
        assert log.series(run, tag).steps == [0, 2, 4]
