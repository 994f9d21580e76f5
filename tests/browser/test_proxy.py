"""The page behind a real nginx, on a sub-path."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from inference.contract import ROOT
from tests.browser.conftest import TIMEOUT_MS, NewPage
from tests.browser.test_photos import photo
from tests.running import COMMAND, start, stop, wait_for

pytestmark = pytest.mark.skipif(not shutil.which("nginx"), reason="no nginx")

CONFIGURATION = """
{user}
daemon off;
pid {folder}/pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        {location}
    }}
}}
"""


def documented_location(server_port: int) -> str:
    """The location of docs/operations.md, for a server at this port."""
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```nginx\n(.*?)```", text, re.DOTALL)
    return block.replace("127.0.0.1:5000", f"127.0.0.1:{server_port}")


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base address of the page behind nginx."""
    folder = tmp_path_factory.mktemp("nginx")
    server, server_port = start([*COMMAND, "--trusted-proxy", "1"])
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    configuration = folder / "nginx.conf"
    location = documented_location(server_port)
    user = "" if os.geteuid() else "user root;"
    configuration.write_text(
        CONFIGURATION.format(user=user, folder=folder, port=port, location=location)
    )
    nginx = subprocess.Popen(["nginx", "-c", str(configuration), "-p", str(folder)])
    wait_for(lambda: answers(port))
    yield f"http://localhost:{port}"
    nginx.terminate()
    nginx.wait(30)
    stop(server)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_camera_and_photos_work_on_a_sub_path(new_page: NewPage, proxied: str) -> None:
    page = new_page(base=proxied, path="/mask/")
    outside: list[str] = []
    page.on("request", lambda one: outside.append(one.url) if "/mask/" not in one.url else None)
    page.get_by_role("button", name="Start the camera").click()
    expect(page.locator("#summary")).to_have_text("1 person, without a mask.", timeout=TIMEOUT_MS)
    page.locator("#photo").set_input_files(photo("astronaut_masked"))
    expect(page.get_by_role("article")).to_contain_text("1 person, wearing a mask.")
    scope = page.evaluate(
        "navigator.serviceWorker.ready.then((registration) => registration.scope)"
    )
    assert scope == f"{proxied}/mask/"
    assert not [url for url in outside if not url.startswith(("blob:", "data:"))]


def test_the_form_works_on_a_sub_path(new_page: NewPage, proxied: str) -> None:
    page = new_page(base=proxied, path="/mask/", java_script_enabled=False)
    page.locator("#photo").set_input_files(photo("astronaut"))
    page.locator("#check").click()
    expect(page.get_by_text("1 person, without a mask.").first).to_be_visible()
    assert page.url == f"{proxied}/mask/"
