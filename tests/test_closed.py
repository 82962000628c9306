"""Closed under the vocabulary: a token that can be logged goes through every output and
input, and is read back by another program."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from plugins import Get, getter, plugin_on
from standard_projector import Standard
from strategies import vocabularies
from tokens import HOSTILE

import tb_wordembed
from tb_wordembed.cli import main
from tb_wordembed.read.series import Series

DIM = 3
ZERO = "\U000f0000"
"""Stands for the zero character, and for nothing else."""


def tables(rows: int) -> list[Any]:
    """Two steps whose rows are all different."""
    random = np.random.default_rng(rows)
    return [random.standard_normal((rows, DIM)).astype(np.float32) for _ in range(2)]


class Log:
    """A log with a vocabulary, and what reads it."""

    def __init__(self, logdir: Path, tokens: list[str]) -> None:
        self.logdir, self.tokens = logdir, tokens
        self.tables = tables(len(tokens))
        with tb_wordembed.SnapshotWriter(logdir / "run") as writer:
            for step, table in enumerate(self.tables):
                columns = {"text": tokens, "number": range(len(tokens))}
                writer.embedding("words", table, step, tokens=tokens, metadata=columns)
        self.series: Series = tb_wordembed.open(logdir).series()
        self.get: Get = getter(plugin_on(logdir=str(logdir)))

    def ask(self, route: str, **parameters: object) -> Any:
        response = self.get(route, run="run", tag="words", **parameters)
        assert response.status_code == 200, response.text
        return response

    def run(self, *arguments: str) -> str:
        """What a command writes to a file that stdout is sent to."""
        out = io.TextIOWrapper(io.BytesIO(), "ascii", newline="\r\n")
        with redirect_stdout(out), redirect_stderr(io.StringIO()) as error:
            status = main([arguments[0], str(self.logdir), *arguments[1:]])
        assert status == 0, error.getvalue()
        out.flush()
        return out.buffer.getvalue().decode("utf-8")

    def first(self, row: int) -> int:
        """The first row with the same token."""
        return self.tokens.index(self.tokens[row])


# --------------------------------------------- outputs: what they are read back as


def read_csv(text: str) -> list[dict[str, str]]:
    csv.field_size_limit(1 << 20)
    # The csv module of Python 3.10 refuses a file with a zero character.
    lines = io.StringIO(text.replace("\0", ZERO), newline="")
    return [
        {name: cell.replace(ZERO, "\0") for name, cell in row.items()}
        for row in csv.DictReader(lines, strict=True)
    ]


def check_python(log: Log) -> None:
    assert log.series.tokens == log.tokens
    assert log.series.metadata["text"] == log.tokens
    for row, token in enumerate(log.tokens):
        assert log.series.index_of(token) == log.first(row)


def check_csv_and_json(log: Log) -> None:
    ranked = "drift", "--top", "999"
    for rows in (
        read_csv(log.run(*ranked, "--format", "csv")),
        json.loads(log.run(*ranked, "--format", "json")),
    ):
        found = {int(one["index"]): (one["token"], one["text"]) for one in rows}
        assert found == {row: (one, one) for row, one in enumerate(log.tokens)}


def check_table(log: Log) -> None:
    lines = log.run("drift", "--top", "999").split("\r\n")
    # A line per row: no token ends one, and none reaches the terminal unescaped.
    assert len(lines) == len(log.tokens) + 2
    assert all(line.isprintable() for line in lines)


def check_neighbors(log: Log) -> None:
    """The command line takes each token, and answers with all others."""
    if len(log.tokens) > 20:
        return
    for row, token in enumerate(log.tokens):
        found = json.loads(log.run("neighbors", "--format=json", "-k99", "--", token))
        others = set(range(len(log.tokens))) - {log.first(row)}
        assert {one["index"] for one in found} == others
        assert all(log.tokens[one["index"]] == one["token"] for one in found)


def check_http(log: Log) -> None:
    assert json.loads(log.ask("tokens").data)["tokens"] == log.tokens
    texts = json.loads(log.ask("column", column="text").data)["texts"]
    assert texts == log.tokens
    near = json.loads(log.ask("neighbors", index=0, step=1, k=100).data)
    for one in near["after"] if "after" in near else near["neighbors"]:
        assert one["token"] == log.tokens[one["index"]]


def check_axes(log: Log) -> None:
    """Quoted, every token is a term of an expression, also in an address."""
    for row, token in enumerate(log.tokens[:12]):
        other = log.tokens[row - 1]
        quoted = ['"' + one.replace('"', '""') + '"' for one in (token, other)]
        expression = " - ".join(quoted)
        answer = json.loads(log.ask("analogy", expression=expression, step=1).data)
        own = {log.first(row), log.tokens.index(other)}
        for one in answer["nearest"]:
            assert one["index"] not in own
            assert one["token"] == log.tokens[one["index"]]


def check_npz(log: Log) -> None:
    data = log.ask("vectors", step=1, format="npz").data
    found = np.load(io.BytesIO(data), allow_pickle=False)
    np.testing.assert_array_equal(found["vectors"], log.tables[1])
    for read, token in zip(found["tokens"].tolist(), log.tokens, strict=True):
        kept = token.rstrip("\0")
        assert read == kept + r"\x00" * (len(token) - len(kept))


def check_word2vec(log: Log) -> None:
    """As gensim reads it: KeyedVectors.load_word2vec_format(path)."""
    data = log.ask("vectors", step=1, format="word2vec").data
    lines = io.BytesIO(data)
    count, size = map(int, lines.readline().decode("utf-8").split())
    assert (count, size) == log.tables[1].shape
    vectors: dict[str, Any] = {}
    for row in range(count):
        word, *numbers = lines.readline().rstrip().decode("utf-8").split(" ")
        assert word.split() == [word], "other readers split at any whitespace"
        np.testing.assert_array_equal(np.array(numbers, np.float32), log.tables[1][row])
        token = log.tokens[row]
        if token and token == "".join(token.split()):
            assert word == token
        # Two tokens never become one: gensim would drop the second.
        assert vectors.setdefault(word, token) == token
    assert not lines.read()


def check_projector_inside_the_tab(log: Log) -> None:
    frame = log.ask("projector", step=1, reference_step=0, indices="").data
    header = json.loads(frame[8 : 8 + int.from_bytes(frame[:8], "little")])
    key = json.loads(header["__metadata__"]["response"])["key"]
    text = log.get(f"projector/{key}/metadata").data.decode("utf-8")
    check_labels(log, [one["token"] for one in read_tsv(text)])


def check_projector_tab(log: Log) -> None:
    log.run("export", "--projector")
    standard = Standard(log.logdir, "run")
    (name,) = standard.names("run")
    check_labels(log, [one["token"] for one in standard.labels("run", name)])


def check_projector_site(log: Log) -> None:
    log.run("export", "--projector-json=http://localhost", f"-o={log.logdir}/site")
    (file,) = (log.logdir / "site").glob("*.tsv")
    # As read_text, but without its line ends.
    check_labels(log, [one["token"] for one in read_tsv(file.read_bytes().decode())])


def read_tsv(text: str) -> list[dict[str, str]]:
    """As the Projector's page does: it drops blank lines, as JavaScript trims them."""
    lines = [line for line in text.split("\n") if line.strip().strip("\ufeff")]
    heads, *rows = [line.split("\t") for line in lines]
    return [dict(zip(heads, row, strict=True)) for row in rows]


def check_labels(log: Log, labels: list[str]) -> None:
    assert len(labels) == len(log.tokens)
    for label, token in zip(labels, log.tokens, strict=True):
        if token.isprintable() and token.strip() and len(token) <= 200:
            assert label == token
        assert label.strip().strip("\ufeff")
        assert len(label.splitlines()) == 1


CHECKS: dict[str, Callable[[Log], None]] = {
    name.removeprefix("check_"): of
    for name, of in list(globals().items())
    if name.startswith("check_") and name != "check_labels"
}


@contextmanager
def logged(tokens: list[str]) -> Iterator[Log]:
    with TemporaryDirectory() as directory:
        yield Log(Path(directory), tokens)


@pytest.fixture(scope="module")
def hostile_log() -> Iterator[Log]:
    with logged(HOSTILE) as log:
        yield log


@pytest.mark.parametrize("check", CHECKS)
def test_every_hostile_token_goes_through(hostile_log: Log, check: str) -> None:
    CHECKS[check](hostile_log)


@settings(max_examples=15)
@example(["", "_", " ", "a b", "a_b"])
@example(["\ufeff", "a"])
@example(["a\0", "a"])
@given(vocabularies)
def test_any_vocabulary_goes_through(tokens: list[str]) -> None:
    with logged(tokens) as log:
        for check in CHECKS.values():
            check(log)


@settings(max_examples=15)
@given(st.text(st.characters(), max_size=5))
def test_lone_surrogates_are_replaced_when_they_are_logged(token: str) -> None:
    with TemporaryDirectory() as directory:
        with tb_wordembed.SnapshotWriter(directory) as writer:
            # The other way round, a line break would end the first of two lines.
            writer.embedding("words", np.eye(2), 0, tokens=["other", token])
        (other, found) = tb_wordembed.open(directory).series().tokens
    assert other == "other"
    # Two halves of a pair are the character that they make.
    whole = token.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert found == whole
    found.encode("utf-8")
