"""A real TensorBoard process and a real browser, on the installed package."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from e2e.browser import CHROMIUM_ARGUMENTS, FRAME_ALONE, Visit, tensorboard
from e2e.tab_log import write_log
from playwright.sync_api import Browser, expect, sync_playwright

import tb_wordembed

# Machines do other things, too.
expect.set_options(timeout=15_000)


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


@pytest.fixture
def visit(
    browser: Browser, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Visit]]:
    """Opens an address with cookies and storage of the test's own. Unless the test is
    marked with `tensorboard_page`, our tab is alone on the page. Points jump: drawing
    them on their way takes long without a GPU, so a test of motion asks for it."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
    )
    in_tensorboard = request.node.get_closest_marker("tensorboard_page") is not None
    if not in_tensorboard:
        context.route(
            lambda url: urlsplit(url).path == "/",
            lambda route: route.fulfill(body=FRAME_ALONE, content_type="text/html"),
        )

    def open_page(address: str) -> Visit:
        one = Visit(context.new_page(), address, in_tensorboard)
        one.page.goto(address)
        return one

    yield open_page
    context.close()


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    write_log(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a TensorBoard on the same log, for all tests that change neither."""
    logdir = tmp_path_factory.mktemp("looked_at")
    write_log(logdir)
    with tensorboard(logdir) as found:
        yield found
