"""Readers: of files in each place, and of records that are copied from there."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from logs import record
from places import Place

from tb_wordembed.format.record import FOOTER_BYTES, HEADER_BYTES, parse_footer
from tb_wordembed.snapshots.cache_size_limit import bytes_per_cache
from tb_wordembed.snapshots.index_entries import FileId, Location
from tb_wordembed.snapshots.local_files import File, FileChangedError, RemoteError
from tb_wordembed.snapshots.open_files import open_file, open_record
from tb_wordembed.snapshots.remote import local_copies
from tb_wordembed.snapshots.remote.local_copies import Copies
from tb_wordembed.snapshots.remote.range_reads import PIECE_BYTES, Pieces, Ranges

CONTENT = bytes(range(256)) * 1000
DATA = CONTENT[5:50_000]
BEFORE = b"what comes before"
RECORD_BYTES = HEADER_BYTES + len(DATA) + FOOTER_BYTES


# --------------------------------------------------------------------------- places


def test_any_range_of_a_file(place: Place) -> None:
    path = place.put("file", CONTENT)
    with open_file(path, len(CONTENT)) as file:
        for offset, length in [(0, 10), (200_000, 7), (3, 100_000), (255_990, 10)]:
            assert file.read(offset, length) == CONTENT[offset : offset + length]
        assert file.read(255_990, 100) == CONTENT[255_990:]
        assert file.read(256_000, 100) == b""
        assert file.read(300_000, 100) == b""
        buffer = bytearray(20)
        assert file.read_into(7, memoryview(buffer)) == 20
        assert buffer == CONTENT[7:27]
        assert file.read_into(255_995, memoryview(buffer)) == 5


def test_a_file_that_became_shorter_gives_less(place: Place) -> None:
    path = place.put("file", CONTENT)
    place.put("file", CONTENT[:1000])
    with open_file(path, len(CONTENT)) as file:
        assert file.read(990, 20) == CONTENT[990:1000]
        assert file.read(200_000, 20) == b""


def test_a_file_that_is_not_there(place: Place) -> None:
    path = place.put("file", CONTENT)
    place.delete("file")
    with pytest.raises(FileNotFoundError, match="file"), open_file(path, 10) as file:
        file.read(0, 10)


def located(path: str) -> Location:
    """DATA as a record behind BEFORE."""
    status = None if "://" in path else Path(path).stat()
    return Location(
        file=FileId(
            path,
            status.st_dev if status else 0,
            status.st_ino if status else 0,
            generation=1,
        ),
        record_offset=len(BEFORE),
        record_length=len(DATA),
        checksum=parse_footer(record(DATA)[-FOOTER_BYTES:]),
        dtype="float32",
        shape=(1, 1),
        encoding="raw",
        start=len(BEFORE) + HEADER_BYTES,
        length=len(DATA),
    )


def test_a_record_is_read_at_its_offsets_in_the_event_file(place: Place) -> None:
    location = located(place.put("file", BEFORE + record(DATA) + CONTENT))
    start = location.record_offset + HEADER_BYTES
    with open_record(location) as reader:
        assert reader.read(start, len(DATA)) == DATA
        buffer = bytearray(100)
        assert reader.read_into(start + 7, memoryview(buffer)) == 100
        assert buffer == DATA[7:107]


# --------------------------------------------------------------------------- copies


class Remote:
    """A remote file that counts what is fetched of it."""

    def __init__(self) -> None:
        self.content = BEFORE + record(DATA)
        self.fetched: list[tuple[int, int]] = []
        self.error: Exception | None = None

    def open(self, path: str, end: int) -> Ranges:
        remote = self

        class Opened(Ranges):
            def fetch(self, offset: int, length: int) -> bytes:
                remote.fetched.append((offset, length))
                if remote.error is not None and offset + length == end:
                    raise remote.error
                return remote.content[offset : offset + length]

        return Opened(path, end)


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch) -> Remote:
    remote = Remote()
    monkeypatch.setattr(
        "tb_wordembed.snapshots.remote.file_systems.open_file", remote.open
    )
    monkeypatch.setattr(local_copies, "STEP_BYTES", 20_000)
    return remote


def numbered(number: int) -> Location:
    return located(f"far://away/{number}")


def names(kept: Copies) -> set[Path]:
    return set(kept.directory.iterdir())


def read(kept: Copies, location: Location) -> bytes:
    with kept.open(location) as reader:
        return reader.read(location.start, location.length)


def test_a_record_that_many_want_is_fetched_once(remote: Remote) -> None:
    kept = Copies(10 * RECORD_BYTES)
    barrier = threading.Barrier(16)

    def ask(number: int) -> bytes:
        barrier.wait()
        return read(kept, numbered(number % 2))

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(ask, range(16))) == {DATA}
    assert sum(length for _, length in remote.fetched) == 2 * RECORD_BYTES
    assert min(offset for offset, _ in remote.fetched) == len(BEFORE)


def test_what_was_used_last_is_kept_within_the_bound(remote: Remote) -> None:
    kept = Copies(3 * RECORD_BYTES + 1)
    for number in (0, 1, 2, 0, 3):
        assert read(kept, numbered(number)) == DATA
    sizes = [path.stat().st_size for path in names(kept)]
    assert sizes == [RECORD_BYTES] * 3
    remote.fetched.clear()
    for number in (0, 2, 3):
        read(kept, numbered(number))
    assert remote.fetched == []
    read(kept, numbered(1))
    assert remote.fetched


def test_a_record_in_use_can_be_read_and_one_larger_than_the_bound_is_kept_alone(
    remote: Remote,
) -> None:
    kept = Copies(RECORD_BYTES // 2)
    first = numbered(0)
    with kept.open(first) as reader:
        for number in (1, 2):
            assert read(kept, numbered(number)) == DATA
        assert reader.read(first.start, first.length) == DATA
    assert len(names(kept)) == 1
    remote.fetched.clear()
    assert read(kept, numbered(2)) == DATA
    assert remote.fetched == []


def test_other_content_in_the_same_place_is_another_record(remote: Remote) -> None:
    kept = Copies(10 * RECORD_BYTES)
    location = numbered(0)
    assert read(kept, location) == DATA
    other = bytes(len(DATA))
    remote.content = BEFORE + record(other)
    checksum = parse_footer(record(other)[-FOOTER_BYTES:])
    assert read(kept, replace(location, checksum=checksum)) == other
    assert read(kept, location) == DATA


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (BEFORE + record(DATA)[:-1], "cut short"),
        (BEFORE + record(DATA)[:100], "cut short"),
        (b"", "cut short"),
        (BEFORE + record(bytes(len(DATA))), "replaced"),
        (BEFORE + record(DATA + b"more"), "replaced"),
    ],
)
def test_what_is_no_longer_that_record_leaves_nothing_behind(
    remote: Remote, content: bytes, message: str
) -> None:
    kept = Copies(10 * RECORD_BYTES)
    sound, remote.content = remote.content, content
    with pytest.raises(FileChangedError, match=f"far://away/0 .*{message}"):
        kept.open(numbered(0))
    assert names(kept) == set()
    remote.content = sound
    assert read(kept, numbered(0)) == DATA


def test_an_error_goes_to_all_who_asked_and_leaves_nothing_behind(
    remote: Remote,
) -> None:
    kept = Copies(10 * RECORD_BYTES)
    remote.error = ConnectionError("unplugged")
    barrier = threading.Barrier(8)

    def ask(_: int) -> str:
        barrier.wait()
        with pytest.raises(RemoteError) as caught:
            kept.open(numbered(0))
        return str(caught.value)

    with ThreadPoolExecutor(8) as pool:
        said = set(pool.map(ask, range(8)))
    (words,) = said
    assert words.startswith("far://away/0: ConnectionError: unplugged; check the")
    assert names(kept) == set()
    remote.error = None
    assert read(kept, numbered(0)) == DATA


def test_a_full_disk_says_what_helps(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Copies(10 * RECORD_BYTES)
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("needs /dev/full")
    original = tempfile.NamedTemporaryFile

    def opened(**options: Any) -> Any:
        file = original(**options)
        file.file = full.open("wb", buffering=0)
        return file

    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "NamedTemporaryFile", opened)
        with pytest.raises(OSError, match=r"far://away/0 needs .* TMPDIR .* fewer b"):
            kept.open(numbered(0))
    assert names(kept) == set()
    assert read(kept, numbered(0)) == DATA


def test_copies_that_someone_deleted_are_fetched_again(remote: Remote) -> None:
    kept = Copies(10 * RECORD_BYTES)
    read(kept, numbered(0))
    for path in names(kept):
        path.unlink()
    kept.directory.rmdir()
    assert read(kept, numbered(0)) == DATA
    assert len(names(kept)) == 1


def test_a_link_in_place_of_the_directory_costs_nobody_a_file(
    remote: Remote, tmp_path: Path
) -> None:
    kept = Copies(RECORD_BYTES)
    kept.directory.rmdir()
    for number in range(4):
        (tmp_path / str(number)).write_text("mine")
    kept.directory.symlink_to(tmp_path)
    for number in range(4):
        assert read(kept, numbered(number)) == DATA
    assert all((tmp_path / one).read_text() == "mine" for one in "0123")
    kept.directory.unlink()


def test_the_directory_goes_with_the_process(tmp_path: Path) -> None:
    script = """
from tb_wordembed.snapshots.remote.local_copies import Copies
(Copies(1).directory / "copy").write_bytes(b"x")
"""
    subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        env={"TMPDIR": str(tmp_path), "PYTHONPATH": str(Path.cwd())},
    )
    assert list(tmp_path.iterdir()) == []


def test_the_bound_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TB_WORDEMBED_CACHE_BYTES", "")
    # Half of 2 GiB: results that took long may take the other half.
    assert bytes_per_cache() == 1 << 30
    monkeypatch.setenv("TB_WORDEMBED_CACHE_BYTES", "1000")
    assert bytes_per_cache() == 500
    for said in ("2 GB", "-1", "²"):
        monkeypatch.setenv("TB_WORDEMBED_CACHE_BYTES", said)
        with pytest.raises(ValueError, match=f"CACHE_BYTES='{said}': expected a num"):
            bytes_per_cache()


# --------------------------------------------------------------------------- pieces


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pieces") / "file"
    path.write_bytes(CONTENT)
    return path


@given(
    asked=st.lists(
        st.tuples(st.integers(0, 260_000), st.integers(0, 100_000)), max_size=20
    ),
    size=st.integers(0, len(CONTENT)),
)
def test_pieces_are_the_file(
    path: Path, asked: list[tuple[int, int]], size: int
) -> None:
    with Pieces(File(str(path)), size) as pieces:
        for offset, length in asked:
            expected = CONTENT[:size][offset : offset + length]
            assert pieces.read(offset, length) == expected


def test_what_lies_around_is_fetched_once(
    path: Path, reads: list[tuple[int, int]]
) -> None:
    with Pieces(File(str(path)), len(CONTENT)) as pieces:
        pieces.read(100_000, 4)
        for offset in (99_000, 100_004, 120_000):
            pieces.read(offset, 500)
        pieces.read(0, 12)
        pieces.read(100_000, 4)
    assert len(reads) == 2
    assert all(length == PIECE_BYTES for _, length in reads)
