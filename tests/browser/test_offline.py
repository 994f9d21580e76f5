"""The page without a network, and with a newer version on the server."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from inference.contract import ROOT
from tests.browser.conftest import TIMEOUT_MS, NewPage
from tests.running import start, stop

SERVE = """
import sys, pathlib, server, serving.main
make, folder = serving.main.create_app, pathlib.Path(sys.argv.pop(1))
serving.main.create_app = lambda *args, **options: make(*args, static=folder, **options)
sys.exit(server.main(sys.argv[1:]))
"""  # the server, with other static files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "web/static", tmp_path / "static")
    return tmp_path / "static"


@pytest.fixture
def server(folder: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of the server, and a function that stops it."""
    process, port = start((sys.executable, "-c", SERVE, str(folder)))
    yield f"http://localhost:{port}", lambda: (stop(process), None)[1]
    if process.poll() is None:
        stop(process)


def wait_until_cached(page: Page) -> None:
    """Wait until the page's files are cached, then load the page from the cache."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    assert page.evaluate("Boolean(navigator.serviceWorker.controller)")


def test_the_page_works_without_its_server_after_the_first_visit(
    new_page: NewPage, server: tuple[str, Callable[[], None]]
) -> None:
    address, stop_server = server
    page = new_page("astronaut", base=address, expected="ERR_CONNECTION_REFUSED")
    wait_until_cached(page)
    stop_server()
    page.reload()
    page.get_by_role("button", name="Start the camera").click()
    expect(page.locator("#summary")).to_have_text("1 person, without a mask.", timeout=TIMEOUT_MS)


class OtherProject(BaseHTTPRequestHandler):
    """The server of another project."""

    def do_GET(self) -> None:
        """Respond to every path."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"Another project")

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def test_another_project_at_the_origin_is_shown(
    new_page: NewPage, server: tuple[str, Callable[[], None]]
) -> None:
    address, stop_server = server
    page = new_page(base=address)
    wait_until_cached(page)
    stop_server()
    with HTTPServer(("localhost", int(address.rpartition(":")[2])), OtherProject) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        page.reload()
        expect(page.locator("body")).to_have_text("Another project")
        other.shutdown()
    while page.evaluate("caches.keys()"):
        page.wait_for_timeout(50)


def test_a_newer_page_is_offered_and_not_forced(
    new_page: NewPage, server: tuple[str, Callable[[], None]], folder: Path
) -> None:
    page = new_page(base=server[0])
    wait_until_cached(page)
    expect(page.locator("#update")).to_be_hidden()
    publish(folder)
    page.evaluate("window.same = true")
    page.evaluate(
        "navigator.serviceWorker.getRegistration().then((one) => one.update()).then(() => 1)"
    )
    offer = page.locator("#update")
    expect(offer).to_contain_text("A new version is available.")
    assert page.evaluate("window.same")
    page.get_by_role("button", name="Not now").click()
    expect(offer).to_be_hidden()
    expect(page.locator("#webcam-title")).to_be_focused()
    page.reload()
    expect(offer).to_be_visible()
    page.evaluate("window.same = true")
    page.get_by_role("button", name="Reload").click()
    expect(offer).to_be_hidden()
    while page.evaluate("window.same") is not None:
        page.wait_for_timeout(50)
    assert page.evaluate("caches.keys()") == ["page-newer"]


def test_a_version_that_another_tab_activates_keeps_the_camera_running(
    new_page: NewPage, server: tuple[str, Callable[[], None]], folder: Path
) -> None:
    page = new_page("astronaut", base=server[0])
    wait_until_cached(page)
    idle = page.context.new_page()
    idle.goto("/")
    updating = page.context.new_page()
    updating.goto("/")
    page.bring_to_front()
    page.get_by_role("button", name="Start the camera").click()
    page.locator(".box").wait_for()
    publish(folder)
    page.evaluate("window.same = true")
    page.wait_for_timeout(4000)  # until all pages have registered
    updating.evaluate(
        "navigator.serviceWorker.getRegistration().then((one) => one.update()).then(() => 1)"
    )
    with idle.expect_event("framenavigated"):
        updating.get_by_role("button", name="Reload").click()
    expect(page.locator("#update")).to_contain_text("A new version is available.")
    assert page.evaluate("window.same")
    with page.expect_event("framenavigated"):
        page.get_by_role("button", name="Reload").click()


def publish(folder: Path) -> None:
    """Publish another build, whose service worker caches its files under another name."""
    manifest = folder / "build/manifest.json"
    names = json.loads(manifest.read_text(encoding="utf-8"))
    worker = (folder / "build" / names["sw.js"]).read_text(encoding="utf-8")
    version = worker.split('version:"', 1)[1].split('"', 1)[0]
    (folder / "build/sw-newer.js").write_text(worker.replace(version, "newer"), encoding="utf-8")
    manifest.write_text(json.dumps(names | {"sw.js": "sw-newer.js"}), encoding="utf-8")


def test_a_new_contract_is_cached(new_page: NewPage, address: str) -> None:
    page = new_page("astronaut")
    wait_until_cached(page)
    read = "caches.match('/contract.json').then((response) => response.text())"
    assert "version" in json.loads(page.evaluate(read))
    page.evaluate("""
      caches.open('page-other').then(async () => {
        const [name] = (await caches.keys()).filter((one) => one !== 'page-other');
        const cache = await caches.open(name);
        await cache.put('/contract.json', new Response('{"version": "before"}'));
        await caches.delete('page-other');
      })
    """)
    assert json.loads(page.evaluate(read)) == {"version": "before"}
    page.get_by_role("button", name="Start the camera").click()
    page.locator(".box").wait_for()
    while json.loads(page.evaluate(read))["version"] == "before":
        page.wait_for_timeout(50)
