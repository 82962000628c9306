"""Names of files and runs as text that every format can hold."""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")
_LIKE_A_BYTE = re.compile(r"\\(?=x5c|x[89a-f][0-9a-f])")


def is_unicode(name: str) -> bool:
    """Returns whether a name can be written as UTF-8. Python has lone surrogates for
    the bytes of a file name that are not UTF-8."""
    return not _SURROGATE.search(name)


def as_unicode(name: str) -> str:
    r"""Returns the name of a file as text that every format can hold.

    A byte that is not UTF-8 becomes ``\xe9``, so that ``caf\xe9`` is the name of a
    directory that was named in Latin-1. A backslash before what looks like such a byte
    becomes ``\x5c``. Different names stay different.
    """
    name = _LIKE_A_BYTE.sub(r"\\x5c", name)
    on_posix = not re.search("[\ud800-\udc7f\udd00-\udfff]", name)
    data = name.encode("utf-8", "surrogateescape" if on_posix else "surrogatepass")
    return data.decode("utf-8", "backslashreplace")


def run_name(given: str) -> str:
    """Returns the name of a run that is given by that name, or by the name of its
    directory, as from the command line."""
    return given if is_unicode(given) else as_unicode(given)
