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
        writer.write_batch(frame(path).to_batches()[0].slice(0, 0))
        writer.write_table(frame(path), max_chunksize=2)
    return path / "w.arrow"


def fixed_lists(path: Path) -> Path:
    pa = pytest.importorskip("pyarrow")
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(TABLE.ravel()), 3)
    table = pa.table({"vector": vectors, "word": WORDS})
    pytest.importorskip("pyarrow.parquet").write_table(table, path / "w.parquet")
    return path / "w.parquet"


def of_pandas(path: Path) -> Path:
    pandas = pytest.importorskip("pandas")
    words = pandas.Categorical(WORDS)
    frame = pandas.DataFrame({"word": words, "vector": list(TABLE)})
    frame.to_parquet(path / "w.parquet")
    return path / "w.parquet"


def of_polars(path: Path, save: str) -> Path:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"word": WORDS, "vector": TABLE.tolist()})
    frame = frame.cast({"vector": polars.List(polars.Float32)})
    getattr(frame, save)(path / "w")
    return path / "w"


def of_datasets(path: Path) -> Path:
    datasets = pytest.importorskip("datasets")
    rows = {"word": WORDS, "vector": TABLE.tolist()}
    types = {
        "word": datasets.Value("string"),
        "vector": datasets.List(datasets.Value("float32")),
    }
    datasets.Dataset.from_dict(rows, datasets.Features(types)).save_to_disk(path / "d")
    return path / "d" / "data-00000-of-00001.arrow"


def shards(path: Path, *, safe: bool) -> Path:
    """What the libraries of Hugging Face save of a model that is large."""
    torch = pytest.importorskip("torch")
    hub = pytest.importorskip("huggingface_hub")
    state = {"embeddings.weight": torch.tensor(TABLE), "head": torch.ones(2)}
    hub.save_torch_state_dict(state, path, max_shard_size=60, safe_serialization=safe)
    assert len(list(path.glob("*-of-00002.*"))) == 2
    return path


def lightning_checkpoint(path: Path) -> Path:
    lightning = pytest.importorskip("lightning")
    torch = pytest.importorskip("torch")

    class Module(lightning.LightningModule):  # type: ignore[misc, name-defined]
        def __init__(self, size: int = 5) -> None:
            super().__init__()
            self.save_hyperparameters()
            self.embed = torch.nn.Embedding(size, 3)

        def training_step(self, batch: Any, _: Any) -> Any:
            return self.embed(batch).sum()

        def configure_optimizers(self) -> Any:
            return torch.optim.Adam(self.parameters())

    model = Module()
    options = {"accelerator": "cpu", "max_epochs": 1, "logger": False}
    trainer = lightning.Trainer(**options, enable_checkpointing=False)
    trainer.fit(model, torch.utils.data.DataLoader(torch.arange(5)))
    model.embed.weight.data = torch.tensor(TABLE)
    trainer.save_checkpoint(path / "last.ckpt")
    return path / "last.ckpt"


def vectors() -> Any:
    keyed = pytest.importorskip("gensim.models").KeyedVectors(3)
    keyed.add_vectors(WORDS, TABLE)
    return keyed


def word2vec(path: Path, **options: bool) -> Path:
    vectors().save_word2vec_format(str(path / "w"), **options)
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
    "pandas": (of_pandas, WORDS),
    "polars, Parquet": (lambda p: of_polars(p, "write_parquet"), WORDS),
    "polars, Feather": (lambda p: of_polars(p, "write_ipc"), WORDS),
    "polars, Arrow stream": (lambda p: of_polars(p, "write_ipc_stream"), WORDS),
    "datasets": (of_datasets, WORDS),
    "shards of safetensors": (lambda p: shards(p, safe=True), None),
    "shards of PyTorch": (lambda p: shards(p, safe=False), None),
    "Lightning": (lightning_checkpoint, None),
    "word2vec text": (lambda p: word2vec(p, binary=False), WORDS),
    "GloVe": (lambda p: word2vec(p, write_header=False), WORDS),
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


@pytest.mark.parametrize("package", ["torch.utils.tensorboard", "tensorboardX"])
def test_each_step_of_add_embedding_is_logged(package: str, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    writer = pytest.importorskip(package).SummaryWriter(str(tmp_path / "run"))
    for step in (0, 20):
        mat = torch.tensor(TABLE + step)
        writer.add_embedding(mat, WORDS, global_step=step, tag="words")
    writer.close()
    done = tb_wordembed.import_tables(tmp_path / "logs", tmp_path / "run")
    assert (done.tag, done.steps) == ("words", [0, 20])
    series = tb_wordembed.open(tmp_path / "logs").series()
    assert series.tokens == WORDS
    for step in (0, 20):
        assert np.allclose(series.table(step), TABLE + step)


def test_checkpoints_of_a_trainer_are_steps_with_tokens(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    torch = pytest.importorskip("torch")
    tokenizers = pytest.importorskip("tokenizers")
    words = tokenizers.models.WordLevel({word: row for row, word in enumerate(WORDS)})
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizers.Tokenizer(words)
    )
    sizes = {"hidden_size": 4, "num_attention_heads": 1, "num_hidden_layers": 1}
    config = transformers.BertConfig(vocab_size=5, intermediate_size=4, **sizes)
    model = transformers.BertModel(config)
    for step in (500, 1000):
        model.embeddings.word_embeddings.weight.data = torch.full((5, 4), float(step))
        folder = tmp_path / f"checkpoint-{step}"
        model.save_pretrained(folder, max_shard_size="1KB")
        tokenizer.save_pretrained(folder)
        assert (folder / "model.safetensors.index.json").is_file()
    folders = sorted(tmp_path.glob("checkpoint-*"))
    key = "word_embeddings"
    done = tb_wordembed.import_tables(tmp_path / "logs", folders, key=key)
    assert done.steps == [500, 1000]
    series = tb_wordembed.open(tmp_path / "logs").series()
    assert series.tokens == WORDS
    assert (series.table(1000) == 1000).all()


def test_a_static_embedding_that_was_saved_is_logged(tmp_path: Path) -> None:
    package = pytest.importorskip("sentence_transformers")
    modules = pytest.importorskip("sentence_transformers.models")
    tokenizers = pytest.importorskip("tokenizers")
    words = tokenizers.models.WordLevel({word: row for row, word in enumerate(WORDS)})
    static = modules.StaticEmbedding(
        tokenizers.Tokenizer(words), embedding_weights=TABLE
    )
    package.SentenceTransformer(modules=[static]).save(str(tmp_path / "model"))
    (file,) = (tmp_path / "model").rglob("model.safetensors")
    tb_wordembed.import_tables(tmp_path / "logs", file)
    series = tb_wordembed.open(tmp_path / "logs").series()
    assert series.tokens == WORDS
    assert np.array_equal(series.table(0), TABLE)


def test_a_model_of_fasttext_is_refused_with_the_remedy(tmp_path: Path) -> None:
    fasttext = pytest.importorskip("gensim.models.fasttext")
    model = fasttext.FastText([WORDS], vector_size=3, min_count=1, bucket=10)
    fasttext.save_facebook_model(model, str(tmp_path / "model.bin"))
    with pytest.raises(ValueError, match=r"fastText.*the \.vec file beside it"):
        tb_wordembed.import_tables(tmp_path / "logs", tmp_path / "model.bin")
    model.wv.save_word2vec_format(str(tmp_path / "model.vec"))
    tb_wordembed.import_tables(tmp_path / "logs", tmp_path / "model.vec")
    series = tb_wordembed.open(tmp_path / "logs").series()
    assert series.tokens == model.wv.index_to_key
    assert np.allclose(series.table(0), model.wv.vectors, atol=1e-7)


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
