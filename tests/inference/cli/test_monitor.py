"""What follows from tracks: counts, events, alerts."""

from __future__ import annotations

from typing import Any

import pytest

from inference.cli.events import clock, describe
from inference.cli.monitor import Monitor
from inference.labels import TOO_SMALL, UNSURE
from inference.tracking.alerts import AlertOptions, AlertRule
from inference.tracking.tally import TALLY, Tally
from inference.tracking.track import Track
from inference.tracking.tracker import TRACKER
from inference.vision.geometry import Box

BOX = Box(10, 10, 60, 60)


def track(track_id: int, label: str) -> Track:
    return Track(track_id, BOX, 0.9, label, 0.98765, {}, stable=False)


def tracks(labels: dict[int, str]) -> list[Track]:
    return [track(track_id, label) for track_id, label in labels.items()]


def feed(tally: Tally, labels: dict[int, str], start: int, end: int) -> None:
    for now in range(start, end + 1, 100):
        tally.update(tracks(labels), now)


def totals(faces: int, *each: int) -> dict[str, int]:
    names = ("with_mask", "without_mask", "incorrect_mask")
    return {"faces": faces, **dict(zip(names, (*each, 0, 0, 0), strict=False))}


def test_each_face_is_counted_once_under_its_last_definite_label() -> None:
    tally = Tally()
    feed(tally, {1: "with_mask", 2: "without_mask", 3: "incorrect_mask", 4: "with_mask"}, 0, 3000)
    assert tally.totals == totals(4, 2, 1, 1)
    feed(tally, {2: "with_mask", 1: UNSURE, 3: TOO_SMALL}, 3100, 4000)
    assert tally.totals == totals(4, 3, 0, 1)


def test_a_face_that_passes_in_no_time_does_not_count() -> None:
    tally = Tally()
    feed(tally, {1: UNSURE}, 0, 900)
    assert tally.totals == totals(0)
    feed(tally, {1: UNSURE}, 1000, 1000)
    assert tally.totals == totals(1)


def test_a_face_that_was_lost_for_as_long_as_the_tracker_keeps_it_counts_once() -> None:
    tally = Tally()
    feed(tally, {1: "with_mask"}, 0, 2000)
    feed(tally, {}, 2100, 3000)
    feed(tally, {1: "without_mask"}, 3000, 6000)
    assert tally.totals == totals(1, 0, 1)
    assert TALLY.max_gap_ms > TRACKER.max_age_ms


def test_a_face_that_was_gone_for_longer_is_another() -> None:
    tally = Tally()
    gap_ms = int(TALLY.max_gap_ms)
    feed(tally, {1: "with_mask"}, 0, 2000)
    feed(tally, {}, 2100, 2200 + gap_ms)
    feed(tally, {1: "with_mask"}, 2300 + gap_ms, 3000 + gap_ms)
    assert tally.totals == totals(1, 1)
    feed(tally, {1: "with_mask"}, 3100 + gap_ms, 3400 + gap_ms)
    assert tally.totals == totals(2, 2)


def test_at_low_frame_rates_a_face_counts_at_once_and_once() -> None:
    tally = Tally()
    every_ms = 2 * TALLY.max_gap_ms
    tally.update([], 0)
    tally.update([], every_ms)
    for now_ms in (2 * every_ms, 3 * every_ms):
        tally.update([track(1, "with_mask")], now_ms)
        assert tally.totals == totals(1, 1)


def test_a_face_that_has_left_stays_counted_and_is_forgotten() -> None:
    tally = Tally()
    for track_id in range(1, 51):
        feed(tally, {track_id: "with_mask"}, track_id * 9000, track_id * 9000 + 2000)
    assert tally.totals == totals(50, 50)
    assert len(tally._faces) == 1


def test_stopping_ends_every_alert() -> None:
    rule = AlertRule(AlertOptions(300, 1000))
    people = tracks({1: "without_mask", 2: "incorrect_mask"})
    kinds = [event.type for now in (-100, 0, 100, 200) for event in rule.update(people, now)]
    assert kinds == ["begin", "begin", "notify"]
    ended = rule.stop(350.5)
    assert [(one.type, one.face, one.at_ms, one.duration_ms) for one in ended] == [
        ("end", 1, 351, 151),
        ("end", 2, 351, 151),
    ]
    assert rule.stop(400) == []
    assert rule.active == []


@pytest.mark.parametrize("after_ms", [0, -1, float("nan")])
def test_a_time_that_is_not_above_zero_is_refused(after_ms: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        AlertOptions(after_ms)


def test_the_memory_of_the_alert_rule_is_bounded() -> None:
    rule = AlertRule(AlertOptions(60_000, 0))
    for i in range(3000):
        rule.update(tracks({1: "without_mask", 2 + i: "incorrect_mask"}), i * 60)
    assert 30 <= len(rule._faces[1].slices) <= 50
    for i in range(1600):
        rule.update([], (3000 + i) * 60)
    assert rule._faces == {}


@pytest.fixture
def emitted() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def watch(emitted: list[dict[str, Any]]) -> Monitor:
    return Monitor(emitted.append, options=AlertOptions(300, 0))


def test_a_verdict_is_emitted_when_it_is_new(watch: Monitor, emitted: list[dict[str, Any]]) -> None:
    labels = [UNSURE, "with_mask", "with_mask", UNSURE, "with_mask"]
    for i, label in enumerate(labels):
        watch.update(tracks({7: label}), i * 100.4)
    assert [(event["at_ms"], event["label"]) for event in emitted] == [
        (100, "with_mask"),
        (301, UNSURE),
        (402, "with_mask"),
    ]
    assert emitted[0] == {
        "type": "verdict",
        "at_ms": 100,
        "face": 7,
        "label": "with_mask",
        "probability": 0.9877,
        "box": {"left": 10, "top": 10, "right": 60, "bottom": 60},
    }


def test_a_track_that_coasts_is_not_reported_again(
    watch: Monitor, emitted: list[dict[str, Any]]
) -> None:
    for i in range(40):
        watch.update(tracks({7: "with_mask"} if i % 10 == 0 else {}), i * 100)
    assert len(emitted) == 1


def test_memory_of_gone_faces_is_freed(watch: Monitor) -> None:
    for i in range(1000):
        watch.update(tracks({i: "with_mask"}), i * 1000)
    assert len(watch._reported) < 10


def test_alerts_are_emitted_and_end_with_a_pause(
    watch: Monitor, emitted: list[dict[str, Any]]
) -> None:
    for now in (0, 100, 200, 300):
        watch.update(tracks({1: "without_mask"}), now)
    watch.stop(350)
    alerts = [(event["type"], event["at_ms"]) for event in emitted if event["type"] != "verdict"]
    assert alerts == [("begin", 300), ("end", 350)]


def test_each_alert_is_emitted_and_the_cooldown_limits_notifications() -> None:
    emitted, notified = list[dict[str, Any]](), list[dict[str, Any]]()
    watch = Monitor(emitted.append, notified.append, AlertOptions(300, 1000))
    people: dict[int, set[int]] = {-100: {1}, 300: {1, 2}, 600: {1, 2, 3}, 1300: {2}, 1600: set()}
    for now in range(-100, 1900, 100):
        (faces,) = [people[begin] for begin in people if begin <= now][-1:]
        watch.update(tracks(dict.fromkeys(faces, "without_mask")), now)
    alerts = [(e["type"], e["face"], e["at_ms"]) for e in emitted if e["type"] != "verdict"]
    assert alerts == [
        ("begin", 1, 200),
        ("begin", 2, 500),
        ("begin", 3, 800),
        ("end", 1, 1500),
        ("end", 3, 1500),
        ("end", 2, 1800),
    ]
    sent = [(e["type"], e["face"], e["at_ms"], e["duration_ms"], e["active"]) for e in notified]
    assert sent == [
        ("begin", 1, 200, 0, 1),
        ("begin", 2, 1200, 700, 3),
        ("end", 1, 1500, 1300, 1),
        ("end", 2, 1800, 1300, 0),
    ]


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (
            {"type": "begin", "at_ms": 61_250, "face": 3, "label": "without_mask"},
            "01:01.2  ALERT: face 3: no mask",
        ),
        (
            {"type": "end", "at_ms": 0, "face": 3, "duration_ms": 1234},
            "00:00.0  alert of face 3 over after 1.2 s",
        ),
        (
            {"type": "lost", "at_ms": 3_600_000},
            "1:00:00.0  no frames; reconnecting",
        ),
        (
            {
                "type": "stop",
                "at_ms": 0,
                "frames": 1,
                "dropped": 2,
                "rate": 3,
                "totals": totals(2, 1),
            },
            "00:00.0  stopped: 1 frame, 2 dropped, 3.0 per second; 2 faces (1 mask)",
        ),
    ],
)
def test_events_are_printed_as_sentences(event: dict[str, Any], line: str) -> None:
    assert describe(event) == line


def test_the_clock_never_rounds_up() -> None:
    assert clock(59_999) == "00:59.9"
