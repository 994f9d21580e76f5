"""A window that shows pictures, where there is a display."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import cv2
import numpy as np

from inference.geometry import Image

if TYPE_CHECKING:
    import tkinter

TITLE = "Face mask detection"
_LARGEST = (1280, 720)  # pixels; Tk takes long for more


def has_display() -> bool:
    """Whether a window could be seen."""
    if sys.platform.startswith(("win", "darwin")):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class Window:
    """Shows the latest picture. For the main thread alone.

    It is Tk's, which comes with Python: the OpenCV that serving installs has no windows.
    """

    def __init__(self) -> None:
        """Open the window.

        Raises:
            RuntimeError: there is no display, or Python has no Tk; the text says which.
        """
        try:
            import tkinter  # not every Python has it
        except ImportError:
            raise RuntimeError("this Python has no tkinter (Debian: python3-tk)") from None
        try:
            self._root = tkinter.Tk()
        except tkinter.TclError as error:
            raise RuntimeError(str(error)) from None
        self._root.title(TITLE)
        self._label = tkinter.Label(self._root, borderwidth=0)
        self._label.pack()
        self._photo: tkinter.PhotoImage | None = None
        self.closed = False
        """Whether the user closed it, or pressed q or Escape."""
        self._root.protocol("WM_DELETE_WINDOW", self._close)
        for key in ("q", "<Escape>"):
            self._root.bind(key, self._close)

    def show(self, image: Image) -> None:
        """Show a picture: uint8, shape (height, width, 3), RGB; large ones are reduced."""
        import tkinter

        self._photo = tkinter.PhotoImage(data=to_ppm(_fitted(image)), format="ppm")
        self._label.configure(image=self._photo)
        self.refresh()

    def refresh(self) -> None:
        """See to the user's keys and clicks."""
        if not self.closed:
            self._root.update()

    def _close(self, _: object = None) -> None:
        self.closed = True

    def destroy(self) -> None:
        """Take the window away."""
        self._root.destroy()


def _fitted(image: Image) -> Image:
    height, width = image.shape[:2]
    scale = min(1.0, _LARGEST[0] / width, _LARGEST[1] / height)
    if scale == 1:
        return image
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def to_ppm(image: Image) -> bytes:
    """A picture (uint8, height × width × 3, RGB) as a PPM file, which Tk reads fastest."""
    height, width = image.shape[:2]
    return b"P6 %d %d 255\n" % (width, height) + np.ascontiguousarray(image).tobytes()
