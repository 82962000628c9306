"""Images over HTTP: only what is one is sent, and as nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from images import FORMATS, HTML, SVG, images_value, picture
from logs import FILE_NAME, event, table_value, write
from page_file import PageFile
from plugins import Get, getter, plugin_on

import tb_wordembed
from tb_wordembed.format.images import MOST_IMAGE_BYTES
from tb_wordembed.server.report import make_report

IMAGES = [picture((9, 9, 200), form) for form in FORMATS]
LARGE = picture((1, 2, 3)).ljust(MOST_IMAGE_BYTES + 1, b"\0")
# The first bytes of a PNG, then its width.
HUGE = IMAGES[0][:16] + b"\1\0" + IMAGES[0][18:]
VALUES = [*IMAGES, b"", SVG, HTML, b"\xff", LARGE, HUGE]
WHERE = {"run": ".", "tag": "words", "column": "picture"}


@pytest.fixture
def get(tmp_path: Path) -> Get:
    """A log that a hostile writer wrote."""
    column = images_value("words", "picture", np.array(VALUES, object))
    table = table_value("words", np.eye(len(VALUES), 2, dtype=np.float32))
    write(tmp_path / FILE_NAME, event(0, column), event(0, table))
    return getter(plugin_on(logdir=str(tmp_path)))


def test_the_index_names_the_columns_of_images(get: Get) -> None:
    [series] = json.loads(get("index").data)["series"]
    assert series["image_columns"] == ["picture"]
    assert series["columns"] == []


@pytest.mark.parametrize("row", range(len(FORMATS)))
def test_an_image_is_sent_as_what_it_is(get: Get, row: int) -> None:
    response = get("image", **WHERE, row=row)
    assert response.status_code == 200
    assert response.mimetype == f"image/{FORMATS[row].lower()}"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.data == IMAGES[row]


def test_a_row_without_an_image_has_no_content(get: Get) -> None:
    response = get("image", **WHERE, row=VALUES.index(b""))
    assert (response.status_code, response.data) == (204, b"")


@pytest.mark.parametrize("content", [SVG, HTML, b"\xff", LARGE, HUGE])
def test_nothing_else_is_sent(get: Get, content: bytes) -> None:
    response = get("image", **WHERE, row=VALUES.index(content))
    assert response.status_code == 404
    assert "holds no PNG, JPEG, GIF or WebP" in response.get_data(as_text=True)
    assert b"script" not in response.data


@pytest.mark.parametrize(
    ("asked", "status", "message"),
    [
        ({"row": len(VALUES)}, 404, "not a row"),
        ({"row": -1}, 404, "not a row"),
        ({"row": 0, "column": "token"}, 404, "no column of images 'token'"),
        ({"row": 0, "tag": "other"}, 404, "other"),
        ({"row": "a"}, 400, "expected an integer"),
    ],
)
def test_the_route_says_what_is_wrong(
    get: Get, asked: dict[str, Any], status: int, message: str
) -> None:
    response = get("image", **{**WHERE, **asked})
    assert response.status_code == status
    assert message in response.get_data(as_text=True)


def test_a_browser_keeps_an_image_until_columns_change(get: Get) -> None:
    [series] = json.loads(get("index").data)["series"]
    kept = get("image", **WHERE, row=0, columns_id=series["columns_id"])
    assert kept.headers["Cache-Control"] == "private, max-age=3600"
    assert "no-cache" in get("image", **WHERE, row=0).headers["Cache-Control"]


def test_numbers_that_are_called_images_are_numbers(tmp_path: Path) -> None:
    column = images_value("words", "picture", np.arange(2.0))
    table = table_value("words", np.eye(2, dtype=np.float32))
    write(tmp_path / FILE_NAME, event(0, column), event(0, table))
    series = tb_wordembed.open(tmp_path).series()
    assert (series.column_kinds, series.image_columns) == ({"picture": "number"}, [])


def test_a_page_in_a_file_has_none(
    get: Get, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make_report, "page_script", lambda: b"")
    page = PageFile(make_report.web_page(tb_wordembed.open(tmp_path).series()))
    [series] = page.answer("index")["series"]
    assert series["image_columns"] == []
