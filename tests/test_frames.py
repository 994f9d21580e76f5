"""The webcam frames of the tests are what they claim."""

from __future__ import annotations

import numpy as np
import pytest

from inference import MaskDetector
from tests.frames import EYES, FRAMES, HEIGHT, WIDTH, astronaut, astronaut_masked, two_faces


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_is_a_webcams_and_the_same_each_time(name: str) -> None:
    frame = FRAMES[name]()
    assert frame.shape == (HEIGHT, WIDTH, 3)
    assert frame.dtype == np.uint8
    assert (frame == FRAMES[name]()).all()


def test_the_eyes_are_where_they_are_detected(photo_detector: MaskDetector) -> None:
    (face,) = photo_detector.face_detector.detect(astronaut())
    assert np.abs(np.array(face.points[:2]) - EYES).max() < 8


def test_the_mask_covers_nose_and_mouth_but_not_the_eyes(photo_detector: MaskDetector) -> None:
    (face,) = photo_detector.face_detector.detect(astronaut())
    changed = (astronaut() != astronaut_masked()).any(axis=2)
    covered = [changed[round(y), round(x)] for x, y in face.points]
    assert covered == [False, False, True, True]


def test_two_faces_are_a_mirrored_masked_one_and_a_bare_one() -> None:
    quarter, middle = WIDTH // 4, WIDTH // 2
    frame = two_faces()
    assert (frame[:, :middle] == astronaut_masked()[:, quarter : middle + quarter][:, ::-1]).all()
    assert (frame[:, middle:] == astronaut()[:, quarter : middle + quarter]).all()
