"""Places of each kind, empty, with TensorBoard reading as it would there."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import places
import pytest
import tensorboard.compat
from tensorboard.compat import tensorflow_stub
from tensorboard.compat.tensorflow_stub.io import gfile as stub_gfile


@pytest.fixture
def without_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    """TensorBoard's own file systems, as where TensorFlow isn't installed."""
    monkeypatch.setattr(tensorboard.compat, "tf", tensorflow_stub)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[places.S3Server]:
    pytest.importorskip("boto3", reason="boto3 is how TensorBoard reads S3")
    pytest.importorskip("moto.server", reason="moto[server] is the S3 server")
    server = places.S3Server()
    settings = {
        "AWS_ENDPOINT_URL": server.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        yield server
    server.stop()


@pytest.fixture
def s3_place(s3_server: places.S3Server, without_tensorflow: None) -> places.S3Place:
    import boto3

    client = boto3.session.Session().client("s3")
    bucket = f"bucket-{uuid.uuid4()}"
    client.create_bucket(Bucket=bucket)
    return places.S3Place(client, bucket, "some/runs")


@pytest.fixture
def memory_place(without_tensorflow: None) -> Iterator[places.FsspecPlace]:
    fsspec = pytest.importorskip("fsspec", reason="TensorBoard reads memory:// with it")
    files = fsspec.filesystem("memory")
    url = f"memory://log-{uuid.uuid4()}"
    files.makedirs(url)
    yield places.FsspecPlace(files, url)
    files.rm(url, recursive=True)


@pytest.fixture
def plain_place(
    without_tensorflow: None, monkeypatch: pytest.MonkeyPatch
) -> places.PlainPlace:
    files = places.PlainFiles()
    monkeypatch.setitem(stub_gfile._REGISTERED_FILESYSTEMS, "plain", files)
    return places.PlainPlace(files)


@pytest.fixture
def ram_place() -> places.GFilePlace:
    tensorflow = pytest.importorskip("tensorflow", reason="ram:// is TensorFlow's")
    return places.GFilePlace(f"ram://log-{uuid.uuid4()}", tensorflow.io.gfile)


@pytest.fixture
def local_place(tmp_path: Path) -> places.LocalPlace:
    return places.LocalPlace(tmp_path / "log")


@pytest.fixture(params=places.KINDS)
def place(request: pytest.FixtureRequest) -> places.Place:
    """Each kind in turn."""
    found: places.Place = request.getfixturevalue(f"{request.param}_place")
    return found


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Offset and length of each read of an event file from here on."""
    from tb_wordembed.snapshots.local_files import File
    from tb_wordembed.snapshots.remote.range_reads import Ranges

    made: list[tuple[int, int]] = []

    def watch(kind: Any) -> None:
        original: Callable[[Any, int, int], bytes] = kind.read

        def read(self: Any, offset: int, length: int) -> bytes:
            made.append((offset, length))
            return original(self, offset, length)

        monkeypatch.setattr(kind, "read", read)

    watch(File)
    watch(Ranges)
    return made
