"""Paths, and local files that are replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from tb_wordembed.format.paths import is_remote, join, replace_file


@pytest.mark.parametrize(
    ("directory", "path"),
    [
        ("runs", "runs/a"),
        ("runs/", "runs/a"),
        ("gs://bucket", "gs://bucket/a"),
        ("memory://", "memory://a"),
    ],
)
def test_local_and_remote_directories_hold_names(directory: str, path: str) -> None:
    assert join(directory, "a") == path
    assert is_remote(path) == ("://" in directory)


def test_a_file_gives_way_to_its_successor(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content in (b"one", b"two"):
        replace_file(path, content)
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_link_leads_to_stays_as_it_is(tmp_path: Path) -> None:
    thesis, link = tmp_path / "thesis.tex", tmp_path / "link"
    thesis.write_text("years of work")
    link.symlink_to(thesis)
    replace_file(link, b"new")
    assert thesis.read_text() == "years of work"
    assert link.read_bytes() == b"new"


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "directory").mkdir()
    with pytest.raises(OSError, match="directory"):
        replace_file(tmp_path / "directory", b"new")
    assert [one.name for one in tmp_path.iterdir()] == ["directory"]
