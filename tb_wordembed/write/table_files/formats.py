"""Recognizes what a file is, by how it begins, and finds the tables in it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from tb_wordembed.errors import FileError
from tb_wordembed.snapshots.checkpoints import tensor_bundle
from tb_wordembed.snapshots.checkpoints.safe_tensors import INDEX as SHARDS
from tb_wordembed.snapshots.checkpoints.safe_tensors import in_shards
from tb_wordembed.write.table_files import (
    arrow,
    hdf5,
    numpy_files,
    projector,
    pytorch,
    safe_tensors,
    tf_checkpoints,
    word2vec_binary,
    word_vectors,
    zarr_arrays,
)
from tb_wordembed.write.table_files.found_array import Found

Find = Callable[[Path], list[Found]]

_HEAD_BYTES = 1 << 16

# How the content of files begins, and what finds the tables in them.
_BEGINNINGS: dict[bytes, Find] = {
    b"\x89HDF\r\n\x1a\n": hdf5.find,
    b"\x93NUMPY": numpy_files.find,
    pytorch.LEGACY: pytorch.find,
    arrow.PARQUET: arrow.find,
    arrow.FEATHER: arrow.find,
    arrow.STREAM: arrow.find,
}

# How the content of files begins that are not read, what they are, and the remedy.
_REFUSED = {
    b"\x80": (
        "a pickle, which is not read, since it can run code. Of gensim's vectors, save "
        'KeyedVectors.load(path).save_word2vec_format("vectors.txt"), or import the '
        ".npy file beside it with --tokens; of other objects, save the table with "
        "np.save"
    ),
    b"\xba\x16\x4f\x2f": (
        "a model of fastText, whose vectors are sums over parts of words. Pass the "
        ".vec file beside it, or save gensim's load_facebook_vectors(path)"
        '.save_word2vec_format("vectors.txt")'
    ),
    b"\x1f\x8b": "compressed by gzip. Unpack it: gunzip",
    b"BZh": "compressed by bzip2. Unpack it: bunzip2",
    b"\xfd7zXZ": "compressed by xz. Unpack it: unxz",
    b"\x28\xb5\x2f\xfd": "compressed by Zstandard. Unpack it: unzstd",
    b"FEA1": "a Feather file of version 1. Save it anew with pyarrow",
}


def find(path: Path) -> list[Found]:
    """Returns the arrays in a file, none of whose numbers are read yet. Raises
    FileError, to follow the name of the file, if there are none or it can't be read."""
    found = _finder(path)(path)
    if not found:
        raise FileError("has no array in it")
    return found


def _finder(path: Path) -> Find:
    # On Windows, directories have no size.
    if path.is_dir():
        return zarr_arrays.find
    size = path.stat().st_size
    if size == 0:
        raise FileError("is empty")
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if path.name.endswith(tensor_bundle.INDEX):
        return tf_checkpoints.find
    if path.name.endswith(SHARDS):
        return lambda index: in_shards(index, find)
    if path.suffix == ".pbtxt":
        return projector.find
    if "tfevents" in path.name:
        raise FileError(
            "is an event file of TensorBoard, which tensorboard --logdir reads itself. "
            "Of a log of add_embedding, pass the directory, or its "
            f"{projector.CONFIG}"
        )
    for beginning, find_in in _BEGINNINGS.items():
        if head.startswith(beginning):
            return find_in
    if head.startswith(b"PK\x03\x04"):
        return _finder_of_zip(path)
    # They begin with a size, which may look like the beginning of any other kind.
    if safe_tensors.is_one(head, size):
        return safe_tensors.find
    for beginning, problem in _REFUSED.items():
        if head.startswith(beginning):
            raise FileError(f"is {problem}")
    if word2vec_binary.is_one(head):
        return word2vec_binary.find
    if b"\0" in head:
        raise FileError(
            "is of a kind that is not known, and no text. Raw numbers say nothing of "
            "their shape: of those of a Projector, pass its projector_config.pbtxt"
        )
    return word_vectors.find


def _finder_of_zip(path: Path) -> Find:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    if hdf5.WEIGHTS in names:
        return hdf5.find
    if any(name.rpartition("/")[2] == "data.pkl" for name in names):
        return pytorch.find
    if names and all(name.endswith(".npy") for name in names):
        return numpy_files.find_in_npz
    raise FileError(
        f"is a zip archive with {', '.join(names[:3]) or 'nothing'} in it. Unpack it, "
        "and pass the file with the table"
    )
