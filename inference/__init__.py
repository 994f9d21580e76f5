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
"""

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
