"""Imports point one way: docs/architecture.md says which room may import which."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]


def script(name: str) -> Any:
    """A script of scripts/, as a module."""
    loader = SourceFileLoader(name, str(ROOT / "scripts" / name))
    spec = spec_from_loader(name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


graphs = script("import_graph")


def test_rooms_import_only_what_the_table_says() -> None:
    graph = graphs.python_graph()
    assert graphs.problems(graph, graphs.allowed()) == []


def test_circles_and_forbidden_imports_are_found() -> None:
    graph = {"a/one": {"b/two"}, "b/two": {"b/three"}, "b/three": {"b/two"}}
    assert graphs.circles(graph) == [["b/three", "b/two"]]
    assert graphs.problems(graph, {"a/": set(), "b/": set()}) == [
        "a/one imports b/two; a/ may not import b/",
        "circle: b/three, b/two",
    ]


def test_the_table_of_python_has_at_most_15_rows() -> None:
    assert len(graphs.table_rows()) <= 15


def test_python_has_at_most_8_floors() -> None:
    graph = graphs.python_graph()
    assert max(graphs.floors(graphs.rooms(graph, [*graphs.table_rows()])).values()) <= 8


def test_analysis_knows_only_numpy() -> None:
    standard = set(sys.stdlib_module_names)
    for file in (ROOT / "tb_wordembed" / "analysis").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names = {(node.module or "").split(".")[0]}
            else:
                continue
            assert names <= standard | {"numpy", "tb_wordembed"}, file


@pytest.mark.parametrize(
    ("statement", "unloaded"),
    [
        ("import tb_wordembed", "numpy tensorflow tensorboard keras"),
        ("import tb_wordembed.read.log", "tensorflow keras werkzeug pyarrow zarr"),
        ("import tb_wordembed.server.plugin", "tensorflow keras"),
        ("import tb_wordembed; tb_wordembed.SnapshotWriter", "tensorflow keras"),
        ("import tb_wordembed; tb_wordembed.summary", "tensorflow keras"),
        (
            "import tb_wordembed; tb_wordembed.import_tables",
            "tensorflow keras h5py torch pyarrow zarr gensim",
        ),
        ("import tb_wordembed.cli", "tensorflow keras"),
    ],
)
def test_heavy_packages_are_loaded_only_when_needed(
    statement: str, unloaded: str
) -> None:
    check = f"{statement}; import sys; print([n for n in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True
    )
    loaded = set(ast.literal_eval(done.stdout))
    assert loaded.isdisjoint(unloaded.split())
