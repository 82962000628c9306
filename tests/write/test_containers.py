"""What users pass in place of a table is named, with the expression for the table."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import scipy.sparse

from tb_wordembed.write.tables import as_table

ROWS = np.arange(6.0).reshape(3, 2)


def archive(folder: Path) -> Any:
    np.savez(folder / "tables.npz", words=ROWS, bias=ROWS[0])
    return np.load(folder / "tables.npz")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            OrderedDict({"embedding.weight": ROWS, "head.bias": ROWS[0]}),
            r"data\['embedding\.weight'\] of shape \[3, 2\]$",
        ),
        (
            {"params": {"Embed_0": {"embedding": ROWS}, "Dense_0": {"bias": ROWS[0]}}},
            r"data\['params'\]\['Embed_0'\]\['embedding'\] of shape \[3, 2\]$",
        ),
        ({"rate": 0.1}, "has no table in it"),
        ({}, "has no table in it"),
        ({"a": ROWS[0], "b": ROWS[1]}, r"word to vector.*np\.stack\(list\(data\.v"),
        ({"a": [0.0, 1.0], "b": [2.0, 3.0]}, r"word to vector.*tokens=list\(data\)"),
        (scipy.sparse.csr_matrix(ROWS), r"csr_matrix .*pass data\.toarray\(\)"),
        (scipy.sparse.coo_array(ROWS), r"pass data\.toarray\(\)"),
        (np.array([[0.0, 1.0], [2.0, 3.0], None], object)[:2], r"np\.stack\(data\)"),
        ([[0.0, 1.0], [2.0]], "row 0 has 2 numbers and row 1 has 1"),
        ([np.ones(2), np.ones(2), np.ones(3)], "row 0 has 2 numbers and row 2 has 3"),
        ("table.npy", r"text or path, 'table\.npy'.*np\.load"),
        (Path("table.npy"), r"text or path, 'table\.npy'.*np\.load"),
        (SimpleNamespace(wv=None), r"pass data\.wv"),
        (SimpleNamespace(embed=ROWS), "no array can be made of SimpleNamespace"),
        (SimpleNamespace(is_sparse=True, to_dense=None), r"pass data\.to_dense\(\)"),
    ],
)
def test_a_container_is_refused_with_the_expression(data: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        as_table(data)


def test_an_archive_of_numpy_is_refused_with_the_names_in_it(tmp_path: Path) -> None:
    message = r"NpzFile holds several arrays.*: data\['words'\] of shape \[3, 2\]$"
    with pytest.raises(ValueError, match=message):
        as_table(archive(tmp_path))


def test_a_long_list_of_tables_is_cut() -> None:
    with pytest.raises(ValueError, match=r"and 34 more$"):
        as_table({f"layer{i}": ROWS for i in range(40)})


@pytest.mark.tensorflow
@pytest.mark.parametrize("kind", ["sparse", "ragged"])
def test_tensors_that_are_no_tables_are_refused(kind: str) -> None:
    tf = pytest.importorskip("tensorflow")
    data = {
        "sparse": lambda: tf.sparse.from_dense(ROWS),
        "ragged": lambda: tf.ragged.constant([[0.0, 1.0], [2.0]]),
    }[kind]()
    remedy = {"sparse": r"tf\.sparse\.to_dense\(data\)", "ragged": r"to_tensor\(\)"}
    with pytest.raises(ValueError, match=remedy[kind]):
        as_table(data)
    from tb_wordembed import summary

    with pytest.raises(ValueError, match=remedy[kind]):
        summary.embedding("words", data, 0)
