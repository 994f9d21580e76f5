"""The window, on a display of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from inference.cli.window import has_display
from inference.contract import ROOT
from tests.frames import astronaut

pytestmark = pytest.mark.slow

SCRIPT = """
import json
import numpy as np
from inference.cli.window import Window
from tests.frames import astronaut

received = []
window = Window()
for image in (astronaut(), np.zeros((1080, 1920, 3), np.uint8)):
    window.show(image)
    spots = [window._photo.get(x, y) for x, y in ((0, 0), (320, 200), (639, 479))]
    received.append([window._label.winfo_width(), window._label.winfo_height(), spots])
received.append(window.closed)
if KEY:
    window._root.focus_force()
    window.refresh()
    window._root.event_generate(KEY)
    window.refresh()
else:
    window._root.tk.eval(str(window._root.protocol("WM_DELETE_WINDOW")))
received.append(window.closed)
window.refresh()  # whatever comes later does no harm
window.destroy()
print(json.dumps(received))
"""


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A virtual display.

    Only processes of their own may use it: Tk ends its process when its display goes.
    """
    pytest.importorskip("tkinter", reason="this Python has no tkinter")
    if not shutil.which("Xvfb"):
        pytest.skip("no Xvfb (Debian: apt-get install xvfb)")
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24"]
    with subprocess.Popen(
        command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        os.close(write)
        with os.fdopen(read) as received:
            yield f":{received.readline().strip()}"
        server.kill()


@pytest.mark.parametrize("key", ["<KeyPress-q>", "<KeyPress-Escape>", ""])
def test_frames_are_shown_until_the_window_is_closed(key: str, display: str) -> None:
    """By a key, or the title bar's button."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.replace("KEY", repr(key))],
        cwd=ROOT,
        env=os.environ | {"DISPLAY": display},
        capture_output=True,
        timeout=240,
        check=True,
    )
    small, large, before, after = json.loads(done.stdout)
    spots = [astronaut()[y, x].tolist() for x, y in ((0, 0), (320, 200), (639, 479))]
    assert small == [640, 480, spots]
    assert large[:2] == [1280, 720]
    assert (before, after) == (False, True)


@pytest.mark.parametrize(
    ("name", "expected"), [("DISPLAY", True), ("WAYLAND_DISPLAY", True), ("OTHER", False)]
)
def test_displays_are_detected(name: str, expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for known in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(known, raising=False)
    monkeypatch.setenv(name, ":3")
    assert has_display() is expected
