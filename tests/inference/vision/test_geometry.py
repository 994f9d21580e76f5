"""Boxes and resampling."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image as Pillow

from inference.vision.geometry import Box, Image, iou, sample, square_around, taps
from tests.frames import astronaut
from tests.golden import PAIRS, STRETCHES, picture

INTERIOR = [  # of a 640 × 480 frame: box, width, height
    (Box(100, 80, 420, 400), 64, 64),
    (Box(97.3, 81.6, 421.9, 399.2), 64, 64),
    (Box(210.5, 120.25, 250.5, 160.25), 64, 64),
    (Box(200, 150, 264, 214), 64, 64),
    (Box(60.2, 33.3, 580.7, 440.1), 48, 17),
]


@pytest.mark.parametrize(("box", "width", "height"), INTERIOR)
def test_sample_is_pillows_bilinear_filter(box: Box, width: int, height: int) -> None:
    """An oracle that shares no line with ours."""
    frame = astronaut()
    expected = Pillow.fromarray(frame).resize((width, height), Pillow.Resampling.BILINEAR, box=box)
    found = sample(frame, box, width, height)
    assert np.abs(found - np.asarray(expected, float)).max() <= 1


def test_sample_of_the_whole_picture_at_its_size_is_the_picture() -> None:
    image = picture()
    height, width = image.shape[:2]
    assert (sample(image, Box(0, 0, width, height), width, height) == image).all()


@pytest.mark.parametrize("box", [Box(3.2, 4.1, 21.7, 18.3), Box(-9, -4, 12, 50)])
def test_sample_commutes_with_mirroring(box: Box) -> None:
    image = picture()
    width = image.shape[1]
    mirrored = Box(width - box.right, box.top, width - box.left, box.bottom)
    expected = sample(image, box, 9, 7)[:, ::-1]
    assert sample(image[:, ::-1], mirrored, 9, 7) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("shape", [(1, 1), (2, 940), (940, 2)])
@pytest.mark.parametrize("value", [0, 7, 255])
def test_a_plain_picture_stays_plain(shape: tuple[int, int], value: int) -> None:
    image: Image = np.full((*shape, 3), value, np.uint8)
    found = sample(image, Box(-30, -20, 61, 44), 8, 8)
    assert found.dtype == np.float32
    assert found == pytest.approx(np.full((8, 8, 3), value), abs=1e-3)


@pytest.mark.parametrize("case", STRETCHES)
def test_taps_lie_on_the_axis_and_weigh_one(case: tuple[float, float, int, int]) -> None:
    indices, weights = taps(*case)
    assert indices.shape == weights.shape
    assert indices.shape[0] == case[2]
    assert indices.min() >= 0
    assert indices.max() < case[3]
    assert weights.min() >= 0
    assert weights.sum(axis=1) == pytest.approx(np.ones(case[2]), abs=1e-6)


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_iou_is_symmetric_and_blind_to_place_and_scale(a: Box, b: Box) -> None:
    assert iou(a, b) == iou(b, a)
    assert iou(a.moved(-70, 3).scaled(2.5), b.moved(-70, 3).scaled(2.5)) == pytest.approx(iou(a, b))
    assert 0 <= iou(a, b) <= iou(a, a) == 1


def test_iou_of_a_quarter_overlap() -> None:
    assert iou(Box(0, 0, 10, 10), Box(5, 5, 15, 15)) == pytest.approx(25 / 175)


def test_a_square_keeps_the_centre() -> None:
    assert square_around(Box(10, 20, 30, 60), 1.5) == Box(-10, 10, 50, 70)


def test_a_shifted_square_lies_lower_by_a_part_of_its_side() -> None:
    assert square_around(Box(10, 20, 30, 60), 1.5, 0.1) == Box(-10, 16, 50, 76)
