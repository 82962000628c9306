"""Byte-level BPE, that of GPT-2: tokens of bytes, in an alphabet of 256 letters.

Printable bytes stand for themselves; each of the others, such as the space, has a
letter from U+0100 on: ``Ġ`` is a space.
"""

from __future__ import annotations

import codecs
from collections.abc import Set


def decoded(content: bytes) -> str:
    """Returns UTF-8 as text, with numbers for other bytes, such as ``0xE3``."""
    return content.decode("utf-8", _NUMBERED)


def _numbered(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    wrong = error.object[error.start : error.end]
    return "".join(f"0x{byte:02X}" for byte in wrong), error.end


_NUMBERED = "tb_wordembed_numbered"
codecs.register_error(_NUMBERED, _numbered)


_PRINTABLE = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
_OTHERS = sorted({*range(256)}.difference(_PRINTABLE))
_BYTES = {chr(byte): byte for byte in _PRINTABLE}
_BYTES.update((chr(0x100 + place), byte) for place, byte in enumerate(_OTHERS))
"""The byte of each letter."""


def is_byte_level(tokens: Set[str]) -> bool:
    """Returns whether each letter of the alphabet is a token, as in byte-level BPE."""
    return _BYTES.keys() <= tokens


def readable(token: str) -> str:
    """Returns the text of a byte-level token; tokens with other letters as they are."""
    try:
        return decoded(bytes([_BYTES[letter] for letter in token]))
    except KeyError:
        return token


def readable_forms(text: str) -> list[str]:
    """Returns the tokens that a user may mean with a text in the alphabet.

    ``ĠcafÃ©`` is `` café``, and so is ``Ġcafé``, which mixes the alphabet with text.
    """
    mixed = "".join(
        chr(_BYTES[letter]) if letter >= "\u0100" and letter in _BYTES else letter
        for letter in text
    )
    return [form for form in (readable(text), mixed) if form != text]
