"""The places of labels on pictures and over the live video."""

from __future__ import annotations

import itertools
import time

import pytest

from inference.vision.geometry import Box
from inference.vision.placement import MAX_FACES, SPOTS, Placement, place_labels

PICTURE = (100, 100)
SIZES = [(30.0, 10.0), (10.0, 10.0)]
"""Of a label and of its shorter alternative."""


def place(*boxes: Box) -> list[Placement]:
    return place_labels(boxes, [SIZES] * len(boxes), 2, PICTURE)


def meet(a: Box, b: Box) -> bool:
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom


@pytest.mark.parametrize(
    ("box", "spot", "expected"),
    [
        ((20, 50, 60, 80), "above-left", (20, 38, 50, 48)),
        ((75, 50, 95, 80), "above-right", (65, 38, 95, 48)),
        ((20, 5, 60, 80), "below-left", (20, 82, 50, 92)),
        ((75, 5, 95, 80), "below-right", (65, 82, 95, 92)),
        ((42, 50, 48, 60), "above-left", (42, 38, 72, 48)),
        ((20, -9, 60, 105), "inside-top-left", (20, 0, 50, 10)),
    ],
)
def test_labels_are_above_the_box_below_it_or_inside(
    box: tuple[int, ...], spot: str, expected: tuple[int, ...]
) -> None:
    assert place(Box(*box)) == [(0, spot, expected)]


def test_a_label_inside_a_small_face_is_beside_it_instead() -> None:
    low = place_labels([Box(30, 5, 60, 35)], [SIZES], 2, (100, 40))
    assert low == [(0, "right-top", (62, 5, 92, 15))]


def test_labels_cover_no_face_and_no_other_label() -> None:
    boxes = [Box(x, y, x + 14, y + 16) for x in (2, 19, 36, 53, 70) for y in (13, 45, 77)]
    placed = place(*boxes)
    for one, box in itertools.product(placed, boxes):
        assert not meet(one.place, box)
    for one, other in itertools.combinations(placed, 2):
        assert not meet(one.place, other.place)
    assert 1 in {one.which for one in placed}, "not all longer ones fit"


def test_a_label_is_shorter_where_the_longer_one_has_no_room() -> None:
    first, second = place(Box(0, 0, 60, 100), Box(70, 40, 90, 60))
    assert (first.which, second.which) == (0, 0)
    _, second = place(Box(0, 0, 60, 100), Box(85, 40, 95, 60))
    assert second.which == 0, "30 of the 40 pixels beside the other face"
    _, second = place(Box(0, 0, 75, 100), Box(85, 40, 95, 60))
    assert second.which == 1


def test_every_face_has_a_label_even_without_room() -> None:
    boxes = [Box(x, y, x + 4, y + 4) for x in range(0, 100, 4) for y in range(0, 100, 4)][:200]
    placed = place(*boxes)
    assert len(placed) == len(boxes)
    for _, _, (left, top, right, bottom) in placed:
        assert min(left, top) >= 0
        assert max(right, bottom) <= 100


def test_the_time_for_many_faces_is_bounded() -> None:
    """A mosaic of faces is a photo that anyone can upload."""
    boxes = [Box(20 * i, 20 * j, 20 * i + 18, 20 * j + 18) for i in range(40) for j in range(50)]
    start = time.perf_counter()
    placed = place_labels(boxes, [SIZES] * len(boxes), 2, (800, 1000))
    assert time.perf_counter() - start < 2
    assert {which for which, *_ in placed} == {1}
    start = time.perf_counter()
    place_labels(boxes[:MAX_FACES], [[*SIZES, (5.0, 10.0)]] * MAX_FACES, 2, (800, 1000))
    assert time.perf_counter() - start < 2


def test_a_label_without_room_is_placed_at_a_spot_inside_the_picture() -> None:
    """The page knows only the spot: there, a label that was moved would be cut off."""
    boxes = [Box(0, 40, 8, 48), Box(0, 50, 100, 100), Box(0, 0, 100, 38), Box(9, 39, 100, 49)]
    for box, (_, spot, (left, top, *_)) in zip(boxes, place(*boxes), strict=True):
        assert SPOTS[spot](box, SIZES[1], 2) == (left, top)


@pytest.mark.parametrize("spot", SPOTS)
def test_a_free_place_is_kept(spot: str) -> None:
    box, wide = Box(40, 30, 90, 80), [(9.0, 9.0)]
    previous = Placement(0, spot, box)
    assert place_labels([box], [wide], 1, PICTURE, [previous], 4)[0].spot == spot


def test_a_place_is_left_only_for_one_with_a_margin() -> None:
    """The longer text returns later than it goes, so that it does not flicker."""

    def which(gap: float, previous: Placement | None) -> Placement:
        boxes = [Box(0, 20, 40, 100), Box(40 + gap, 20, 100, 100)]
        sizes = [[(38.0, 10.0), (8.0, 10.0)], [(30.0, 10.0)]]
        return place_labels(boxes, sizes, 2, (100, 100), [previous, None], 3)[0]

    far = which(9, None)
    near = which(0, far)
    assert (far.which, near.which) == (0, 0), "kept without the margin"
    assert which(0, Placement(1, "above-left", Box(0, 0, 0, 0))).which == 1
    assert which(9, Placement(1, "above-left", Box(0, 0, 0, 0))).which == 0
