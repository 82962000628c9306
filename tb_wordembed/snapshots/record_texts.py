"""Finds texts in the bytes of a record, without an object for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from tb_wordembed.engine.large_arrays import full
from tb_wordembed.format.field_keys import TENSOR_STRING
from tb_wordembed.format.record import prefix
from tb_wordembed.snapshots.tensors import Bytes, text_message

_LANE_TEXTS = 128
"""The lengths of texts must be read one after another. So that NumPy reads many at a
time, the bytes are divided into lanes of about so many texts, read side by side."""

_MOST_LANES = 1 << 16
"""The largest number of lanes, which bounds the memory that they take."""

_SURE = 8
"""A lane is first taken to begin where so many texts follow each other."""

_FEWEST_TRIED, _MOST_TRIED = 256, 4096
"""Behind how many bytes the beginning of a lane is looked for: twice the mean length of
a text, within these bounds."""

_MOST_TURNS = 64
"""How often lanes that began at a wrong place are read anew."""

_PIECE_BYTES = 1 << 17
"""The number of bytes that are searched at once: they stay in the processor's cache,
and the C library takes no new memory from the system for arrays of that size."""

_COMPARED = 4
"""The number of bytes that every place is compared with, before the others are."""

_CASE = np.uint8(0x20)
"""The bit that tells small letters from capitals, in ASCII and in some other scripts
as UTF-8 writes them."""

Place = Literal["whole", "any", "start", "end"]
"""Where bytes are looked for in a text."""

_SMALL = np.arange(256, dtype=np.uint8)
_SMALL[ord("A") : ord("Z") + 1] += _CASE
"""The small letter of each byte that is a capital of ASCII, or the byte itself."""

Places = npt.NDArray[np.int64]
"""Places in the bytes; -1 for none."""


@dataclass(frozen=True)
class Block:
    """Some texts that follow each other.

    Attributes:
      content: their bytes, each text behind its key and its length.
      starts: the place of each key, and the end: uint32 ``[count + 1]``.
    """

    content: Bytes
    starts: npt.NDArray[np.uint32]


_BLOCK_TEXTS = 1 << 16
"""The largest number of texts in a block."""

_BLOCK_BYTES = 1 << 23
"""The largest size of a block of several texts."""


class EncodedTexts:
    """The texts of one record: its ``TensorProto`` must hold ``count`` of them.

    Attributes:
      content: the bytes of the record, or the texts alone where it holds anything else
        behind the first one.
      starts: the place of each text's key, and the end: uint32 ``[count + 1]``.

    Raises:
      DamagedTensorError: it holds another number of texts.
    """

    def __init__(self, content: Bytes, count: int) -> None:
        starts = _starts(content, count)
        if starts is None:
            content = np.frombuffer(text_message(content, count), np.uint8)
            starts = _starts(content, count)
        assert starts is not None, "the texts alone were written here"
        self.content = content
        self.starts = starts

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, row: int) -> str:
        return self.encoded(row).decode("utf-8", "backslashreplace")

    def encoded(self, row: int) -> bytes:
        """Returns the bytes of a text, which may be something else, such as an
        image."""
        start, stop = int(self.starts[row]) + 1, int(self.starts[row + 1])
        while self.content[start] & 0x80:
            start += 1
        return self.content[start + 1 : stop].tobytes()

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))

    def blocks(self, most_bytes: int = _BLOCK_BYTES) -> Iterator[tuple[int, Block]]:
        """Yields all texts in blocks, each with the row of its first one. A block of
        several texts has ``most_bytes`` at most."""
        row = 0
        while row < len(self):
            end = np.uint32(min(int(self.starts[row]) + most_bytes, 2**32 - 1))
            fitting = int(np.searchsorted(self.starts, end, "right")) - 1
            stop = min(max(fitting, row + 1), row + _BLOCK_TEXTS)
            starts = self.starts[row : stop + 1]
            yield row, Block(self.content[starts[0] : starts[-1]], starts - starts[0])
            row = stop

    def having(
        self, part: bytes, place: Place, *, loosely: bool = False
    ) -> Iterator[Places]:
        """Yields the rows, ascending and some at a time, of the texts that are these
        bytes, or hold them somewhere, at the start or at the end.

        Capitals of ASCII count as small letters, unless the whole text is meant; the
        bytes have none. ``loosely``, all letters count as such, and a few texts are
        others: the caller has to look at them.
        """
        wanted = np.frombuffer(part, np.uint8)
        wanted = wanted | _CASE if loosely else wanted
        whole = len(prefix(TENSOR_STRING, len(part))) + len(part)
        for first, block in self.blocks(_PIECE_BYTES):
            content = block.content
            if loosely:
                content = content | _CASE
            elif place != "whole":
                content = _SMALL[content]
            at = None
            if place == "any" and part:
                at = _places_of(wanted, content)
                rows = np.searchsorted(block.starts, at.astype(np.uint32), "right") - 1
            else:
                sizes = np.diff(block.starts)
                rows = np.flatnonzero(
                    sizes == whole if place == "whole" else sizes >= whole
                )
            begins, ends = _begins(block.starts, rows)
            if at is None:
                at = ends - len(part) if place == "end" else begins
            # Bytes of keys and lengths don't count.
            fits = (begins <= at) & (at + len(part) <= ends)
            for offset, byte in enumerate(wanted):
                rows, at = rows[fits], at[fits]
                fits = content[at + offset] == byte
            yield np.unique(rows[fits]) + first


def _begins(starts: npt.NDArray[np.uint32], rows: Places) -> tuple[Places, Places]:
    """Returns where some texts begin, behind their keys and their lengths, and end."""
    begins, ends = starts[rows].astype(np.int64), starts[rows + 1].astype(np.int64)
    sizes = ends - begins
    begins += 2
    # A length of 128 bytes or more takes two bytes, and so on.
    for count in range(1, 5):
        are_longer = sizes > (1 << 7 * count) + count
        if not are_longer.any():
            break
        begins += are_longer
    return begins, ends


def _places_of(wanted: Bytes, content: Bytes) -> Places:
    """Returns where some bytes are in others, ascending. Those that are rare there are
    compared first, so that few places are left for the others."""
    count = max(len(content) - len(wanted) + 1, 0)
    often = np.bincount(content[::8], minlength=256)[wanted]
    order = np.argsort(often, kind="stable").tolist()
    fits = np.ones(count, np.bool_)
    for offset in order[:_COMPARED]:
        fits &= content[offset : offset + count] == wanted[offset]
    found = np.flatnonzero(fits)
    for offset in order[_COMPARED:]:
        found = found[content[found + offset] == wanted[offset]]
    return found


def block_of(texts: Sequence[str]) -> Block:
    """Returns texts as a block."""
    encoded = [one.encode() for one in texts]
    fields = [prefix(TENSOR_STRING, len(one)) + one for one in encoded]
    starts = np.cumsum([0, *map(len, fields)]).astype(np.uint32)
    return Block(np.frombuffer(b"".join(fields), np.uint8), starts)


def _starts(content: Bytes, count: int) -> npt.NDArray[np.uint32] | None:
    """Returns the place of each text's key, and the end; None where something else is
    among the texts, or their number is another."""
    begin, end = _first(content), len(content)
    lanes = max(1, min(count // _LANE_TEXTS, end - begin, _MOST_LANES))
    bounds = begin + (end - begin) * np.arange(lanes + 1) // lanes
    far = min(max(_FEWEST_TRIED, 2 * (end - begin) // max(count, 1)), _MOST_TRIED)
    at = _guessed(content, bounds, far)
    counts, ends = _walk(content, count, at, bounds[1:])
    # The first lane begins at the right place, and one more does after each turn.
    for _ in range(_MOST_TURNS):
        wrong = np.flatnonzero(ends[:-1] != at[1:]) + 1
        if not len(wrong):
            break
        at[wrong] = ends[wrong - 1]
        counts[wrong], ends[wrong] = _walk(content, count, at[wrong], bounds[wrong + 1])
    else:
        at, bounds = at[:1], bounds[[0, -1]]
        counts, ends = _walk(content, count, at, bounds[1:])
    if ends[-1] != end or counts.sum() != count:
        return None
    starts = full(count + 1, end, np.uint32)
    _walk(content, count, at, bounds[1:], starts, np.cumsum(counts) - counts)
    return starts


def _first(content: Bytes) -> int:
    """Returns the place of the first text's key; the end where there is none that
    follows fields as TensorFlow writes them."""
    at = np.zeros(1, np.int64)
    while at[0] >= 0 and at[0] < len(content):
        key = int(content[at[0]])
        if key == TENSOR_STRING:
            return int(at[0])
        if key & 7 == 0 and at[0] + 1 < len(content) and content[at[0] + 1] < 0x80:
            at = at + 2
        elif key & 7 == 2:
            at = _next(content, at, key)
        else:
            break
    return len(content)


def _guessed(content: Bytes, bounds: Places, far: int) -> Places:
    """Returns where each lane is taken to begin, less than ``far`` bytes behind its
    bound: for the first one, that is right."""
    at: Places = bounds[:-1].copy()
    lanes = np.arange(1, len(bounds) - 1)
    for offset in range(far):
        if not len(lanes):
            break
        there = tried = bounds[lanes] + offset
        for _ in range(_SURE):
            there = np.where(there < len(content), _next(content, there), there)
        sure = there >= 0
        at[lanes[sure]] = tried[sure]
        lanes = lanes[~sure]
    return at


def _walk(
    content: Bytes,
    most: int,
    at: Places,
    stops: Places,
    starts: npt.NDArray[np.uint32] | None = None,
    first: Places | None = None,
) -> tuple[Places, Places]:
    """Returns the number of texts that begin in each lane, and the place behind them,
    or -1 where other bytes come; a lane with more than ``most`` is left. Writes their
    places into ``starts``, from the number ``first`` on."""
    ends, counts = at.copy(), np.zeros(len(at), np.int64)
    lanes = np.flatnonzero((at >= 0) & (at < stops))
    for _ in range(most + 1):
        if not len(lanes):
            break
        here = ends[lanes]
        if starts is not None and first is not None:
            starts[first[lanes] + counts[lanes]] = here
        there = _next(content, here)
        counts[lanes] += 1
        ends[lanes] = there
        lanes = lanes[(there >= 0) & (there < stops[lanes])]
    return counts, ends


def _next(content: Bytes, at: Places, key: int = TENSOR_STRING) -> Places:
    """Returns the place behind the field at each place; -1 where it has another key or
    ends behind the end."""
    last = len(content) - 1
    is_field = (at >= 0) & (at < last)
    length, width = content[np.minimum(at + 1, last)].astype(np.int64), 1
    more = np.flatnonzero(is_field & (length >= 0x80))
    length[more] -= 0x80
    there = at + 2 + length
    # Longer texts have their length in several bytes, of seven bits each.
    while len(more) and width < 5:
        byte = content[np.minimum(at[more] + 1 + width, last)].astype(np.int64)
        there[more] += 1 + ((byte & 0x7F) << 7 * width)
        more, width = more[byte >= 0x80], width + 1
    is_field &= content[np.minimum(at, last)] == key
    found: Places = np.where(is_field & (there <= last + 1), there, -1)
    return found
