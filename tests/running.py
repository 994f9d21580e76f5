"""The real server as a process of its own."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
from collections.abc import Sequence

from inference.contract import ROOT
from tests.frames import two_faces
from tests.samples import encode

COMMAND = (sys.executable, "server.py")


def start(command: Sequence[str] = COMMAND) -> tuple[subprocess.Popen[str], int]:
    """The process, and the port that it says it listens on.

    Raises:
        RuntimeError: it did not start.
    """
    process = subprocess.Popen(
        [*command, "--port", "0"],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"https?://localhost:(\d+)", line)
    if not found:
        process.kill()
        raise RuntimeError(f"No address in {line!r}; the server said {process.communicate()[1]}")
    return process, int(found[1])


def stop(process: subprocess.Popen[str]) -> str:
    """End it; what it said on stderr."""
    process.terminate()
    return process.communicate(timeout=20)[1]


def assert_page_and_prediction(connection: http.client.HTTPConnection) -> None:
    """Over one connection the page comes, and then the verdicts on two faces."""
    connection.request("GET", "/")
    page = connection.getresponse()
    assert page.status == 200
    assert b"<form" in page.read()
    connection.request("POST", "/api/predict", encode(two_faces()))
    assert len(json.load(connection.getresponse())["verdicts"]) == 2
