"""Byte-level BPE, as of GPT-2: tokens of bytes, written in an alphabet of 256 letters.

Printable bytes stand for themselves; each of the others, such as the space, has a
letter from U+0100 on: ``Ġ`` is a space.
"""

from __future__ import annotations

from collections.abc import Collection

from tb_wordembed.write.texts import as_text


def _alphabet() -> dict[str, int]:
    """Returns the byte of each letter."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    letters = {chr(byte): byte for byte in printable}
    letters.update({chr(0x100 + place): byte for place, byte in enumerate(others)})
    return letters


_BYTES = _alphabet()


def is_byte_level(tokens: Collection[str]) -> bool:
    """Whether each letter of the alphabet is a token, as in every such vocabulary."""
    return len(tokens) >= len(_BYTES) and _BYTES.keys() <= set(tokens)


def readable(token: str) -> str:
    """Returns the text of a byte-level token; tokens with other letters as they are.

    Bytes that are no UTF-8 are written as numbers, such as ``0xE3``.
    """
    try:
        return as_text(bytes([_BYTES[letter] for letter in token]))
    except KeyError:
        return token
