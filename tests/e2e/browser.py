"""A real TensorBoard process, and a page under watch."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    # WebGL2 in software, where there is no GPU.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # The page around the map is put together without it, for a third of the time.
    "--disable-gpu-compositing",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

FRAME_ALONE = """<!doctype html>
<body style="margin: 0">
<script>location.hash ||= "wordembed"</script>
<iframe src="data/plugin_entry.html?name=wordembed" style="position: absolute;
  top: 64px; width: 100%; height: calc(100% - 64px); border: 0"></iframe>
"""
"""Shows our tab where TensorBoard's page would, without the rest of that page, which
takes half of the time to open a tab."""


@contextlib.contextmanager
def tensorboard(logdir: Path, *options: str) -> Iterator[str]:
    """Runs TensorBoard on a log; gives its address."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "tensorboard.main", "--logdir", str(logdir)),
            *("--port", "0", "--host", "127.0.0.1", *options),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    printed = []
    try:
        for line in process.stderr:
            printed.append(line)
            if found := re.search(r"at (http://\S+) \(Press", line):
                break
        else:
            raise RuntimeError("TensorBoard did not start:\n" + "".join(printed))
        # A full pipe would stop the server.
        drain = threading.Thread(target=process.stderr.read, daemon=True)
        drain.start()
        yield found[1]
    finally:
        process.terminate()
        process.wait(10)
        process.stderr.close()


@dataclass
class Visit:
    """A page under watch: what it complained about and whom it asked."""

    page: Page
    address: str
    in_tensorboard: bool = True
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._on_request)
        self.page.on("dialog", self._on_dialog)

    def _on_console(self, message: ConsoleMessage) -> None:
        # TensorBoard's own page asks for its fonts without the path prefix.
        theirs = "/font-roboto/" in message.location["url"]
        if message.type == "error" and not theirs:
            self.complaints.append(f"{message.text} {message.location}")

    def _on_request(self, request: Request) -> None:
        if urlsplit(request.url).scheme in ("http", "https", "ws", "wss"):
            self.hosts.add(urlsplit(request.url).netloc)

    def _on_dialog(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def assert_clean(self) -> None:
        """No error in the console, and no other host was asked."""
        assert self.complaints == []
        assert self.hosts == {urlsplit(self.address).netloc}
