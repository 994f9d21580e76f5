"""What tests/vectors.json does not show of the tracker."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest

from inference.contract import Contract
from inference.tracking.template import GrayImage, levels_of
from inference.tracking.track import Track
from inference.tracking.tracker import TRACKER, DetectorPass, Tracker
from inference.vision.detections import Detection
from inference.vision.geometry import Box
from tests.inference.scene import draw_gray
from tests.inference.tracking.test_filters import box_at
from tests.inference.tracking.test_verdict import LABELS, answer

BOX = box_at(160, 120, 80)
drawn = cache(lambda boxes: levels_of(draw_gray(boxes, 320, 240), 1.0))


class Clip:
    """A tracker of drawn frames."""

    def __init__(self) -> None:
        self.tracker = Tracker(LABELS, 0.7, Contract.load().detector)

    def show(
        self,
        now: float,
        boxes: Sequence[Box],
        detected: Sequence[Box] | None = None,
        score: float = 0.9,
        min_face_px: float = 0.0,
    ) -> list[Track]:
        """The next frame, with a pass that detects all its boxes unless others are given."""
        levels = drawn(tuple(boxes))
        self.tracker.follow(levels, now)
        found = [Detection(box, score, ()) for box in (boxes if detected is None else detected)]
        self.tracker.correct(DetectorPass(found, [levels], min_face_px), now)
        for track_id, _ in self.tracker.due(now, 9):
            self.tracker.classify(track_id, answer("with_mask"), now)
        return self.tracker.report(now)


def unlike(box: Box, *usual: Box) -> list[GrayImage]:
    """A frame of usual faces and, in front of them, one that resembles none of them."""
    frame, one = draw_gray(usual, 320, 240), draw_gray([box], 320, 240)
    return levels_of(np.where(one == draw_gray([], 320, 240), frame, 250 - one), 1.0)


def ids(tracks: Sequence[Track]) -> list[int]:
    return [track.id for track in tracks]


def test_a_face_is_reported_from_its_second_detection_on() -> None:
    clip = Clip()
    assert clip.show(0, [BOX]) == []
    assert ids(clip.show(50, [BOX])) == [1]


def test_isolated_detections_are_not_reported() -> None:
    clip = Clip()
    for i in range(10):
        assert clip.show(i * 200, [BOX], [] if i % 2 else [BOX]) == []


def test_a_weak_detection_starts_no_track_but_goes_on_with_one() -> None:
    clip = Clip()
    for i in range(5):
        assert clip.show(i * 200, [BOX], score=0.45) == []
    for i in range(5, 7):
        clip.show(i * 200, [BOX], score=0.6)
    for i in range(7, 20):
        assert len(clip.show(i * 200, [BOX], score=0.45)) == 1


def test_a_track_ends_after_some_passes_that_miss_it() -> None:
    clip = Clip()
    for i in range(3):
        clip.show(i * 200, [BOX])
    for i in range(3, 3 + TRACKER.max_misses):
        assert len(clip.show(i * 200, [BOX], [])) == 1
    assert clip.show(2000, [BOX], []) == []


def test_a_pass_that_cannot_detect_so_small_a_face_does_not_end_its_track() -> None:
    clip = Clip()
    small = box_at(100, 100, 18)
    for i in range(3):
        clip.show(i * 100, [small])
    for i in range(3, 20):
        assert len(clip.show(i * 100, [small], [], min_face_px=24)) == 1


@pytest.mark.parametrize("other", [box_at(150, 110, 24), box_at(160, 125, 180)])
def test_a_detection_within_a_known_face_or_round_it_is_no_other_face(other: Box) -> None:
    clip = Clip()
    for i in range(5):
        assert len(clip.show(i * 100, [BOX], [BOX] if i < 2 else [BOX, other])) <= 1


def test_a_lost_face_is_reported_for_a_moment_and_gets_its_id_back_if_it_returns_soon() -> None:
    clip = Clip()
    for now in range(0, 1001, 50):
        clip.show(now, [BOX])
    assert len(clip.show(1000 + TRACKER.max_coast_ms, [])) == 1
    assert len(clip.show(1001 + TRACKER.max_coast_ms, [])) == 0
    assert ids(clip.show(1000 + TRACKER.max_age_ms, [BOX])) == [1]
    clip.show(2001 + TRACKER.max_age_ms, [])
    clip.show(2010 + TRACKER.max_age_ms, [BOX])
    assert ids(clip.show(2050 + TRACKER.max_age_ms, [BOX])) == [2]


def test_ids_are_not_used_again_after_a_reset() -> None:
    clip = Clip()
    clip.show(0, [BOX])
    clip.tracker.reset()
    assert len(clip.tracker) == 0
    clip.show(50, [BOX])
    assert ids(clip.show(100, [BOX])) == [2]


def test_faces_side_by_side_are_not_exchanged_whichever_is_detected_first() -> None:
    clip = Clip()
    pair = [box_at(100, 100, 60), box_at(150, 100, 60)]
    clip.show(0, pair)
    tracks = clip.show(50, pair, pair[::-1])
    assert [(t.id, round(t.box.left)) for t in tracks] == [(1, 70), (2, 120)]


def test_reported_tracks_are_not_changed_by_later_frames() -> None:
    clip = Clip()
    clip.show(0, [BOX])
    (track,) = clip.show(50, [BOX.moved(4, 0)])
    copy = (track.box, track.label, dict(track.probabilities))
    clip.show(100, [BOX.moved(10, 0)])
    assert (track.box, track.label, track.probabilities) == copy


def test_ten_thousand_frames_leave_nothing_behind() -> None:
    clip = Clip()
    for i in range(10_000):
        clip.show(i * 60, [box_at(40 + i * 7 % 240, 120, 50)] if i % 50 < 3 else [])
    assert len(clip.tracker) <= 1


def test_a_followed_face_does_not_give_way_to_a_lost_one() -> None:
    """The first face is hidden; the second one, which does not resemble it, passes the same place."""
    clip, options = Clip(), TRACKER
    away = box_at(60, 120, 80)
    for now in (0, 50):
        levels = unlike(away, BOX)
        clip.tracker.follow(levels, now)
        found = [Detection(box, 0.9, ()) for box in (BOX, away)]
        clip.tracker.correct(DetectorPass(found, [levels], 0), now)
    assert ids(clip.tracker.report(50)) == [1, 2]
    for i in range(1, 11):  # 500 ms: shorter than a lost face is remembered
        clip.tracker.follow(unlike(box_at(60 + 10 * i, 120, 80)), 50 + 50 * i)
    assert options.max_coast_ms < 500 < options.max_age_ms
    (track,) = clip.tracker.report(550)
    assert track.id == 2
    assert abs(track.box.left - 120) < 8


def test_a_face_that_moved_and_stopped_keeps_its_id_with_another_appearance() -> None:
    clip = Clip()
    for i in range(6):
        clip.show(50 * i, [box_at(60 + 16 * i, 120, 40)])
    place = box_at(140, 120, 40)
    for i in range(6, 10):
        levels = unlike(place)
        clip.tracker.follow(levels, 50 * i)
    clip.tracker.correct(DetectorPass([Detection(place, 0.9, ())], [levels], 0), 450)
    assert ids(clip.tracker.report(450)) == [1]
    assert clip.tracker.smallest_unconfirmed_px() is None
