"""From a request to what is seen on its photos."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import cv2
import numpy as np
from flask import current_app, g, request
from PIL import Image as Pillow

from inference import MaskDetector, Verdict, read_picture
from inference.errors import PictureError, PictureTooLarge
from inference.vision.annotate import annotate, encode_jpeg
from inference.vision.geometry import Image
from inference.vision.pictures import FORMATS
from serving.predictions import NO_MEMORY, Busy, PredictionPool, Slot, TooSlow
from serving.problems import NoPicture, Problem, problem_of
from serving.settings import MEGABYTE

LONGEST_DRAWN = 1280
"""Longer side of an annotated photo where there are several: the page holds them all."""


@dataclass(frozen=True)
class Upload:
    """A photo as it came."""

    name: str
    """As the sender calls it: not to be trusted, nor kept."""
    content: bytes


@dataclass(frozen=True)
class Seen:
    """What is seen on a photo."""

    width: int
    """Of the picture whose pixels the boxes count; larger photos are reduced."""
    height: int
    verdicts: list[Verdict]
    drawn: bytes = field(repr=False)
    """A JPEG with a box round each face; empty where it was not asked for."""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        verdicts = [verdict.as_dict() for verdict in self.verdicts]
        return {"width": self.width, "height": self.height, "verdicts": verdicts}


Outcome = Seen | Problem
"""Of several photos one may be broken; the others are judged all the same."""
Draw = Callable[[Image, list[Verdict]], bytes]
"""Makes the annotated photo, a JPEG."""


def judge_request(draw: bool) -> tuple[list[Upload], list[Outcome]]:
    """The request's photos and their outcomes; a place is taken before its body is read.

    Raises:
        Busy: too many requests are under way, or too many bodies in memory.
        PictureError, TooSlow: there is one photo alone, and it cannot be judged.
    """
    if request.environ.get(NO_MEMORY):
        raise Busy
    turns: PredictionPool = current_app.config["TURNS"]
    with turns.place() as turn:
        uploads = _uploads()
        if len(uploads) == 1:
            return uploads, [_judge(turn, uploads[0], _draw if draw else None)]
        small = partial(_draw, longest=LONGEST_DRAWN) if draw else None
        return uploads, [_outcome(turn, upload, small) for upload in uploads]


def _outcome(turn: Slot, upload: Upload, draw: Draw | None) -> Outcome:
    try:
        return _judge(turn, upload, draw)
    except (PictureError, TooSlow) as error:
        return problem_of(error)


def _judge(turn: Slot, upload: Upload, draw: Draw | None) -> Seen:
    entry = describe(upload.content)
    g.photos.append(entry)
    _check(upload)
    detector = current_app.config["DETECTOR"]
    seen = turn.run(partial(_look, detector, upload.content, draw))
    entry["faces"] = len(seen.verdicts)
    current_app.config["NUMBERS"].count(seen.verdicts)
    return seen


def describe(content: bytes) -> dict[str, Any]:
    """A photo for the log: its format and its size in pixels, none where they cannot be told."""
    try:
        with Pillow.open(io.BytesIO(content), formats=FORMATS) as picture:
            return {"format": picture.format, "width": picture.width, "height": picture.height}
    except Exception:  # decoders raise nearly anything on hostile bytes
        return {"format": None, "width": None, "height": None}


def _uploads() -> list[Upload]:
    if request.mimetype != "multipart/form-data" and request.path.startswith("/api/"):
        return [Upload("", request.get_data(cache=False))]
    files = [file for file in request.files.getlist("photo") if file.filename]
    most = current_app.config["PHOTOS"]
    if len(files) > most:
        raise PictureTooLarge(f"Expected at most {most} photos at once, got {len(files)}.")
    if not files:
        raise NoPicture("Expected a photo in the form's field 'photo', got none.")
    return [Upload(file.filename or "", file.read()) for file in files]


def _check(upload: Upload) -> None:
    most = current_app.config["PHOTO_BYTES"]
    if not upload.content:
        raise NoPicture("Expected a photo, got an empty file.")
    if len(upload.content) > most:
        came = len(upload.content) / MEGABYTE
        raise PictureTooLarge(
            f"Expected a photo of at most {most // MEGABYTE} MB, got {came:.1f} MB."
        )


def _look(detector: MaskDetector, content: bytes, draw: Draw | None) -> Seen:
    image = read_picture(content)
    verdicts = detector.detect(image)
    height, width = image.shape[:2]
    return Seen(width, height, verdicts, draw(image, verdicts) if draw else b"")


def _draw(image: Image, verdicts: list[Verdict], longest: int | None = None) -> bytes:
    drawn = annotate(image, verdicts)
    scale = (longest or max(drawn.shape[:2])) / max(drawn.shape[:2])
    if scale < 1:
        size = tuple(max(1, round(side * scale)) for side in drawn.shape[1::-1])
        drawn = np.asarray(cv2.resize(drawn, size, interpolation=cv2.INTER_AREA), np.uint8)
    return encode_jpeg(drawn)
