"""Following a face by its template."""

from __future__ import annotations

import numpy as np
import pytest

from inference.tracking.template import extract_template, follow, levels_of, pyramid
from inference.vision.geometry import Box, iou
from tests.frames import astronaut
from tests.inference.scene import draw_gray
from tests.inference.tracking.test_filters import box_at

BOX = box_at(100, 90, 60)
LEVELS = levels_of(draw_gray([BOX], 256, 192), 1.0)
TEMPLATE = extract_template(LEVELS, BOX)


def test_a_pyramid_halves_the_picture_and_keeps_its_greys() -> None:
    levels = pyramid(np.full((5, 7, 3), 200, np.uint8), 14)
    assert [level.pixels.shape for level in levels] == [(10, 14), (5, 7), (2, 3)]
    assert [level.scale for level in levels] == [2, 1, 0.5]
    assert all(level.pixels == pytest.approx(200, abs=1) for level in levels)


def test_a_template_matches_itself_also_in_other_light_and_not_what_is_elsewhere() -> None:
    dim = levels_of(draw_gray([BOX], 256, 192) / 2, 1.0)
    assert np.linalg.norm(TEMPLATE) == pytest.approx(1)
    assert TEMPLATE @ extract_template(dim, BOX) > 0.99
    assert TEMPLATE @ extract_template(LEVELS, box_at(180, 90, 60)) < 0.6


def test_a_textureless_surface_matches_nothing() -> None:
    flat = levels_of(np.full((64, 64), 90, np.float32), 1.0)
    assert extract_template(flat, box_at(32, 32, 20)) @ TEMPLATE == 0
    assert follow(flat, TEMPLATE, [box_at(32, 32, 20)])[1] < 0.1


@pytest.mark.parametrize(
    ("start", "there"),
    [
        (BOX, box_at(116, 90, 60)),
        (BOX, box_at(92, 80, 54)),
        (BOX, box_at(102, 92, 70)),
        (box_at(100, 165, 60), box_at(100, 175, 60)),
    ],
    ids=["to the side", "up and away", "nearer", "beyond the edge"],
)
def test_a_face_that_moved_is_followed(start: Box, there: Box) -> None:
    box, similarity = follow(levels_of(draw_gray([there], 256, 192), 1.0), TEMPLATE, [start])
    assert iou(box, there) > 0.88
    assert similarity > 0.85


def test_a_face_that_is_gone_does_not_match_what_is_there() -> None:
    assert follow(levels_of(draw_gray([], 256, 192), 1.0), TEMPLATE, [BOX])[1] < 0.6


def test_of_several_places_the_search_begins_at_the_best() -> None:
    there = box_at(190, 60, 60)
    now = levels_of(draw_gray([there], 256, 192), 1.0)
    assert iou(follow(now, TEMPLATE, [BOX, box_at(180, 62, 60)])[0], there) > 0.9
    assert iou(follow(now, TEMPLATE, [BOX])[0], there) < 0.5


def test_boxes_are_in_pixels_of_the_frame_whatever_its_size() -> None:
    frame = astronaut()
    large = np.repeat(np.repeat(frame, 2, axis=0), 2, axis=1)
    box = Box(250, 100, 390, 290)
    small = extract_template(pyramid(frame, 320), box)
    assert small @ extract_template(pyramid(large, 320), box.scaled(2)) > 0.99
