"""Faces of a live picture, from frames to tracks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from inference import MaskDetector, PictureError
from inference.contract import Contract
from inference.labels import TOO_SMALL
from inference.tracking.live import LiveDetector
from inference.vision.centerface import CenterFace
from inference.vision.detections import Detection
from inference.vision.geometry import Box, Image
from tests import shaky
from tests.frames import astronaut, astronaut_masked, two_faces

pytestmark = pytest.mark.slow


class Counting(MaskDetector):
    """Counts the faces that are classified."""

    classified = 0

    def classify(self, image: Image, boxes: Sequence[Box]) -> list[dict[str, float]]:
        self.classified += len(boxes)
        return super().classify(image, boxes)


class Noting:
    """Notes the passes of a detector."""

    def __init__(self, detector: CenterFace) -> None:
        self.sides: list[int] = []
        self._detector = detector

    def detect_once(self, image: Image, side: int, score_threshold: float) -> list[Detection]:
        self.sides.append(side)
        return self._detector.detect_once(image, side, score_threshold)


@pytest.fixture
def counting(photo_detector: MaskDetector) -> Counting:
    detector = object.__new__(Counting)
    detector.__dict__.update(photo_detector.__dict__)
    return detector


def test_faces_keep_their_ids_and_verdicts(counting: Counting) -> None:
    live, frame = LiveDetector(counting), two_faces()
    for now in range(0, 2000, 50):
        tracks = live.track(frame, now)
    assert {(t.label, t.box.left < 320) for t in tracks} == {
        ("with_mask", True),
        ("without_mask", False),
    }
    assert sorted(t.id for t in tracks) == [1, 2]
    assert counting.classified < 60  # of 80: settled ones are left out


def test_a_still_face_keeps_its_label_through_a_bad_webcam(photo_detector: MaskDetector) -> None:
    live = LiveDetector(photo_detector)
    frames = enumerate(
        shaky.still(two_faces(), 8)
    )  # with every jerk, blur, flash and dropped frame
    reported = [live.track(frame, i * 1000 / shaky.RATE) for i, frame in frames if i % 2 == 0]
    stable = reported[shaky.RATE // 2 :]
    assert {tuple(t.id for t in tracks) for tracks in stable} == {(1, 2)}
    labels = {tuple(t.label for t in sorted(tracks, key=lambda t: t.box.left)) for tracks in stable}
    assert labels == {("with_mask", "without_mask")}


def test_passes_are_few_and_small(counting: Counting) -> None:
    noting: Any = Noting(counting.face_detector)
    counting.face_detector = noting
    live, frame = LiveDetector(counting), astronaut()
    for now in range(0, 3000, 40):
        live.track(frame, now)
    near, far = counting.contract.detector.near_side, counting.contract.detector.far_side
    assert set(noting.sides) == {near, far}
    assert 12 <= noting.sides.count(near) <= 17
    assert noting.sides.count(far) == 3


@pytest.mark.parametrize(("limit_load", "passes"), [(False, range(22, 26)), (True, range(5, 9))])
def test_a_slow_machine_runs_fewer_passes_of_a_live_source(
    monkeypatch: pytest.MonkeyPatch, contract: Contract, limit_load: bool, passes: range
) -> None:
    seconds = count(step=0.3)  # each pass takes so long
    monkeypatch.setattr("inference.tracking.live.time.perf_counter", lambda: next(seconds))
    faceless: Any = SimpleNamespace(detect_once=lambda *_: [])
    noting = Noting(faceless)
    detector: Any = SimpleNamespace(contract=contract, face_detector=noting, classify=lambda *_: [])
    live, frame = LiveDetector(detector, limit_load), np.zeros((480, 640, 3), np.uint8)
    for i in range(120):
        live.track(frame, i * 1000 / 30)
    assert len(noting.sides) in passes


def test_a_distant_face_is_reported_between_the_passes_that_detect_it(
    photo_detector: MaskDetector,
) -> None:
    small = np.zeros((960, 1280, 3), np.uint8) + np.uint8(90)
    small[400:520, 600:760] = astronaut()[::4, ::4]
    live = LiveDetector(photo_detector)
    reported = [len(live.track(small, now)) for now in range(0, 3000, 40)]
    assert set(reported[10:]) == {1}


def test_a_mask_that_is_taken_off_is_reported_within_a_second(counting: Counting) -> None:
    live, bare, masked = LiveDetector(counting), astronaut(), astronaut_masked()
    for now in range(0, 2000, 50):
        live.track(masked, now)
    taken = next(now for now in count(2000, 50) if live.track(bare, now)[0].label == "without_mask")
    assert taken < 2900


def test_small_faces_are_not_classified(counting: Counting) -> None:
    counting.contract = replace(counting.contract, smallest_face=1000.0)
    live = LiveDetector(counting)
    for now in range(0, 1000, 100):
        tracks = live.track(astronaut(), now)
    assert [(t.label, t.probability) for t in tracks] == [(TOO_SMALL, 0)]


def test_after_a_reset_a_face_is_another(photo_detector: MaskDetector) -> None:
    live = LiveDetector(photo_detector)
    for now in (0, 100):
        live.track(astronaut(), now)
    live.reset()
    live.track(astronaut(), 200)
    assert [t.id for t in live.track(astronaut(), 300)] == [2]


def test_frames_of_another_size_are_another_scene(photo_detector: MaskDetector) -> None:
    live = LiveDetector(photo_detector)
    narrow = np.ascontiguousarray(astronaut()[:, 100:500])
    reported = [
        [t.id for t in live.track(frame, i * 100)]
        for i, frame in enumerate([astronaut(), astronaut(), narrow, narrow])
    ]
    assert reported == [[], [1], [], [2]]


def test_the_same_video_gives_the_same_tracks(photo_detector: MaskDetector) -> None:
    first, second = LiveDetector(photo_detector), LiveDetector(photo_detector)
    still = two_faces()
    for now in range(0, 1000, 50):
        frame = np.roll(still, now // 20, axis=1)
        assert first.track(frame, now) == second.track(frame, now)


def test_an_invalid_image_is_refused(photo_detector: MaskDetector) -> None:
    with pytest.raises(PictureError, match="Expected uint8 RGB"):
        LiveDetector(photo_detector).track(np.zeros((480, 640), np.uint8), 0)
