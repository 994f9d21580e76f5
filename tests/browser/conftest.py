"""Fixtures: a real Chromium with a fake camera, and the real server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, Request, sync_playwright

from tests.frames import FRAMES
from tests.running import COMMAND, start, stop
from tests.samples import encode

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TIMEOUT_MS = 15_000  # of waits whose time is not what is tested
LAN = "lan.test"  # a host name other than localhost, as other computers use
FLAGS = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {LAN} 127.0.0.1",
    "--ignore-certificate-errors",  # an exception for a page does not always reach its workers
]
NO_CAMERA, DENIED, TWO_CAMERAS = "no camera", "denied", "two cameras"

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Address of the server, such as ``http://localhost:40123``."""
    process, port = start([*COMMAND, "--allowed-hosts", LAN])
    yield f"http://localhost:{port}"
    stop(process)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """A running Playwright."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def executable() -> str:
    """The Chromium of the machine, or the one of the variable CHROMIUM."""
    return find_browser()


@pytest.fixture(scope="session")
def launch(
    playwright: Playwright, executable: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Browser]]:
    """Launches a browser with a camera: the name of a frame in tests/frames.py, one of the
    constants above, or the absolute path of a clip.
    """
    browsers: dict[str, Browser] = {}
    folder = tmp_path_factory.mktemp("camera")

    def launched(camera: str) -> Browser:
        if camera not in browsers:
            browsers[camera] = playwright.chromium.launch(
                executable_path=executable, args=flags(camera, folder)
            )
        return browsers[camera]

    yield launched
    for browser in browsers.values():
        browser.close()


def find_browser() -> str:
    """The Chromium of the machine, or the one of the variable CHROMIUM.

    Raises:
        FileNotFoundError: there is none.
    """
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        raise FileNotFoundError(
            "No browser: install Chromium ('apt-get install chromium'), or set the variable "
            "CHROMIUM to its path."
        )
    return found


def flags(camera: str, folder: Path) -> list[str]:
    """Chromium's flags for a camera (see `launch`); its clip is written to `folder`."""
    sandbox = [] if os.geteuid() else ["--no-sandbox"]  # root cannot use it
    return [*FLAGS, *sandbox, *_camera(camera, folder)]


def _camera(camera: str, folder: Path) -> list[str]:
    user, device = "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"
    if camera == DENIED:
        return [f"{user}=deny", device]
    if camera == NO_CAMERA:
        return [user, f"{device}=device-count=0"]
    if camera == TWO_CAMERAS:
        return [user, f"{device}=device-count=2"]
    clip = folder / (f"{camera}.mjpeg" if camera in FRAMES else camera)
    if camera in FRAMES:
        clip.write_bytes(encode(FRAMES[camera](), "JPEG") * 2)  # concatenated JPEGs are a clip
    return [user, device, f"--use-file-for-fake-video-capture={clip}"]


@pytest.fixture
def new_page(launch: Callable[[str], Browser], address: str) -> Iterator[NewPage]:
    """Opens the page; problems that `_watch` collects fail the test at its end.

    Arguments of the function: the camera (see `launch`), a script that runs before those of the
    page, the base address, the path, text of expected console messages, and options of the browser context.
    """
    problems: list[str] = []
    with ExitStack() as stack:

        def opened(
            camera: str = "astronaut",
            *,
            script: str = "",
            base: str = address,
            path: str = "/",
            expected: str = "",
            **options: Any,
        ) -> Page:
            context = launch(camera).new_context(base_url=base, **options)
            stack.callback(context.close)
            context.set_default_timeout(TIMEOUT_MS)
            context.add_init_script(script)
            page = context.new_page()
            _watch(page, base, expected, problems)
            page.goto(path)
            return page

        yield opened
    assert not problems, "\n".join(problems)


def _watch(page: Page, base: str, expected: str, problems: list[str]) -> None:
    """Collect console errors and warnings, page errors, and requests to other hosts."""

    def check(request: Request) -> None:
        if not request.url.startswith((f"{base}/", "data:", "blob:")):
            problems.append(f"Request to another host: {request.url}")

    def check_message(text: str) -> None:
        if not expected or expected not in text:
            problems.append(text)

    page.context.on("request", check)
    page.on("pageerror", lambda error: problems.append(f"Page error: {error}"))
    page.on("console", lambda m: check_message(m.text) if m.type in ("error", "warning") else None)
