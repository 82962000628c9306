from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from strategies import blocks, tables

from tb_wordembed.analysis.findings.collapsed_rows import candidates, spacing
from tb_wordembed.analysis.rows import equals, fingerprints, norms


@given(tables())
def test_equals_finds_what_a_comparison_finds(table: Any) -> None:
    usable = norms(table) > 0
    same = (table[:, None] == table[None]).all(axis=2) & usable & usable[:, None]
    expected = np.where(same.sum(axis=1) > 1, same.argmax(axis=1), -1)
    assert equals(fingerprints(table), usable).tolist() == expected.tolist()


@pytest.mark.parametrize("dim", [2, 8])
def test_spacing_of_rows_that_fill_few_of_many_dimensions(dim: int) -> None:
    rng = np.random.default_rng(0)
    table = (rng.uniform(size=(4000, dim)) @ rng.normal(size=(dim, 32))).astype("f4")
    sample = np.arange(0, 4000, 10)
    found = spacing(sample, table[sample], blocks(table))
    assert found is not None
    assert found.dimension == pytest.approx(dim, rel=0.2)


@pytest.mark.parametrize("offset", [0, 100])
@pytest.mark.parametrize("near", [0, 1e-6, 1e-3])
def test_rows_that_are_together_are_candidates(near: float, offset: float) -> None:
    rng = np.random.default_rng(0)
    table = rng.normal(size=(5000, 24))
    one, other = np.arange(100, 130), np.arange(3000, 3002)
    for some in (one, other):
        table[some] = table[some[0]] + near * rng.normal(size=(len(some), 24))
    narrow = (table + offset).astype(np.float32)
    usual = spacing(np.arange(100), narrow[:100], blocks(narrow))
    assert usual is not None
    found = candidates(blocks(narrow), norms(narrow), usual.usual)
    assert [rows.tolist() for rows in found] == [one.tolist(), other.tolist()]
