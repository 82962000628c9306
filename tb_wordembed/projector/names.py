"""Names of runs, tensors and files that the Projector can take."""

from __future__ import annotations

import hashlib
import re

_WIDE = str.maketrans(
    {
        # These end or split the query of a URL, or are decoded in it.
        "&": "\uff06",
        "#": "\uff03",
        "%": "\uff05",
        "+": "\uff0b",
        # The server removes ":0" from the end of a name.
        ":": "\uff1a",
    }
)

_FILE_STEM = 40
"""The number of characters of a tag in the names of its files, before the digest."""

OUR_FILE = re.compile(
    r"\.?[\w-]+-[0-9a-f]{8}\.(step-?\d+|labels)-[0-9a-f]{8}\.(bytes|tsv)"
    r"(\.[0-9a-f]{16}\.part)?",
    re.ASCII,
)
"""The names of the files that are written for the Projector's own tab, also of those
that a killed process left unfinished. No others are ever deleted."""


def shown_name(name: str) -> str:
    """Returns a run or tag with wide characters for those that URLs of the Projector
    would lose."""
    return name.translate(_WIDE)


def is_in_tab(run: str) -> bool:
    """Returns whether the Projector's own tab can ask for a run of this name."""
    return not re.search("[&#%+]", run)


def tensor_names(tag: str, steps: list[int]) -> list[str]:
    """Returns names for the steps of a tag, such that the latest step sorts first.

    The Projector sorts its list by name, and opens with the first of it.
    """
    name = shown_name(tag)
    if len(steps) == 1:
        return [f"{name} (step {steps[0]})"]
    width = max(len(str(step)) for step in steps)
    last = max(steps)
    return [
        f"{name} (latest: step {step})"
        if step == last
        else f"{name} (step {step:0{width}d})"
        for step in steps
    ]


def file_stem(tag: str) -> str:
    """Returns how the names of a tag's files begin: readable, safe on every file system
    and different for every tag."""
    readable = re.sub(r"[^A-Za-z0-9_-]+", "_", tag).strip("_")[:_FILE_STEM]
    return f"{readable or 'tag'}-{digest(tag.encode('utf-8', 'surrogatepass'))}"


def digest(content: bytes) -> str:
    """Returns a digest in eight hexadecimal digits."""
    return hashlib.blake2b(content, digest_size=4).hexdigest()
