"""TensorBoard processes: started, asked over HTTP, their memory seen, ended."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 120.0
"""Seconds that anything may take."""

_KB = 1024


@dataclass(frozen=True)
class Memory:
    """Of a process, in bytes."""

    peak_resident: int
    """The most at any time so far, shared pages and file pages included."""
    anonymous: int
    """Now, what it has itself allocated and not given back."""


def has_memory() -> bool:
    """Returns whether there is a /proc to read memory from."""
    return Path("/proc/self/status").is_file()


def memory(pid: int) -> Memory:
    """As the kernel counts it; nothing of a process that has just ended."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = dict(re.findall(r"^(\w+):\s+(\d+) kB$", status, re.MULTILINE))
    peak, now = (int(found.get(name, 0)) * _KB for name in ("VmHWM", "RssAnon"))
    return Memory(peak, now)


def bytes_read(pid: int) -> int:
    """Returns how many bytes a process has read from files so far."""
    counters = Path(f"/proc/{pid}/io").read_text(encoding="utf-8")
    return int(dict(re.findall(r"^(\w+): (\d+)$", counters, re.MULTILINE))["rchar"])


class Watch:
    """Looks at a process's anonymous memory all the time, for the most it was."""

    def __init__(self, pid: int) -> None:
        self.peak_anonymous = 0
        self._pid = pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(0.005):
            now = memory(self._pid).anonymous
            self.peak_anonymous = max(self.peak_anonymous, now)


class Server:
    """A running TensorBoard.

    Args:
      process: its process.
      url: of its page.
    """

    def __init__(self, process: subprocess.Popen[bytes], url: str) -> None:
        self.pid = process.pid
        self.url = url

    def data_server(self) -> int | None:
        """Process id of the data server, which by default reads the event files."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        for child in children.split():
            if "tensorboard_data_server" in Path(f"/proc/{child}/cmdline").read_text():
                return int(child)
        return None

    def get(self, route: str, **parameters: object) -> bytes:
        """Returns what a route below ``data/`` answers.

        Raises:
          urllib.error.HTTPError: it answers with an error.
        """
        return get(self.url, route, **parameters)

    def wait(
        self, until: Callable[[Any], bool], route: str, **parameters: object
    ) -> None:
        """Asks again and again until the answer, parsed as JSON, is as wanted."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            try:
                said = self.get(route, **parameters).decode()
                if until(json.loads(said)):
                    return
            except urllib.error.HTTPError as error:
                # Not found while TensorBoard has not read so far.
                said = str(error)
            time.sleep(0.02)
        raise TimeoutError(f"{route} still answers {said[:500]} after {PATIENCE:.0f} s")


def get(url: str, route: str, **parameters: object) -> bytes:
    """Returns what the TensorBoard at an address answers, as ``Server.get``."""
    query = urllib.parse.urlencode(parameters)
    with urllib.request.urlopen(
        f"{url}data/{route}?{query}", timeout=PATIENCE
    ) as answer:
        body: bytes = answer.read()
        return body


@contextlib.contextmanager
def tensorboard(logdir: Path, *flags: str) -> Iterator[Server]:
    """Starts this Python's TensorBoard on a port of its own, and ends it afterwards."""
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(logdir)]
    command += ["--host", "127.0.0.1", "--port", "0", *flags]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            # -m would find modules in this directory first.
            cwd=logdir,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            yield Server(process, _url(process, output.fileno()))
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _url(process: subprocess.Popen[bytes], output: int) -> str:
    """Waits until it says where it is."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        # Not by seeking, which would have TensorBoard write elsewhere.
        said = os.pread(output, 1 << 20, 0).decode("utf-8", "replace")
        if found := re.search(r"http://\S+:\d+/", said):
            return found[0]
        if process.poll() is not None:
            raise RuntimeError(f"TensorBoard ended at once; it said:\n{said}")
        time.sleep(0.02)
    raise TimeoutError(f"TensorBoard did not start in {PATIENCE:.0f} s")
