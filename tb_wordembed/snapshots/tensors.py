"""Turns the bytes of a record into numbers, and verifies its checksum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from crc32c import crc32c
from tensorboard.compat.proto import tensor_pb2
from tensorboard.util import tensor_util

from tb_wordembed.format.record import HEADER_BYTES, mask
from tb_wordembed.snapshots.entries import Location
from tb_wordembed.snapshots.files import FileChangedError, Reader

Float32Table = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

PIECE_BYTES = 256 << 10
"""What is read at once, so that it is summed while it is in the processor's cache."""


class DamagedTensorError(ValueError):
    """The bytes of a tensor are not those that were written."""


class Reading:
    """Reads the data of a record from front to back.

    Args:
      reader: of the file.
      location: of the record.
      check: whether to compute the checksum on the way.
    """

    def __init__(self, reader: Reader, location: Location, *, check: bool) -> None:
        self._reader = reader
        self._location = location
        self._check = check
        self._crc = 0
        self.sound = False
        """Whether the checksum has turned out right."""
        self._offset = location.record_offset + HEADER_BYTES
        self._stop = self._offset + location.record_length
        if check:
            self._pass_over(location.start)
        self._offset = location.start

    def fill(self, buffer: Bytes) -> None:
        """The next bytes, from the first of the tensor's elements on.

        Raises:
          FileChangedError: the file has become shorter.
        """
        size = PIECE_BYTES if self._check else max(1, len(buffer))
        for start in range(0, len(buffer), size):
            piece = buffer[start : start + size]
            fill(self._reader, self._location, self._offset, piece)
            self._offset += len(piece)
            if self._check:
                self._crc = crc32c(piece.data, self._crc)

    def finish(self) -> None:
        """Reads what is left.

        Raises:
          DamagedTensorError: the checksum is wrong.
        """
        if self._check:
            self._pass_over(self._stop)
            if mask(self._crc) != self._location.checksum:
                raise DamagedTensorError("the checksum of the data is wrong")
            self.sound = True

    def _pass_over(self, stop: int) -> None:
        buffer = np.empty(min(PIECE_BYTES, stop - self._offset), np.uint8)
        while self._offset < stop:
            self.fill(buffer[: stop - self._offset])


def fill(reader: Reader, location: Location, offset: int, buffer: Bytes) -> None:
    """Fills the buffer from ``offset`` on.

    Raises:
      FileChangedError: the file has become shorter.
    """
    if reader.read_into(offset, buffer.data) < len(buffer):
        raise FileChangedError(
            f"{location.file.path} ends before byte {offset + len(buffer)}: it was cut "
            "short since it was indexed"
        )


def parse_message(location: Location, content: Bytes) -> npt.NDArray[np.generic]:
    """The array in the bytes of a ``TensorProto``.

    Raises:
      DamagedTensorError: there is none, or of another shape.
    """
    try:
        message = tensor_pb2.TensorProto.FromString(content.tobytes())
        if location.dtype == "text" and len(message.string_val) != location.shape[0]:
            raise ValueError(f"it holds {len(message.string_val)} texts")
        if message.half_val and location.dtype in ("float16", "bfloat16"):
            return _halves(message.half_val, location)
        array = np.asarray(tensor_util.make_ndarray(message))
    except Exception as error:
        # Protobuf and tensor_util raise whatever hostile bytes provoke.
        raise DamagedTensorError(f"not a tensor: {error}") from error
    if array.shape != location.shape:
        raise DamagedTensorError(
            f"not a tensor: its elements make a shape of {list(array.shape)}"
        )
    return array


def _halves(listed: Sequence[int], location: Location) -> npt.NDArray[np.generic]:
    """Numbers of 16 bits, of which TensorFlow lists the bits. TensorBoard doesn't know
    bfloat16, and reads float16 in a way that NumPy 2.5 warns of."""
    bits = np.array(listed, np.uint16)
    # One stands for all, if it is alone.
    shape = location.shape
    bits = np.broadcast_to(bits, shape) if len(bits) == 1 else bits.reshape(shape)
    if location.dtype == "float16":
        return bits.view(np.float16)
    return (bits.astype(np.uint32) << 16).view(np.float32)


def as_float32(raw: Bytes, dtype: str, out: Float32Table | None = None) -> Float32Table:
    """Elements of a stored dtype as float32, of one dimension.

    Args:
      raw: their bytes, little-endian.
      dtype: "float32", "float64", "float16" or "bfloat16".
      out: for the result, of as many elements; float32 needs none.
    """
    numbers = elements(raw, dtype)
    if numbers.dtype == np.float32:
        return numbers
    if out is None:
        out = np.empty(len(numbers), np.float32)
    if dtype == "bfloat16":
        # The upper half of a float32.
        np.left_shift(numbers, 16, out=out.view(np.uint32), dtype=np.uint32)
    else:
        # What float32 can't hold becomes infinite, and is counted as such; a NaN that
        # signals becomes a quiet one.
        with np.errstate(over="ignore", invalid="ignore"):
            np.copyto(out, numbers, casting="same_kind")
    return out


def elements(raw: Bytes, dtype: str) -> npt.NDArray[Any]:
    """Elements of a stored dtype, of one dimension; bfloat16 as its bits."""
    little = "<u2" if dtype == "bfloat16" else np.dtype(dtype).newbyteorder("<")
    return raw.view(little)
