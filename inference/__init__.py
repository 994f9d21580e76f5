"""Finds the faces of a picture and judges whether each wears a mask. See `MaskDetector`."""

from inference.detector import MaskDetector, Verdict
from inference.errors import ModelError, PictureError, PictureTooLarge, UnsupportedPicture
from inference.pictures import read_picture

__all__ = [
    "MaskDetector",
    "ModelError",
    "PictureError",
    "PictureTooLarge",
    "UnsupportedPicture",
    "Verdict",
    "read_picture",
]
