"""Files that hold no table, are damaged, or lie: refused in words, without harm."""

from __future__ import annotations

import json
import pickle
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import tb_wordembed


def put(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def safetensors(entry: object, data: bytes = b"") -> bytes:
    header = json.dumps({"embed": entry}).encode()
    return len(header).to_bytes(8, "little") + header + data


def npy(header: str, data: bytes = b"") -> bytes:
    text = header.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


HUGE_NPY = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000, 4)}")


class Evil:
    """Runs code where a pickle is read."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return eval, ("open('executed', 'w').close()",)


def zipped(name: str, content: bytes) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        with zipfile.ZipFile(path / "f.zip", "w") as archive:
            archive.writestr(name, content)
        return path / "f.zip"

    return make


def huge_hdf5(path: Path) -> Path:
    h5py = pytest.importorskip("h5py")
    with h5py.File(path / "f.h5", "w") as file:
        shape = (10**9, 1)  # Allowed by the bound of a table only as one of float16.
        file.create_dataset("embed", shape, "f2", chunks=(1000, 1), compression="gzip")
    return path / "f.h5"


def hdf5_elsewhere(path: Path) -> Path:
    h5py = pytest.importorskip("h5py")
    (path / "secret").write_bytes(bytes(48))
    with h5py.File(path / "f.h5", "w") as file:
        outside = [(str(path / "secret"), 0, 48)]
        file.create_dataset("embed", (4, 3), "<f4", external=outside)
    return path / "f.h5"


def cut_hdf5(path: Path) -> Path:
    h5py = pytest.importorskip("h5py")
    with h5py.File(path / "f.h5", "w") as file:
        file["embed"] = np.ones((1000, 10), "f4")
    content = (path / "f.h5").read_bytes()
    return put(path / "f.h5", content[: len(content) // 2])


def cut_checkpoint(path: Path) -> Path:
    tf = pytest.importorskip("tensorflow")
    table = tf.Variable(np.ones((100, 10), np.float32))
    tf.train.Checkpoint(table=table).write(str(path / "ckpt"))
    data = path / "ckpt.data-00000-of-00001"
    put(data, data.read_bytes()[:1000])
    return path / "ckpt.index"


ENTRY = {"dtype": "F32", "shape": [10**12, 4], "data_offsets": [0, 16 * 10**12]}
LIE = {"dtype": "F32", "shape": [10**12, 4], "data_offsets": [0, 32]}


# What a file is, what makes it, and the words of the message.
REFUSED: dict[str, tuple[Callable[[Path], Path] | str | bytes, str]] = {
    "empty": ("", "is empty"),
    "a text": ("Dear reader,\nthis is a letter.\n", "expected a word and its vector"),
    "noise": (bytes(range(256)) * 4, "not known"),
    "a pickle": (pickle.dumps(Evil()), "pickle.*save_word2vec_format"),
    "fastText's model": (b"\xba\x16\x4f\x2f" + bytes(100), "fastText.*[.]vec"),
    "gzip": (b"\x1f\x8b" + bytes(20), "gunzip"),
    "an odd zip archive": (zipped("a.txt", b"x"), "a.txt in it. Unpack it"),
    "word2vec, 10^12 rows": (f"{10**12} 4\nthe 1 2 3 4\n", "damaged or cut short"),
    "binary, 10^12 rows": (
        b"%d 4\n" % 10**12 + b"the " + bytes(16),
        "damaged or cut short",
    ),
    "binary, cut": (b"2 4\nthe " + bytes(16) + b"\ncat " + bytes(14), "row 1"),
    "word2vec, cut": ("3 2\nthe 1 2\ncat 1 2\n", "ends after 2 of the 3 rows"),
    "word2vec, too long": ("1 2\nthe 1 2\ncat 1 2\n", "more rows than the 1"),
    "word2vec, too wide": (
        "2 2\nthe 1 2 3\ncat 1 2 3\n",
        "rows have 2 numbers, but they have 3. Correct",
    ),
    "a word for a number": ("the 1 2\ncat 1 two\n", "row 1.*'two'|row 1.*1 numbers"),
    "a number less": ("the 1 2 3\ncat 1 2 3\nsat 1 2\n" * 30, "not"),
    "a number beyond float32": ("the 1 2\ncat 1 -1e300\n", "row 1.*'-1e300'.*beyond"),
    "decimal commas": ("cat 0,1 0,2\nsat 1,5 2,5\n", "commas in its numbers.*points"),
    "decimal commas in CSV": ("cat;0,1;0,2\nsat;1,5;2,5\n", "commas in its numbers"),
    "numbers or tokens": ("1 0.5 0.25\n2 0.5 0.75\n", "first line"),
    "npy, 10^12 rows": (HUGE_NPY, "damaged or cut short"),
    "npy of objects": (
        npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", b"\x80"),
        "Python objects",
    ),
    "npy, cut": (HUGE_NPY[:40], "f.bin"),
    "npz, 10^12 rows": (zipped("a.npy", HUGE_NPY), "damaged or cut short"),
    "safetensors, 10^12 rows": (safetensors(ENTRY), "cut short"),
    "safetensors that lies": (safetensors(LIE, bytes(32)), "damaged"),
    "safetensors, no JSON": (
        (20).to_bytes(8, "little") + b"{" + b"x" * 40,
        "can't be read|f.bin",
    ),
    "safetensors, odd entry": (safetensors({"shape": None}), "damaged"),
    "HDF5, much of nothing": (huge_hdf5, "damaged or cut short"),
    "HDF5 with its numbers elsewhere": (hdf5_elsewhere, "another file"),
    "HDF5, cut": (cut_hdf5, "can't be read|cut short"),
    "TensorFlow, cut": (cut_checkpoint, "cut short"),
    "vectors alone": (zipped("a.npy", npy(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", bytes(8)
    )), "no table"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_in_words_and_little_memory(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    content, words = REFUSED[name]
    is_made = callable(content)
    file = content(tmp_path) if is_made else put(tmp_path / "f.bin", content)  # type: ignore[operator,arg-type]
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=words) as error:
            tb_wordembed.import_tables(tmp_path / "logs", file)
        assert tracemalloc.get_traced_memory()[1] < 50e6
    finally:
        tracemalloc.stop()
    assert str(error.value).startswith(str(file))
    assert not (tmp_path / "executed").exists()
    assert not (tmp_path / "logs").exists()


def test_a_config_whose_checkpoint_is_not_there_says_so(tmp_path: Path) -> None:
    config = tmp_path / "projector_config.pbtxt"
    for named in ("", 'model_checkpoint_path: "model.ckpt" '):
        config.write_text(named + 'embeddings { tensor_name: "words" }')
        with pytest.raises(ValueError, match=r"in a checkpoint, .*not beside it"):
            tb_wordembed.import_tables(tmp_path / "logs", config)
    for step in (1, 2):
        (tmp_path / f"model.ckpt-{step}.index").touch()
    config.write_text('embeddings { tensor_name: "words" }')
    with pytest.raises(ValueError, match="pass the checkpoint itself"):
        tb_wordembed.import_tables(tmp_path / "logs", config)


def test_of_a_config_only_what_is_meant_has_to_be_there(tmp_path: Path) -> None:
    put(tmp_path / "words.tsv", "1\t2\n3\t4\n")
    config = "".join(
        f'embeddings {{ tensor_name: "{name}" tensor_path: "{name}.tsv" '
        f'metadata_path: "labels.tsv" }}\n'
        for name in ("words", "gone")
    )
    put(tmp_path / "projector_config.pbtxt", config)
    logs = tmp_path / "logs"
    with pytest.raises(ValueError, match=r"names the file 'gone\.tsv', which is not"):
        tb_wordembed.import_tables(logs, tmp_path, key="gone")
    with pytest.raises(ValueError, match=r"config\.pbtxt: .*labels\.tsv.* no such"):
        tb_wordembed.import_tables(logs, tmp_path, key="words")
    assert not logs.exists()
    tb_wordembed.import_tables(logs, tmp_path, key="words", tokens=["a", "b"])
    assert tb_wordembed.open(logs).series().tokens == ["a", "b"]


def test_a_shard_that_is_missing_or_outside_is_named(tmp_path: Path) -> None:
    index = tmp_path / "model.safetensors.index.json"
    for name in ("other.safetensors", "../../etc/passwd"):
        index.write_text(json.dumps({"weight_map": {"embed": name}}))
        with pytest.raises(ValueError, match="not beside it"):
            tb_wordembed.import_tables(tmp_path / "logs", index)
