"""Texts in UTF-8, as a tensor stores them: made in one pass over all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_wordembed.format import field_keys

_Ints = npt.NDArray[np.int64]

_PREFIX = "\n\n"
"""Two bytes before each text. Its key and its length take their place."""

_MOST_BYTES = 127
"""The size of the largest text of which the length takes one byte."""

_WORD_BYTES = 8
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(_WORD_BYTES + 1)], np.uint64)
"""The mask at index ``n`` keeps the first ``n`` bytes of a word."""


@dataclass(frozen=True, eq=False)
class StoredTexts(Sequence[bytes]):
    """Texts of up to 127 bytes each, in the fields of a tensor that hold them.

    Attributes:
      fields: for each text a key, its length, and its bytes.
      bounds: where the fields of each text start in ``fields``, and where those of the
        last one end, int64 ``[texts + 1]``.
    """

    fields: bytes
    bounds: _Ints

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (tuple, StoredTexts)) and tuple(self) == tuple(other)

    @cached_property
    def lengths(self) -> _Ints:
        """The number of bytes of each text, int64 ``[texts]``."""
        return np.diff(self.bounds) - len(_PREFIX)

    def __iter__(self) -> Iterator[bytes]:
        start, *ends = self.bounds.tolist()
        for end in ends:
            yield self.fields[start + len(_PREFIX) : end]
            start = end

    def __getitem__(self, which: Any) -> Any:
        """Returns a text, or consecutive ones."""
        rows = range(len(self))[which]
        if isinstance(rows, int):
            start, end = self.bounds[rows : rows + 2].tolist()
            return self.fields[start + len(_PREFIX) : end]
        if rows.step != 1 or not rows:
            raise ValueError(f"{which}: expected consecutive texts, one at least")
        bounds = self.bounds[rows.start : rows.stop + 1]
        return StoredTexts(
            self.fields[bounds[0] : bounds[-1]],
            np.ascontiguousarray(bounds - bounds[0]),
        )

    def are_distinct(self) -> bool:
        """Returns whether all texts are different. In one of millions of cases it
        returns False though they are."""
        starts, lengths = self.bounds[:-1] + len(_PREFIX), self.lengths
        padded = self.fields + bytes(_WORD_BYTES)
        shape = (len(padded) - _WORD_BYTES + 1,)
        words = np.ndarray(shape, "<u8", padded, strides=(1,))

        def word(rows: _Ints | slice, at: int) -> npt.NDArray[np.uint64]:
            """Returns eight bytes of some texts, without what follows the text."""
            rest = np.minimum(lengths[rows] - at, _WORD_BYTES)
            found: npt.NDArray[np.uint64] = words[starts[rows] + at] & _MASKS[rest]
            return found

        found = word(slice(None), 0) * np.uint64(0x9E3779B97F4A7C15)
        found += lengths.view(np.uint64)
        for at in range(_WORD_BYTES, int(lengths.max()), _WORD_BYTES):
            rows = np.flatnonzero(lengths > at)
            mixed = found[rows] ^ found[rows] >> np.uint64(29)
            found[rows] = (mixed + word(rows, at)) * np.uint64(0xBF58476D1CE4E5B9)
        found.sort()
        return not (found[1:] == found[:-1]).any()


Texts = StoredTexts | tuple[bytes, ...]
"""Texts in UTF-8."""


def stored(texts: Sequence[str]) -> Texts:
    """Returns texts in UTF-8: in the fields of a tensor, where all are short and none
    has a line end in it. Raises UnicodeEncodeError if one is no valid Unicode."""
    joined = (_PREFIX + _PREFIX.join(texts)).encode()
    fields = np.frombuffer(bytearray(joined), np.uint8)
    ends = np.flatnonzero(fields == ord(_PREFIX[0]))
    if len(ends) != len(_PREFIX) * len(texts):
        return tuple(text.encode() for text in texts)
    bounds = np.append(ends[:: len(_PREFIX)], len(fields))
    found = StoredTexts(b"", bounds)
    if found.lengths.max() > _MOST_BYTES:
        return tuple(joined.split(_PREFIX.encode())[1:])
    fields[bounds[:-1]], fields[bounds[:-1] + 1] = (
        field_keys.TENSOR_STRING,
        found.lengths,
    )
    return StoredTexts(fields.tobytes(), bounds)
