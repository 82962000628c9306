"""Files of vectors for other programs: NumPy archives and the text of word2vec.

A file is made piece by piece, in the memory of one block of rows.
"""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_wordembed.contract.logged import VectorFormat
from tb_wordembed.read.series import Series
from tb_wordembed.snapshots.tensors import Float32Table

_KINDS: dict[VectorFormat, tuple[str, str]] = {
    "npz": ("application/zip", "npz"),
    "word2vec": ("text/plain; charset=utf-8", "txt"),
}

_BLOCK_ROWS = 4096

_SPACE = re.compile(r"\s")

MOST_TOKEN_BYTES = 2**31
"""NumPy pads all strings of an array to the longest one."""


@dataclass(frozen=True)
class VectorFile:
    """A file that is made while it is sent."""

    name: str
    kind: str
    about_bytes: int
    pieces: Iterator[bytes]


def vector_file(
    series: Series,
    step: int,
    form: VectorFormat,
    indices: npt.ArrayLike | None = None,
) -> VectorFile:
    """Returns a file of the rows of a table at a step, with their tokens.

    ``npz`` is for ``numpy.load``, without pickles: ``vectors`` float32 ``[rows,
    embedding_dim]``, ``tokens`` text, ``rows`` int64, the number of each row in the
    table, and ``step``. NumPy cuts off zero characters at the end of a text, so there
    they become ``\\x00``. ``word2vec`` is the text format that gensim and others read:
    a line with the shape, and a line per token. Whitespace in a token would end it, so
    it becomes ``_``; an empty token becomes ``_``, too. If the file has another token
    of that name, ``#`` and the row number follow, as in ``_#17``.

    Args:
      indices: row numbers, in the order of the file; all rows by default.

    Raises:
      DamagedSnapshotError: its bytes are not those that were written, as far as the
        first block of rows shows. Later ones end the pieces.
      ValueError: tokens are too long for an array of text.
    """
    series.check_step(step)
    count = series.shape[0]
    rows = np.arange(count) if indices is None else np.asarray(indices, np.int64)
    for row in rows[(rows < 0) | (rows >= count)][:1]:
        series.index_of(int(row))  # Raises.
    all_tokens = series.tokens
    tokens = [all_tokens[row] for row in rows.tolist()]
    blocks = partial(_blocks, series, step, None if indices is None else rows)
    kind, suffix = _KINDS[form]
    name = re.sub(
        r"[^\w.-]+", "-", f"{series.run}-{series.tag}-step-{step}", flags=re.A
    )
    pieces, per_number = (
        (_npz(step, rows, tokens, series.shape[1], blocks()), 4)
        if form == "npz"
        else (_word2vec(_words(tokens, rows), series.shape[1], blocks()), 12)
    )
    about = len(rows) * series.shape[1] * per_number
    # What can't be read is told before anything is sent.
    begun = itertools.chain(list(itertools.islice(pieces, 1)), pieces)
    return VectorFile(f"{name.strip('-.')}.{suffix}", kind, about, begun)


def _blocks(
    series: Series, step: int, rows: npt.NDArray[np.int64] | None
) -> Iterator[Float32Table]:
    if rows is None:
        yield from series.blocks(step)
        return
    for start in range(0, len(rows), _BLOCK_ROWS):
        yield series.rows(step, rows[start : start + _BLOCK_ROWS].tolist())


def _npz(
    step: int,
    rows: npt.NDArray[np.int64],
    tokens: Sequence[str],
    dim: int,
    blocks: Iterator[Float32Table],
) -> Iterator[bytes]:
    tokens = [one if one[-1:] != "\0" else _kept_by_numpy(one) for one in tokens]
    letters = max(map(len, tokens), default=1) or 1
    if len(tokens) * letters * 4 > MOST_TOKEN_BYTES:
        longest = max(range(len(tokens)), key=lambda at: len(tokens[at]))
        raise ValueError(
            f"an array of {len(tokens):,} tokens takes {len(tokens) * letters * 4:,} "
            f"bytes, as that of row {rows[longest]} has {letters:,} letters and all "
            "are padded to it; export fewer rows, or the word2vec format"
        )
    return _zipped(
        [
            ("vectors", np.dtype("<f4"), (len(rows), dim), blocks),
            ("tokens", np.dtype(f"<U{letters}"), (len(rows),), _texts(tokens, letters)),
            ("rows", np.dtype("<i8"), (len(rows),), iter([rows])),
            ("step", np.dtype("<i8"), (), iter([np.array(step)])),
        ]
    )


def _kept_by_numpy(token: str) -> str:
    kept = token.rstrip("\0")
    return kept + r"\x00" * (len(token) - len(kept))


def _texts(tokens: Sequence[str], letters: int) -> Iterator[npt.NDArray[np.str_]]:
    for start in range(0, len(tokens), _BLOCK_ROWS):
        yield np.array(tokens[start : start + _BLOCK_ROWS], f"<U{letters}")


_Entry = tuple[str, np.dtype[Any], tuple[int, ...], Iterator[npt.NDArray[Any]]]


class _Pieces(io.RawIOBase):
    """A file for writing, whose content is taken piece by piece."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, data: Any, /) -> int:
        self._written.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken = b"".join(self._written)
        self._written.clear()
        return taken


def _zipped(entries: Sequence[_Entry]) -> Iterator[bytes]:
    out = _Pieces()
    with zipfile.ZipFile(out, "w") as archive:
        for name, dtype, shape, blocks in entries:
            member = zipfile.ZipInfo(f"{name}.npy")
            # Padded text is mostly zeros; the bits of numbers hardly get smaller.
            if dtype.kind == "U":
                member.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(member, "w", force_zip64=True) as file:
                np.lib.format.write_array_header_1_0(
                    file,
                    {"descr": dtype.str, "fortran_order": False, "shape": shape},
                )
                for block in blocks:
                    file.write(np.ascontiguousarray(block, dtype).tobytes())
                    yield out.take()
    yield out.take()


def _word2vec(
    words: Sequence[str], dim: int, blocks: Iterator[Float32Table]
) -> Iterator[bytes]:
    text = f"{len(words)} {dim}\n"
    # Nine digits bring every float32 back.
    line = "%s" + " %.9g" * dim + "\n"
    at = 0
    for block in blocks:
        named = zip(words[at : at + len(block)], block.tolist(), strict=True)
        text += "".join(line % (word, *row) for word, row in named)
        at += len(block)
        yield text.encode("utf-8", "replace")
        text = ""


def _words(tokens: Sequence[str], rows: npt.NDArray[np.int64]) -> list[str]:
    """Returns tokens without whitespace, different ones for different tokens."""
    taken = {one for one in tokens if one and not _SPACE.search(one)}
    words: dict[str, str] = {one: one for one in taken}
    for token, row in zip(tokens, rows.tolist(), strict=True):
        if token not in words:
            word = _SPACE.sub("_", token) or "_"
            while word in taken:
                word += f"#{row}"
            taken.add(word)
            words[token] = word
    return [words[token] for token in tokens]
