"""Faults of the first version in live pictures, each with a clip that shows what caused it.

An ear, a seat belt and blurred things were reported as faces, and boxes trailed behind faces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
import pytest
import skimage.data

from inference import MaskDetector
from inference.tracking.live import LiveDetector
from inference.tracking.track import Track
from inference.vision.geometry import Box, Image, iou
from tests.frames import HEIGHT, WIDTH

pytestmark = pytest.mark.slow

FPS = 30
SPEED_PX = 600  # per second
FACE = Box(181, 57, 270, 179)  # in scikit-image's astronaut
HEAD_X, HEAD_RADIUS = 226, 90
GRAY = (120, 120, 120)
SKIN, HOLLOW, FOLD = (205, 160, 135), (150, 105, 85), (92, 72, 62)
STRAP, BUCKLE, BUTTON = (52, 54, 60), (25, 25, 28), (190, 40, 30)


def play(detector: MaskDetector, frames: Iterable[Image]) -> list[list[Track]]:
    """What is reported for each frame."""
    live = LiveDetector(detector)
    return [live.track(frame, i * 1000 / FPS) for i, frame in enumerate(frames)]


def assert_only_the_face(reported: Sequence[Sequence[Track]], shift: float = 0.0) -> None:
    """One face from the second frame on, the astronaut's, and its verdict is right at last."""
    assert [len(tracks) for tracks in reported] == [0] + [1] * (len(reported) - 1)
    last = reported[-1][0]
    assert iou(last.box, FACE.moved(64 + shift, 0)) > 0.7
    assert {track.id for tracks in reported for track in tracks} == {1}
    assert last.label == "without_mask"


def placed(picture: Image, x: float, y: float = 0, behind: Image | None = None) -> Image:
    """A frame with a picture at a place, on grey or on another frame."""
    frame = np.full((HEIGHT, WIDTH, 3), GRAY, np.uint8) if behind is None else behind.copy()
    place = np.array([[1.0, 0, x], [0, 1, y]])
    cv2.warpAffine(picture, place, (WIDTH, HEIGHT), frame, borderMode=cv2.BORDER_TRANSPARENT)
    return frame


def swaying(picture: Image) -> list[Image]:
    """A second and a half of a picture that moves a little."""
    return [placed(picture, 64 + 6 * np.sin(i / 7)) for i in range(45)]


def turned(share: float) -> Image:
    """The astronaut, her head turned: one side of her face is narrow, the other wide.

    Args:
        share: of the radius of the head, -0.45 to 0.45: how far its middle moves to the left.
    """
    picture = skimage.data.astronaut()
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]].astype(np.float32)
    across, down = (x - HEAD_X) / HEAD_RADIUS, (y - FACE.bottom) / 30
    bend = share * (1 - across**2).clip(0) / (1 + np.exp(down))
    return np.asarray(cv2.remap(picture, x + HEAD_RADIUS * np.float32(bend), y, cv2.INTER_LINEAR))


def with_ear(picture: Image, x: int, y: int) -> Image:
    """An ear: a bright rim and dark hollows, which resemble eyes and a mouth."""
    result = picture.copy()
    ovals = [
        (0, 0, 14, 24, SKIN),
        (-1, -2, 9, 17, HOLLOW),
        (-2, 1, 5, 9, FOLD),
        (2, -9, 3, 3, FOLD),
    ]
    for dx, dy, width, height, color in ovals:
        cv2.ellipse(result, (x + dx, y + dy), (width, height), 8, 0, 360, color, -1, cv2.LINE_AA)
    return result


def with_seat_belt(picture: Image) -> Image:
    """A strap from the shoulder over the chest, with a buckle."""
    result = picture.copy()
    cv2.line(result, (95, 262), (345, 512), STRAP, 26, cv2.LINE_AA)
    cv2.line(result, (100, 270), (335, 505), SKIN, 2, cv2.LINE_AA)
    cv2.rectangle(result, (212, 372), (250, 420), BUCKLE, -1)
    cv2.rectangle(result, (222, 384), (240, 394), BUTTON, -1)
    return result


def blurred(name: str, sigma: float) -> Image:
    """One of scikit-image's pictures without a face, out of focus."""
    data = skimage.data
    picture = data.stereo_motorcycle()[0] if name == "motorcycle" else getattr(data, name)()
    frame = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(frame, (0, 0), sigma))


@pytest.mark.parametrize("share", [-0.45, 0.45], ids=["to the right", "to the left"])
def test_an_ear_beside_a_turned_head_is_no_face(photo_detector: MaskDetector, share: float) -> None:
    picture = with_ear(turned(share), round(HEAD_X + 44 * share), 132)
    assert_only_the_face(play(photo_detector, swaying(picture)), -60 * share)


def test_a_seat_belt_is_no_face(photo_detector: MaskDetector) -> None:
    assert_only_the_face(play(photo_detector, swaying(with_seat_belt(skimage.data.astronaut()))))


@pytest.mark.parametrize(
    ("name", "sigma"), [("rocket", 6), ("motorcycle", 10), ("hubble_deep_field", 16)]
)
def test_a_blurred_background_shows_no_face(
    photo_detector: MaskDetector, name: str, sigma: float
) -> None:
    still = blurred(name, sigma)
    shaken = [np.roll(still, i % 5, axis=1) for i in range(30)]
    assert play(photo_detector, shaken) == [[]] * 30
    head = skimage.data.astronaut()[: int(FACE.bottom) + 20, 120:350]
    in_front = [placed(head, 184, behind=frame) for frame in shaken]
    assert_only_the_face(play(photo_detector, in_front))


@pytest.mark.parametrize("direction", [1, -1], ids=["right", "left"])
def test_a_box_does_not_trail_behind_a_fast_face(
    photo_detector: MaskDetector, direction: int
) -> None:
    xs = [150 + direction * (i - 10) * SPEED_PX / FPS for i in range(20)]
    picture = skimage.data.astronaut()
    reported = play(photo_detector, [placed(picture, x, 60) for x in xs])
    assert all(len(tracks) == 1 for tracks in reported[1:])
    lags = [
        direction * (x + (FACE.left + FACE.right - box.left - box.right) / 2) / FACE.width
        for x, tracks in zip(xs, reported, strict=True)
        for box in [track.box for track in tracks]
    ]
    assert np.abs(lags).max() < 0.15  # while the filter learns the speed
    assert np.abs(lags[3:]).max() < 0.1
