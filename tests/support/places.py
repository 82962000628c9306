"""Places where logs are kept, of each kind that TensorBoard reads.

Each file system is a real one: S3 is a server on this machine, asked through boto3.
"""

from __future__ import annotations

import abc
import contextlib
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tensorboard.compat import tensorflow_stub

KINDS = [
    "local",
    "s3",
    "memory",
    "plain",
    pytest.param("ram", marks=pytest.mark.tensorflow),
]


class Place(abc.ABC):
    """A directory that tests put files into."""

    url: str

    @abc.abstractmethod
    def put(self, name: str, data: bytes) -> str:
        """Makes or replaces a file; returns its path."""

    @abc.abstractmethod
    def delete(self, name: str) -> None:
        """Deletes a file."""


class LocalPlace(Place):
    def __init__(self, directory: Path) -> None:
        self.url = str(directory)

    def put(self, name: str, data: bytes) -> str:
        path = Path(self.url) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return str(path)

    def delete(self, name: str) -> None:
        (Path(self.url) / name).unlink()


class GFilePlace(Place):
    """What TensorFlow, or what stands in for it, writes to by itself."""

    def __init__(self, url: str, gfile: Any) -> None:
        self.url = url
        self._gfile = gfile

    def put(self, name: str, data: bytes) -> str:
        path = f"{self.url}/{name}"
        self._gfile.makedirs(path.rpartition("/")[0])
        if self._gfile.exists(path):
            # ram:// doesn't empty a file that is opened for writing.
            self._gfile.remove(path)
        with self._gfile.GFile(path, "wb") as file:
            file.write(data)
        return path

    def delete(self, name: str) -> None:
        self._gfile.remove(f"{self.url}/{name}")


class S3Place(Place):
    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self.url = f"s3://{bucket}/{prefix}"
        self.client = client
        self.bucket, self._prefix = bucket, prefix

    def put(self, name: str, data: bytes) -> str:
        key = f"{self._prefix}/{name}"
        self.client.put_object(Bucket=self.bucket, Key=key, Body=data)
        return f"{self.url}/{name}"

    def delete(self, name: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=f"{self._prefix}/{name}")


class FsspecPlace(Place):
    def __init__(self, files: Any, url: str) -> None:
        self.url = url
        self._files = files

    def put(self, name: str, data: bytes) -> str:
        path = f"{self.url}/{name}"
        self._files.pipe_file(path, data)
        return path

    def delete(self, name: str) -> None:
        self._files.rm_file(f"{self.url}/{name}")


class PlainFiles:
    """A file system as anyone may register it with TensorBoard: no ranges, no times."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def read(
        self,
        filename: Any,
        binary_mode: bool = False,
        size: int | None = None,
        continue_from: Any = None,
    ) -> tuple[bytes, Any]:
        assert binary_mode
        data = self.files[self._known(filename)]
        start = continue_from["at"] if continue_from else 0
        stop = len(data) if size is None else min(start + size, len(data))
        return data[start:stop], {"at": stop}

    def write(self, filename: Any, content: bytes, binary_mode: bool = False) -> None:
        assert binary_mode
        self.files[_text(filename)] = content

    def isdir(self, dirname: str) -> bool:
        return any(name.startswith(dirname.rstrip("/") + "/") for name in self.files)

    def listdir(self, dirname: str) -> list[str]:
        if not self.isdir(dirname):
            raise tensorflow_stub.errors.NotFoundError(None, None, "no directory")
        start = dirname.rstrip("/") + "/"
        inside = (n[len(start) :] for n in self.files if n.startswith(start))
        return sorted({name.partition("/")[0] for name in inside})

    def makedirs(self, path: str) -> None:
        pass

    def glob(self, pattern: str) -> list[str]:
        return []

    def stat(self, filename: str) -> Any:
        stat_data = tensorflow_stub.io.gfile.StatData
        return stat_data(len(self.files[self._known(filename)]))

    def _known(self, filename: Any) -> str:
        if _text(filename) not in self.files:
            raise tensorflow_stub.errors.NotFoundError(None, None, "no file")
        return _text(filename)


def _text(name: Any) -> str:
    return name.decode() if isinstance(name, bytes) else str(name)


class PlainPlace(Place):
    def __init__(self, files: PlainFiles) -> None:
        self.url = f"plain://log-{uuid.uuid4()}"
        self._files = files

    def put(self, name: str, data: bytes) -> str:
        self._files.files[f"{self.url}/{name}"] = data
        return f"{self.url}/{name}"

    def delete(self, name: str) -> None:
        del self._files.files[f"{self.url}/{name}"]


class S3Server:
    """An S3 server on this machine, which can be stopped and started again."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._server: Any = None
        self.start()

    def start(self) -> None:
        from moto.server import ThreadedMotoServer

        self._server = ThreadedMotoServer("127.0.0.1", self.port, verbose=False)
        self._server.start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        self.stop()
        yield
        self.start()
