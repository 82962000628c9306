"""Files, folders and functions that the documents name are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
TOP = "benchmarks|docs|frontend|requirements|scripts|tb_wordembed|tests"
PATH = rf"`((?:{TOP})/[\w./-]*)`"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_paths_in_documents_exist(document: Path) -> None:
    named = re.findall(PATH, document.read_text("utf-8"))
    # What the build makes is not in a clone.
    built = "tb_wordembed/static"
    missing = [one for one in named if not (ROOT / one).exists()]
    assert [one for one in missing if not one.startswith(built)] == []


def test_names_beside_paths_are_defined_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = re.findall(rf"{PATH}\s+`(\w+)`", page)
    assert len(named) > 20
    for path, name in named:
        source = (ROOT / path).read_text("utf-8")
        defined = rf"(def|class|const|function) {name}\b|^  (private |async )*{name}\("
        assert re.search(defined, source, re.MULTILINE), f"{path} lacks {name}"
