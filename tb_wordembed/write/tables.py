"""Checks embedding tables, arrays of any package, and converts them for storage.

A ``Table`` that exists can be written: what is wrong with the data is an error when one
is made. Arrays of NumPy, TensorFlow, PyTorch, JAX and Keras are recognized by their
attributes, so that none of those packages is imported here.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import tensor_pb2, tensor_shape_pb2, types_pb2

from tb_wordembed.format.metadata import TABLE_DTYPES
from tb_wordembed.write.containers import refuse_container

Array = npt.NDArray[Any]

MAX_PART_BYTES = 2**31 - 2**20
"""The size of the largest table that is written in one piece: a protobuf message ends
at 2 GiB, and 1 MiB is kept for the rest of the event."""

_BLOCK_NUMBERS = 1 << 18
"""How many numbers are converted at once: few enough for the processor's cache."""

BFLOAT16 = "bfloat16"
_STORAGE: dict[str, tuple[np.dtype[Any], int]] = {
    "float32": (np.dtype("<f4"), types_pb2.DT_FLOAT),
    "float64": (np.dtype("<f8"), types_pb2.DT_DOUBLE),
    "float16": (np.dtype("<f2"), types_pb2.DT_HALF),
    # NumPy has no bfloat16: the upper halves of float32 numbers.
    BFLOAT16: (np.dtype("<u2"), types_pb2.DT_BFLOAT16),
}


@dataclass(frozen=True, eq=False)
class Table:
    """An embedding table as it is stored.

    Attributes:
      values: C-contiguous, little-endian ``[vocab_size, embedding_dim]``; bfloat16 as
        its bits, in uint16. It may share memory with what the user passed.
      dtype: "float32", "float64", "float16" or "bfloat16".
      full_vocab_size: the number of rows of the table of which these rows are a part;
        None if it is a whole table.
    """

    values: Array
    dtype: str
    full_vocab_size: int | None = None

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
        return _widened(self.values) if self.dtype == BFLOAT16 else self.values

    def rows(self, which: slice | npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Returns some rows as float32."""
        some = self.values[which]
        if self.dtype == BFLOAT16:
            return _widened(some)
        with np.errstate(over="ignore"):
            return some.astype(np.float32, copy=False)

    @property
    def tensor_header(self) -> tensor_pb2.TensorProto:
        """The tensor without its content."""
        return tensor_proto(_STORAGE[self.dtype][1], self.values.shape)


def tensor_proto(dtype: int, shape: tuple[int, ...]) -> tensor_pb2.TensorProto:
    """Returns a tensor without its content, of a ``types_pb2`` dtype."""
    sizes = [tensor_shape_pb2.TensorShapeProto.Dim(size=size) for size in shape]
    return tensor_pb2.TensorProto(
        dtype=dtype, tensor_shape=tensor_shape_pb2.TensorShapeProto(dim=sizes)
    )


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
    array, own = _read(data)
    check_shape(array.shape)
    return Table(_convert(array, own, dtype or own), dtype or own)


def row_count(data: Any) -> int:
    """Returns the number of rows of a table, of any size.

    Raises:
      ValueError: it is no table of two dimensions.
    """
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


def _read(data: Any) -> tuple[Array, str]:
    """Reads the numbers of an array of any package, if possible without a copy.

    Returns:
      The array, and the dtype of a table with these numbers: bfloat16 comes as uint16.
    """
    if isinstance(data, Table):
        return data.values, data.dtype
    try:
        data = _on_cpu(data)
        if str(getattr(data, "dtype", "")) == "torch.bfloat16":
            bits = data.contiguous().view(sys.modules["torch"].int16)
            return bits.numpy().view(np.uint16), BFLOAT16
        array = np.asarray(to_numpy(data))
        if array.dtype == object and array.ndim == 0:
            raise TypeError("it is no array")
        return _with_dtype(array)
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


def _convert(array: Array, own: str, stored: str) -> Array:
    """Returns numbers in another dtype: converted in blocks, since what is computed on
    the way takes several times their bytes."""
    kind = _STORAGE[stored][0]
    if own == stored:
        return np.ascontiguousarray(array, kind)
    converted = np.empty(array.shape, kind)
    rows = max(1, _BLOCK_NUMBERS // array.shape[1])
    lost = 0
    for start in range(0, len(array), rows):
        block = array[start : start + rows]
        out = converted[start : start + rows]
        lost += _convert_block(
            _widened(block) if own == BFLOAT16 else block, out, stored
        )
    if lost:
        raise ValueError(
            f"{lost:,} of {array.size:,} numbers are beyond what {stored} holds, "
            f'{np.finfo(stored).max:.5g}. Use dtype="{BFLOAT16}" or "float32"'
        )
    return converted


def _convert_block(block: Array, out: Array, stored: str) -> int:
    """Converts some rows; returns how many numbers became infinite by it."""
    if stored == BFLOAT16:
        out[:] = _to_bfloat16(np.ascontiguousarray(block, np.float32))
        return 0
    with np.errstate(over="ignore"):
        out[:] = block
    return int(np.count_nonzero(np.isinf(out) & np.isfinite(block)))


def _widened(bits: npt.NDArray[np.uint16]) -> npt.NDArray[np.float32]:
    """Returns bfloat16 numbers, given as their bits, as float32."""
    numbers = np.empty(bits.shape, np.float32)
    np.left_shift(bits, 16, out=numbers.view(np.uint32), dtype=np.uint32)
    return numbers


def _to_bfloat16(array: npt.NDArray[np.float32]) -> npt.NDArray[np.uint16]:
    """Returns the bits of the nearest bfloat16 numbers, ties to even."""
    bits = array.view(np.uint32)
    rounded = (bits + (((bits >> 16) & 1) + 0x7FFF).astype(np.uint32)) >> 16
    # Rounding could carry a NaN into another number: it becomes a quiet NaN instead.
    nan = (bits >> 16) | 0x40
    return np.where(np.isnan(array), nan, rounded).astype(np.uint16)
