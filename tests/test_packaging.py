"""The wheel and the source distribution hold what they must, and nothing else.

``scripts/test`` builds both and names their folder in TB_WORDEMBED_DIST.
"""

from __future__ import annotations

import json
import os
import re
import tarfile
import zipfile
from configparser import ConfigParser
from email.message import Message
from email.parser import Parser
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement

DIST = os.environ.get("TB_WORDEMBED_DIST")
ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.skipif(
    DIST is None, reason="TB_WORDEMBED_DIST names no folder; run scripts/test"
)


def the_one(pattern: str) -> Path:
    (found,) = Path(DIST or "").glob(pattern)
    return found


@pytest.fixture(scope="module")
def wheel() -> dict[str, bytes]:
    with zipfile.ZipFile(the_one("*.whl")) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def source() -> set[str]:
    """Paths of the files in the source distribution, below its one folder."""
    with tarfile.open(the_one("*.tar.gz")) as archive:
        files = [member.name for member in archive if member.isfile()]
    return {str(PurePosixPath(*PurePosixPath(name).parts[1:])) for name in files}


def info(wheel: dict[str, bytes], name: str) -> str:
    (text,) = (
        data for path, data in wheel.items() if path.endswith(f".dist-info/{name}")
    )
    return text.decode()


@pytest.fixture(scope="module")
def metadata(wheel: dict[str, bytes]) -> Message:
    return Parser().parsestr(info(wheel, "METADATA"))


def test_the_wheel_is_for_every_platform() -> None:
    assert the_one("*.whl").name.endswith("-py3-none-any.whl")


def test_the_wheel_has_every_module_of_the_package(wheel: dict[str, bytes]) -> None:
    modules = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tb_wordembed").rglob("*.py")
    }
    assert modules <= wheel.keys()
    assert "tb_wordembed/py.typed" in wheel


def test_the_wheel_has_the_page_as_it_was_built(wheel: dict[str, bytes]) -> None:
    page = ROOT / "tb_wordembed" / "static"
    built = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in page.rglob("*")
        if path.is_file()
    }
    shipped = {name: data for name, data in wheel.items() if "/static/" in name}
    assert shipped == built
    assert b"render" in shipped["tb_wordembed/static/index.js"]
    # As the plugin looks for it.
    begins_with = rb'from *"\./(start-[\w-]+\.js)"'
    assert re.search(begins_with, shipped["tb_wordembed/static/index.js"])


def test_the_wheel_names_the_packages_in_the_page_with_their_licenses(
    wheel: dict[str, bytes],
) -> None:
    found = json.loads(wheel["tb_wordembed/static/sbom.cdx.json"])
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    locked = json.loads((ROOT / "frontend/package-lock.json").read_text("utf-8"))
    # Of what is installed to run, types are no code.
    expected = {
        (path.removeprefix("node_modules/"), one["version"], one["license"])
        for path, one in locked["packages"].items()
        if path and not one.get("dev") and not path.startswith("node_modules/@types/")
    }
    named = {
        (one["name"], one["version"], one["licenses"][0]["license"]["id"])
        for one in found["components"]
    }
    assert named <= expected
    assert {"gifenc", "lit", "lit-html"} <= {name for name, _, _ in named}
    for one in found["components"]:
        text = one["licenses"][0]["license"]["text"]["content"]
        assert re.search("copyright", text, re.IGNORECASE), one["name"]


def test_the_wheel_is_small_and_has_no_tests(wheel: dict[str, bytes]) -> None:
    assert the_one("*.whl").stat().st_size < 2_000_000
    assert not [name for name in wheel if re.search(r"(^|/)(test_|tests/)", name)]


def test_the_wheel_has_nothing_but_the_package(wheel: dict[str, bytes]) -> None:
    tops = {PurePosixPath(name).parts[0].split("-")[0] for name in wheel}
    assert tops == {"tb_wordembed"}
    assert not [name for name in wheel if "node_modules" in name or ".pyc" in name]


def test_entry_points(wheel: dict[str, bytes]) -> None:
    entry_points = ConfigParser()
    entry_points.read_string(info(wheel, "entry_points.txt"))
    assert dict(entry_points["tensorboard_plugins"]) == {
        "wordembed": "tb_wordembed.server.loader:Loader"
    }
    assert dict(entry_points["console_scripts"]) == {
        "tb-wordembed": "tb_wordembed.cli:main"
    }


def test_tensorflow_is_only_an_extra(metadata: Message) -> None:
    required = metadata.get_all("Requires-Dist", [])
    always = {
        requirement.name
        for requirement in map(Requirement, required)
        if requirement.marker is None
    }
    names = "crc32c numpy platformdirs tensorboard threadpoolctl werkzeug"
    assert always == set(names.split())
    assert set(metadata.get_all("Provides-Extra", [])) == {
        "dask",
        "layout",
        "parquet",
        "tensorflow",
        "tensorflow-cpu",
        "zarr",
    }


def test_the_recipe_for_conda_requires_the_same(metadata: Message) -> None:
    recipe = (ROOT / "packaging/conda/meta.yaml").read_text("utf-8")
    assert f'"{metadata["Version"]}"' in recipe
    run = recipe.partition("\n  run:\n")[2].partition("\n\n")[0]
    named = {str(Requirement(one)) for one in re.findall(r"- (.+)", run)}
    required = map(Requirement, metadata.get_all("Requires-Dist", []))
    always = {str(one) for one in required if one.marker is None}
    assert named == always | {f"python{metadata['Requires-Python']}"}


def test_the_metadata_names_license_and_readme(metadata: Message) -> None:
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.10"
    assert metadata["Description-Content-Type"] == "text/markdown"


def test_the_description_stands_alone(metadata: Message) -> None:
    description = metadata.get_payload()
    assert isinstance(description, str)
    # An index shows neither files of the clone nor what leads to them.
    assert not re.findall(r"<img|<picture|srcset|\]\((?!https?:)", description)
    readme = (ROOT / "README.md").read_text("utf-8")
    # All else is the README: its headings, its code, its tables.
    lines = re.compile(r"^(?:#|    |tb-|pip|from|\|).*", re.MULTILINE)
    assert lines.findall(description) == lines.findall(readme)
    assert "docs/event_format.md" in description


def test_the_source_distribution_carries_the_page_built(source: set[str]) -> None:
    assert "tb_wordembed/static/index.js" in source


def test_the_source_distribution_can_be_changed_and_tested(source: set[str]) -> None:
    assert {
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "frontend/package-lock.json",
        "frontend/src/index.ts",
        "requirements/test.txt",
        "scripts/test",
        "setup.py",
        "tests/test_packaging.py",
    } <= source
    assert not [name for name in source if "node_modules" in name]
