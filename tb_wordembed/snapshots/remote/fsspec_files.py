"""Reads remote files through fsspec, as TensorBoard does without TensorFlow."""

from __future__ import annotations

from typing import Any

from tb_wordembed.snapshots.local_files import Listing, Stat, is_event_file
from tb_wordembed.snapshots.remote.range_reads import Ranges


class FsspecFiles:
    """The file systems of fsspec; each scheme needs a package of its own."""

    def listing(self, directory: str) -> Listing:
        """Lists a directory."""
        files, root = _resolve(directory)
        # Some file systems answer from an earlier listing.
        files.invalidate_cache(root)
        listing = Listing()
        for one in files.ls(root, detail=True):
            path = one["name"].rstrip("/")
            name = path.rpartition("/")[2]
            if path == root.rstrip("/"):
                # The directory is a file, or an object that stands for a directory.
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
        """Opens a file to read it up to ``end``."""
        return _File(path, end)


class _File(Ranges):
    def __init__(self, path: str, end: int) -> None:
        super().__init__(path, end)
        self._files, self._path = _resolve(path)
        self._whole: bytes | None = None

    def fetch(self, offset: int, length: int) -> bytes:
        stop = offset + length
        if self._whole is None:
            # Not `open`, which asks for the size first, and reads ahead.
            data: bytes = self._files.cat_file(self._path, start=offset, end=stop)
            if len(data) <= length:
                return data
            # Some web servers know no ranges and send the whole file.
            self._whole = data
        return self._whole[offset:stop]


def _resolve(path: str) -> tuple[Any, str]:
    import fsspec

    files, inner = fsspec.core.url_to_fs(path)
    return files, inner
