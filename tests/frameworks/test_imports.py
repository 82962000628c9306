"""Tables in files that PyTorch, Arrow and gensim write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed

WORDS = ["the", "cat", "sat", "on", "mats"]
TABLE = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)


def save_torch(path: Path, content: Callable[[Any, Any], Any], **options: Any) -> Path:
    torch = pytest.importorskip("torch")
    torch.save(content(torch, torch.tensor(TABLE)), path / "model.pt", **options)
    return path / "model.pt"


def trained(torch: Any, table: Any) -> Any:
    model = torch.nn.Sequential(torch.nn.Embedding(5, 3), torch.nn.Linear(3, 2))
    model[0].weight.data = table
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.tensor([1, 2])).sum().backward()
    table = model[0].weight.detach().clone()
    optimizer.step()
    model[0].weight.data = table
    states = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
    return {"epoch": 3, **states}


def frame(path: Path, *, as_list: bool = True) -> Any:
    pa = pytest.importorskip("pyarrow")
    columns: dict[str, Any] = {"word": WORDS, "count": range(5)}
    if as_list:
        columns["vector"] = pa.array(TABLE.tolist(), pa.list_(pa.float32()))
    else:
        columns |= {f"d{number}": TABLE[:, number] for number in range(3)}
    return pa.table(columns)


def parquet(path: Path, **options: Any) -> Path:
    pq = pytest.importorskip("pyarrow.parquet")
    pq.write_table(frame(path, **options), path / "w.parquet", row_group_size=2)
    return path / "w.parquet"


def feather(path: Path) -> Path:
    pytest.importorskip("pyarrow.feather").write_feather(frame(path), path / "w.arrow")
    return path / "w.arrow"


def stream(path: Path) -> Path:
    ipc = pytest.importorskip("pyarrow.ipc")
    with ipc.new_stream(path / "w.arrow", frame(path).schema) as writer:
        writer.write_table(frame(path), max_chunksize=2)
    return path / "w.arrow"


def fixed_lists(path: Path) -> Path:
    pa = pytest.importorskip("pyarrow")
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(TABLE.ravel()), 3)
    table = pa.table({"vector": vectors, "word": WORDS})
    pytest.importorskip("pyarrow.parquet").write_table(table, path / "w.parquet")
    return path / "w.parquet"


def vectors() -> Any:
    keyed = pytest.importorskip("gensim.models").KeyedVectors(3)
    keyed.add_vectors(WORDS, TABLE)
    return keyed


def word2vec(path: Path, *, binary: bool) -> Path:
    vectors().save_word2vec_format(str(path / "w"), binary=binary)
    return path / "w"


# What a file is, what makes it, and its tokens.
FILES: dict[str, tuple[Callable[[Path], Path], list[str] | None]] = {
    "a tensor": (lambda p: save_torch(p, lambda torch, table: table), None),
    "a parameter": (
        lambda p: save_torch(p, lambda torch, table: torch.nn.Parameter(table)),
        None,
    ),
    "a layer's state": (
        lambda p: save_torch(
            p, lambda torch, table: {"embedding.weight": table, "head": table}
        ),
        None,
    ),
    "PyTorch before 1.6": (
        lambda p: save_torch(
            p,
            lambda torch, table: {"weight": table},
            _use_new_zipfile_serialization=False,
        ),
        None,
    ),
    "Parquet, lists": (parquet, WORDS),
    "Parquet, columns": (lambda p: parquet(p, as_list=False), WORDS),
    "Parquet, fixed lists": (fixed_lists, WORDS),
    "Feather": (feather, WORDS),
    "Arrow stream": (stream, WORDS),
    "word2vec text": (lambda p: word2vec(p, binary=False), WORDS),
    "word2vec binary": (lambda p: word2vec(p, binary=True), WORDS),
}


@pytest.mark.parametrize("name", FILES)
def test_the_table_and_its_tokens_are_logged(name: str, tmp_path: Path) -> None:
    make, tokens = FILES[name]
    tb_wordembed.import_tables(tmp_path / "logs", make(tmp_path))
    series = tb_wordembed.open(tmp_path / "logs").series()
    assert np.allclose(series.table(0), TABLE, atol=1e-7)
    assert series.tokens == (tokens or [f"#{row}" for row in range(5)])
    if "Parquet, lists" in name:
        assert list(series.metadata["count"]) == [0, 1, 2, 3, 4]


def test_a_training_checkpoint_lists_its_tables(tmp_path: Path) -> None:
    file = save_torch(tmp_path, trained)
    with pytest.raises(ValueError, match=r"'model.0.weight' \[5, 3\] float32"):
        tb_wordembed.import_tables(tmp_path / "logs", file)
    tb_wordembed.import_tables(tmp_path / "logs", file, key="model.0")
    assert tb_wordembed.open(tmp_path / "logs").series().tag == "model.0.weight"


def test_what_needs_code_or_lies_is_refused(tmp_path: Path) -> None:
    whole = save_torch(tmp_path, lambda torch, table: torch.nn.Embedding(5, 3))
    with pytest.raises(ValueError, match="save its tensors alone"):
        tb_wordembed.import_tables(tmp_path / "logs", whole)
    wide = save_torch(tmp_path, lambda torch, table: table[:1, :1].expand(10**8, 4))
    with pytest.raises(ValueError, match="damaged"):
        tb_wordembed.import_tables(tmp_path / "logs", wide)
    cut = save_torch(tmp_path, lambda torch, table: table)
    cut.write_bytes(cut.read_bytes()[:700])
    with pytest.raises(ValueError, match="damaged"):
        tb_wordembed.import_tables(tmp_path / "logs", cut)


def test_gensims_own_format_is_refused_with_the_remedy(tmp_path: Path) -> None:
    vectors().save(str(tmp_path / "w.kv"))
    with pytest.raises(ValueError, match="save_word2vec_format"):
        tb_wordembed.import_tables(tmp_path / "logs", tmp_path / "w.kv")


def test_lists_of_different_lengths_are_refused(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    table = pa.table({"v": pa.array([[1.0, 2.0], [1.0]], pa.list_(pa.float32()))})
    pytest.importorskip("pyarrow.parquet").write_table(table, tmp_path / "w.parquet")
    with pytest.raises(ValueError, match="different lengths"):
        tb_wordembed.import_tables(tmp_path / "logs", tmp_path / "w.parquet")
