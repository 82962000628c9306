"""A real Firefox, driven through Marionette, the protocol that it speaks itself.

Playwright drives builds of its own only; this takes the Firefox that is installed.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

Element: TypeAlias = dict[str, str]
T = TypeVar("T")

NAMES = ("firefox-esr", "firefox")
SECONDS_TO_START = 60
KEYS = {
    "Control": "\ue009",
    "Enter": "\ue007",
    "Home": "\ue011",
    "End": "\ue010",
    "ArrowLeft": "\ue012",
    "Escape": "\ue00c",
}
PREFERENCES = {
    # A free one; Firefox writes it into the profile.
    "marionette.port": 0,
    # Its output is where the complaints of pages are read.
    "browser.dom.window.dump.enabled": True,
    "devtools.console.stdout.content": True,
}
# Into every shadow root, for what is seen.
FIND = """
const [selector, name] = arguments;
const named = (one) => (one.getAttribute("aria-label") ?? one.textContent).trim();
const isMeant = (one) =>
  one.matches(selector) && one.checkVisibility() && [null, named(one)].includes(name);
const inside = (root) => [...root.querySelectorAll("*")].flatMap((one) => [
  ...(isMeant(one) ? [one] : []), ...(one.shadowRoot ? inside(one.shadowRoot) : []),
]);
return inside(document);
"""


class NoFirefoxError(Exception):
    """None is installed, or it does not answer."""


@dataclass
class Firefox:
    """A browser; what is asked of a page is asked of the frame entered last."""

    connection: socket.socket
    output: Path
    version: str = ""
    commands: int = 0

    def open(self, address: str) -> None:
        self.ask("WebDriver:Navigate", url=address)

    def open_in_new_tab(self, address: str) -> None:
        handle = self.ask("WebDriver:NewWindow", type="tab", focus=True)["handle"]
        self.ask("WebDriver:SwitchToWindow", handle=handle)
        self.open(address)

    def enter_frame(self, selector: str) -> None:
        """Once its page is loaded: what is asked of the blank one before it is lost."""
        frame = self.find(selector)
        loaded = """
            const { URL: address, readyState } = arguments[0].contentDocument;
            return address !== "about:blank" && readyState === "complete";
        """
        until(lambda: self.run(loaded, frame), f"the page of {selector}")
        self.ask("WebDriver:SwitchToFrame", element=identity(frame))

    def run(self, script: str, *arguments: object) -> Any:
        """What a script returns that runs in the page."""
        answer = self.ask("WebDriver:ExecuteScript", script=script, args=arguments)
        return answer["value"]

    def seen(self, selector: str, name: str | None = None) -> list[Element]:
        """The visible elements; ``name`` is a label or a whole text."""
        found: list[Element] = self.run(FIND, selector, name)
        return found

    def find(self, selector: str, name: str | None = None) -> Element:
        """The first of them, once there is one."""
        what = selector if name is None else f"{selector} named {name!r}"
        return until(lambda: self.seen(selector, name), what)[0]

    def click(self, element: Element) -> None:
        """With the mouse, and only where nothing lies over it."""
        self.ask("WebDriver:ElementClick", id=identity(element))

    def press(self, *keys: str) -> None:
        """Keys held down together, in what has the focus."""
        values = [KEYS.get(key, key) for key in keys]
        down = [{"type": "keyDown", "value": value} for value in values]
        up = [{"type": "keyUp", "value": value} for value in reversed(values)]
        self.ask(
            "WebDriver:PerformActions",
            actions=[{"type": "key", "id": "keyboard", "actions": down + up}],
        )

    def picture(self, element: Element) -> bytes:
        """The element as it is drawn, a PNG."""
        shot = self.ask("WebDriver:TakeScreenshot", id=identity(element), full=False)
        return base64.b64decode(shot["value"])

    def complaints(self, address: str) -> list[str]:
        """Uncaught errors and rejections of pages, and what they log as an error.

        Not among them: requests that fail, or that a security policy forbids.
        """
        lines = self.output.read_text("utf-8", "replace").splitlines()
        # The browser's own parts say their name first, and no quote or bracket.
        logged = ('console.error: "', "console.error: (")
        starts = (f"JavaScript error: {address}", *logged)
        return [line for line in lines if line.startswith(starts)]

    def ask(self, command: str, **parameters: object) -> Any:
        """Its answer to a command, of WebDriver or of its own."""
        self.commands += 1
        sent = json.dumps([0, self.commands, command, parameters]).encode()
        self.connection.sendall(b"%d:%s" % (len(sent), sent))
        _, _, error, answer = receive(self.connection)
        if error is not None:
            raise RuntimeError(f"{command}: {error['error']}: {error['message']}")
        return answer


@contextlib.contextmanager
def firefox() -> Iterator[Firefox]:
    """Runs one that nobody sees, with a profile that is new and goes with it."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise NoFirefoxError("Firefox is not installed: apt install firefox-esr")
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        screen() as environment,
    ):
        profile, output = Path(home), Path(home, "output.txt")
        write_preferences(profile)
        with output.open("wb") as log:
            process = start(program, profile, environment, log.fileno())
        try:
            with connect(process, profile, output) as connection:
                one = Firefox(connection, output)
                session = one.ask("WebDriver:NewSession")
                one.version = session["capabilities"]["browserVersion"]
                yield one
        finally:
            process.terminate()
            process.wait(60)


@contextlib.contextmanager
def screen() -> Iterator[dict[str, str]]:
    """What tells Firefox where to draw: an Xvfb of its own, or else nowhere.

    Nowhere, "headless", it offers no WebGL2.
    """
    program = shutil.which("Xvfb")
    if program is None:
        yield {"MOZ_HEADLESS": "1"}
        return
    options = ("-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp")
    process = subprocess.Popen(
        [program, *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    with process.stdout:
        try:
            number = process.stdout.readline().decode().strip()
            if not number:
                raise NoFirefoxError("Xvfb gave Firefox no screen")
            yield {"DISPLAY": f":{number}", "MOZ_ENABLE_WAYLAND": "0"}
        finally:
            process.terminate()
            process.wait(60)


def write_preferences(profile: Path) -> None:
    lines = (
        f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
        for name, value in PREFERENCES.items()
    )
    (profile / "user.js").write_text("".join(lines))


def start(
    program: str, profile: Path, environment: dict[str, str], output: int
) -> subprocess.Popen[bytes]:
    options = ("--marionette", "--no-remote", "--profile", str(profile))
    return subprocess.Popen(
        [program, *options, "--width", "1440", "--height", "900"],
        stdout=output,
        stderr=output,
        # It refuses to run as root in the home of somebody else.
        env={**os.environ, **environment, "HOME": str(profile)},
    )


def connect(
    process: subprocess.Popen[bytes], profile: Path, output: Path
) -> socket.socket:
    """A connection to it, greeted."""
    written = profile / "MarionetteActivePort"

    def port() -> str:
        if process.poll() is not None:
            said = output.read_text("utf-8", "replace")
            raise NoFirefoxError(f"Firefox ended with {process.returncode}: {said}")
        return written.read_text() if written.exists() else ""

    try:
        number = int(until(port, "its port", SECONDS_TO_START))
        connection = socket.create_connection(("127.0.0.1", number), timeout=120)
        receive(connection)
    except (TimeoutError, OSError) as error:
        raise NoFirefoxError(f"Firefox does not answer: {error}") from error
    return connection


def receive(connection: socket.socket) -> Any:
    """A message: the number of its bytes, a colon, JSON."""
    size = b""
    while not size.endswith(b":"):
        size += receive_some(connection, 1)
    message = b""
    while (missing := int(size[:-1]) - len(message)) > 0:
        message += receive_some(connection, missing)
    return json.loads(message)


def receive_some(connection: socket.socket, most: int) -> bytes:
    part = connection.recv(most)
    if not part:
        raise ConnectionError("Firefox hung up")
    return part


def identity(element: Element) -> str:
    return next(iter(element.values()))


def until(ask: Callable[[], T], what: str, seconds: float = 30) -> T:
    """What is answered, asked until it is something."""
    end = time.monotonic() + seconds
    while not (answer := ask()):
        if time.monotonic() > end:
            raise TimeoutError(f"not seen within {seconds} s: {what}")
        time.sleep(0.05)
    return answer
