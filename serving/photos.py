"""Reads the photos of a request and detects the faces on each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import cv2
import numpy as np
from flask import g, request

from inference import MaskDetector, Verdict
from inference.errors import PictureError, PictureTooLarge
from inference.results import PhotoResult
from inference.vision.annotate import annotate, encode_jpeg
from inference.vision.geometry import Image
from serving.predictions import NO_MEMORY, Busy, PredictionTimeout, Slot
from serving.services import services
from serving.settings import MEGABYTE

FIELDS = ("photo", "file", "image")
"""Names of a form's field for photos."""
MAX_ANNOTATED_SIDE_PX = 1280
"""Longer side of the annotated photos of one page where there are several."""


class NoPicture(PictureError):
    """The request has no photo."""


@dataclass(frozen=True)
class Upload:
    """A photo as the client sent it."""

    name: str
    """Chosen by the client: untrusted, and not logged."""
    content: bytes


@dataclass(frozen=True)
class AnnotatedPhoto:
    """The result of a photo and its annotated copy."""

    result: PhotoResult
    jpeg: bytes = field(default=b"", repr=False)
    """Empty where it was not requested or the photo has an error."""


Draw = Callable[[Image, list[Verdict]], bytes]
"""Returns the annotated photo as a JPEG."""


def process_request(draw: bool) -> list[AnnotatedPhoto]:
    """Process the photos of the current request, in their order.

    Args:
        draw: whether to return annotated copies.

    Raises:
        Busy: the queue or the memory for uploads is full.
        PictureError, PredictionTimeout: the only photo has this error; one of several photos has
            it as its result.
    """
    if request.environ.get(NO_MEMORY):
        raise Busy
    with services().pool.acquire() as slot:  # before the form is parsed
        uploads = _uploads()
        if len(uploads) == 1:
            return [_process(slot, uploads[0], _draw if draw else None)]
        draw_small = partial(_draw, max_side_px=MAX_ANNOTATED_SIDE_PX) if draw else None
        return [_process_one_of_several(slot, upload, draw_small) for upload in uploads]


def _process_one_of_several(slot: Slot, upload: Upload, draw: Draw | None) -> AnnotatedPhoto:
    try:
        return _process(slot, upload, draw)
    except PictureError as error:
        return AnnotatedPhoto(PhotoResult(upload.name, error=str(error)))
    except PredictionTimeout as error:
        return AnnotatedPhoto(PhotoResult(upload.name, error=error.description or ""))


def _process(slot: Slot, upload: Upload, draw: Draw | None) -> AnnotatedPhoto:
    metadata: dict[str, Any] = {"format": None, "width": None, "height": None}
    g.photos.append(metadata)
    _check_size(upload)
    picture = slot.decode(upload.content)
    metadata |= {"format": picture.format, "width": picture.width, "height": picture.height}
    photo = slot.run(partial(_detect, services().detector, upload.name, picture.image, draw))
    metadata["faces"] = len(photo.result.verdicts)
    services().metrics.count_verdicts(photo.result.verdicts)
    return photo


def _uploads() -> list[Upload]:
    if request.mimetype != "multipart/form-data" and request.path.startswith("/api/"):
        return [Upload("", request.get_data(cache=False))]
    parts = (part for field in FIELDS for part in request.files.getlist(field))
    files = [file for file in parts if file.filename]
    max_photos = services().settings.max_photos
    if len(files) > max_photos:
        raise PictureTooLarge(f"Expected at most {max_photos} photos at once, got {len(files)}.")
    if not files:
        raise NoPicture("Expected a photo in the form's field 'photo', got none.")
    return [Upload(file.filename or "", file.read()) for file in files]


def _check_size(upload: Upload) -> None:
    max_mb = services().settings.max_photo_mb
    size_mb = len(upload.content) / MEGABYTE
    if not upload.content:
        raise NoPicture("Expected a photo, got an empty file.")
    if size_mb > max_mb:
        raise PictureTooLarge(f"Expected a photo of at most {max_mb} MB, got {size_mb:.1f} MB.")


def _detect(detector: MaskDetector, name: str, image: Image, draw: Draw | None) -> AnnotatedPhoto:
    verdicts = detector.detect(image)
    height, width = image.shape[:2]
    result = PhotoResult(name, width, height, tuple(verdicts))
    return AnnotatedPhoto(result, draw(image, verdicts) if draw else b"")


def _draw(image: Image, verdicts: list[Verdict], max_side_px: int | None = None) -> bytes:
    annotated = annotate(image, verdicts)
    side_px = max(annotated.shape[:2])
    scale = (max_side_px or side_px) / side_px
    if scale < 1:
        size = tuple(max(1, round(side * scale)) for side in annotated.shape[1::-1])
        annotated = np.asarray(cv2.resize(annotated, size, interpolation=cv2.INTER_AREA), np.uint8)
    return encode_jpeg(annotated)
