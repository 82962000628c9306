"""Reads the words of tokenizers, vocabulary layers and models of other packages.

An object is recognized by its attributes, so that none of those packages is imported.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from tb_wordembed.integers import as_integer
from tb_wordembed.write.vocabulary import Reading, Vocabulary


def read_object(source: Any) -> Vocabulary | None:
    """Returns the vocabulary of an object; None if it is of another kind. Raises
    ValueError with the remedy if it has no words, or not yet."""
    name = type(source).__name__
    if hasattr(source, "wv") and hasattr(source, "dv"):  # Doc2Vec of gensim
        of_words = Reading(list(source.wv.index_to_key), meaning="of its words, wv")
        of_texts = Reading(list(source.dv.index_to_key), meaning="of its texts, dv")
        return Vocabulary(name, (of_words, of_texts))
    for attribute in ("wv", "vocab"):  # A gensim model, a spaCy pipeline.
        inner = getattr(source, attribute, None)
        is_text = hasattr(source, "__len__")  # A Doc of spaCy, not its pipeline.
        if hasattr(inner, "index_to_key") or (
            hasattr(inner, "strings") and not is_text
        ):
            source = inner
    for attribute, words in _WORDS.items():
        if hasattr(source, attribute):
            return Vocabulary(
                name, (words(source),), is_byte_level=_is_byte_level(source)
            )
    if hasattr(source, "transform") and hasattr(source, "fit"):
        raise ValueError(
            f"{name} has no vocabulary. If it keeps one, call its fit() first; a "
            "hashing vectorizer keeps none"
        )
    return None


def by_row(by_token: Mapping[Any, Any]) -> Reading:
    """Returns the words by row, from a dict from token to row: of several words of a
    row the first."""
    words: dict[int, Any] = {}
    for token, row in by_token.items():
        number = row if type(row) is int else as_integer(row)
        if number is None:
            raise ValueError(
                f"token {token!r} has the row {row!r}; expected an integer"
            )
        words.setdefault(number, token)
    more = len(by_token) - len(words)
    remark = f"{more:,} of {len(by_token):,} tokens share the row of an earlier token"
    return Reading(words, remark=remark if more else "")


def _of_member(name: str) -> Callable[[Any], Reading]:
    """Returns a function that reads a dict from token to row, or a list."""

    def words(source: Any) -> Reading:
        member = getattr(source, name)
        found = member() if callable(member) else member
        return by_row(found) if isinstance(found, Mapping) else Reading(list(found))

    return words


def _of_layer(layer: Any) -> Reading:
    """Reads a Keras vocabulary layer or a tokenizer of KerasHub."""
    if hasattr(layer, "adapt"):
        words = layer.get_vocabulary(include_special_tokens=False)
        if len(words) == 0:
            raise ValueError(
                f"layer {layer.name!r} has no vocabulary yet; call its adapt() first"
            )
    # TextVectorization has an empty text for padding, which would be invisible.
    return Reading(
        {
            row: "<pad>" if isinstance(word, str) and not word else word
            for row, word in enumerate(layer.get_vocabulary())
        }
    )


def _of_sentencepiece(processor: Any) -> Reading:
    size = int(processor.get_piece_size())
    return Reading({row: processor.id_to_piece(row) for row in range(size)})


def _of_tiktoken(encoding: Any) -> Reading:
    words = {}
    for row in range(encoding.n_vocab):
        try:
            words[row] = encoding.decode_single_token_bytes(row)
        except KeyError:  # There are gaps between the special tokens.
            continue
    return Reading(words)


def _of_spacy(vocab: Any) -> Reading:
    keys = getattr(vocab.vectors, "key2row", None)
    if not keys:
        raise ValueError(
            "this spaCy Vocab has no row per word: its vectors are empty, or floret "
            "vectors, which compute a word's vector from parts of it"
        )
    rows = {
        vocab.strings[key]: row for key, row in keys.items() if key in vocab.strings
    }
    return by_row(rows)


def _of_categories(encoder: Any) -> Reading:
    if len(encoder.categories_) != 1:
        raise ValueError(
            f"{type(encoder).__name__} encodes {len(encoder.categories_)} columns; "
            "pass the one of this table, such as list(encoder.categories_[0])"
        )
    return Reading(list(encoder.categories_[0]))


# The first attribute that an object has says what it is.
_WORDS: dict[str, Callable[[Any], Reading]] = {
    "id_to_piece": _of_sentencepiece,
    "decode_single_token_bytes": _of_tiktoken,
    "get_vocab": _of_member("get_vocab"),  # Hugging Face
    "get_stoi": _of_member("get_stoi"),  # torchtext
    "word_index": _of_member("word_index"),  # Keras Tokenizer
    "index_to_key": _of_member("index_to_key"),  # gensim KeyedVectors
    "strings": _of_spacy,
    "get_vocabulary": _of_layer,
    "vocabulary_": _of_member("vocabulary_"),  # scikit-learn vectorizers
    "classes_": _of_member("classes_"),  # scikit-learn LabelEncoder
    "categories_": _of_categories,
}


def _is_byte_level(tokenizer: Any) -> bool:
    """Returns whether a tokenizer of Hugging Face says that it is byte-level."""
    if hasattr(tokenizer, "byte_decoder"):
        return True
    inner = getattr(tokenizer, "backend_tokenizer", tokenizer)
    if not hasattr(inner, "to_str") or not hasattr(inner, "pre_tokenizer"):
        return False
    return is_byte_level_file(json.loads(inner.to_str()))


def is_byte_level_file(tokenizer: Mapping[str, Any]) -> bool:
    """Returns whether the content of a tokenizer.json says that it is byte-level."""
    parts = [tokenizer.get("pre_tokenizer"), tokenizer.get("decoder")]
    return any('"ByteLevel"' in json.dumps(part) for part in parts)
