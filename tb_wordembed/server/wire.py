"""Turns query parameters into requests of the contract, and responses into bytes."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from typing import IO, Any
from urllib.parse import parse_qsl

import numpy as np

from tb_wordembed.contract.route import Range
from tb_wordembed.server import frames

JSON = "application/json"
FRAME = "application/octet-stream"


MOST_BODY_BYTES = 1 << 24
"""The largest body of a request."""

MOST_PARAMETERS = 100
"""The largest number of parameters of a request: each takes memory before any is
looked at."""

_PIECE_BYTES = 1 << 16


def body_parameters(body: IO[bytes]) -> dict[str, str]:
    """Returns the query parameters that the body of a request holds, since they may be
    longer than an address. Raises ValueError if the body is longer than 16 MiB, is not
    text, or holds too many."""
    text = read(body, MOST_BODY_BYTES)
    if len(text) > MOST_BODY_BYTES:
        raise ValueError(
            f"the body is longer than {MOST_BODY_BYTES:,} bytes; ask about fewer rows"
        )
    return parameters(text)


def parameters(text: bytes) -> dict[str, str]:
    """Returns query parameters that are written as in an address. Raises ValueError if
    there are more than ``MOST_PARAMETERS``, or they are not UTF-8."""
    if text.count(b"&") >= MOST_PARAMETERS:
        raise ValueError(
            f"there are more than {MOST_PARAMETERS} parameters, the largest number "
            "that is accepted"
        )
    try:
        pairs = parse_qsl(text.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise ValueError(f"the parameters are not UTF-8: {error}") from error
    return dict(pairs)


def read(body: IO[bytes], most: int) -> bytes:
    """Returns the body of a request; somewhat more than ``most`` bytes of a longer one.

    Piece by piece: a body need not say how long it is, and releases of Werkzeug differ
    in what bounds a stream.
    """
    text = bytearray()
    while len(text) <= most and (piece := body.read(_PIECE_BYTES)):
        text += piece
    return bytes(text)


def parse(request_type: type, parameters: Mapping[str, str]) -> Any:
    """Returns the request that query parameters state.

    Raises:
      ValueError: a parameter is missing, unknown or not what is accepted; the message
        names it, its value and what is accepted.
    """
    hints = typing.get_type_hints(request_type, include_extras=True)
    fields = {field.name: field for field in dataclasses.fields(request_type)}
    for name in parameters:
        if name not in fields:
            raise ValueError(
                f"parameter {name[:80]!r} is unknown; expected some of {sorted(fields)}"
            )
    values = {}
    for name, field in fields.items():
        if name in parameters:
            values[name] = _value(name, parameters[name], hints[name])
        elif field.default is dataclasses.MISSING:
            raise ValueError(f"parameter {name!r} is missing")
    return request_type(**values)


_INT64 = Range(-(1 << 63), (1 << 63) - 1)


def _value(name: str, text: str, hint: Any) -> str | int | bool:
    accepted_range = _INT64
    if typing.get_origin(hint) is typing.Annotated:
        hint, accepted_range = typing.get_args(hint)
    if hint is int:
        try:
            value = int(text)
        except ValueError:
            raise ValueError(
                f"parameter {name!r} is {text[:80]!r}; expected an integer"
            ) from None
        least, most = accepted_range.least, accepted_range.most
        if not least <= value <= most:
            raise ValueError(
                f"parameter {name!r} is {value}; expected {least:,} to {most:,}"
            )
        return value
    accepted = ("true", "false") if hint is bool else typing.get_args(hint)
    if accepted and text not in accepted:
        raise ValueError(
            f"parameter {name!r} is {text[:80]!r}; expected one of {list(accepted)}"
        )
    return text == "true" if hint is bool else text


def encode(response: Any) -> tuple[bytes, str]:
    """Returns the body of a response and its content type."""
    values = vars(response)
    arrays = {name: v for name, v in values.items() if isinstance(v, np.ndarray)}
    plain = {name: v for name, v in values.items() if name not in arrays}
    if arrays:
        return frames.encode(plain, arrays), FRAME
    # Lone surrogates are kept as \\u escapes; UTF-8 can't encode them.
    return frames.as_json(plain).encode("ascii"), JSON
