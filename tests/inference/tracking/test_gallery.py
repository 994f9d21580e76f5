"""Faces that have left are recognized by their appearance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from inference.contract import Contract
from inference.tracking.appearance import appearance_distance, extract_appearance, thumbnail
from inference.tracking.tally import TALLY
from inference.tracking.template import levels_of
from inference.tracking.tracker import TRACKER, DetectorPass, Tracker
from inference.vision.detections import Detection
from inference.vision.geometry import Box
from tests.inference.scene import draw_gray, draw_people
from tests.inference.tracking.test_filters import box_at
from tests.inference.tracking.test_verdict import LABELS

Person = tuple[Box, tuple[int, int, int]]
BLUE, YELLOW = (40, 60, 160), (200, 180, 60)
HERE, THERE = box_at(90, 90, 60), box_at(220, 90, 60)


class Door:
    """A tracker of people in color, each frame of whom the detector sees."""

    def __init__(self) -> None:
        self.tracker = Tracker(LABELS, 0.7, Contract.load().detector)
        self.now = 0.0

    def show(
        self, people: Sequence[Person], ms: float, detected: Sequence[Person] | None = None
    ) -> list[int]:
        """Show the same for some time, ten frames a second; return the ids reported at its end."""
        levels = levels_of(draw_gray([box for box, _ in people], 320, 240), 1.0)
        colors = thumbnail(draw_people(people, 320, 240), 320)
        seen = people if detected is None else detected
        found = [Detection(box, 0.9, ()) for box, _ in seen]
        for _ in range(round(ms / 100)):
            self.tracker.follow(levels, self.now)
            self.tracker.correct(DetectorPass(found, [levels], 0, colors), self.now)
            self.now += 100
        return [track.id for track in self.tracker.report(self.now - 100)]


def test_a_person_who_comes_out_from_behind_a_pillar_keeps_the_id() -> None:
    door = Door()
    assert door.show([(HERE, BLUE)], 1000) == [1]
    assert door.show([], 2500) == []
    assert door.show([(THERE, BLUE)], 500) == [1]


def test_another_person_at_the_same_place_gets_a_new_id() -> None:
    door = Door()
    assert door.show([(HERE, BLUE)], 1000) == [1]
    door.show([], 1500)
    assert door.show([(HERE, YELLOW)], 1000) == [2]


def test_a_person_who_comes_back_too_late_gets_a_new_id() -> None:
    door = Door()
    door.show([(HERE, BLUE)], 1000)
    door.show([], TRACKER.max_absence_ms + 200)
    assert door.show([(HERE, BLUE)], 500) == [2]
    assert TRACKER.max_absence_ms < TALLY.max_gap_ms, "a person who comes back is not counted twice"


@pytest.mark.parametrize("there", [box_at(90, 90, 24), box_at(300, 90, 16)], ids=["size", "place"])
def test_a_face_of_another_size_or_far_away_gets_a_new_id(there: Box) -> None:
    door = Door()
    before = HERE if there.width > 16 else box_at(20, 90, 16)
    door.show([(before, BLUE)], 1000)
    door.show([], 1500)
    assert door.show([(there, BLUE)], 1000) == [2]


def test_an_id_is_never_shared() -> None:
    door = Door()
    door.show([(HERE, BLUE)], 1000)
    door.show([], 1500)
    assert door.show([(HERE, BLUE), (THERE, BLUE)], 1000) == [1, 3]


def test_people_who_cross_keep_their_ids() -> None:
    door = Door()
    ids = []
    for x in range(60, 270, 6):
        left, right = (box_at(x, 80, 60), BLUE), (box_at(320 - x, 84, 66), YELLOW)
        hidden = abs(2 * x - 320) < 50
        ids = door.show([left, right], 100, [right] if hidden else [left, right])
    boxes = {track.id: track.box.left for track in door.tracker.report(door.now - 100)}
    assert ids == [1, 2]
    assert boxes[1] > boxes[2]


def test_a_track_that_jumped_to_the_person_in_front_gives_that_one_the_own_id_back() -> None:
    """Both tracks are at one place, where the older one ends up; then only the other is there."""
    door = Door()
    near = box_at(140, 90, 60)
    assert door.show([(HERE, BLUE), (near.moved(60, 0), YELLOW)], 1000) == [1, 2]
    door.show([(HERE.moved(4, 0), YELLOW)], 700)
    assert door.show([(HERE.moved(4, 0), YELLOW)], 300) == [2]


def test_a_face_partly_hidden_waits_for_its_identity_and_is_new_in_the_end() -> None:
    door, somewhat_alike = Door(), (90, 70, 90)
    door.show([(HERE, BLUE)], 1000)
    door.show([], 1500)
    assert door.show([(HERE, somewhat_alike)], 400) == []
    assert door.show([(HERE, BLUE)], 100) == [1]
    door.show([], 1500)
    assert door.show([(HERE, somewhat_alike)], TRACKER.max_doubt_ms + 100) == [3]


def test_nobody_is_recognized_after_a_reset() -> None:
    door = Door()
    door.show([(HERE, BLUE)], 1000)
    door.show([], 1500)
    door.tracker.reset()
    assert door.show([(HERE, BLUE)], 500) == [2]


def test_an_appearance_does_not_depend_on_the_light() -> None:
    frame = draw_people([(HERE, BLUE)], 320, 240)
    bright = extract_appearance(thumbnail(frame, 320), HERE)
    dim = extract_appearance(thumbnail((frame * 0.8).astype(np.uint8), 320), HERE)
    other = thumbnail(draw_people([(HERE, YELLOW)], 320, 240), 320)
    assert appearance_distance(bright, dim) < 0.1
    assert appearance_distance(bright, extract_appearance(other, HERE)) > TRACKER.max_distance


def test_the_appearance_of_a_face_beyond_the_frame_or_in_a_tiny_one_is_finite() -> None:
    for shape in ((1, 1, 3), (3, 9, 3), (240, 320, 3)):
        image = thumbnail(np.zeros(shape, np.uint8), max(shape))
        assert np.isfinite(extract_appearance(image, box_at(400, 300, 90))).all()
