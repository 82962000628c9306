"""Findings in real trainings of word2vec, with one fault planted at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from faults import FAULTS, ROW_FAULTS, kind_of, planted, planted_rows, some_rows
from gensim.models import Word2Vec
from gensim.models.callbacks import CallbackAny2Vec
from gensim.test.utils import datapath
from gensim.utils import simple_preprocess

import tb_wordembed
from tb_wordembed.analysis.findings.finding import Finding

EPOCHS, DIM, AT = 20, 64, 12


class Tables(CallbackAny2Vec):  # type: ignore[misc]
    """Keeps the table of each epoch."""

    def __init__(self) -> None:
        self.kept: list[Any] = []

    def on_epoch_end(self, model: Word2Vec) -> None:
        self.kept.append(model.wv.vectors.copy())


@pytest.fixture(scope="module", params=["cbow", "skip-gram"])
def tables(request: pytest.FixtureRequest) -> Any:
    """The tables of a training on the text that gensim carries, ``[steps, rows, dim]``,
    the untrained one first."""
    lines = Path(datapath("lee_background.cor")).read_text("utf-8").splitlines()
    texts = [simple_preprocess(line) for line in lines]
    model = Word2Vec(
        vector_size=DIM,
        alpha=0.05,
        sg=int(request.param == "skip-gram"),
        seed=1,
        workers=1,
    )
    model.build_vocab(texts)
    untrained, tables = model.wv.vectors.copy(), Tables()
    model.train(texts, total_examples=len(texts), epochs=EPOCHS, callbacks=[tables])
    return np.stack([untrained, *tables.kept])


def findings(folder: Path, tables: Any, fixed_rows: Any = None) -> list[Finding]:
    with tb_wordembed.SnapshotWriter(folder) as writer:
        for step, table in enumerate(tables):
            writer.embedding("words", table, step, fixed_rows=fixed_rows)
    return tb_wordembed.open(folder).series().findings()


def warnings(folder: Path, tables: Any) -> list[tuple[str, int | None]]:
    found = findings(folder, tables)
    return [(one.kind, one.step) for one in found if one.severity == "warning"]


def test_is_silent_on_the_training(tmp_path: Path, tables: Any) -> None:
    assert warnings(tmp_path, tables) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_names_what_happened_to_the_table(
    tmp_path: Path, tables: Any, fault: str
) -> None:
    assert warnings(tmp_path, planted(tables, fault, AT)) == [(kind_of(fault), AT)]


@pytest.mark.parametrize("fault", ROW_FAULTS)
def test_names_the_rows_to_which_it_happened(
    tmp_path: Path, tables: Any, fault: str
) -> None:
    rows = some_rows(tables, 25)
    fixed = rows if fault == "fixed_rows_moved" else None
    found = findings(tmp_path, planted_rows(tables, fault, AT, rows), fixed)
    named = [(one.kind, one.step, sorted(one.rows)) for one in found if len(one.rows)]
    step = None if fault == "never_updated" else AT
    expected = [(kind_of(fault), step, rows.tolist())]
    if fault == "returned":
        # They also stay as they are.
        expected.append(("frozen_since", step, rows.tolist()))
    assert named == expected
