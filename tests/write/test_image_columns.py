"""Columns of images: from bytes and paths, in every form, or an error in words."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from images import FORMATS, HTML, SVG, color_of, picture
from PIL import Image

import tb_wordembed
from tb_wordembed.cli import main
from tb_wordembed.format.images import MOST_IMAGE_BYTES, pixels
from tb_wordembed.read.series import Series
from tb_wordembed.training.projector_files import values_of
from tb_wordembed.write import image_columns, table_parts, tables
from tb_wordembed.write.columns import as_column, as_columns

RED, GREEN, BLUE = (254, 0, 0), (0, 255, 1), (0, 0, 254)
TABLE = np.eye(3, 2, dtype=np.float32)


@pytest.mark.parametrize("form", FORMATS)
def test_images_are_stored_as_they_are(form: str, tmp_path: Path) -> None:
    path = tmp_path / "é.any"
    path.write_bytes(picture(RED, form))
    values = [path, None, picture(BLUE, form)]
    column = as_column("picture", values, 3)
    assert column.has_images
    assert column.values == (path.read_bytes(), b"", values[2])


@pytest.mark.parametrize(
    ("form", "how"),
    [
        *((form, {}) for form in FORMATS),
        ("JPEG", {"progressive": True, "comment": b"\xff\xc0 is no frame header"}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"exif": b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00"}),
    ],
)
def test_the_size_is_read_from_the_head(form: str, how: dict[str, Any]) -> None:
    for width, height in ((1, 1), (300, 7), (5, 1000)):
        file = io.BytesIO()
        Image.new("RGB", (width, height)).save(file, form, **how)
        assert pixels(file.getvalue()) == width * height


@given(form=st.sampled_from(FORMATS), data=st.data())
def test_any_bytes_have_a_size_or_none(form: str, data: st.DataObject) -> None:
    content = bytearray(picture(RED, form))
    for at, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)))
    ):
        content[at] = value
    found = pixels(bytes(content[: data.draw(st.integers(0, len(content)))]))
    assert found is None or found >= 0


def test_a_small_file_of_a_huge_picture_is_refused() -> None:
    huge = bytearray(picture(RED))
    huge[16:24] = struct.pack(">II", 30_000, 30_000)
    with pytest.raises(ValueError, match=r"entry 0 has 900,000,000 pixels; .* 1,048,5"):
        as_column("picture", [bytes(huge)], 1)
    with pytest.raises(ValueError, match="entry 0 does not say its size"):
        as_column("picture", [picture(RED)[:20]], 1)


def film(*sides: int) -> bytes:
    """A GIF with a frame of each side, of colors of its own."""
    out = io.BytesIO()
    frames = [Image.new("RGB", (side, side), (side, 9, 9)) for side in sides]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], loop=0)
    return out.getvalue()


def test_frames_of_a_gif_count_that_are_larger_than_its_screen() -> None:
    content = film(200, 20, 30)
    assert pixels(content) == 200 * 200
    for side in (1, 100, 300):
        screen = struct.pack("<HH", side, side)
        changed = content[:6] + screen + content[10:]
        assert pixels(changed) == max(side, 200) ** 2
        # What a browser shows of a file that is cut off is no larger.
        assert pixels(changed[:-20]) == max(side, 200) ** 2


def test_a_huge_frame_on_a_small_screen_is_refused() -> None:
    content = bytearray(film(20, 30))
    frame = struct.pack("<4H", 0, 0, 20, 20)
    at = content.index(b"," + frame) + 1
    content[at : at + len(frame)] = struct.pack("<4H", 30_000, 0, 30_000, 10_000)
    with pytest.raises(ValueError, match="entry 0 has 600,000,000 pixels"):
        as_column("picture", [bytes(content)], 1)


@pytest.mark.parametrize(
    "values",
    [[SVG, HTML, b""], [picture(RED), b"noun", None], [b"", b"", None]],
)
def test_other_bytes_are_text(values: list[Any]) -> None:
    assert not as_column("class", values, 3).has_images


def test_tokens_are_no_images() -> None:
    assert not as_columns([picture(RED)], None, 1)[0].has_images


def test_images_are_looked_up_by_token() -> None:
    (_, column) = as_columns(["a", "b"], {"picture": {"b": picture(RED)}}, 2)
    assert column.values == (b"", picture(RED))


def test_what_can_not_be_shown_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing, large = tmp_path / "a.svg", tmp_path / "large.png"
    drawing.write_bytes(SVG)
    large.write_bytes(picture(RED) + bytes(MOST_IMAGE_BYTES))
    for path, message in (
        (tmp_path / "none.png", "entry 1, .*none.png', can't be read: .*No such file"),
        (tmp_path, "entry 1, .*, can't be read"),
        (drawing, "entry 1, .*a.svg', is no image that is shown; pass a PNG, JPEG"),
        (large, "entry 1, .*, is too large; pass a thumbnail: .* 65,536 bytes"),
    ):
        with pytest.raises(ValueError, match=message):
            as_columns(None, {"picture": [picture(RED), path]}, 2)
    with pytest.raises(ValueError, match="entry 0 is too large"):
        as_column("picture", [large.read_bytes()], 1)
    with pytest.raises(ValueError, match=r"entry 0 is of type \w+Path"):
        as_column("picture", [large, "text"], 2)
    monkeypatch.setattr(image_columns, "MOST_COLUMN_BYTES", 2 * len(picture(RED)))
    with pytest.raises(ValueError, match=r"first 2 of 3 rows take .* smaller"):
        as_column("picture", [picture(RED)] * 3, 3)


def log_of(folder: Path, *steps: tuple[int, dict[str, Any]]) -> Series:
    with tb_wordembed.SnapshotWriter(folder) as writer:
        for step, how in steps:
            writer.embedding("words", how.pop("data", TABLE), step, **how)
    return tb_wordembed.open(folder).series()


def test_a_log_gives_the_images_back(tmp_path: Path, capsys: Any) -> None:
    columns = {"n": [1, 2, 3], "picture": [picture(RED), None, picture(BLUE)]}
    series = log_of(tmp_path, (0, {"tokens": list("abc"), "metadata": columns}))
    assert series.image_columns == ["picture"]
    assert color_of(series.image("picture", "a")) == RED
    assert color_of(series.image("picture", 2)) == BLUE
    assert series.image("picture", "b") == b""
    # Whatever reads texts and numbers does not meet them.
    assert list(series.metadata) == list(series.column_kinds) == ["n"]
    for column, token, message in (("n", 0, "picture"), ("picture", 3, "index 3")):
        with pytest.raises(LookupError, match=message):
            series.image(column, token)
    assert main(["ls", str(tmp_path)]) == 0
    assert "token n picture" in capsys.readouterr()[0]
    assert main(["check", str(tmp_path)]) == 0


def test_images_stay_with_their_tokens_when_a_table_grows(tmp_path: Path) -> None:
    pictures = {"picture": [picture(RED), picture(GREEN), picture(BLUE)]}
    grown = {"data": np.eye(4, 2, dtype=np.float32), "tokens": list("xcab")}
    first = {"tokens": list("abc"), "metadata": pictures}
    series = log_of(tmp_path, (0, first), (1, grown))
    found = [series.image("picture", token) for token in "abcx"]
    assert found == [*pictures["picture"], b""]


def test_images_are_those_of_the_chosen_rows(tmp_path: Path) -> None:
    columns = {"picture": [picture(RED), picture(GREEN), picture(BLUE)]}
    chosen = {"tokens": list("abc"), "metadata": columns, "rows": [2, 0]}
    series = log_of(tmp_path, (0, chosen))
    colors = {one: color_of(series.image("picture", one)) for one in series.tokens}
    assert colors == {"a": RED, "c": BLUE}


def test_images_in_parts_are_one_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = {"picture": [picture(RED), None, picture(BLUE)]}
    monkeypatch.setattr(tables, "MAX_PART_BYTES", len(picture(RED)) + 20)
    assert len(table_parts.column_parts(as_columns(None, columns, 3)[0])) > 1
    series = log_of(tmp_path, (0, {"tokens": list("abc"), "metadata": columns}))
    assert [series.image("picture", row) for row in range(3)] == [
        picture(RED),
        b"",
        picture(BLUE),
    ]


@pytest.mark.tensorflow
def test_the_op_of_tensorflow_writes_images(tmp_path: Path) -> None:
    tf = pytest.importorskip("tensorflow")
    columns = {"picture": [picture(RED), None, picture(BLUE, "WEBP")]}
    with tf.summary.create_file_writer(str(tmp_path)).as_default():
        tb_wordembed.summary.embedding("words", TABLE, 0, metadata=columns)
    series = tb_wordembed.open(tmp_path).series()
    assert [series.image("picture", row) for row in (0, 2)] == [
        picture(RED),
        picture(BLUE, "WEBP"),
    ]


def test_files_for_the_projector_leave_images_out() -> None:
    columns = as_columns(None, {"picture": [picture(RED)], "n": [1]}, 1)
    assert list(values_of(columns, 1)) == ["token", "n"]
