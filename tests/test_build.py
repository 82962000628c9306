"""A build of the page deletes no packages of another checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = ("setup.py", "README.md", "tb_wordembed/__init__.py")


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """The packages of a checkout, which another one, ``here``, has by a link."""
    found = tmp_path / "elsewhere"
    found.mkdir()
    (found / "a-package").touch()
    for name in FILES:
        copy = tmp_path / "here" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy)
    linked = tmp_path / "here" / "frontend" / "node_modules"
    linked.parent.mkdir()
    try:
        linked.symlink_to(found, target_is_directory=True)
    except OSError:
        pytest.skip("this user may make no links")
    return found


@pytest.mark.parametrize("command", ["build_py", "sdist"])
def test_a_build_refuses_packages_of_another_checkout(
    packages: Path, command: str
) -> None:
    here = packages.parent / "here"
    link = here / "frontend" / "node_modules"
    done = subprocess.run(
        [sys.executable, "setup.py", command],
        cwd=here,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert f"{link} is a link to {packages}" in done.stderr
    assert "Remove the link" in done.stderr
    assert (packages / "a-package").exists()


def test_scripts_refuse_them_too(packages: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash")
    done = subprocess.run(
        [bash, "-c", f"source '{ROOT}/scripts/environment.sh'; page_packages"],
        cwd=packages.parent / "here",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "frontend/node_modules is a link" in done.stderr
    assert (packages / "a-package").exists()
