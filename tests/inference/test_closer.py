"""Faces found as the page does on photos."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import skimage.data

from inference import MaskDetector
from inference.closer import SURE, SureFinder, possible
from inference.contract import Contract
from inference.faces import BlazeFace, Face
from inference.geometry import Box, Image, iou, square_around
from tests.frames import FRAMES

IMAGE = np.zeros((480, 640, 3), np.uint8)
BOX, NEAR, OTHER = Box(80, 80, 120, 120), Box(82, 80, 126, 124), Box(270, 170, 330, 230)
Told = list[tuple[Box, float]]


def faces(told: Told) -> list[Face]:
    return [Face(box, score, ()) for box, score in told]


class Finder:
    """Sees what it is told, in the whole and closer."""

    settings = SimpleNamespace(iou_threshold=0.3)

    def __init__(self, whole: Told, closer: Told) -> None:
        self._whole, self._closer = whole, closer

    def find(self, _: Image) -> list[Face]:
        return faces(self._whole)

    def find_in(self, _: Image, __: Box) -> list[Face]:
        return faces(self._closer)


@pytest.mark.parametrize(
    ("whole", "closer", "expected"),
    [
        ([(BOX, 0.4)], [(NEAR, 0.8)], [(BOX, 0.6)]),
        ([(BOX, 0.4)], [(NEAR, 0.6)], []),
        ([(BOX, 0.9)], [], []),
        ([(BOX, 0.9)], [(OTHER, 0.9)], []),
        ([(BOX, 0.8), (OTHER, 0.7)], [(NEAR, 0.6), (OTHER, 0.9)], [(OTHER, 0.8), (BOX, 0.7)]),
    ],
)
def test_a_face_is_what_a_closer_look_sees_too(whole: Told, closer: Told, expected: Told) -> None:
    finder: Any = Finder(whole, closer)
    found = SureFinder(finder).find(IMAGE)
    assert [(face.box, round(face.score, 2)) for face in found] == expected


@pytest.mark.parametrize("share", [0.8, 1.0, 1.2])
@pytest.mark.parametrize("frame", ["astronaut", "astronaut_masked"])
def test_a_face_that_fills_the_picture_is_found(
    contract: Contract, frame: str, share: float
) -> None:
    settings = contract.finders["blazeface"]
    once = BlazeFace(settings)
    box = once.find(FRAMES[frame]())[0].box
    _, top, _, bottom = (round(edge) for edge in square_around(box, share))
    image = np.ascontiguousarray(FRAMES[frame]()[top:bottom])  # wide, and as high as the face
    face = once.find(image)[0]
    assert face.score > SURE
    found = SureFinder(BlazeFace(possible(settings))).find(image)
    assert any(iou(one.box, face.box) > 0.3 for one in found)


def cup() -> Image:
    """A cup of coffee, in which BlazeFace alone sees a face."""
    return np.asarray(skimage.data.coffee())


def test_a_cup_is_no_face(contract: Contract) -> None:
    settings = contract.finders["blazeface"]
    assert BlazeFace(settings).find(cup())
    assert not SureFinder(BlazeFace(possible(settings))).find(cup())


@pytest.mark.parametrize("frame", FRAMES)
def test_it_finds_the_faces_that_one_look_finds(contract: Contract, frame: str) -> None:
    settings, image = contract.finders["blazeface"], FRAMES[frame]()
    once = BlazeFace(settings).find(image)
    assert len(SureFinder(BlazeFace(possible(settings))).find(image)) == len(once)


@pytest.mark.parametrize("shade", [0, 127, 255])
def test_there_is_no_face_where_there_is_nothing(page_detector: MaskDetector, shade: int) -> None:
    for height, width in ((480, 640), (64, 64), (1, 1), (3, 900)):
        assert page_detector.detect(np.full((height, width, 3), shade, np.uint8)) == []
