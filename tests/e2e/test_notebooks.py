"""The tab in notebooks: behind the proxy of a Jupyter server, and as Colab shows it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest
from e2e.browser import Visit
from e2e.tab_log import VOCAB_SIZE
from playwright.sync_api import Browser, FrameLocator, expect

import tb_wordembed

Open = Callable[[str], Visit]

NOTEBOOK = Path(__file__).resolve().parents[2] / "examples" / "notebook.ipynb"
BASE = "/user/ada/"
"""The path at which a hub has the server of a user."""
TOKEN = "secret"


@dataclass
class Executed:
    """The notebook after it ran: its folder, its environment variables, its cells."""

    folder: Path
    env: dict[str, str]
    cells: list[dict[str, Any]]


def surroundings(folder: Path) -> dict[str, str]:
    """What Jupyter and TensorBoard keep is apart from what the user has."""
    places = {f"JUPYTER_{name}_DIR": name for name in ("RUNTIME", "CONFIG", "DATA")}
    places |= {"IPYTHONDIR": "ipython", "TMPDIR": "temporary"}
    (folder / "temporary").mkdir()
    return {
        **os.environ,
        **{name: str(folder / place) for name, place in places.items()},
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "TENSORBOARD_PROXY_URL": f"{BASE}proxy/%PORT%/",
    }


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Executed]:
    """Runs the notebook. Its kernel and the TensorBoard that it started go on until
    the tests of this file have ended."""
    folder = tmp_path_factory.mktemp("notebook")
    env = surroundings(folder)
    notebook = Path(shutil.copy(NOTEBOOK, folder))
    kernel = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("kernel.py"), notebook],
        cwd=folder,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with kernel:
        assert kernel.stdout is not None
        assert kernel.stdout.readline() == "stored\n"
        yield Executed(folder, env, json.loads(notebook.read_text("utf-8"))["cells"])
        kernel.communicate()


@contextlib.contextmanager
def jupyter(folder: Path, env: dict[str, str]) -> Iterator[str]:
    """Runs a Jupyter server with its proxy; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.base_url": BASE,
        "ServerApp.root_dir": folder,
        "IdentityProvider.token": TOKEN,
    }
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"),
            *(f"--{name}={value}" for name, value in options.items()),
        ],
        env=env,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}{BASE}"
    try:
        for _ in range(300):
            with contextlib.suppress(URLError):
                urllib.request.urlopen(f"{address}api", timeout=30).close()
                break
            assert server.poll() is None
            time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def html(cell: dict[str, Any]) -> str:
    """What a cell shows in the browser."""
    shown = ["".join(one["data"].get("text/html", "")) for one in cell["outputs"]]
    assert len(shown) == 1, cell["outputs"]
    return shown[0]


def assert_shown(tensorboard: FrameLocator, rows: int) -> None:
    """The table, with so many rows, and the map are there."""
    tensorboard.get_by_role("tab", name="Word Embeddings").click()
    tab = tensorboard.frame_locator("iframe")
    grid = tab.get_by_role("grid", name="Tokens")
    expect(grid).to_have_attribute("aria-rowcount", str(rows + 1), timeout=30_000)
    drawn = tab.get_by_role("application", name="Drift map")
    expect(drawn).to_have_attribute("aria-busy", "false")


@pytest.mark.browser
def test_in_a_notebook_behind_the_proxy_of_jupyter(
    visit: Open, executed: Executed
) -> None:
    series = tb_wordembed.open(executed.folder / "runs").series()
    printed = "".join(executed.cells[-1]["outputs"][0]["text"])
    assert printed.count("\n") == len(series.tokens)
    with jupyter(executed.folder, executed.env) as address:
        one = visit(f"{address}login")
        one.page.request.get(f"{address}api/status?token={TOKEN}")
        one.page.set_content(html(executed.cells[3]))
        assert_shown(one.page.frame_locator("iframe"), len(series.tokens))
        frame = one.page.frames[1]
        assert urlsplit(frame.url).path.startswith(f"{BASE}proxy/")
        one.assert_clean()


@pytest.mark.browser
def test_a_series_in_a_notebook_that_is_shared(
    browser: Browser, executed: Executed
) -> None:
    # Its TensorBoard can't be reached.
    context = browser.new_context(viewport={"width": 1200, "height": 800}, offline=True)
    one = Visit(context.new_page(), "")
    one.page.set_content(html(executed.cells[5]))
    page = one.page.frame_locator("iframe")
    grid = page.get_by_role("grid", name="Tokens")
    words = {"awful", "bad", "dull", "fun", "good", "great", "plot", "story"}
    expect(grid).to_have_attribute("aria-rowcount", str(len(words) + 1))
    drawn = page.get_by_role("application", name="Drift map")
    expect(drawn).to_have_attribute("aria-busy", "false")
    page.locator('input[type="search"]').fill("awful")
    page.get_by_role("option", name="awful").click()
    expect(page.get_by_role("heading", name="awful")).to_be_visible()
    neighbors = page.locator("wordembed-neighbor-columns ol .token")
    expect(neighbors.first).to_be_visible()
    assert set(neighbors.all_text_contents()) <= words - {"awful"}
    assert one.complaints == []
    assert one.hosts == set()
    context.close()


@pytest.mark.tensorboard_page
@pytest.mark.browser
def test_in_the_frame_that_colab_makes(visit: Open, address: str) -> None:
    one = visit(address)
    source = f"{address}?tensorboardColab=true"
    one.page.set_content(f'<iframe src="{source}" width="100%" height="800"></iframe>')
    # Fewer rows than tokens: those with a frequency below 10 are left out.
    assert_shown(one.page.frame_locator("iframe"), VOCAB_SIZE - 9)
    one.assert_clean()
