"""A window for annotated frames, if there is a display."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

from PIL import Image as Pillow

from inference.vision.geometry import Image

if TYPE_CHECKING:
    import tkinter

TITLE = "Face mask detection"
_LARGEST = (1280, 720)  # pixels; Tk takes long for more


def has_display() -> bool:
    """Whether a display is available."""
    if sys.platform.startswith(("win", "darwin")):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class Window:
    """Shows the latest frame. Main thread only.

    It uses Tk, which comes with Python: the headless OpenCV has no windows.
    """

    def __init__(self) -> None:
        """Open the window.

        Raises:
            RuntimeError: there is no display, or Python has no Tk; the text says which.
        """
        try:
            import tkinter  # missing in some Pythons
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

        picture = Pillow.fromarray(image)
        picture.thumbnail(_LARGEST, Pillow.Resampling.BOX)
        ppm = io.BytesIO()  # the format that Tk reads fastest
        picture.save(ppm, "PPM")
        self._photo = tkinter.PhotoImage(data=ppm.getvalue(), format="ppm")
        self._label.configure(image=self._photo)
        self.refresh()

    def refresh(self) -> None:
        """Process keyboard and mouse events."""
        if not self.closed:
            self._root.update()

    def _close(self, _: object = None) -> None:
        self.closed = True

    def destroy(self) -> None:
        """Close the window."""
        self._root.destroy()
