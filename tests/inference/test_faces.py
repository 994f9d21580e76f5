"""The two face finders."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from inference.centerface import CenterFace
from inference.contract import Contract
from inference.faces import BlazeFace, Face, FaceFinder, anchors, merge
from inference.geometry import Box, Image, iou
from tests.frames import FRAMES, astronaut, astronaut_masked, empty, two_faces

BARE = ((1.0, 2.0),) * 4


@pytest.fixture(scope="module")
def blazeface(contract: Contract) -> BlazeFace:
    return BlazeFace(contract.finders["blazeface"])


@pytest.fixture(scope="module")
def centerface(contract: Contract) -> CenterFace:
    return CenterFace(contract.finders["centerface"])


def assert_same(found: list[Face], expected: list[Face], tolerance: float) -> None:
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert one.box == pytest.approx(other.box, abs=tolerance)
        assert np.array(one.points) == pytest.approx(np.array(other.points), abs=tolerance)
        assert one.score == pytest.approx(other.score, abs=1e-3)


@pytest.mark.parametrize("frame", [astronaut(), astronaut_masked()], ids=["bare", "masked"])
def test_both_find_the_same_face(
    blazeface: BlazeFace, centerface: CenterFace, frame: Image
) -> None:
    (one,), (other,) = blazeface.find(frame), centerface.find(frame)
    assert iou(one.box, other.box) > 0.5
    assert np.abs(np.array(one.points[:2]) - other.points[:2]).max() < one.box.width / 8


@pytest.mark.parametrize("name", ["blazeface", "centerface"])
class TestEach:
    """What holds for any finder."""

    @pytest.fixture
    def finder(self, name: str, request: pytest.FixtureRequest) -> FaceFinder:
        return request.getfixturevalue(name)

    def test_two_faces_the_surest_first(self, finder: FaceFinder) -> None:
        first, second = finder.find(two_faces())
        assert 1 >= first.score >= second.score >= finder.settings.score_threshold
        assert iou(first.box, second.box) == 0

    def test_no_face(self, finder: FaceFinder) -> None:
        assert finder.find(empty()) == []

    def test_the_points_lie_where_a_face_has_them(self, finder: FaceFinder) -> None:
        (face,) = finder.find(astronaut())
        right_eye, left_eye, nose, mouth = face.points
        assert face.box.left < right_eye[0] < nose[0] < left_eye[0] < face.box.right
        assert face.box.top < right_eye[1] < nose[1] < mouth[1] < face.box.bottom

    def test_a_moved_face_is_found_where_it_went(self, finder: FaceFinder) -> None:
        (before,) = finder.find(astronaut())
        (after,) = finder.find(np.roll(astronaut(), (0, -64), axis=(0, 1)))
        assert iou(before.box.moved(-64, 0), after.box) > 0.85

    @pytest.mark.parametrize("shape", [(1, 1), (2, 940), (940, 2), (31, 33)])
    def test_odd_sizes_have_no_face(self, finder: FaceFinder, shape: tuple[int, int]) -> None:
        assert finder.find(np.full((*shape, 3), 127, np.uint8)) == []


def test_centerface_is_the_same_after_a_change_of_shape(contract: Contract) -> None:
    """OpenCV 4.14 with fused layers answers wrongly from the second shape on."""
    used = CenterFace(contract.finders["centerface"])
    frames = [make() for make in FRAMES.values()]
    for image in (frames[2], frames[0].transpose(1, 0, 2), frames[1][:, 120:520], frames[2]):
        fresh = CenterFace(contract.finders["centerface"])
        assert_same(used.find(image), fresh.find(image), 1e-3)


def test_centerface_in_turned_pictures_is_no_mix_of_axes(centerface: CenterFace) -> None:
    """A wide and a high picture with the face at the same place give the same box."""
    wide = astronaut()[:, 140:540]
    high = np.vstack([wide, np.zeros((160, 400, 3), np.uint8)])
    (one,), (other,) = centerface.find(wide), centerface.find(high)
    assert iou(one.box, other.box) > 0.85


@pytest.mark.parametrize("frame", [astronaut, astronaut_masked], ids=["bare", "masked"])
def test_centerface_boxes_a_face_of_eleven_pixels(
    centerface: CenterFace, frame: Callable[[], Image]
) -> None:
    """Not enlarged, its box would be half as large again."""
    (large,) = centerface.find(astronaut())
    small = cv2.resize(frame(), None, fx=0.05, fy=0.05, interpolation=cv2.INTER_AREA)
    street = np.full((384, 512, 3), 128, np.uint8)
    street[200:224, 200:232] = small
    (face,) = centerface.find(street)
    assert face.box.height == pytest.approx(0.05 * large.box.height, abs=2)


def test_centerface_finds_one_face_where_a_masked_one_fills_the_picture(
    centerface: CenterFace,
) -> None:
    """The large look alone is unsure of it, and takes parts of it for faces of their own."""
    box = centerface.find(astronaut())[0].box
    tight = astronaut_masked()[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]
    (face,) = centerface.find(np.asarray(cv2.resize(tight, None, fx=3.5, fy=3.5), np.uint8))
    assert face.score > 0.7
    assert min(face.box.width, face.box.height) > 400


def test_anchors_are_the_centres_of_their_cells() -> None:
    centres = anchors()
    assert centres.shape == (16 * 16 * 2 + 8 * 8 * 6, 2)
    assert centres[0].tolist() == centres[1].tolist() == [1 / 32, 1 / 32]
    assert centres[2].tolist() == [3 / 32, 1 / 32]
    assert centres[512].tolist() == [1 / 16, 1 / 16]
    assert centres[-1].tolist() == [15 / 16, 15 / 16]


def test_merge_weighs_by_score() -> None:
    heap = [Face(Box(10, 10, 50, 50), 0.9, BARE), Face(Box(14, 10, 54, 50), 0.3, BARE)]
    (face,) = merge(heap, 0.3)
    assert face.box == pytest.approx(Box(11, 10, 51, 50))
    assert face.score == 0.9
    assert np.array(face.points) == pytest.approx(np.array(BARE))


def test_merge_keeps_what_hardly_overlaps() -> None:
    faces = [Face(Box(0, 0, 10, 10), 0.6, BARE), Face(Box(8, 0, 18, 10), 0.8, BARE)]
    assert merge(faces, 0.3) == [faces[1], faces[0]]


def test_merge_of_nothing() -> None:
    assert merge([], 0.3) == []
