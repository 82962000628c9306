"""PyTorch's distributed checkpoints, as two ranks write them, read where they lie."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from processes import END_OF_RANK, free_ports, run_together

import tb_wordembed
from tb_wordembed.read.measure_log import measuring

pytest.importorskip("torch")

SAVE = """
import datetime, sys, torch
from torch import distributed
from torch.distributed import checkpoint
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.tensor import Replicate, Shard, distribute_tensor

distributed.init_process_group("gloo", timeout=datetime.timedelta(seconds=20))
mesh = init_device_mesh("cpu", (2,))
for step in (1, 2):
    table = step * torch.arange(33.).reshape(11, 3)
    content = {
        "model": {
            "embed": {"weight": distribute_tensor(table, mesh, [Shard(0)])},
            "half_embed": distribute_tensor(table.bfloat16(), mesh, [Shard(0)]),
            "same_embed": distribute_tensor(table, mesh, [Replicate()]),
            "small_embed": distribute_tensor(table[:1], mesh, [Shard(0)]),
            "embed_by_columns": distribute_tensor(table, mesh, [Shard(1)]),
            "turned_embed": table.T,
            "head": table,
        },
        "optimizer": {"step": step, "exp_avg": table},
    }
    checkpoint.save(content, checkpoint_id=f"{sys.argv[1]}/step-{step}")
"""

TABLE = np.arange(33, dtype=np.float32).reshape(11, 3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkpoints")
    (port,) = free_ports(1)
    ranks = [
        {
            "RANK": str(rank),
            "WORLD_SIZE": "2",
            "MASTER_ADDR": "127.0.0.1",
            "MASTER_PORT": str(port),
        }
        for rank in range(2)
    ]
    run_together(SAVE + END_OF_RANK, [folder], ranks)
    return folder


def test_rows_of_all_ranks_are_joined(folder: Path) -> None:
    log = tb_wordembed.open(folder)
    tables = {one.tag: one for one in log.all_series}
    assert tables.keys() == {
        "model.embed.weight",
        "model.half_embed",
        "model.same_embed",
        "model.small_embed",
    }
    for tag in ("model.embed.weight", "model.same_embed"):
        assert tables[tag].steps == [1, 2]
        np.testing.assert_array_equal(tables[tag].table(2), 2 * TABLE)
    assert tables["model.half_embed"].dtype == "bfloat16"
    np.testing.assert_array_equal(tables["model.half_embed"].table(1), TABLE)
    np.testing.assert_array_equal(tables["model.small_embed"].table(1), TABLE[:1])


def test_tables_that_can_not_be_read_in_place_are_named(folder: Path) -> None:
    said = " ".join(map(str, tb_wordembed.open(folder).problems))
    assert "'model.embed_by_columns' with its columns distributed" in said
    assert "rows of 'model.turned_embed' not one behind the other" in said
    assert "head" not in said


def test_checkpoints_are_measured(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TB_WORDEMBED_CACHE_DIR", str(tmp_path))
    with measuring(folder) as work:
        series = work.log.series(tag="model.embed.weight")
        assert work.measure(series).computed
        np.testing.assert_allclose(
            series.drift(1, 2, measure="euclidean"),
            np.linalg.norm(TABLE, axis=1),
            rtol=1e-6,
        )


class _Attack:
    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (self.path, "w")


def test_no_code_of_a_pickle_runs(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "made"
    content = pickle.dumps(_Attack(str(target)))
    (tmp_path / "step-1").mkdir()
    (tmp_path / "step-1" / ".metadata").write_bytes(content)
    log = tb_wordembed.open(tmp_path)
    assert "does not describe" in str(log.problems[0])
    assert not target.exists()


def test_cut_checkpoints_are_problems(folder: Path, tmp_path: Path) -> None:
    for name in (".metadata", "__0_0.distcp", "__1_0.distcp"):
        for keep in (0, 100, 700):
            copy = tmp_path / f"{name}-{keep}" / "a"
            copy.mkdir(parents=True)
            for one in (folder / "step-1").iterdir():
                (copy / one.name).write_bytes(one.read_bytes())
            with (copy / name).open("r+b") as file:
                file.truncate(keep)
            assert tb_wordembed.open(copy.parent).problems
