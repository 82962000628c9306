"""Finds the tokens that lie beside a file with a table."""

from __future__ import annotations

import contextlib
from pathlib import Path

from tb_wordembed.write.tokens import read
from tb_wordembed.write.vocabulary import Vocabulary

_NAMES = ("tokenizer.json", "vocab.txt", "vocab.json", "metadata.tsv", "labels.tsv")


def tokens_beside(path: Path, rows: int) -> tuple[str, Vocabulary] | None:
    """Returns the first file beside another whose tokens fit a table, and its tokens.

    Tables of models have some rows more than tokens, at most a tenth. Others, such as
    that of the positions, have other numbers of rows.
    """
    for name in _NAMES:
        file = path.parent / name
        if not file.is_file():
            continue
        with contextlib.suppress(ValueError, OSError):
            vocabulary = read(file)
            is_near = 0 <= rows - vocabulary.rows <= rows // 10
            if vocabulary.fills(rows) or (is_near and not vocabulary.is_exact):
                return str(file), vocabulary
    return None
