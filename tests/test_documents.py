"""What documents and scripts name is there, and commands in documents run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

import tb_wordembed
from tb_wordembed.cli import parser
from tb_wordembed.cli.arguments import parse

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
TOP = "benchmarks|docs|examples|frontend|requirements|scripts|tb_wordembed|tests"
PATH = rf"`((?:{TOP})/[\w./-]*)`"


def name_of(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_paths_in_documents_exist(document: Path) -> None:
    named = re.findall(PATH, document.read_text("utf-8"))
    # What the build makes is not in a clone.
    built = "tb_wordembed/static"
    missing = [one for one in named if not (ROOT / one).exists()]
    assert [one for one in missing if not one.startswith(built)] == []


def defined_names(document: Path) -> Iterator[tuple[str, str]]:
    """Yields each path in a document with each name that is listed right behind it."""
    text = document.read_text("utf-8")
    for found in re.finditer(rf"{PATH}((?:,?\s+`\w+`)+)", text):
        for name in re.findall(r"`(\w+)`", found[2]):
            yield found[1], name


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_names_beside_paths_are_defined_there(document: Path) -> None:
    for path, name in defined_names(document):
        source = (ROOT / path).read_text("utf-8")
        defined = rf"(def|class|const|function) {name}\b|^  (private |async )*{name}\("
        assert re.search(defined, source, re.MULTILINE), f"{path} lacks {name}"


def test_names_are_found_in_documents() -> None:
    assert len(list(defined_names(ROOT / "docs/architecture.md"))) > 20
    assert len(list(defined_names(ROOT / "docs/measures/iso_score.md"))) == 3


def test_benchmarks_and_scripts_look_for_elements_that_the_page_has() -> None:
    page = "".join(
        source.read_text("utf-8") for source in ROOT.glob("frontend/src/views/**/*.ts")
    )
    elements = set(re.findall(r'@customElement\("([\w-]+)"\)', page))
    sought: set[str] = set()
    for source in (*ROOT.glob("benchmarks/*.py"), *ROOT.glob("scripts/*")):
        text = source.read_text("utf-8")
        sought |= set(re.findall(r"(?<![\w-])wordembed-[a-z-]*[a-z](?!-)\b", text))
    assert len(sought) > 5
    assert sought - elements == set()


def test_each_measure_names_a_test_and_an_example() -> None:
    pages = sorted((ROOT / "docs/measures").glob("*.md"))
    assert len(pages) > 20
    for page in pages:
        text = page.read_text("utf-8")
        if page.stem != "index":
            assert re.search(r"`tests/[\w/]+\.py`", text), f"{page.stem} has no test"
            assert "```{doctest}" in text, f"{page.stem} has no example"
            assert "## When it misleads" in text, page.stem


def commands(document: Path) -> Iterator[str]:
    """Yields the calls of ``tb-wordembed`` in the code of a document."""
    text = document.read_text("utf-8").replace("\\\n", " ")
    for block in re.findall(r"^```(?:\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("tb-wordembed "):
                yield line


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_commands_in_documents_are_understood(document: Path) -> None:
    for command in commands(document):
        _, *arguments = shlex.split(command, comments=True)
        if "COMMAND" not in arguments:
            parse(parser(), arguments)


def test_commands_are_found_in_documents() -> None:
    assert sum(len(list(commands(one))) for one in DOCUMENTS) > 20


def test_the_version_is_the_same_everywhere() -> None:
    def found(name: str, pattern: str) -> tuple[str, ...]:
        text = (ROOT / name).read_text("utf-8")
        match = re.search(pattern, text, re.MULTILINE)
        assert match, name
        return match.groups()

    # What comes next may be listed above it already.
    heading = r"^## \[(\d[\d.]*)\] - (\d{4}-\d\d-\d\d)$"
    version, date = found("CHANGELOG.md", heading)
    assert version == tb_wordembed.__version__
    cited = r"^version: (\S+)\ndate-released: (\S+)$"
    assert found("CITATION.cff", cited) == (version, date)
    recipe = r'environ.get\("TB_WORDEMBED_VERSION", "(\S+)"\)'
    assert found("packaging/conda/meta.yaml", recipe) == (version,)
