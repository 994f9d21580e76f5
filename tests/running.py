"""The real server as a process of its own."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

from inference.contract import ROOT
from tests.frames import two_faces
from tests.samples import encode

COMMAND = (sys.executable, "server.py")


class Server(subprocess.Popen[str]):
    """The process; its log goes to a file, since a full pipe would block it."""

    def __init__(self, command: Sequence[str]) -> None:
        self._log = tempfile.TemporaryFile("a+", encoding="utf-8")  # noqa: SIM115
        super().__init__(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=self._log)

    def output(self) -> str:
        """What it wrote on stderr so far; children append, wherever this reads."""
        self._log.seek(0)
        return self._log.read()

    def end(self, seconds: float = 60) -> str:
        """Wait until it ends; its output on stderr."""
        self.communicate(timeout=seconds)
        output = self.output()
        self._log.close()
        return output


def start(command: Sequence[str] = COMMAND) -> tuple[Server, int]:
    """The process, and the port that it says it listens on.

    Raises:
        RuntimeError: it did not start.
    """
    process = Server([*command, "--port", "0"])
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"https?://localhost:(\d+)", line)
    if not found:
        process.kill()
        raise RuntimeError(f"No address in {line!r}; the server printed {process.end()}")
    return process, int(found[1])


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until it holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def stop(process: Server) -> str:
    """End it; its output on stderr."""
    process.terminate()
    return process.end()


def assert_page_and_prediction(connection: http.client.HTTPConnection) -> None:
    """Over one connection the page comes, and then the verdicts on two faces."""
    connection.request("GET", "/")
    page = connection.getresponse()
    assert page.status == 200
    assert b"<form" in page.read()
    connection.request("POST", "/api/predict", encode(two_faces()))
    assert len(json.load(connection.getresponse())["verdicts"]) == 2


def memory_mb(pid: int | None = None) -> int:
    """Memory of a process and those that it started, by default of this one; read from /proc.

    Memory that they share counts once ("proportional set size").
    """
    process = Path(f"/proc/{pid or os.getpid()}")
    own = re.search(r"^Pss:\s+(\d+) kB", (process / "smaps_rollup").read_text(), re.MULTILINE)
    assert own
    children = [one.read_text().split() for one in process.glob("task/*/children")]
    return int(own[1]) // 1000 + sum(memory_mb(int(child)) for child in chain(*children))
