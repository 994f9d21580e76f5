"""The face detector: from pixels to boxes."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
import pytest
from PIL import Image as Pillow

from inference import ModelError
from inference.contract import WEIGHTS, Contract, DetectorSettings
from inference.vision.centerface import CenterFace, decode, letterbox
from inference.vision.detections import Detection, is_same_face, suppress
from inference.vision.geometry import Box, Image, iou
from tests.frames import astronaut, astronaut_masked, empty, two_faces


@pytest.fixture(scope="module")
def settings() -> DetectorSettings:
    return Contract.load().detector


@pytest.fixture(scope="module")
def detector(settings: DetectorSettings) -> CenterFace:
    return CenterFace(settings)


def found(left: float, top: float, right: float, bottom: float, score: float) -> Detection:
    return Detection(Box(left, top, right, bottom), score, ())


def test_a_letterboxed_picture_keeps_its_shape_and_ends_in_black() -> None:
    canvas, scale = letterbox(np.full((48, 100, 3), 200, np.uint8), 50)
    assert (canvas.shape, scale) == ((32, 64, 3), 0.5)
    assert canvas[:24, :50] == pytest.approx(200)
    assert not canvas[24:].any()
    assert not canvas[:, 50:].any()


def test_a_cell_is_decoded_as_the_paper_says() -> None:
    heat, sizes = np.zeros((4, 6)), np.zeros((2, 4, 6))
    offsets, points = np.zeros((2, 4, 6)), np.zeros((10, 4, 6))
    heat[1, 3], sizes[:, 1, 3] = 0.7, (np.log(5), np.log(3))  # height and width in cells
    offsets[:, 1, 3] = (0.25, -0.5)  # y and x of the centre, in cells from the middle of the cell
    points[:, 1, 3] = (0.3, 0.25, 0.3, 0.75, 0.5, 0.5, 0.8, 0.4, 0.8, 0.6)
    (face,) = decode(heat, sizes, offsets, points, 0.7)
    assert face.box == pytest.approx((6, -3, 18, 17))
    assert face.score == 0.7
    assert np.array(face.points) == pytest.approx(
        np.array([(9, 3), (15, 3), (12, 7), (12, 13)]), abs=1e-9
    )


def test_of_overlapping_candidates_the_best_is_kept(settings: DetectorSettings) -> None:
    best, other = found(10, 10, 50, 50, 0.9), found(100, 10, 140, 50, 0.6)
    near, part = found(14, 8, 54, 52, 0.8), found(105, 20, 125, 40, 0.5)
    assert suppress([near, other, best, part], settings) == [best, other]
    assert suppress([], settings) == []


@pytest.mark.parametrize(
    ("box", "same"),
    [
        (Box(0, 0, 10, 10), True),
        (Box(5, 0, 15, 10), True),  # IoU 0.33
        (Box(6, 0, 16, 10), False),  # IoU 0.25
        (Box(2, 2, 5, 5), True),  # within
        (Box(-50, -50, 60, 60), True),  # around
        (Box(9, 9, 12, 12), False),
        (Box(20, 20, 30, 30), False),
    ],
)
def test_boxes_are_one_face_if_they_overlap_or_one_lies_within_the_other(
    settings: DetectorSettings, box: Box, same: bool
) -> None:
    assert is_same_face(box, [Box(0, 0, 10, 10)], settings) == same
    assert not is_same_face(box, [], settings)


def test_bare_and_masked_faces_are_detected_and_nothing_else(detector: CenterFace) -> None:
    (bare,), (masked,) = detector.detect(astronaut()), detector.detect(astronaut_masked())
    assert iou(bare.box, masked.box) > 0.75
    assert len(detector.detect(two_faces())) == 2
    assert detector.detect(empty()) == []


def test_detections_come_best_first(detector: CenterFace) -> None:
    scores = [face.score for face in detector.detect(two_faces())]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("size", "least"), [((1280, 960), 0.99), ((2000, 1500), 0.99), ((321, 243), 0.75)]
)
def test_boxes_are_in_pixels_of_the_picture_whatever_its_size(
    detector: CenterFace, size: tuple[int, int], least: float
) -> None:
    (expected,) = detector.detect(astronaut())
    resized = np.asarray(Pillow.fromarray(astronaut()).resize(size))
    (face,) = detector.detect(resized)
    assert iou(face.box.scaled(640 / size[0]), expected.box) > least


def test_a_masked_face_that_fills_the_photo_is_detected(detector: CenterFace) -> None:
    (face,) = detector.detect(astronaut_masked())
    left, top, right, bottom = (round(edge) for edge in face.box)
    tight = astronaut_masked()[top:bottom, left:right]
    large = np.asarray(Pillow.fromarray(tight).resize((900, 1100)))
    (whole,) = detector.detect(large)
    assert whole.box.height > 600


def test_a_frame_has_one_pass_of_the_size_and_threshold_given(detector: CenterFace) -> None:
    (face,) = detector.detect_once(astronaut(), 320, 0.3)
    assert detector.detect_once(astronaut(), 320, face.score + 0.01) == []
    (large,) = detector.detect_once(astronaut(), 640, 0.3)
    assert iou(face.box, large.box) > 0.9


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (700, 2), (33, 31)])
def test_pictures_of_any_shape_are_accepted(detector: CenterFace, shape: tuple[int, int]) -> None:
    assert detector.detect(np.zeros((*shape, 3), np.uint8)) == []


def test_threads_do_not_affect_each_other(detector: CenterFace) -> None:
    frames = [astronaut(), two_faces(), np.ascontiguousarray(astronaut()[:300, 100:500])]
    expected = [detector.detect(frame) for frame in frames]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(detector.detect, frames * 4)) == expected * 4


@pytest.mark.parametrize("part_score", [0.9, 0.3])
def test_of_a_face_and_a_part_of_it_the_better_is_kept(
    settings: DetectorSettings, part_score: float
) -> None:
    whole, part = found(0, 0, 100, 100, 0.6), found(40, 40, 50, 50, part_score)
    assert suppress([whole, part], settings) == [max(whole, part, key=lambda one: one.score)]


def test_only_the_best_candidates_are_considered(settings: DetectorSettings) -> None:
    """A noisy picture would otherwise take seconds."""
    many = [
        found(20 * x, 20 * y, 20 * x + 10, 20 * y + 10, (60 * x + y) / 4000)
        for x in range(60)
        for y in range(60)
    ]
    assert suppress(many, settings) == sorted(many, key=lambda one: -one.score)[:2000]


def test_the_second_pass_adds_large_faces_only(settings: DetectorSettings) -> None:
    """Its boxes of small faces are rough."""
    sides: list[int] = []

    class Recorded(CenterFace):
        def _run(self, image: Image, side: int, score_threshold: float) -> list[Detection]:
            sides.append(side)
            tall, short = (factor * settings.large_face * max(image.shape) for factor in (1.1, 0.9))
            both = [found(0, 0, 40, tall, 0.5), found(300, 0, 340, short, 0.5)]
            return both if side == settings.small_side else []

    recorded = Recorded(settings)
    assert [face.box.left for face in recorded.detect(astronaut())] == [0]
    assert sides == [settings.longest_side, settings.small_side]
    sides.clear()
    recorded.detect(astronaut()[:64, :64])
    assert sides == [settings.small_side], "a second pass would be of the same size"


def test_the_number_of_threads_changes_no_result(
    detector: CenterFace, settings: DetectorSettings
) -> None:
    (expected,) = detector.detect(astronaut())
    (face,) = CenterFace(settings, threads=1).detect(astronaut())
    assert face.box == pytest.approx(expected.box, abs=0.01)
    assert face.score == pytest.approx(expected.score, abs=1e-4)


def test_other_weights_are_refused(settings: DetectorSettings, tmp_path: Path) -> None:
    (tmp_path / settings.file).write_bytes(b"other")
    with pytest.raises(ModelError, match="is not the file that the contract names"):
        CenterFace(settings, tmp_path)
    with pytest.raises(ModelError, match="is missing"):
        CenterFace(settings, tmp_path / "none")


def test_weights_that_are_no_model_are_refused(settings: DetectorSettings, tmp_path: Path) -> None:
    (tmp_path / settings.file).write_bytes(b"no model")
    named = replace(settings, sha256=hashlib.sha256(b"no model").hexdigest())
    with pytest.raises(ModelError, match="cannot be loaded"):
        CenterFace(named, tmp_path)


def test_outputs_that_are_not_finite_are_an_error(settings: DetectorSettings) -> None:
    class Broken:
        def run(self, *_: Any) -> list[np.ndarray]:
            return [np.full((1, channels, 8, 8), np.nan, np.float32) for channels in (1, 2, 2, 10)]

    broken = CenterFace(settings)
    broken._session = Broken()
    with pytest.raises(ModelError, match="Expected finite outputs"):
        broken.detect(empty())


def test_onnx_runtime_computes_what_opencv_does(settings: DetectorSettings) -> None:
    content = (WEIGHTS / settings.file).read_bytes()
    session = onnxruntime.InferenceSession(content)
    net = cv2.dnn.readNetFromONNX(np.frombuffer(content, np.uint8))
    net.enableFusion(False)  # with fused layers OpenCV 4.14 is wrong for a second input shape
    names = [output.name for output in session.get_outputs()]
    for side in (320, 640):
        pixels = letterbox(two_faces(), side)[0].transpose(2, 0, 1)[None].copy()
        net.setInput(pixels)
        expected = net.forward(names)
        for ours, theirs in zip(session.run(names, {"input.1": pixels}), expected, strict=True):
            assert np.abs(ours - theirs).max() < 1e-4
