"""What tests/vectors.json does not show of tracker and verdict."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from inference.masks import TOO_SMALL, UNSURE
from inference.tracker import TRACKER, Sighting, Tracker
from inference.verdict import SteadyVerdict
from tests.inference.test_filters import box_at

LABELS = ["with_mask", "without_mask", "incorrect_mask"]


def answer(label: str, probability: float = 0.97) -> dict[str, float]:
    rest = (1 - probability) / 2
    return {name: probability if name == label else rest for name in LABELS}


def sighting(x: float, side: float = 50, given: Mapping[str, float] | None = None) -> Sighting:
    return Sighting(box_at(x, 100, side), 0.9, given)


def new_tracker() -> Tracker:
    return Tracker(LABELS, 0.7)


def feed(verdict: SteadyVerdict, given: dict[str, float], start: int, end: int) -> list[str]:
    """The labels told meanwhile, each once in a row."""
    told: list[str] = []
    for now in range(start, end + 1, 50):
        verdict.see(given, now)
        if told[-1:] != [verdict.label]:
            told.append(verdict.label)
    return told


def test_a_verdict_is_told_once_it_stayed_and_short_flicker_is_not() -> None:
    verdict = SteadyVerdict(LABELS, 0.7, TRACKER)
    assert (verdict.label, verdict.probability) == (UNSURE, 0)
    assert feed(verdict, answer("with_mask"), 0, 300) == [UNSURE, "with_mask"]
    assert feed(verdict, answer("without_mask"), 350, 500) == ["with_mask"]
    assert feed(verdict, answer("with_mask"), 550, 2000) == ["with_mask"]
    assert feed(verdict, answer("without_mask"), 2050, 3000)[-1] == "without_mask"
    assert feed(verdict, answer("without_mask", 0.45), 3050, 6000)[-1] == UNSURE


def test_two_labels_that_are_about_as_likely_do_not_take_turns() -> None:
    verdict = SteadyVerdict(LABELS, 0.3, TRACKER)
    feed(verdict, {"with_mask": 0.5, "without_mask": 0.4, "incorrect_mask": 0.1}, 0, 1000)
    other = {"with_mask": 0.4, "without_mask": 0.5, "incorrect_mask": 0.1}
    assert feed(verdict, other, 1050, 5000) == ["with_mask"]


def test_too_small_is_told_once_it_stays_without_probabilities() -> None:
    verdict = SteadyVerdict(LABELS, 0.7, TRACKER)
    feed(verdict, answer("with_mask"), 0, 2000)
    assert feed(verdict, {}, 2050, 2100) == ["with_mask"]
    assert feed(verdict, {}, 2200, 2500)[-1] == TOO_SMALL
    assert (verdict.probability, verdict.probabilities) == (0, {})
    assert not verdict.settled(2500)


def test_a_sure_verdict_settles_until_it_is_old_or_contradicted() -> None:
    verdict = SteadyVerdict(LABELS, 0.7, TRACKER)
    feed(verdict, answer("with_mask"), 0, 500)
    assert not verdict.settled(500)
    feed(verdict, answer("with_mask"), 550, 700)
    assert verdict.settled(700 + TRACKER.recheck - 1)
    assert not verdict.settled(700 + TRACKER.recheck)
    verdict.see(answer("without_mask"), 750)
    assert verdict.label == "with_mask"
    assert not verdict.settled(751)


def test_a_face_is_told_of_from_its_second_sighting_on() -> None:
    tracker = new_tracker()
    assert tracker.update([sighting(100)], 0) == []
    assert len(tracker.update([sighting(100)], 50)) == 1


def test_an_unseen_face_stays_for_a_moment_and_gets_its_id_back_if_it_returns_soon() -> None:
    tracker = new_tracker()
    for now in range(0, 1001, 50):
        tracker.update([sighting(100)], now)
    assert len(tracker.update([], 1000 + TRACKER.coast)) == 1
    assert len(tracker.update([], 1001 + TRACKER.coast)) == 0
    assert [t.id for t in tracker.update([sighting(100)], 1000 + TRACKER.keep)] == [1]
    tracker.update([], 2001 + TRACKER.keep)
    tracker.update([sighting(100)], 2010 + TRACKER.keep)
    assert [t.id for t in tracker.update([sighting(100)], 2050 + TRACKER.keep)] == [2]


def test_ids_are_not_used_again_after_a_reset() -> None:
    tracker = new_tracker()
    tracker.update([sighting(100)], 0)
    tracker.reset()
    assert tracker.update([], 10) == []
    tracker.update([sighting(100)], 50)
    assert [t.id for t in tracker.update([sighting(100)], 100)] == [2]


@pytest.mark.parametrize("other", [sighting(200), sighting(100, side=100)])
def test_a_face_elsewhere_or_of_another_size_is_another(other: Sighting) -> None:
    tracker = new_tracker()
    tracker.update([sighting(100)], 0)
    tracker.update([other], 50)
    tracks = tracker.update([sighting(100), other], 100)
    assert [(t.id, t.box == other.box) for t in tracks] == [(1, False), (2, True)]


def test_faces_that_overlap_are_not_exchanged_whichever_is_found_first() -> None:
    tracker = new_tracker()
    pair = [sighting(100, 100), sighting(150, 100)]
    tracker.update(pair, 0)
    tracks = tracker.update(pair[::-1], 50)
    assert [(t.id, t.box.left) for t in tracks] == [(1, 50), (2, 100)]


def test_due_names_the_faces_that_are_new_or_not_settled_and_changes_nothing() -> None:
    tracker = new_tracker()
    for now in range(0, 1001, 50):
        tracker.update([sighting(100, given=answer("with_mask"))], now)
    boxes = [box_at(300, 100, 50), box_at(102, 100, 50)]
    for _ in range(2):
        assert tracker.due(boxes, 1050) == [True, False]
    assert tracker.due(boxes, 1000 + TRACKER.recheck) == [True, True]


def test_what_was_told_before_is_not_changed_by_later_pictures() -> None:
    tracker = new_tracker()
    tracker.update([sighting(100, given=answer("with_mask"))], 0)
    (told,) = tracker.update([sighting(110, given=answer("with_mask"))], 50)
    copy = (told.box, told.label, dict(told.probabilities))
    tracker.update([sighting(130, given=answer("without_mask"))], 100)
    assert (told.box, told.label, told.probabilities) == copy


def test_ten_thousand_pictures_leave_nothing_behind() -> None:
    tracker = new_tracker()
    for i in range(10_000):
        tracker.update([sighting(i * 7 % 600)] if i % 50 < 3 else [], i * 60)
    assert len(tracker._known) <= 1
