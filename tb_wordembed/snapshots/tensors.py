"""Turns the bytes of a record into numbers, and texts into those of a record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import tensor_pb2, tensor_shape_pb2, types_pb2
from tensorboard.util import tensor_util

from tb_wordembed.format.metadata import ITEM_BYTES
from tb_wordembed.snapshots.index_entries import Location, Tensor

Float32Table = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]


class DamagedTensorError(ValueError):
    """The bytes of a tensor are not those that were written."""


def tensor_proto(
    dtype: int, shape: tuple[int, ...], content: bytes = b""
) -> tensor_pb2.TensorProto:
    """Returns a tensor of a ``types_pb2`` dtype, of numbers in little-endian bytes."""
    sizes = [tensor_shape_pb2.TensorShapeProto.Dim(size=size) for size in shape]
    tensor_shape = tensor_shape_pb2.TensorShapeProto(dim=sizes)
    return tensor_pb2.TensorProto(
        dtype=dtype, tensor_shape=tensor_shape, tensor_content=content
    )


def parse_message(location: Location, content: Bytes) -> npt.NDArray[np.generic]:
    """Returns the array in the bytes of a ``TensorProto``. Raises DamagedTensorError if
    there is none, or one of another shape."""
    try:
        message = tensor_pb2.TensorProto.FromString(content.tobytes())
        if location.dtype == "text":
            _check_texts(message, location.shape[0])
        if message.half_val and location.dtype in ("float16", "bfloat16"):
            return _halves(message.half_val, location)
        array = np.asarray(tensor_util.make_ndarray(message))
    except Exception as error:
        # For hostile bytes, protobuf and tensor_util raise errors of many types.
        raise DamagedTensorError(f"not a tensor: {error}") from error
    if array.shape != location.shape:
        raise DamagedTensorError(
            f"not a tensor: its elements make a shape of {list(array.shape)}"
        )
    return array


def text_message(content: Bytes, count: int) -> bytes:
    """Returns the bytes of a ``TensorProto`` with the texts of another one, and nothing
    else. Raises DamagedTensorError if there are not ``count`` texts."""
    try:
        message = tensor_pb2.TensorProto.FromString(content.tobytes())
        _check_texts(message, count)
    except Exception as error:
        # For hostile bytes, protobuf raises errors of many types.
        raise DamagedTensorError(f"not a tensor: {error}") from error
    texts = tensor_pb2.TensorProto(string_val=message.string_val)
    alone: bytes = texts.SerializeToString()
    return alone


def text_tensor(count: int, pieces: Iterable[Sequence[bytes]]) -> bytes:
    """Returns the bytes of a ``TensorProto`` with so many texts, which come in
    pieces."""
    head = tensor_proto(types_pb2.DT_STRING, (count,))
    tensors = (tensor_pb2.TensorProto(string_val=one) for one in pieces)
    return b"".join(one.SerializeToString() for one in (head, *tensors))


def _check_texts(message: tensor_pb2.TensorProto, count: int) -> None:
    """Raises ValueError if a tensor doesn't hold exactly ``count`` texts: the index has
    not looked at them."""
    if message.dtype != types_pb2.DT_STRING:
        raise ValueError("it holds no texts")
    if len(message.string_val) != count:
        raise ValueError(f"it holds {len(message.string_val)} texts")
    shape = [one.size for one in message.tensor_shape.dim]
    if shape not in ([count], []):
        raise ValueError(f"its shape is {shape}")


def _halves(listed: Sequence[int], location: Location) -> npt.NDArray[np.generic]:
    """Returns numbers of 16 bits from their bits, since TensorBoard doesn't know
    bfloat16, and reads float16 in a way that NumPy 2.5 warns about."""
    numbers = np.array(listed, np.int64)
    if ((numbers < 0) | (numbers > 0xFFFF)).any():
        raise ValueError("it lists numbers that 16 bits can't hold")
    bits = numbers.astype(np.uint16)
    # A single number stands for all.
    shape = location.shape
    bits = np.broadcast_to(bits, shape) if len(bits) == 1 else bits.reshape(shape)
    if location.dtype == "float16":
        return bits.view(np.float16)
    return widened(bits)


def as_bytes(array: npt.NDArray[np.generic], dtype: str) -> Bytes:
    """Returns the bytes that ``as_float32`` takes, of an array from a message."""
    if dtype == "bfloat16":
        bits = np.ascontiguousarray(array, np.float32).view(np.uint32) >> 16
        return bits.astype("<u2").reshape(-1).view(np.uint8)
    little = np.dtype(dtype).newbyteorder("<")
    return np.ascontiguousarray(array, little).reshape(-1).view(np.uint8)


def is_raw(tensor: Tensor) -> bool:
    """Returns whether the elements of a tensor are in the files as they are."""
    return all(one.encoding == "raw" for one in tensor.parts)


def row_bytes(tensor: Tensor) -> int:
    """Returns the number of bytes of a row of a table."""
    return tensor.shape[1] * ITEM_BYTES[tensor.dtype]


def as_float32(raw: Bytes, dtype: str, out: Float32Table | None = None) -> Float32Table:
    """Returns elements as float32, of one dimension.

    Args:
      raw: their bytes, little-endian.
      dtype: "float32", "float64", "float16" or "bfloat16".
      out: memory for the result, of as many elements; not used for float32.
    """
    numbers = elements(raw, dtype)
    if numbers.dtype == np.float32:
        return numbers
    if dtype == "bfloat16":
        return widened(numbers, out)
    if out is None:
        out = np.empty(len(numbers), np.float32)
    # Numbers too large for float32 become infinite, and are counted as such; a
    # signaling NaN becomes a quiet one.
    with np.errstate(over="ignore", invalid="ignore"):
        np.copyto(out, numbers, casting="same_kind")
    return out


def widened(
    bits: npt.NDArray[np.uint16], out: Float32Table | None = None
) -> Float32Table:
    """Returns bfloat16 numbers, given as their bits, as float32: the upper halves."""
    out = np.empty(bits.shape, np.float32) if out is None else out
    np.left_shift(bits, 16, out=out.view(np.uint32), dtype=np.uint32)
    return out


def elements(raw: Bytes, dtype: str) -> npt.NDArray[Any]:
    """Returns elements in their dtype, of one dimension; bfloat16 as its bits."""
    little = "<u2" if dtype == "bfloat16" else np.dtype(dtype).newbyteorder("<")
    return raw.view(little)
