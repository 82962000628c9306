"""Data flows one way (DESIGN): who may import whom inside the package."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "tb_wordembed"

READING = {
    "errors",
    "metadata",
    "snapshots",
    "analysis",
    "cache",
    "disk",
    "vocabulary",
    "check",
    "logged",
    "neighborhoods",
    "directions",
    "passes",
    "measured",
    "pictures",
    "series",
    "log",
}
ALLOWED = {
    "quote": set(),
    "whole": set(),
    "metadata": {"quote"},
    "tsv": set(),
    "tables": {"metadata"},
    "tokens": {"tsv", "whole"},
    "columns": {"metadata", "tables", "tokens"},
    "event_file": {"snapshots.record"},
    "writer": {
        "metadata",
        "tables",
        "columns",
        "event_file",
        "snapshots.proto",
        "snapshots.record",
        "whole",
    },
    "summary": {"metadata", "tables", "columns", "writer"},
    "keras_layers": {"metadata", "tables", "tokens", "columns", "whole"},
    "keras": {
        *("tables", "event_file", "writer", "keras_layers", "whole"),
        "projector.training",
    },
    "snapshots": {"metadata", "quote"},
    "analysis": set(),
    "cache": set(),
    "disk": {"snapshots"},
    "jobs": {"cache", "errors"},
    "errors": {"quote"},
    "vocabulary": {"metadata", "quote", "snapshots"},
    "logged": {
        *("errors", "metadata", "quote", "snapshots", "cache", "vocabulary", "whole"),
    },
    "passes": {"analysis", "cache", "disk"},
    "neighborhoods": {"logged", "analysis", "whole"},
    "directions": {"neighborhoods", "analysis", "whole"},
    "measured": {
        *("cache", "neighborhoods", "directions", "passes", "snapshots", "analysis"),
    },
    "pictures": {
        "measured",
        "passes",
        "neighborhoods",
        "snapshots",
        "analysis",
        "whole",
    },
    "series": {"vocabulary", "pictures", "snapshots", "analysis"},
    "log": {
        *("errors", "jobs", "passes", "series", "snapshots", "cache", "vocabulary"),
        *("check", "disk"),
    },
    "contract": {"analysis", "jobs"},
    "frames": set(),
    "wire": {"contract", "frames"},
    "answers": READING | {"contract"},
    "long_queries": READING | {"answers", "contract", "jobs"},
    "picture_queries": READING | {"answers", "contract", "jobs", "long_queries"},
    "projector_queries": READING | {"answers", "contract", "projector"},
    "vectors": {"contract", "series", "snapshots"},
    "queries": READING
    | {"answers", "contract", "long_queries", "picture_queries", "projector_queries"}
    | {"vectors"},
    "live": {"log"},
    "ahead": {"contract", "log", "queries"},
    "plugin": {
        *("errors", "metadata", "contract", "wire", "queries", "live", "projector"),
        "ahead",
        "snapshots.files",
        "snapshots.store",
    },
    "plugin_loader": {"metadata", "plugin"},
    "demo": {"keras", "log", "disk"},
    "check": {"vocabulary", "snapshots", "analysis"},
    "formats": set(),
    "projector": READING | {"columns"},
    "export": READING | {"formats", "projector", ""},
    "cli": READING | {"formats", "demo", "export", ""},
    "__init__": {"keras", "log", "summary", "writer"},
}
"""A module and what it may import; each arrow points to what data has passed before.
``""`` is the package itself, whose names are looked up when they are used."""


def module_names() -> list[str]:
    parts = (path.relative_to(PACKAGE).parts[0] for path in PACKAGE.rglob("*.py"))
    return sorted({part.removesuffix(".py") for part in parts})


def imports(path: Path) -> set[str]:
    """What a file imports of the package, without the package's name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    ours = {n for n in found if n.split(".")[0] == "tb_wordembed"}
    return {n.partition(".")[2] for n in ours}


def test_every_module_has_its_place() -> None:
    assert set(module_names()) == set(ALLOWED)


@pytest.mark.parametrize("module", sorted(ALLOWED))
def test_imports_point_one_way(module: str) -> None:
    home = PACKAGE / module
    files = home.rglob("*.py") if home.is_dir() else [PACKAGE / f"{module}.py"]
    allowed = ALLOWED[module] | {module}
    for file in files:
        for name in imports(file):
            fits = any(name == a or (a and name.startswith(f"{a}.")) for a in allowed)
            assert fits, f"{file.name} imports {name!r}; allowed are {sorted(allowed)}"


def test_analysis_knows_only_numpy() -> None:
    standard = set(sys.stdlib_module_names)
    for file in (PACKAGE / "analysis").glob("*.py"):
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
        ("import tb_wordembed.log", "tensorflow keras werkzeug"),
        ("import tb_wordembed.plugin", "tensorflow keras"),
        ("import tb_wordembed; tb_wordembed.SnapshotWriter", "tensorflow keras"),
        ("import tb_wordembed; tb_wordembed.summary", "tensorflow keras"),
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
