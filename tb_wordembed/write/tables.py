"""Checks embedding tables, arrays of any package, and converts them for storage.

A ``Table`` that exists can be written: what is wrong with the data is an error when one
is made. Arrays of NumPy, TensorFlow, PyTorch, JAX and Keras are recognized by their
attributes, so that none of those packages is imported here.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import tensor_pb2

from tb_wordembed.analysis.sampled_rows import sampled_rows
from tb_wordembed.format.metadata import TABLE_DTYPES
from tb_wordembed.snapshots.tensors import tensor_proto, widened
from tb_wordembed.write.containers import refuse_container
from tb_wordembed.write.stored_dtypes import BFLOAT16, STORAGE, Array, convert

MAX_PART_BYTES = 2**31 - 2**20
"""The size of the largest piece of a table: a protobuf message ends at 2 GiB, and 1 MiB
is kept for the rest of the event."""

PART_BYTES = 2**23
"""The size of a piece of a large table. A table that would need more than
``MOST_PARTS`` pieces has larger ones. TensorBoard's readers hold a record in memory
twice, and the reader in Python keeps the last record of a tag."""

MOST_PARTS = 32
"""The largest number of pieces, unless one would be larger than ``MAX_PART_BYTES``."""


@dataclass(frozen=True, eq=False)
class Table:
    """An embedding table as it is stored.

    Attributes:
      values: C-contiguous, little-endian ``[vocab_size, embedding_dim]``; bfloat16 as
        its bits, in uint16. It may share memory with what the user passed.
      dtype: "float32", "float64", "float16" or "bfloat16".
      full_vocab_size: the number of rows of the table of which these rows are a part;
        None if it is a whole table.
      is_shared: whether the values may be memory of what the user passed, which changes
        while training goes on.
    """

    values: Array
    dtype: str
    full_vocab_size: int | None = None
    is_shared: bool = True

    @property
    def vocab_size(self) -> int:
        """The number of rows."""
        return int(self.values.shape[0])

    @property
    def content(self) -> memoryview:
        """The bytes of the numbers, without a copy."""
        return self.values.reshape(-1).view(np.uint8).data

    @property
    def numbers(self) -> Array:
        """The numbers as floats that NumPy knows: bfloat16 as float32."""
        return widened(self.values) if self.dtype == BFLOAT16 else self.values

    def rows(self, which: slice | npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Returns some rows as float32."""
        some = self.values[which]
        if self.dtype == BFLOAT16:
            return widened(some)
        with np.errstate(over="ignore"):
            return some.astype(np.float32, copy=False)

    @cached_property
    def sample(self) -> npt.NDArray[np.float32]:
        """The rows that ``tb_wordembed.analysis.sampled_rows`` names, as float32: they
        are taken once for all that measure the table."""
        return self.rows(sampled_rows(*self.values.shape))

    @property
    def tensor_header(self) -> tensor_pb2.TensorProto:
        """The tensor without its content."""
        return tensor_proto(STORAGE[self.dtype][1], self.values.shape)


def as_table(data: Any, dtype: str | None = None) -> Table:
    """Returns the embedding table in ``data``.

    Args:
      data: numbers of shape ``[vocab_size, embedding_dim]``: a NumPy array or nested
        lists, a TensorFlow tensor or variable, a Keras variable, a PyTorch tensor or
        parameter on any device, a JAX array, a parameter of Flax, ``KeyedVectors`` of
        gensim; or a table. Integers become float32.
      dtype: "float32", "float64", "float16" or "bfloat16" to store the table so; by
        default it keeps its own.

    Raises:
      ValueError: it is not such a table, or can't be stored; the message says why.
    """
    check_dtype(dtype)
    data = _checked(data)
    shape = getattr(data, "shape", None)
    if isinstance(shape, tuple):
        check_shape(shape)
    array, own, is_shared = _read(data)
    check_shape(array.shape)
    values = convert(array, own, dtype or own)
    is_shared = is_shared and np.may_share_memory(values, array)
    return Table(values, dtype or own, is_shared=is_shared)


def row_count(data: Any) -> int:
    """Returns the number of rows of a table, of any size. Raises ValueError if it is
    none of two dimensions."""
    data = _checked(data)
    sizes = tuple((data if hasattr(data, "shape") else _read(data)[0]).shape)
    check_shape(sizes)
    return int(sizes[0])


def _checked(data: Any) -> Any:
    """Returns the array of any package; raises ValueError for what is no table."""
    data = unwrap(data)
    refuse_container(data)
    if callable(data) and not hasattr(data, "shape"):
        raise ValueError(
            f"{type(data).__name__} is a layer or function, not a table; pass the "
            "weights of the layer: layer.weight in PyTorch and Equinox, "
            "layer.embeddings in Keras, layer.embedding in Flax"
        )
    if isinstance(data, np.ma.MaskedArray) and np.ma.is_masked(data):
        masked = np.count_nonzero(np.ma.getmaskarray(data))
        raise ValueError(
            f"{masked} of {data.size} numbers are masked, and a table has no mask; "
            "fill them first, such as data.filled(0)"
        )
    return data


def check_dtype(dtype: str | None) -> None:
    """Raises ValueError for a dtype that no table is stored in; None keeps its own."""
    if dtype is not None and dtype not in TABLE_DTYPES:
        raise ValueError(
            f"dtype={dtype!r}: a table is stored as one of {', '.join(TABLE_DTYPES)}; "
            "None keeps its own"
        )


def check_shape(shape: Sequence[int]) -> None:
    """Raises ValueError unless a table can have this shape: two sizes of at least 1."""
    shape = tuple(int(size) for size in shape)
    if len(shape) != 2:
        raise ValueError(
            f"an embedding table has the shape [vocab_size, embedding_dim]; this one "
            f"has {list(shape)}, of rank {len(shape)}. Pass the weights of the layer, "
            "such as layer.embeddings, not its output"
        )
    if 0 in shape:
        raise ValueError(
            f"an embedding table has at least one row and one column; this one has the "
            f"shape {list(shape)}"
        )


def unwrap(data: Any) -> Any:
    """Returns the backend's own tensor in a Keras variable, or the vectors in gensim's
    ``KeyedVectors``; anything else as it is."""
    if hasattr(data, "index_to_key"):
        return getattr(data, "vectors", data)
    if type(data).__module__.partition(".")[0] in ("keras", "keras_core"):
        return getattr(data, "value", data)
    return data


def to_numpy(data: Any) -> Any:
    """Returns the NumPy array of any package's tensor; anything else as it is."""
    if hasattr(data, "read_value"):
        # Not numpy(), which copies: TensorFlow copies before it changes a variable.
        return np.asarray(data.read_value())
    numpy = getattr(_on_cpu(data), "numpy", None)
    return numpy() if callable(numpy) else data


def _on_cpu(data: Any) -> Any:
    """Returns a PyTorch tensor on the CPU and without gradient; others as they are."""
    if not hasattr(data, "detach"):
        return data
    if hasattr(data, "full_tensor"):
        data = data.full_tensor()
    return data.detach().cpu()


def _read(data: Any) -> tuple[Array, str, bool]:
    """Reads the numbers of an array of any package, if possible without a copy.

    Returns:
      The array; the dtype of a table with these numbers: bfloat16 comes as uint16; and
      whether they may be memory of the array that was passed.
    """
    if isinstance(data, Table):
        return data.values, data.dtype, data.is_shared
    try:
        # A PyTorch tensor of another device has just been copied from there.
        is_here = getattr(getattr(data, "device", None), "type", "cpu") == "cpu"
        data = _on_cpu(data)
        if str(getattr(data, "dtype", "")) == "torch.bfloat16":
            bits = data.contiguous().view(sys.modules["torch"].int16)
            return bits.numpy().view(np.uint16), BFLOAT16, is_here
        array = np.asarray(to_numpy(data))
        if array.dtype == object and array.ndim == 0:
            raise TypeError("it is no array")
        found, own = _with_dtype(array)
        return found, own, is_here and np.may_share_memory(found, array)
    except (TypeError, AttributeError, NotImplementedError) as error:
        reason = str(error).partition("\n")[0]
        inside = "a tf.function, use tb_wordembed.summary.embedding"
        if type(data).__module__.startswith("jax"):
            inside = "jax.jit, log it in a function for jax.debug.callback"
        raise ValueError(
            f"no array can be made of {type(data).__name__}: {reason}. Pass an array "
            f"of numbers of shape [vocab_size, embedding_dim]; inside {inside}"
        ) from error


def _with_dtype(array: Array) -> tuple[Array, str]:
    name = array.dtype.name
    if name == BFLOAT16:
        return array.view(np.uint16), BFLOAT16
    if name in TABLE_DTYPES:
        return array, name
    if array.dtype.kind == "f":
        return array, "float64"
    # Small floats and integers of the ml_dtypes package have no kind of their own.
    if array.dtype.kind in "iub" or name.startswith(("float", "int", "uint")):
        return array.astype(np.float32), "float32"
    raise ValueError(
        f"an embedding table holds numbers; this one has the dtype {name}. "
        f"Convert it to one of {', '.join(TABLE_DTYPES)}"
    )
