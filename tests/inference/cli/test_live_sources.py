"""``python -m inference`` at real streams, over HTTP and RTSP, that are killed and come back."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

import pytest

from inference.cli import main as command
from inference.cli import videos
from inference.cli.capture import VideoFile
from inference.contract import ROOT
from tests.frames import astronaut
from tests.inference.cli.streams import Hook, MjpegServer, free_port, wait_for
from tests.samples import encode

pytestmark = pytest.mark.slow

SYSTEM_PYTHON = "/usr/bin/python3"
RTSP_SERVER = str(Path(__file__).with_name("rtsp_server.py"))


class Server(Protocol):
    address: str

    def kill(self) -> None: ...


class RtspServer:
    """GStreamer's, in a process of its own."""

    def __init__(self, photo: Path, port: int, *credentials: str) -> None:
        self.address = f"rtsp://127.0.0.1:{port}/door"
        arguments = [str(photo), str(port), *credentials]
        self._process = subprocess.Popen(
            [SYSTEM_PYTHON, RTSP_SERVER, *arguments], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        assert self._process.stdout.readline() == "listening\n"

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


def rtsp_missing() -> str:
    """Why there can be no RTSP server here; empty if there can."""
    try:
        tried = subprocess.run(
            [SYSTEM_PYTHON, RTSP_SERVER], capture_output=True, text=True, timeout=240, check=False
        )
    except OSError as error:
        return str(error)
    return tried.stderr.strip().splitlines()[-1] if tried.returncode else ""


def skip_without_rtsp() -> None:
    if reason := rtsp_missing():
        pytest.skip(
            f"no RTSP server: {reason} (Debian: apt-get install python3-gi "
            "gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good)"
        )


def door_photo(folder: Path) -> Path:
    photo = folder / "door.jpg"
    photo.write_bytes(encode(astronaut(), "JPEG", subsampling=2))  # as RTSP wants them
    return photo


Start = Callable[[], Server]


@pytest.fixture(params=["http", "rtsp"])
def start(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Start]:
    """Starts a server of a bare face, always on the same port."""
    if request.param == "rtsp":
        skip_without_rtsp()
    photo = door_photo(tmp_path)
    port = free_port()
    started: list[Server] = []

    def begin() -> Server:
        if request.param == "rtsp":
            started.append(RtspServer(photo, port))
        else:
            started.append(MjpegServer(lambda _: astronaut(), 15, port))
        return started[-1]

    yield begin
    started[-1].kill()


class Watcher:
    """The command line in a process of its own; what it prints."""

    def __init__(self, *arguments: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "inference", *map(str, arguments), "--json", "--no-window"],
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.events: list[dict[str, Any]] = []
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stdout
        self.events.extend(map(json.loads, self.process.stdout))

    def types(self) -> list[str]:
        return [event["type"] for event in self.events]

    def end(self, way: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Interrupt it; its exit code and its stderr."""
        self.process.send_signal(way)
        assert self.process.stderr
        with self.process:
            output = self.process.stderr.read()
            self._thread.join()
        return self.process.returncode, output


def untimed(event: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name not in ("time", "active")}


def alerts_of(watcher: Watcher) -> list[dict[str, Any]]:
    return [untimed(event) for event in watcher.events if event["type"] in ("begin", "end")]


def test_a_stream_that_dies_in_the_middle_comes_back(start: Start, tmp_path: Path) -> None:
    first = start()
    received = tmp_path / "received.jsonl"
    hook = f"{sys.executable} -c \"import sys; open(r'{received}', 'a').write(sys.stdin.read() + chr(10))\""
    watcher = Watcher(
        first.address,
        "--out",
        tmp_path / "out",
        "--alert-command",
        hook,
        "--alert-after",
        0.2,
        "--alert-cooldown",
        0,
    )
    try:
        wait_for(lambda: "begin" in watcher.types())
        first.kill()
        wait_for(lambda: "lost" in watcher.types())
        start()
        wait_for(lambda: watcher.types().count("begin") == 2)
    finally:
        code, output = watcher.end()
    assert code == command.INTERRUPTED
    assert output.splitlines()[-1] == "inference: interrupted."
    kinds = [kind for kind in watcher.types() if kind != "verdict"]
    once = [kind for kind, _ in groupby(kinds)]  # "lost" comes again with its reason
    assert once == ["start", "begin", "end", "lost", "back", "begin", "end", "stop"]
    lines = received.read_text().splitlines()
    assert [untimed(json.loads(line)) for line in lines] == alerts_of(watcher)
    (written,) = (tmp_path / "out").glob("*.events.jsonl")
    assert [json.loads(line) for line in written.read_text().splitlines()] == watcher.events
    (video,) = (tmp_path / "out").glob("*.masks.mp4")
    written_less = watcher.events[-1]["frames"] - sum(1 for _ in VideoFile(video).frames())
    assert written_less in (0, 1)  # the last one may have been interrupted


def test_credentials_of_a_stream(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    skip_without_rtsp()
    server = RtspServer(door_photo(tmp_path), free_port(), "user", "secret")
    try:
        for credentials in ("", "user:wrong@"):
            address = server.address.replace("//", f"//{credentials}")
            assert command.main([address, "--no-window"]) == 1
            assert capsys.readouterr().err == (
                f"inference: {server.address}: the user name or password is wrong or missing "
                "(401)\n"
            )
        watcher = Watcher(server.address.replace("//", "//user:secret@"))
        try:
            wait_for(lambda: "verdict" in watcher.types())
        finally:
            watcher.end()
        elsewhere = server.address.replace("/door", "/window")
        assert command.main([elsewhere, "--no-window", "--once"]) == 1
        assert "no stream at this path (404)" in capsys.readouterr().err
    finally:
        server.kill()


def test_an_absent_camera_is_retried() -> None:
    port = free_port()
    watcher = Watcher(f"http://127.0.0.1:{port}/door.mjpg")
    wait_for(lambda: watcher.types() == ["lost"])
    with MjpegServer(lambda _: astronaut(), 15, port):
        wait_for(lambda: "verdict" in watcher.types())
        watcher.end()
    assert watcher.types()[:4] == ["lost", "back", "start", "verdict"]


def test_an_interruption_does_not_wait_for_a_silent_camera(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        watcher = Watcher(f"http://127.0.0.1:{silent.getsockname()[1]}/x", "--out", tmp_path)
        connection, _ = silent.accept()
        with connection:
            code, output = watcher.end()
            connection.setblocking(False)
            assert b"GET /x" in connection.recv(1000)  # it still waited
    assert (code, output.splitlines()[-1]) == (command.INTERRUPTED, "inference: interrupted.")


def test_simultaneous_runs_write_separate_files(tmp_path: Path) -> None:
    bases = {videos._reserve(tmp_path / "new", "door") for _ in range(3)}
    assert {Path(f"{base}{videos.EVENTS}") for base in bases} == set((tmp_path / "new").iterdir())
    assert len(bases) == 3


def test_sigterm_ends_a_service_cleanly(tmp_path: Path) -> None:
    with MjpegServer(lambda _: astronaut(), 15) as server:
        watcher = Watcher(server.address)
        wait_for(lambda: "verdict" in watcher.types())
        code, _ = watcher.end(signal.SIGTERM)
    assert code == command.INTERRUPTED
    assert watcher.events[-1]["type"] == "stop"


def test_passwords_are_not_shown(tmp_path: Path) -> None:
    with MjpegServer(lambda _: astronaut(), 15) as server:
        secret = server.address.replace("//", "//user:secret@") + "?pwd=secret"
        watcher = Watcher(secret, "--out", tmp_path)
        wait_for(lambda: "verdict" in watcher.types())
        _, output = watcher.end()
    names = [path.name for path in tmp_path.iterdir()]
    assert len(names) == 2
    assert watcher.events[0]["source"] == server.address
    assert "secret" not in f"{watcher.events}{output}{names}"


def test_an_unreachable_address_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    source = "http://user:secret@127.0.0.1:9/door.mjpg"
    assert command.main([source, "--no-window", "--once"]) == 1
    assert capsys.readouterr().err == (
        "inference: http://127.0.0.1:9/door.mjpg: Expected a video stream, got none: "
        "connection refused.\n"
    )


def test_a_webhook_is_called_and_its_failure_is_a_sentence() -> None:
    good, bad = Hook(), Hook(500)
    with MjpegServer(lambda _: astronaut(), 15) as server:
        for hook in (good, bad):
            watcher = Watcher(server.address, "--alert-webhook", hook.address, "--alert-after", 0.1)
            wait_for(lambda hook=hook: hook.bodies)  # type: ignore[misc]
            code, output = watcher.end()
            hook.close()
            assert code == command.INTERRUPTED
            assert ("inference: The alert webhook answered 500.\n" in output) == (hook is bad)
            sent = [untimed(body) for body, _ in groupby(hook.bodies)]  # failures are sent again
            assert sent == alerts_of(watcher)
            assert set(hook.bodies[0]) == {
                "type",
                "source",
                "time",
                "id",
                "face",
                "label",
                "at_ms",
                "duration_ms",
                "active",
            }
