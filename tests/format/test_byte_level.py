"""Byte-level tokens become readable, and are found as they were written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import tb_wordembed
from tb_wordembed.errors import NotFoundError
from tb_wordembed.format.byte_level import readable, readable_forms


@pytest.mark.parametrize(
    ("token", "text"),
    [
        ("Ġcat", " cat"),
        ("cafÃ©", "café"),
        ("Ċ", "\n"),
        ("ã", "0xE3"),
        ("Ġã", " 0xE3"),
        ("æĹ¥æľ¬", "日本"),
        ("日本", "日本"),
        ("<｜end｜>", "<｜end｜>"),
        ("", ""),
    ],
)
def test_a_byte_level_token_is_readable(token: str, text: str) -> None:
    assert readable(token) == text
    assert text == token or text in readable_forms(token)


def test_a_token_is_found_by_both_of_its_forms(tmp_path: Path) -> None:
    tokens = ["cafe", " café", "0xE3"]
    with tb_wordembed.SnapshotWriter(tmp_path / "run") as writer:
        writer.embedding("t", np.ones((3, 2)), 0, tokens=tokens)
    series = tb_wordembed.open(tmp_path).series()
    for form in (" café", "ĠcafÃ©", "Ġcafé"):
        assert series.index_of(form) == 1
    assert series.index_of("ã") == 2
    with pytest.raises(NotFoundError, match="'Ġcat' is not in the vocabulary"):
        series.index_of("Ġcat")
