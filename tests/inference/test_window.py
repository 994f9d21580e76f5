"""The window, on a display of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator

import numpy as np
import pytest

from inference.window import Window, has_display, to_ppm
from tests.frames import astronaut


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    pytest.importorskip("tkinter", reason="this Python has no tkinter")
    if not shutil.which("Xvfb"):
        pytest.skip("no Xvfb (Debian: apt-get install xvfb)")
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        with os.fdopen(read) as told:
            monkeypatch.setenv("DISPLAY", f":{told.readline().strip()}")
        opened = Window()
        yield opened
        opened.destroy()
        server.terminate()


def test_pictures_are_shown_large_ones_reduced(window: Window) -> None:
    window.show(astronaut())
    assert (window._label.winfo_width(), window._label.winfo_height()) == (640, 480)
    assert window._photo
    shown = [window._photo.get(x, y) for x, y in ((0, 0), (320, 200), (639, 479))]
    assert shown == [tuple(astronaut()[y, x]) for x, y in ((0, 0), (320, 200), (639, 479))]
    window.show(np.zeros((1080, 1920, 3), np.uint8))
    assert (window._label.winfo_width(), window._label.winfo_height()) == (1280, 720)
    assert not window.closed


@pytest.mark.parametrize("key", ["<KeyPress-q>", "<KeyPress-Escape>"])
def test_a_key_closes_it(key: str, window: Window) -> None:
    window.show(astronaut())
    window._root.focus_force()
    window.refresh()
    window._root.event_generate(key)
    window.refresh()
    assert window.closed
    window.refresh()  # whatever comes later does no harm


def test_the_title_bars_button_closes_it(window: Window) -> None:
    window._root.tk.eval(str(window._root.protocol("WM_DELETE_WINDOW")))
    assert window.closed


@pytest.mark.parametrize(("name", "expected"), [("DISPLAY", True), ("WAYLAND_DISPLAY", True),
                                                ("OTHER", False)])  # fmt: skip
def test_where_a_display_is(name: str, expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for known in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(known, raising=False)
    monkeypatch.setenv(name, ":3")
    assert has_display() is expected


def test_a_view_as_ppm() -> None:
    image = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)[:, ::-1]
    assert to_ppm(image) == b"P6 4 2 255\n" + image.tobytes()
