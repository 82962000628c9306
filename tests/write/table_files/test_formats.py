"""Tables in files of other programs, as those write them, and as they are logged."""

from __future__ import annotations

import json
import pickle
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tb_wordembed

WORDS = ["the", "new york", "naïve", "42", "."]
TABLE = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)


COMMAS = [",", "1,000", *WORDS[2:]]
"""The words of a file whose first one is a comma, as in fastText's and in GloVe's."""


def lines(
    separator: str = " ",
    *,
    end: str = "\n",
    words: Sequence[str] | None = WORDS,
) -> str:
    return "".join(
        separator.join([word] * bool(words) + [repr(float(x)) for x in row]) + end
        for word, row in zip(words or WORDS, TABLE, strict=True)
    )


NUMBERS = ["10 20", *"1234"]
QUOTED = [",", 'a "b"', *WORDS[2:]]


def quoted() -> str:
    words = ['"' + word.replace('"', '""') + '"' for word in QUOTED]
    return lines(",", words=words)


def binary(between: bytes) -> bytes:
    rows = zip(WORDS, TABLE, strict=True)
    return b"5 3\n" + b"".join(
        word.replace(" ", "_").encode() + b" " + row.tobytes() + between
        for word, row in rows
    )


def put(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def npy(path: Path) -> Path:
    np.save(path / "words.npy", TABLE)
    return path / "words.npy"


def npz(path: Path, save: Callable[..., None] = np.savez) -> Path:
    save(path / "words.npz", vectors=TABLE, words=np.array(WORDS), counts=np.arange(5))
    return path / "words.npz"


def safetensors(path: Path) -> Path:
    numpy = pytest.importorskip("safetensors.numpy")
    tensors = {"embed": TABLE, "bias": TABLE[0], "head": TABLE.T.copy()}
    numpy.save_file(tensors, path / "model.safetensors", {"format": "pt"})
    return path / "model.safetensors"


def shards(path: Path) -> Path:
    numpy = pytest.importorskip("safetensors.numpy")
    places = {}
    for number, (key, tensor) in enumerate({"a.embed": TABLE, "b": TABLE}.items(), 1):
        places[key] = f"model-0000{number}-of-00002.safetensors"
        numpy.save_file({key: tensor}, path / places[key])
    put(path / "model.safetensors.index.json", json.dumps({"weight_map": places}))
    return path / "model-00001-of-00002.safetensors"


def hdf5(path: Path) -> Path:
    h5py = pytest.importorskip("h5py")
    with h5py.File(path / "model.weights.h5", "w") as file:
        file["layers/embedding/vars/0"] = TABLE
        file["layers/dense/vars/0"] = TABLE
        file.create_dataset("optimizer/vars/2", data=TABLE, compression="gzip")
    return path / "model.weights.h5"


def keras(path: Path, compression: int = zipfile.ZIP_STORED) -> Path:
    inner = hdf5(path)
    with zipfile.ZipFile(path / "model.keras", "w", compression) as archive:
        archive.writestr("config.json", "{}")
        archive.write(inner, inner.name)
    return path / "model.keras"


def trained_keras(path: Path, name: str) -> Path:
    """What Keras saves of a model that has been trained, with its optimizer."""
    keras = pytest.importorskip("keras")
    layers = keras.layers
    model = keras.Sequential(
        [layers.Embedding(5, 3), layers.Flatten(), layers.Dense(1)]
    )
    model.compile("adam", "mse")
    model.fit(np.array([[1, 2]]), np.array([1.0]), verbose=0)
    model.layers[0].set_weights([TABLE])
    (model.save_weights if ".weights" in name else model.save)(path / name)
    return path / name


def tensorflow(path: Path) -> Path:
    tf = pytest.importorskip("tensorflow")
    model = tf.Module()
    model.words = tf.Variable(TABLE)
    model.step = tf.Variable(3)
    tf.train.Checkpoint(model=model).write(str(path / "ckpt"))
    return path / "ckpt.data-00000-of-00001"


def tensorflow_1(path: Path) -> Path:
    """What the Saver of TensorFlow 1 writes of a table that is kept in parts."""
    v1 = pytest.importorskip("tensorflow").compat.v1

    def part(shape: Any, dtype: Any, partition_info: Any) -> Any:
        start = partition_info.var_offset[0]
        return v1.constant(TABLE[start : start + shape[0]])

    with v1.Graph().as_default(), v1.Session() as session:
        two = v1.fixed_size_partitioner(2)
        table = v1.get_variable("words", TABLE.shape, initializer=part, partitioner=two)
        session.run(v1.global_variables_initializer())
        v1.train.Saver({"words": table}).save(session, str(path / "model.ckpt"), 7)
    return path / "model.ckpt-7.index"


def saved_model(path: Path) -> Path:
    tf = pytest.importorskip("tensorflow")
    model = tf.Module()
    model.words = tf.Variable(TABLE)
    tf.saved_model.save(model, str(path / "saved"))
    return path / "saved"


def tutorial(path: Path) -> Path:
    """The Projector's config of TensorBoard's tutorial, and the checkpoint with it."""
    tf = pytest.importorskip("tensorflow")
    projector = pytest.importorskip("tensorboard.plugins.projector")
    put(path / "metadata.tsv", "\n".join(WORDS) + "\n")
    checkpoint = tf.train.Checkpoint(embedding=tf.Variable(TABLE))
    checkpoint.save(str(path / "embedding.ckpt"))
    config = projector.ProjectorConfig()
    embedding = config.embeddings.add()
    embedding.tensor_name = "embedding/.ATTRIBUTES/VARIABLE_VALUE"
    embedding.metadata_path = "metadata.tsv"
    projector.visualize_embeddings(str(path), config)
    return path / "projector_config.pbtxt"


def raw_tensors(path: Path) -> Path:
    put(path / "vectors.bytes", TABLE.astype("<f4").tobytes())
    put(path / "metadata.tsv", "\n".join(WORDS) + "\n")
    config = (
        'embeddings { tensor_name: "words" tensor_path: "vectors.bytes" '
        'tensor_shape: 5 tensor_shape: 3 metadata_path: "metadata.tsv" }'
    )
    return put(path / "projector_config.pbtxt", config)


def tsv_with_metadata(path: Path) -> Path:
    put(path / "metadata.tsv", "\n".join(WORDS) + "\n")
    return put(path / "tensors.tsv", lines("\t", words=None))


# What a file is, what makes it, and the tokens that it has.
FILES: dict[str, tuple[Callable[[Path], Path], list[str] | None]] = {
    "GloVe": (lambda p: put(p / "glove.txt", lines()), WORDS),
    "word2vec text": (lambda p: put(p / "w.txt", "5 3\n" + lines()), WORDS),
    "fastText .vec": (lambda p: put(p / "w.vec", "5 3\n" + lines(end=" \n")), WORDS),
    "GloVe, a comma first": (lambda p: put(p / "g", lines(words=COMMAS)), COMMAS),
    "fastText, a comma first": (
        lambda p: put(p / "w.vec", "5 3\n" + lines(words=COMMAS)),
        COMMAS,
    ),
    "GloVe, byte order mark": (lambda p: put(p / "g", "\ufeff" + lines()), WORDS),
    "word2vec, byte order mark": (
        lambda p: put(p / "w.txt", "\ufeff5 3\n" + lines()),
        WORDS,
    ),
    "CSV of pandas": (lambda p: put(p / "w.csv", ",0,1,2\n" + quoted()), QUOTED),
    "CSV of pandas, numbers alone": (
        lambda p: put(p / "w.csv", "0,1,2\n" + lines(",", words=None)),
        None,
    ),
    "CSV with names": (lambda p: put(p / "w.csv", "word,a,b,c\n" + quoted()), QUOTED),
    "CSV of R": (lambda p: put(p / "w.csv", '"","a","b","c"\n' + quoted()), QUOTED),
    "commas and spaces": (lambda p: put(p / "w.csv", lines(", ")), WORDS),
    "text with CRLF": (lambda p: put(p / "w.txt", lines(end="\r\n")), WORDS),
    "tabs": (lambda p: put(p / "w.tsv", lines("\t")), WORDS),
    "commas": (lambda p: put(p / "w.csv", lines(",")), WORDS),
    "commas, words of numbers": (
        lambda p: put(p / "w.csv", lines(",", words=NUMBERS)),
        NUMBERS,
    ),
    "numbers alone": (lambda p: put(p / "w.txt", lines(words=None)), None),
    "numbers alone, header": (
        lambda p: put(p / "w.txt", "5 3\n" + lines(words=None)),
        None,
    ),
    "word2vec binary": (
        lambda p: put(p / "w.bin", binary(b"\n")),
        [word.replace(" ", "_") for word in WORDS],
    ),
    "word2vec binary, gensim's": (
        lambda p: put(p / "w.bin", binary(b"")),
        [word.replace(" ", "_") for word in WORDS],
    ),
    "npy": (npy, None),
    "npz": (npz, WORDS),
    "npz, compressed": (lambda p: npz(p, np.savez_compressed), WORDS),
    "safetensors": (safetensors, None),
    "a shard of safetensors": (shards, None),
    "a directory with shards": (lambda p: shards(p).parent, None),
    "HDF5": (hdf5, None),
    "Keras": (keras, None),
    "Keras, compressed": (lambda p: keras(p, zipfile.ZIP_DEFLATED), None),
    "Keras's own .keras": (lambda p: trained_keras(p, "m.keras"), None),
    "Keras's own .h5": (lambda p: trained_keras(p, "m.h5"), None),
    "Keras's own weights": (lambda p: trained_keras(p, "m.weights.h5"), None),
    "TensorFlow": (tensorflow, None),
    "TensorFlow 1, in parts": (tensorflow_1, None),
    "SavedModel": (saved_model, None),
    "Projector, checkpoint": (tutorial, WORDS),
    "Projector, raw": (raw_tensors, WORDS),
    "Projector, TSV": (tsv_with_metadata, WORDS),
}


@pytest.mark.parametrize("name", FILES)
def test_the_table_and_its_tokens_are_logged(name: str, tmp_path: Path) -> None:
    make, tokens = FILES[name]
    file = make(tmp_path)
    done = tb_wordembed.import_tables(tmp_path / "logs", file)
    series = tb_wordembed.open(tmp_path / "logs").series()
    assert series.run == "imported"
    assert series.tag == done.tag
    assert series.steps == [0]
    assert np.array_equal(series.table(0), TABLE)
    assert series.tokens == (tokens or [f"#{row}" for row in range(5)])


def test_rows_of_whole_numbers_are_no_header(tmp_path: Path) -> None:
    file = put(tmp_path / "w.csv", "0,1\n2,3\n4,5\n")
    tb_wordembed.import_tables(tmp_path / "logs", file)
    series = tb_wordembed.open(tmp_path / "logs").series()
    assert series.table(0).tolist() == [[0, 1], [2, 3], [4, 5]]


def test_each_step_of_add_embedding_is_logged(tmp_path: Path) -> None:
    config = ""
    for step in (0, 20, 100):
        folder = f"{step:05d}/default"
        put(tmp_path / folder / "metadata.tsv", "\n".join(WORDS) + "\n")
        text = "\n".join("\t".join(map(str, row)) for row in TABLE + step)
        put(tmp_path / folder / "tensors.tsv", text + "\n")
        config += (
            f'embeddings {{ tensor_name: "default:{step:05d}" tensor_path: '
            f'"{folder}/tensors.tsv" metadata_path: "{folder}/metadata.tsv" }}\n'
        )
    put(tmp_path / "projector_config.pbtxt", config)
    tb_wordembed.import_tables(tmp_path / "logs", tmp_path)
    series = tb_wordembed.open(tmp_path / "logs").series(tag="default")
    assert series.steps == [0, 20, 100]
    assert series.tokens == WORDS
    assert np.allclose(series.table(100), TABLE + 100)


def test_safetensors_may_begin_as_a_pickle_does(tmp_path: Path) -> None:
    numpy = pytest.importorskip("safetensors.numpy")
    file = tmp_path / "model.safetensors"
    for spaces in range(0, 256, 8):  # The size of the header, in steps of 8.
        numpy.save_file({"embed": TABLE}, file, {"about": " " * spaces})
        if file.read_bytes()[0] == pickle.dumps(0)[0]:
            break
    else:
        pytest.fail("no file began so")
    tb_wordembed.import_tables(tmp_path / "logs", file)
    series = tb_wordembed.open(tmp_path / "logs").series()
    assert np.array_equal(series.table(0), TABLE)


def test_bfloat16_stays_bfloat16(tmp_path: Path) -> None:
    bits = (TABLE.view(np.uint32) >> 16).astype("<u2")
    entry: dict[str, Any] = {"dtype": "BF16", "shape": [5, 3], "data_offsets": [0, 30]}
    header = json.dumps({"embed": entry}).encode()
    content = len(header).to_bytes(8, "little") + header + bits.tobytes()
    file = put(tmp_path / "m.safetensors", content)
    tb_wordembed.import_tables(tmp_path / "logs", file)
    series = tb_wordembed.open(tmp_path / "logs").series()
    assert series.dtype == "bfloat16"
    assert np.array_equal(series.table(0).view(np.uint32) >> 16, bits)
    tb_wordembed.import_tables(tmp_path / "logs", file, run="wide", dtype="float32")
    assert tb_wordembed.open(tmp_path / "logs").series("wide").dtype == "float32"
