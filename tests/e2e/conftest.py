"""A real TensorBoard process and a real browser, on the installed package."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from tab_log import write_log

import tb_wordembed

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    # WebGL2 in software, where there is no GPU.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session", autouse=True)
def _installed_package() -> None:
    checkout = Path(__file__).resolve().parents[2]
    home = Path(tb_wordembed.__file__).resolve()
    assert checkout / "tb_wordembed" not in home.parents, (
        f"these tests are of the installed wheel, but {home} was imported; run them "
        "with scripts/test"
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # scripts/test says which one to take; Playwright's own if it says none.
    path = os.environ.get("TB_WORDEMBED_CHROMIUM", shutil.which("chromium"))
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path or None,
            args=list(CHROMIUM_ARGUMENTS),
        )
        yield launched
        launched.close()


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


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[[str], Visit]]:
    """Opens an address in a browser of its own; a picture is kept if the test fails."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})

    def open_page(address: str) -> Visit:
        one = Visit(context.new_page(), address)
        one.page.goto(address)
        return one

    yield open_page
    context.close()


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    write_log(tmp_path)
    return tmp_path
