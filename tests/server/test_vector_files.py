"""Files of vectors, read by the programs that they are for."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from logs import FILE_NAME, random_tables, write_series
from plugins import plugin_on
from tensorboard.backend import application
from tensorboard.plugins import base_plugin
from werkzeug import test as werkzeug_test
from werkzeug.test import TestResponse

import tb_wordembed
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read.series import Series
from tb_wordembed.server import vector_files
from tb_wordembed.server.queries.to_contract import row_numbers

TOKENS = ["good", "two words", "tab\tand\nline", "", "日本", "😀 x", "#", "x" * 40]
TABLES = random_tables(3, len(TOKENS), 5, seed=1)
TABLES[2][3, 0] = np.nan


@pytest.fixture
def words(tmp_path: Path) -> Series:
    write_series(tmp_path / FILE_NAME, TABLES, tokens=TOKENS)
    return tb_wordembed.open(tmp_path).series()


def content(file: vector_files.VectorFile) -> bytes:
    return b"".join(file.pieces)


@pytest.mark.parametrize("indices", [None, [5, 0, 5], [7]])
def test_numpy_loads_what_was_logged(words: Series, indices: list[int] | None) -> None:
    file = vector_files.vector_file(words, 2, "npz", indices)
    found = np.load(io.BytesIO(content(file)), allow_pickle=False)
    rows = list(range(len(TOKENS))) if indices is None else indices
    np.testing.assert_array_equal(found["vectors"], TABLES[2][rows])
    assert found["vectors"].dtype == np.float32
    assert found["tokens"].tolist() == [words.tokens[row] for row in rows]
    assert found["rows"].tolist() == rows
    assert found["step"] == 2


def test_a_table_of_many_blocks_comes_in_pieces(tmp_path: Path) -> None:
    tables = random_tables(1, 10_000, 2, seed=2)
    write_series(tmp_path / FILE_NAME, tables)
    series = tb_wordembed.open(tmp_path).series()
    some = list(range(9_999, -1, -1))
    file = vector_files.vector_file(series, 0, "npz", some)
    pieces = list(file.pieces)
    assert max(map(len, pieces)) < 200_000
    found = np.load(io.BytesIO(b"".join(pieces)), allow_pickle=False)
    np.testing.assert_array_equal(found["vectors"], tables[0][some])
    assert found["tokens"][0] == "#9999"


def test_word2vec_text_has_a_line_per_token_and_every_bit(words: Series) -> None:
    text = content(vector_files.vector_file(words, 2, "word2vec")).decode()
    head, *lines = text.removesuffix("\n").split("\n")
    assert head == f"{len(TOKENS)} 5"
    names = [line.split(" ")[0] for line in lines]
    assert names[:5] == ["good", "two_words", "tab_and_line", "_", "日本"]
    numbers = [list(map(float, line.split(" ")[1:])) for line in lines]
    np.testing.assert_array_equal(np.array(numbers, np.float32), TABLES[2])


def test_what_can_not_be_written_is_said_before_anything_is(words: Series) -> None:
    with pytest.raises(NotFoundError, match="step 9"):
        vector_files.vector_file(words, 9, "npz")
    with pytest.raises(NotFoundError, match="index 8 is not a row"):
        vector_files.vector_file(words, 0, "npz", [8])


def test_one_giant_token_does_not_make_a_giant_file(
    words: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_files, "MOST_TOKEN_BYTES", 1000)
    with pytest.raises(ValueError, match="row 7 has 40 letters"):
        vector_files.vector_file(words, 0, "npz")
    assert content(vector_files.vector_file(words, 0, "npz", [0, 1]))
    assert content(vector_files.vector_file(words, 0, "word2vec"))


@pytest.fixture
def client(tmp_path: Path) -> werkzeug_test.Client:
    write_series(tmp_path / "run" / FILE_NAME, TABLES, tokens=TOKENS)
    plugin: base_plugin.TBPlugin = plugin_on(logdir=str(tmp_path))
    return werkzeug_test.Client(application.TensorBoardWSGI([plugin]))


def ask(
    client: werkzeug_test.Client, body: str | None = None, **asked: str
) -> TestResponse:
    query = urlencode({"run": "run", "tag": "words", "step": "1", **asked})
    address = f"/data/plugin/wordembed/vectors?{query}"
    return client.get(address) if body is None else client.post(address, data=body)


def test_the_route_sends_a_file_to_be_saved(client: werkzeug_test.Client) -> None:
    response = ask(client, "3.1")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-cache" in response.headers["Cache-Control"]
    found = np.load(io.BytesIO(response.data), allow_pickle=False)
    np.testing.assert_array_equal(found["vectors"], TABLES[1][[3, 1]])
    text = ask(client, format="word2vec").data.decode()
    assert text.startswith(f"{len(TOKENS)} 5\n")


@pytest.mark.parametrize(
    ("body", "asked", "code", "message"),
    [
        ("1,2", {}, 400, "separated by dots"),
        ("", {}, 400, "separated by dots"),
        ("99", {}, 404, "not a row"),
        (None, {"step": "7"}, 404, "step 7"),
        (None, {"format": "csv"}, 400, "npz"),
        (None, {"tag": "other"}, 404, "other"),
        ("1." * 2**23 + "10", {}, 400, "more rows than the 8 of the table"),
        (".".join("123456701"), {}, 400, "more rows than the 8 of the table"),
    ],
)
def test_the_route_says_what_is_wrong(
    client: werkzeug_test.Client,
    body: str | None,
    asked: dict[str, str],
    code: int,
    message: str,
) -> None:
    response = ask(client, body, **asked)
    assert response.status_code == code
    assert message in response.get_data(as_text=True)


@pytest.mark.parametrize("form", ["npz", "word2vec"])
def test_a_damaged_table_is_told_in_place_of_a_file(tmp_path: Path, form: str) -> None:
    path = write_series(tmp_path / "run" / FILE_NAME, TABLES)
    content = bytearray(path.read_bytes())
    content[content.find(TABLES[1].tobytes())] ^= 1
    path.write_bytes(content)
    plugin = plugin_on(logdir=str(tmp_path))
    client = werkzeug_test.Client(application.TensorBoardWSGI([plugin]))
    response = ask(client, format=form)
    assert response.status_code == 404
    assert "step 1" in response.text


def test_rows_that_a_body_names_take_little_memory() -> None:
    text = ".".join(map(str, range(300_000))).encode()
    tracemalloc.start()
    try:
        found = row_numbers(text, "the body")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    np.testing.assert_array_equal(found, np.arange(300_000))
    assert peak < 4 * len(text)


def test_a_body_that_does_not_say_how_long_it_is_is_bounded_too(
    client: werkzeug_test.Client,
) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any, /) -> int:
            self.given += len(buffer)
            assert self.given < 2**26, "it reads on and on"
            buffer[:] = b"1" * len(buffer)
            return len(buffer)

    response = client.post(
        "/data/plugin/wordembed/vectors?run=run&tag=words&step=1",
        environ_overrides={
            "wsgi.input": Endless(),
            "wsgi.input_terminated": True,
            "CONTENT_LENGTH": "",
        },
    )
    assert response.status_code == 400
    assert "more rows than the 8 of the table" in response.get_data(as_text=True)
