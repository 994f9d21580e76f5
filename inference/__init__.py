"""Detects faces in pictures and classifies whether each wears a mask.

Pictures are uint8 arrays of shape (height, width, 3), RGB. (OpenCV's are BGR: ``image[..., ::-1]``
converts them.) Boxes are in pixels, times in milliseconds. Invalid pictures raise `PictureError`,
missing or damaged models raise `ModelError`.

Photos with `MaskDetector`:

>>> from inference import MaskDetector, read_picture
>>> image = read_picture("photo.jpg")
>>> for verdict in MaskDetector().detect(image):
...     print(verdict.label, f"{verdict.box.width:.0f} × {verdict.box.height:.0f} pixels")
without_mask 174 × 221 pixels

Video frames with `LiveDetector`, which tracks faces and stabilizes their verdicts, and the alert
rule of the page, `AlertRule`:

>>> from inference import AlertRule, LiveDetector
>>> live, rule = LiveDetector(), AlertRule()
>>> for now in range(0, 2000, 40):  # 25 frames per second
...     tracks = live.track(image, now)
...     for event in rule.update(tracks, now):
...         print(event.type, event.label)
begin without_mask
notify without_mask
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inference.errors import ModelError, PictureError, PictureTooLarge, UnsupportedPicture
    from inference.tracking.alerts import AlertEvent, AlertOptions, AlertRule
    from inference.tracking.live import LiveDetector
    from inference.tracking.track import Track
    from inference.vision.annotate import annotate
    from inference.vision.detector import MaskDetector, Verdict
    from inference.vision.geometry import Box
    from inference.vision.pictures import read_picture

__version__ = "0.2.0"

__all__ = [
    "AlertEvent",
    "AlertOptions",
    "AlertRule",
    "Box",
    "LiveDetector",
    "MaskDetector",
    "ModelError",
    "PictureError",
    "PictureTooLarge",
    "Track",
    "UnsupportedPicture",
    "Verdict",
    "annotate",
    "read_picture",
]

_MODULES = {
    "errors": ("ModelError", "PictureError", "PictureTooLarge", "UnsupportedPicture"),
    "tracking.alerts": ("AlertEvent", "AlertOptions", "AlertRule"),
    "tracking.live": ("LiveDetector",),
    "tracking.track": ("Track",),
    "vision.annotate": ("annotate",),
    "vision.detector": ("MaskDetector", "Verdict"),
    "vision.geometry": ("Box",),
    "vision.pictures": ("read_picture",),
}


def __getattr__(name: str) -> Any:
    """Import a name when it is first used, so that `inference.vision.pictures` loads no model."""
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"inference.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
