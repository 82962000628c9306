"""Reads a web page in one file with other programs than the page itself."""

from __future__ import annotations

import base64
import gzip
import json
import struct
from html.parser import HTMLParser
from typing import Any

from safetensors.numpy import load

DATA_ID = "wordembed-data"


class PageFile(HTMLParser):
    """What is in the file: its scripts, the policy of its head, and its answers."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.policy = ""
        self.title = ""
        self._in = ""
        self.feed(page.decode())
        self.close()
        data = next(text for tag, text in self.scripts if tag.get("id") == DATA_ID)
        self.fields, pieces = framed(base64.b64decode(data))
        asked = self.fields["questions"]
        self.answers: list[tuple[str, dict[str, Any], bytes]] = [
            (one["route"], one["ask"], gzip.decompress(pieces[str(at)].tobytes()))
            for at, one in enumerate(asked)
        ]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self._in = tag
        if tag == "script":
            self.scripts.append((found, ""))
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"] or ""

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "script":
            attributes, text = self.scripts[-1]
            self.scripts[-1] = attributes, text + data
        if self._in == "title":
            self.title += data

    def answer(self, route: str, **ask: Any) -> dict[str, Any]:
        """The fields of an answer, of which some parameters are given."""
        [body] = [
            body
            for name, its, body in self.answers
            if name == route and its.items() >= ask.items()
        ]
        if body[:1] == b"{":
            found: dict[str, Any] = json.loads(body)
            return found
        fields, arrays = framed(body)
        return {**fields, **arrays}


def framed(frame: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields and the arrays of a frame, as the safetensors library reads them."""
    (length,) = struct.unpack_from("<Q", frame)
    header = json.loads(frame[8 : 8 + length])
    return json.loads(header["__metadata__"]["response"]), load(frame)
