"""Reads tokens and other columns from files: text, JSON, NumPy arrays.

What a file holds is recognized by its content, and by its name only where two kinds
look alike.
"""

from __future__ import annotations

import codecs
import io
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tb_wordembed.format.paths import is_remote
from tb_wordembed.write.token_columns import readings_of
from tb_wordembed.write.token_lines import read_lines
from tb_wordembed.write.token_objects import is_byte_level_file
from tb_wordembed.write.vocabulary import Reading, Vocabulary

_REMEDY = "A text is taken for the path of a file; pass tokens themselves as a list"
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# How the content of files starts that hold no text, what they are, and the remedy.
_BINARY = {
    b"\x1f\x8b": ("compressed by gzip", "Unpack it"),
    b"PK\x03\x04": (
        "a zip archive, such as an .xlsx or .npz file",
        "Save a spreadsheet as CSV; of an .npz file, pass np.load(path)[name]",
    ),
    b"\x80": ("a pickle or other binary data", "Pass the object that it holds"),
    b"PAR1": ("a Parquet file", "Pass pandas.read_parquet(path)"),
    b"ARROW1": ("a Feather file", "Pass pandas.read_feather(path)"),
    b"\x89HDF": ("an HDF5 file", "Pass the list or array that it holds"),
    b"SQLite": ("a SQLite database", "Pass the list of one of its columns"),
    b"\n\x0e\n\x05<unk>": (
        "a SentencePiece model",
        "Pass SentencePieceProcessor(model_file=path)",
    ),
    b"#version:": (
        "a list of merges of byte-pair encoding, not of tokens",
        "Pass the vocab.json or tokenizer.json beside it, or the tokenizer",
    ),
}


def read_file(path: str | os.PathLike[str]) -> Vocabulary | Any:
    """Reads a local or remote file.

    Returns:
      The vocabulary, or the dict or list that a JSON or NumPy file holds.

    Raises:
      FileNotFoundError: there is no such file.
      OSError: it can't be read.
      ValueError: it is empty, a directory, not a text, or its lines differ; says where.
    """
    content = _content(path)
    if content.startswith(b"\x93NUMPY"):
        return _read_numpy(path, content)
    for start, (kind, remedy) in _BINARY.items():
        if content.startswith(start):
            raise ValueError(f"{path} is {kind}. {remedy}")
    text = _decoded(path, content)
    if not text.strip():
        raise ValueError(f"{path} is empty; it should have a line for every row")
    is_json = os.fspath(path).lower().endswith(".json")
    if is_json or text.lstrip()[0] in "[{":
        try:
            parsed = _parsed_json(text)
        except (ValueError, RecursionError) as error:
            if is_json:
                raise ValueError(f"{path} is no valid JSON: {error}") from error
        else:
            return _from_json(path, parsed)
    return read_lines(path, text)


def _content(path: str | os.PathLike[str]) -> bytes:
    name = os.fspath(path)
    if not name:
        raise ValueError(f"tokens={name!r} is no path. {_REMEDY}")
    try:
        return (
            _read_remote(name)
            if is_remote(name)
            else Path(name).expanduser().read_bytes()
        )
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"tokens={name!r}: there is no such file. {_REMEDY}"
        ) from error
    except IsADirectoryError as error:
        raise ValueError(f"tokens={name!r} is a directory. {_REMEDY}") from error
    except OSError as error:
        raise OSError(f"tokens={name!r} can't be read: {error}. {_REMEDY}") from error


def _read_remote(name: str) -> bytes:
    from tensorboard.compat import tf

    try:
        with tf.io.gfile.GFile(name, "rb") as file:
            content: bytes = file.read()
            return content
    except (FileNotFoundError, tf.errors.NotFoundError) as error:
        raise FileNotFoundError(name) from error
    except Exception as error:
        # Each file system raises errors of its own.
        raise OSError(f"{type(error).__name__}: {error}") from error


def _read_numpy(path: str | os.PathLike[str], content: bytes) -> Any:
    try:
        return np.load(io.BytesIO(content), allow_pickle=False)
    except ValueError as error:
        raise ValueError(
            f"{path} holds Python objects, which are not read since they could run "
            "code. Save texts: np.save(path, np.array(tokens, dtype=str))"
        ) from error


def _decoded(path: str | os.PathLike[str], content: bytes) -> str:
    """Returns the text of a file, with its line ends as ``\\n``."""
    marks = [mark for mark in _BYTE_ORDER_MARKS if content.startswith(mark)]
    encoding = _BYTE_ORDER_MARKS[marks[0]] if marks else "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - before.rfind(b"\n")
        raise ValueError(
            f"{path} is no text in UTF-8: line {line}, byte {column} of the line is "
            f"0x{content[error.start]:02X}. Save it as UTF-8; for "
            f"one in Latin-1, with p = Path({os.fspath(path)!r}), "
            'p.write_text(p.read_text("latin-1"), "utf-8") does so'
        ) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise ValueError(
            f"{path} has a byte of value 0 in line {line}: it is no text, or in UTF-16 "
            "without a byte order mark. Save it as UTF-8"
        )
    text = text.replace("\r\n", "\n")
    return text if "\n" in text else text.replace("\r", "\n")


def _parsed_json(text: str) -> Any:
    """Returns the content of JSON, also of JSON inside a text of JSON, or by line."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) < 2 or not all(line.lstrip().startswith("{") for line in lines):
            raise
        return [json.loads(line) for line in lines]
    # json.dump(tokenizer.to_json(), file) writes JSON in JSON.
    return json.loads(content) if isinstance(content, str) else content


def _from_json(path: str | os.PathLike[str], content: Any) -> Any:
    """Returns the vocabulary, dict or list in a JSON file."""
    name = os.fspath(path)
    if isinstance(content, Mapping):
        model = content.get("model")
        if isinstance(model, Mapping) and "vocab" in model:
            return _of_tokenizer(name, content)
        config = content.get("config")
        if isinstance(config, Mapping) and "word_index" in config:  # Keras Tokenizer
            words = config["word_index"]
            return json.loads(words) if isinstance(words, str) else words
    elif not isinstance(content, list):
        raise ValueError(f"{path} holds {content!r}; expected a list or dict of tokens")
    elif content and all(isinstance(entry, Mapping) for entry in content):
        names = list(dict.fromkeys(key for entry in content for key in entry))
        columns = [[entry.get(key) for entry in content] for key in names]
        return Vocabulary(name, tuple(readings_of(names, columns)))
    return content


def _of_tokenizer(name: str, tokenizer: Mapping[str, Any]) -> Vocabulary:
    """Reads a tokenizer.json of Hugging Face."""
    vocab = tokenizer["model"]["vocab"]
    if isinstance(vocab, Mapping):
        words = {row: word for word, row in vocab.items()}
    else:  # Pairs of word and score.
        words = {row: entry[0] for row, entry in enumerate(vocab)}
    for added in tokenizer.get("added_tokens") or ():
        words[added["id"]] = added["content"]
    is_byte_level = is_byte_level_file(tokenizer)
    return Vocabulary(name, (Reading(words),), is_byte_level=is_byte_level)
