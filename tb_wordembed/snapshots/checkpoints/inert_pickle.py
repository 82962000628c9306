"""Reads pickles without running code: objects become records of names and arguments."""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict
from typing import Any

from tb_wordembed.errors import FileError, quoted


class Inert(dict[Any, Any]):
    """What a pickle would construct: the arguments that it has for the constructor, and
    the attributes."""

    module = name = ""
    """The place of the class, or function, that the pickle names."""

    def __new__(cls, *args: Any) -> Inert:
        """Keeps the arguments."""
        one = super().__new__(cls)
        one.args = args
        one.state = {}
        return one

    args: tuple[Any, ...]
    state: Any

    def __init__(self, *_: Any) -> None:
        super().__init__()

    def __setstate__(self, state: Any) -> None:
        self.state = state

    def __hash__(self) -> int:  # type: ignore[override]
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def get_field(self, name: str) -> Any:
        """Returns an attribute. Raises FileError if the pickle has none."""
        if not isinstance(self.state, dict) or name not in self.state:
            raise FileError(f"says nothing of {quoted(name)}: it is damaged")
        return self.state[name]


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        return type(name, (Inert,), {"module": module, "name": name})

    def persistent_load(self, pid: Any) -> Any:
        return pid


def load(content: bytes) -> Any:
    """Returns what a pickle holds; objects, functions and their results are ``Inert``.
    Raises FileError if it is no pickle, or a damaged one."""
    try:
        return _Unpickler(io.BytesIO(content)).load()
    except Exception as error:
        # Hostile bytes raise errors of many types.
        raise FileError(f"has a pickle that can't be read: {error}") from error
