"""Reads remote files through fsspec, as TensorBoard does without TensorFlow."""

from __future__ import annotations

from typing import Any

from tb_wordembed.snapshots.files import Listing, Stat, is_event_file
from tb_wordembed.snapshots.remote.ranges import Ranges


class FsspecFiles:
    """Needs fsspec, and what it needs for the scheme."""

    def listing(self, directory: str) -> Listing:
        """What is in a directory."""
        files, root = _resolve(directory)
        # Some keep what they were told before.
        files.invalidate_cache(root)
        listing = Listing()
        for one in files.ls(root, detail=True):
            path = one["name"].rstrip("/")
            name = path.rpartition("/")[2]
            if path == root.rstrip("/"):
                # Of an object in place of the directory, or a file.
                continue
            if one["type"] == "directory":
                listing.directories.append(name)
            elif is_event_file(name):
                if one.get("size") is None:
                    one = files.info(one["name"])
                if one.get("size") is None:
                    raise ValueError(f"the server doesn't say how large {name} is")
                stat = Stat(0, 0, int(one["size"]), 0, str(sorted(one.items())))
                listing.files.append((name, stat))
        return listing

    def open(self, path: str, end: int) -> Ranges:
        """A file, of which nothing from ``end`` on is wanted."""
        return _File(path, end)


class _File(Ranges):
    def __init__(self, path: str, end: int) -> None:
        super().__init__(path, end)
        self._files, self._path = _resolve(path)
        self._whole: bytes | None = None

    def fetch(self, offset: int, length: int) -> bytes:
        if self._whole is None:
            # Not `open`, which asks for the size first, and reads ahead.
            data: bytes = self._files.cat_file(
                self._path, start=offset, end=offset + length
            )
            if len(data) <= length:
                return data
            # Some web servers know no ranges and send the whole file.
            self._whole = data
        return self._whole[offset : offset + length]


def _resolve(path: str) -> tuple[Any, str]:
    import fsspec

    files, inner = fsspec.core.url_to_fs(path)
    return files, inner
